"""Databases for tests of `flask schema`."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.schema.backup import places
from tests.databases import fresh_mariadb, sqlite_url
from tests.migrations import chain
from tests.schema import ways
from tests.schema.guide import World
from tests.schema.project import Project, copy_to


@pytest.fixture(autouse=True)
def backups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that backups go to when nobody says where; it is made by the first one."""
    folder = tmp_path / "backups"
    monkeypatch.setattr(places, "FOLDER", folder)
    return folder


@pytest.fixture(params=["sqlite", pytest.param("mariadb", marks=pytest.mark.sweep)])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without a table; its tests run on SQLite, and among the long ones on MariaDB."""
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


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> str:
    """The URL of an SQLite database without a table."""
    return sqlite_url(tmp_path)


@pytest.fixture
def empty_mariadb() -> Iterator[str]:
    """The URL of a MariaDB schema without a table."""
    with fresh_mariadb() as url:
        yield url


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the project, for commands that write into it."""
    return copy_to(tmp_path_factory.mktemp("project"))


# Among the long tests, which `make check` runs: `make test` answers within minutes.
WAYS_ON_MARIADB = [pytest.param(way, marks=pytest.mark.sweep) for way in (ways.CLIENT, ways.PORTABLE)]


@pytest.fixture(params=[ways.SQLITE, *WAYS_ON_MARIADB])
def way(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ways.Way]:
    """Each way in which a backup is taken: SQLite's own, by mariadb-dump, and by our export."""
    with ways.taking(request.param, tmp_path, monkeypatch) as way:
        yield way


@pytest.fixture(params=WAYS_ON_MARIADB)
def mariadb_way(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ways.Way]:
    """The two ways on MariaDB."""
    with ways.taking(request.param, tmp_path, monkeypatch) as way:
        yield way


# A journey is some thirty processes, forty seconds of work: all are among the long tests, which `make check` runs.
@pytest.fixture(params=[pytest.param(kind, marks=pytest.mark.sweep) for kind in ("sqlite", "mariadb")])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A copy of the project of the journey's own, and an empty database."""
    (tmp_path / "project").mkdir()
    project = copy_to(tmp_path / "project")
    if request.param == "sqlite":
        yield World(project, sqlite_url(tmp_path, "dopply.db"))
    else:
        with fresh_mariadb() as url:
            yield World(project, url)
