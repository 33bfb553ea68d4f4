"""What a backup needs from SQLite: a file that is there, and what its tables hold."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from app.schema.backup.manifest import ContentDigest, TableContent
from app.schema.errors import SchemaFailed

WAIT_S = 30.0


def path_of(url: sa.URL) -> Path:
    """The file of the database at `url`; SchemaFailed where it has none."""
    if not url.database or url.database.startswith((":", "file:")):
        raise SchemaFailed("Only a database in a file of its own can be backed up and restored (sqlite:///path).")
    return Path(url.database)


@contextmanager
def opened(path: Path, outcome: str) -> Iterator[sqlite3.Connection]:
    """The database that is there, without transactions of the driver's; SchemaFailed ends with `outcome`."""
    if not path.exists():
        raise SchemaFailed(f"There is no database at {path}. {outcome}.")
    with errors(path, outcome):
        address = f"{path.resolve().as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, timeout=WAIT_S, isolation_level=None)) as database:
            # Text that is no UTF-8 must not stop a backup.
            database.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
            yield database


@contextmanager
def errors(path: Path, outcome: str) -> Iterator[None]:
    """SQLite's own errors as SchemaFailed."""
    try:
        yield
    except sqlite3.Error as error:
        raise SchemaFailed(f"{path}: {error}. {outcome}.") from error


def tables(database: sqlite3.Connection) -> list[str]:
    """The names of its tables, but for SQLite's own."""
    rows = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    return [row[0] for row in rows]


def contents(database: sqlite3.Connection) -> dict[str, TableContent]:
    """Rows and digest of each table."""
    return {name: _content(database, name) for name in tables(database)}


def revision(database: sqlite3.Connection) -> tuple[str, ...]:
    """What alembic_version holds."""
    if "alembic_version" not in tables(database):
        return ()
    return tuple(row[0] for row in database.execute("SELECT version_num FROM alembic_version ORDER BY version_num"))


def refuse_damaged(database: sqlite3.Connection) -> None:
    """Let SQLite look at every page of it."""
    problem = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if problem != "ok":
        raise sqlite3.DatabaseError(f"SQLite finds it damaged: {problem}")


def quoted(name: str) -> str:
    """A name as an identifier."""
    return '"' + name.replace('"', '""') + '"'


def _content(database: sqlite3.Connection, table: str) -> TableContent:
    digest = ContentDigest()
    rows = database.execute(f"SELECT * FROM {quoted(table)}")  # noqa: S608  # The name is quoted.
    for row in rows:
        # ascii() tells 1 from 1.0 from '1', writes each float exactly, and takes any text.
        digest.add(ascii(row).encode())
    return digest.content(tuple(column[0] for column in rows.description))
