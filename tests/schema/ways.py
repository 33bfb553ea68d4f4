"""The three ways in which a backup is taken, each on databases of its own, and what a database holds."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import fresh_mariadb, sqlite_url
from tests.migrations import chain

SQLITE, CLIENT, PORTABLE = "sqlite", "mariadb-dump", "portable"
WAYS = (SQLITE, CLIENT, PORTABLE)


@dataclass(frozen=True, slots=True)
class Way:
    """One way; `empty` makes the URL of another database without a table."""

    name: str
    folder: Path
    stack: ExitStack
    numbers: Iterator[int]

    def empty(self) -> str:
        """The URL of a new database without a table, dropped at the end of the test."""
        if self.name == SQLITE:
            return sqlite_url(self.folder, f"{next(self.numbers)}.db")
        return self.stack.enter_context(fresh_mariadb())


@contextmanager
def taking(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    """The way of this name; the test is skipped, or fails with REQUIRE_SERVICES=1, where it needs a client."""
    # For rows of an original database.
    monkeypatch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Asia/Jakarta")
    if name == PORTABLE:
        hide_clients(monkeypatch)
    elif name == CLIENT:
        require_client()
    with ExitStack() as stack:
        yield Way(name, folder, stack, count(1))


def hide_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without mariadb-dump and mysqldump."""
    monkeypatch.setenv("PATH", "/nowhere")


def require_client() -> str:
    """The path of mariadb-dump."""
    path = shutil.which(CLIENT)
    if path is None:
        reason = "mariadb-dump is not installed"
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail(f"REQUIRE_SERVICES=1, and {reason}")
        pytest.skip(reason)
    return path


def held(url: str) -> dict[str, str]:
    """Schema and rows of each table, in words of the database and not of the backup: equal where all is equal."""
    with chain.connection(url) as connection:
        names = sa.inspect(connection).get_table_names()
        if connection.dialect.name == "sqlite":
            return {name: _of_sqlite(connection, name) for name in names}
        return {name: _of_mariadb(connection, name) for name in names}


def _of_sqlite(connection: sa.Connection, table: str) -> str:
    ddl = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).scalar_one()
    rows = connection.exec_driver_sql(f'SELECT * FROM "{table}"')  # noqa: S608
    return f"{ddl}\n" + "\n".join(sorted(map(repr, rows)))


def _of_mariadb(connection: sa.Connection, table: str) -> str:
    quoted = connection.dialect.identifier_preparer.quote_identifier(table)
    ddl = connection.exec_driver_sql(f"SHOW CREATE TABLE {quoted}").one()[1]
    # Over the bits that are stored: a SELECT would show a FLOAT with six digits.
    checksum = connection.exec_driver_sql(f"CHECKSUM TABLE {quoted} EXTENDED").one()[1]
    return f"{ddl}\n{checksum}"
