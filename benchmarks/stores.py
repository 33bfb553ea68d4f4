"""The databases that are measured: SQLite always, MariaDB where a server is found; each is thrown away afterwards."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Engine

from app import create_app
from app.extensions import db
from benchmarks.run import Run
from config import ROOT
from tests.conftest import make_settings
from tests.databases import fresh_mariadb, mariadb_server, sqlite_url

MIGRATIONS = ROOT / "migrations"


@dataclass(frozen=True, slots=True)
class Store:
    """One kind of database, by the name that the table shows."""

    name: str

    @contextmanager
    def portal(self) -> Iterator[Flask]:
        """The application on a new, upgraded database, which is gone at the end."""
        with ExitStack() as ends:
            if self.name == "SQLite":
                folder = ends.enter_context(tempfile.TemporaryDirectory(prefix="dopply-bench-"))
                url = sqlite_url(Path(folder))
            else:
                url = ends.enter_context(fresh_mariadb())
            yield ends.enter_context(opened(url))


@contextmanager
def opened(url: str) -> Iterator[Flask]:
    """The application on the database at `url`, upgraded; its connections are closed at the end."""
    app = create_app(make_settings(url))
    chain = Config()
    chain.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    chain.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(chain, "head")
    try:
        yield app
    finally:
        engine_of(app).dispose()


def head() -> str:
    """The newest revision of the chain."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


def engine_of(app: Flask) -> Engine:
    """The application's own engine: its connections are set up as in the portal."""
    with app.app_context():
        return db.engine


def stores(run: Run) -> list[Store]:
    """SQLite, and MariaDB where a server is found or can be started."""
    return [Store("SQLite"), *([Store("MariaDB")] if _has_mariadb(run) else [])]


@cache
def _has_mariadb(run: Run) -> bool:
    try:
        mariadb_server()
    except pytest.skip.Exception as reason:
        run.tell(f"only SQLite is measured: {reason}")
        return False
    return True
