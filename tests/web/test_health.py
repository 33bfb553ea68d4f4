"""`/healthz` and `/readyz`, and no page on a database that this instance is not made for."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from app import create_app
from app.extensions import db
from app.models import Installation, InstallationKind
from config import Environment
from tests.conftest import make_settings
from tests.make import Make
from tests.page import Browser, Page


def check(page: Page) -> None:
    assert page.heading == "The portal cannot be reached right now"
    assert "Contact your maternity unit now" in page.words
    # Of this instance's settings, not of the database. That digits of the unit's phone are missing would prove less:
    # they stand in a reference number now and then.
    assert page.one(".emergency__phone")["href"] == "tel:119"
    assert "Dopply Test Unit" not in page.text


def test_alive_and_ready(browser: Browser) -> None:
    for path in ("/healthz", "/readyz"):
        response = browser.client.get(path)
        assert (response.status_code, response.text, response.mimetype) == (200, "ok\n", "text/plain")
        assert "Set-Cookie" not in response.headers


@pytest.fixture
def renamed(app: Flask, database_url: str) -> Iterator[Flask]:
    """An instance of its own on the tests' database."""
    own = create_app(make_settings(database_url))
    yield own
    with own.app_context():
        db.engine.dispose()


def mark_as_demo(session: Session) -> None:
    session.execute(update(Installation).values(kind=InstallationKind.DEMO))
    session.commit()


@pytest.mark.parametrize("path", ["/", "/auth/sign-in", "/patients", "/nothing-here"])
def test_a_real_instance_shows_nothing_of_a_demo_database(
    renamed: Flask, session: Session, make: Make, path: str
) -> None:
    make.unit(phone="021 555 0100")
    mark_as_demo(session)
    check(Browser(renamed).get(path, status=503))


def test_a_demo_instance_shows_nothing_of_a_real_database(app: Flask, database_url: str, make: Make) -> None:
    make.unit(phone="021 555 0100")
    demo = create_app(replace(make_settings(database_url), environment=Environment.DEMO))
    demo.config["WTF_CSRF_ENABLED"] = False
    for _ in range(2):  # It is asked again as long as it is wrong.
        check(Browser(demo).get("/auth/sign-in", status=503))
    assert demo.test_client().post("/auth/sign-in").status_code == 503
    assert demo.test_client().get("/healthz").status_code == 200
    assert demo.test_client().get("/readyz").status_code == 503


def test_a_demo_instance_serves_a_demo_database(app: Flask, database_url: str, session: Session) -> None:
    mark_as_demo(session)
    demo = create_app(replace(make_settings(database_url), environment=Environment.DEMO))
    page = Browser(demo).get("/auth/sign-in")
    assert "every person and every recording here is made up" in page.soup.get_text()
    assert demo.test_client().get("/readyz").status_code == 200


def test_a_database_that_was_never_upgraded_is_served_to_nobody(tmp_path: Path) -> None:
    empty = create_app(make_settings(f"sqlite:///{tmp_path / 'empty.db'}"))
    check(Browser(empty).get("/auth/sign-in", status=503))
    assert "never upgraded" in empty.test_client().get("/readyz").text


def test_the_wrong_revision_is_not_ready(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path)) as old:
        old.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        old.execute("INSERT INTO alembic_version VALUES ('001_initial_schema')")
        old.commit()
    response = create_app(make_settings(f"sqlite:///{path}")).test_client().get("/readyz")
    assert response.status_code == 503
    assert "flask db upgrade" in response.text
