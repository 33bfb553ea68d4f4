"""SQLite: a copy by its own online backup, and back by the same way, so that nobody ever sees half of it."""

import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from app.schema.backup.archive import Archive, NewArchive
from app.schema.backup.manifest import ContentDigest, Manifest, TableContent
from app.schema.errors import SchemaFailed

ENGINE = "sqlite"
MEMBER = "database.sqlite"
BLOCK = 1024 * 1024
WAIT_S = 30.0


def take(url: sa.URL, new: NewArchive) -> Manifest:
    """The database at `url` written into `new` as it is at one moment, while others read and write it."""
    path = _path_of(url)
    copy = new.folder / MEMBER
    # Made before SQLite opens it, so that only its owner can read it.
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with _errors(path, "No backup was made"):
        with closing(_open(path)) as source, closing(sqlite3.connect(copy)) as target:
            # This read lock is the moment. Waiting for it is bounded; the copying itself never waits.
            source.execute("BEGIN")
            source.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
            source.backup(target)
        with closing(sqlite3.connect(copy)) as checked:
            _refuse_corrupt(checked)
            tables, revision = contents(checked), _revision(checked)
    with copy.open("rb") as file, new.member(MEMBER) as member:
        shutil.copyfileobj(file, member, BLOCK)
    return Manifest(
        engine=ENGINE,
        server=f"SQLite {sqlite3.sqlite_version}",
        method="sqlite",
        database=path.name,
        charset="",
        collation="",
        taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
        revision=revision,
        tables=tables,
    )


def put(url: sa.URL, backup: Archive) -> None:
    """The database at `url` replaced by the one in the backup, in one transaction of SQLite: all of it or nothing."""
    path = _path_of(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{path.name}.", suffix=".part", dir=path.parent))
    try:
        with backup.zip.open(MEMBER) as member, (folder / MEMBER).open("wb") as file:
            shutil.copyfileobj(member, file, BLOCK)
        with (
            _errors(path, "It is as it was"),
            closing(sqlite3.connect(folder / MEMBER)) as source,
            closing(sqlite3.connect(path)) as target,
        ):
            _refuse_corrupt(source)
            source.backup(target, sleep=0.05, progress=_patience())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def present(url: sa.URL) -> dict[str, int]:
    """Rows by table; nothing when there is no file, which is not made by asking."""
    path = _path_of(url)
    if not path.exists():
        return {}
    with _errors(path, "Nothing was changed"), closing(_open(path)) as database:
        return {
            # The name is quoted.
            name: database.execute(f"SELECT COUNT(*) FROM {_quoted(name)}").fetchone()[0]  # noqa: S608
            for name in _tables(database)
        }


def present_contents(url: sa.URL) -> dict[str, TableContent]:
    """What each table holds, for comparison."""
    with _errors(_path_of(url), "It cannot be compared"), closing(_open(_path_of(url))) as database:
        return contents(database)


def broken_references(url: sa.URL) -> dict[str, int]:
    """How many rows refer to nothing, by "table -> table"."""
    found: dict[str, int] = {}
    with _errors(_path_of(url), "Its references cannot be checked"), closing(_open(_path_of(url))) as database:
        for table, _, parent, _ in database.execute("PRAGMA foreign_key_check"):
            found[f"{table} -> {parent}"] = found.get(f"{table} -> {parent}", 0) + 1
    return found


def contents(database: sqlite3.Connection) -> dict[str, TableContent]:
    """Rows and digest of each table."""
    # Text that is no UTF-8 must not stop a backup.
    database.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    return {name: _content(database, name) for name in _tables(database)}


def _content(database: sqlite3.Connection, table: str) -> TableContent:
    digest = ContentDigest()
    rows = database.execute(f"SELECT * FROM {_quoted(table)}")  # noqa: S608  # The name is quoted.
    for row in rows:
        # ascii() tells 1 from 1.0 from '1', writes each float exactly, and takes any text.
        digest.add(ascii(row).encode())
    return digest.content(tuple(column[0] for column in rows.description))


def _tables(database: sqlite3.Connection) -> list[str]:
    rows = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    return [row[0] for row in rows]


def _revision(database: sqlite3.Connection) -> tuple[str, ...]:
    if "alembic_version" not in _tables(database):
        return ()
    return tuple(row[0] for row in database.execute("SELECT version_num FROM alembic_version ORDER BY version_num"))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _path_of(url: sa.URL) -> Path:
    if not url.database or url.database.startswith((":", "file:")):
        raise SchemaFailed("Only a database in a file of its own can be backed up and restored (sqlite:///path).")
    return Path(url.database)


def _open(path: Path) -> sqlite3.Connection:
    """The database that is there; asking for one that is not does not make it."""
    if not path.exists():
        raise SchemaFailed(f"There is no database at {path}.")
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=WAIT_S)
    database.isolation_level = None
    return database


def _refuse_corrupt(database: sqlite3.Connection) -> None:
    problem = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if problem != "ok":
        raise sqlite3.DatabaseError(f"SQLite finds it damaged: {problem}")


def _patience() -> Callable[[int, int, int], None]:
    """Stops a copy that waits for another process's lock for too long; SQLite would wait for ever."""
    deadline = time.monotonic() + WAIT_S

    def stop_late(status: int, _remaining: int, _total: int) -> None:
        if status not in {sqlite3.SQLITE_OK, sqlite3.SQLITE_DONE} and time.monotonic() > deadline:
            raise sqlite3.OperationalError("another process keeps it locked")

    return stop_late


@contextmanager
def _errors(path: Path, outcome: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise SchemaFailed(f"{path}: {error}. {outcome}.") from error
