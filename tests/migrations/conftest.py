"""Empty databases for tests of the revision chain."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import fresh_mariadb, sqlite_url


@pytest.fixture(autouse=True)
def zone_of_the_original(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a database with rows is asked for before its first upgrade to a revision of ours."""
    monkeypatch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Asia/Jakarta")


@pytest.fixture(params=["sqlite", pytest.param("mariadb", marks=pytest.mark.sweep)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without a table; its tests run on SQLite, and among the long ones on MariaDB."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
    else:
        with fresh_mariadb() as url:
            yield url


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> str:
    """The URL of an SQLite database without a table."""
    return sqlite_url(tmp_path)


@pytest.fixture
def empty_mariadb() -> Iterator[str]:
    """The URL of a MariaDB schema without a table."""
    with fresh_mariadb() as url:
        yield url
