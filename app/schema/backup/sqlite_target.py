"""SQLite as what a backup is restored to: by its own online backup, so that nobody ever sees half of it."""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from app.schema.backup import members, sqlite_file
from app.schema.backup.archive import BLOCK, Archive
from app.schema.backup.manifest import Manifest, TableContent
from app.schema.backup.unfinished import Unfinished


def present(url: sa.URL) -> dict[str, int]:
    """Rows by table; nothing when there is no file, which is not made by asking."""
    path = sqlite_file.path_of(url)
    if not path.exists():
        return {}
    with sqlite_file.opened(path, "Nothing was changed") as database:
        return {
            # The name is quoted.
            name: database.execute(f"SELECT COUNT(*) FROM {sqlite_file.quoted(name)}").fetchone()[0]  # noqa: S608
            for name in sqlite_file.tables(database)
        }


def refuse_unfit(url: sa.URL, _backup: Archive) -> None:
    """SchemaFailed where there is no file to restore to; SQLite takes whatever was in one."""
    sqlite_file.path_of(url)


def put(url: sa.URL, backup: Archive, _mark: Unfinished) -> None:
    """The database at `url` replaced by the one in the backup in one transaction: all of it or nothing."""
    path = sqlite_file.path_of(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # For its owner alone, whatever the umask: SQLite itself would let everybody read it.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    folder = Path(tempfile.mkdtemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent))
    try:
        copy = folder / members.DATABASE
        with backup.zip.open(members.DATABASE) as member, copy.open("wb") as file:
            shutil.copyfileobj(member, file, BLOCK)
        with (
            sqlite_file.opened(copy, "It is as it was") as source,
            sqlite_file.errors(path, "It is as it was"),
            closing(sqlite3.connect(path)) as target,
        ):
            sqlite_file.refuse_damaged(source)
            source.backup(target, sleep=0.05, progress=_patience())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def finish(_url: sa.URL) -> None:
    """Nothing: what was put is whole at once."""


def contents(url: sa.URL, _manifest: Manifest) -> dict[str, TableContent]:
    """What each table holds."""
    with sqlite_file.opened(sqlite_file.path_of(url), "It cannot be compared") as database:
        return sqlite_file.contents(database)


def broken_references(url: sa.URL) -> Mapping[str, int]:
    """How many rows refer to nothing, by "table -> table"."""
    found: dict[str, int] = {}
    with sqlite_file.opened(sqlite_file.path_of(url), "Its references cannot be checked") as database:
        for table, _, parent, _ in database.execute("PRAGMA foreign_key_check"):
            found[f"{table} -> {parent}"] = found.get(f"{table} -> {parent}", 0) + 1
    return found


def _patience() -> Callable[[int, int, int], None]:
    """Stops a copy that waits too long for another process; SQLite would wait for ever."""
    deadline = time.monotonic() + sqlite_file.WAIT_S

    def stop_late(status: int, _remaining: int, _total: int) -> None:
        if status not in {sqlite3.SQLITE_OK, sqlite3.SQLITE_DONE} and time.monotonic() > deadline:
            raise sqlite3.OperationalError("another process keeps it locked")

    return stop_late
