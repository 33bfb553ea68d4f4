"""SQLite: a copy by its own online backup."""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import sqlalchemy as sa

from app.schema.backup import members, sqlite_file
from app.schema.backup.archive import BLOCK, NewArchive
from app.schema.backup.manifest import SQLITE, Manifest


def take(url: sa.URL, new: NewArchive) -> Manifest:
    """The database at `url` written into `new` as it is at one moment, while others read and write it."""
    path = sqlite_file.path_of(url)
    copy = new.folder / members.DATABASE
    # Made before SQLite opens it, so that only its owner can read it.
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with sqlite_file.opened(path, "No backup was made") as source:
        # This read lock is the moment. Waiting for it is bounded; the copying itself never waits.
        source.execute("BEGIN")
        source.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        taken_at = datetime.now(UTC)
        with closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    with sqlite_file.opened(copy, "No backup was made") as copied:
        sqlite_file.refuse_damaged(copied)
        contents, revision = sqlite_file.contents(copied), sqlite_file.revision(copied)
    with copy.open("rb") as file, new.member(members.DATABASE) as member:
        shutil.copyfileobj(file, member, BLOCK)
    return Manifest(
        engine=SQLITE,
        server=f"SQLite {sqlite3.sqlite_version}",
        method=SQLITE,
        database=path.name,
        charset="",
        collation="",
        taken_at=taken_at.isoformat(timespec="seconds"),
        revision=revision,
        tables=contents,
    )
