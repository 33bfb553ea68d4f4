"""Databases that stand at one revision for all tests of a file: to build one takes longer than the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from tests.databases import fresh_mariadb, sqlite_url
from tests.migrations import chain, rows


@contextmanager
def database_at(revision: str, kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database at `revision`, on "sqlite" (in `folder`) or "mariadb"."""
    if kind == "sqlite":
        url = sqlite_url(folder)
        chain.upgrade(url, revision)
        yield url
    else:
        with fresh_mariadb() as url:
            chain.upgrade(url, revision)
            yield url


@contextmanager
def lent(url: str, revision: str) -> Iterator[str]:
    """The same for one test, which may go up; it is emptied of the seed's rows and brought back."""
    yield url
    with chain.connection(url) as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF" if is_sqlite else "SET foreign_key_checks = 0")
        for table in rows.ROWS:
            connection.execute(sa.delete(sa.table(table)))
    chain.downgrade(url, revision)
