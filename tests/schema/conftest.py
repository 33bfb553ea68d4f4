"""Databases for tests of `flask schema`."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import fresh_mariadb, sqlite_url
from tests.migrations import chain


@pytest.fixture(params=["sqlite", "mariadb"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without a table; a test that takes it runs on SQLite and on MariaDB."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
    else:
        with fresh_mariadb() as url:
            yield url


@pytest.fixture(scope="session")
def head_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file at the head, to be copied."""
    folder = tmp_path_factory.mktemp("head")
    chain.upgrade(sqlite_url(folder, "head.db"))
    return folder / "head.db"


@pytest.fixture
def sqlite_at_head(head_file: Path, tmp_path: Path) -> str:
    """The URL of an SQLite database at the head, of the test's own."""
    shutil.copyfile(head_file, tmp_path / "at_head.db")
    return sqlite_url(tmp_path, "at_head.db")
