"""Shared fixtures: one application on a real database, which each test finds as a fresh upgrade leaves it."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask_migrate import upgrade
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from app import create_app
from app.extensions import db
from app.services import passwords
from config import Environment, Settings
from tests.databases import fresh_mariadb
from tests.hashing import CHEAP
from tests.make import ZONE, Make
from tests.page import Browser
from tests.sweep_sample import is_full

# How long an example takes says something about the machine, not about the code: no deadline, no complaint.
# The same examples in every run, so that a red run is red again; `make sweep` looks for new ones.
hypothesis_settings.register_profile(
    "dopply", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=not is_full()
)
hypothesis_settings.load_profile("dopply")

# A Monday in the middle of a month, twelve hours from midnight in the portal's zone.
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def make_settings(database_url: str) -> Settings:
    """Settings of a test instance on the database at `database_url`."""
    return Settings(
        environment=Environment.TEST,
        database_url=database_url,
        secret_key="only-for-tests-0123456789-abcdefghij",
        time_zone=ZONE,
        emergency_phone="119",
        mail_url="console:",
        max_upload_mb=16,
    )


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the tests' database is: a SQLite file, or MariaDB with DOPPLY_TEST_DATABASE=mariadb."""
    if os.environ.get("DOPPLY_TEST_DATABASE", "sqlite") == "mariadb":
        with fresh_mariadb() as url:
            yield url
    else:
        yield f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.db'}"


@pytest.fixture(scope="session")
def upgraded_app(database_url: str) -> Iterator[Flask]:
    """The application on an upgraded database."""
    app = create_app(make_settings(database_url))
    with app.app_context():
        upgrade()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def pristine(upgraded_app: Flask, database_url: str) -> "Pristine":
    """The database as the upgrade left it."""
    return Pristine(upgraded_app, database_url)


@pytest.fixture
def app(upgraded_app: Flask, pristine: "Pristine") -> Flask:
    """The application, its database as a fresh upgrade leaves it."""
    pristine.restore()
    return upgraded_app


@pytest.fixture
def noon() -> Iterator[None]:
    """It is NOON and stays so: for what is said of today, and for tries that are counted within one minute."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture(autouse=True)
def cheap_hashes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords with a thousandth of the work, but in tests marked `real_hashes`, which are about that work."""
    if request.node.get_closest_marker("real_hashes") is None:
        monkeypatch.setattr(passwords, "_hasher", CHEAP)
        monkeypatch.setattr(passwords, "NOBODYS_HASH", CHEAP.hash("nobody's"))


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A database session of the test's own, beside the application's."""
    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def make(session: Session) -> Make:
    """Typed factories: each commits what it makes. The world has a unit with its phone, without which none opens."""
    make = Make(session)
    make.unit()
    return make


@pytest.fixture
def browser(app: Flask) -> Browser:
    """An anonymous browser whose every page is linted."""
    return Browser(app)


class Pristine:
    """Puts a database back as the upgrade left it, without running the chain again."""

    def __init__(self, app: Flask, database_url: str) -> None:
        self.app = app
        self.path = Path(str(make_url(database_url).database)) if database_url.startswith("sqlite") else None
        if self.path is not None:
            self.copy = sqlite3.connect(":memory:", check_same_thread=False)
            with closing(sqlite3.connect(self.path)) as original:
                original.backup(self.copy)
        else:
            with app.app_context(), db.engine.connect() as connection:
                self.rows = {
                    table: [dict(row) for row in connection.execute(table.select()).mappings()]
                    for table in db.metadata.sorted_tables
                }

    def restore(self) -> None:
        """Put every row back."""
        if self.path is not None:
            with closing(sqlite3.connect(self.path)) as target:
                self.copy.backup(target)
            return
        with self.app.app_context(), db.engine.begin() as connection:
            connection.exec_driver_sql("SET foreign_key_checks = 0")
            for table, rows in self.rows.items():
                connection.execute(table.delete())
                if rows:
                    connection.execute(table.insert(), rows)
            connection.exec_driver_sql("SET foreign_key_checks = 1")
