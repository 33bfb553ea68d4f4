"""`alembic` from the root and `flask db` work, and both refuse a database whose state nobody knows."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.util import CommandError
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

from app.models import Base
from tests.migrations import chain

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep


def alembic(*arguments: str, url: str = "") -> "subprocess.CompletedProcess[str]":
    """`alembic ...` from the root, with DATABASE_URL as the only setting."""
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "alembic", *arguments],
        cwd=chain.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_alembic_needs_nothing_but_database_url(empty_database: str) -> None:
    url = empty_database.replace("mysql+pymysql://", "mysql://").replace("charset=utf8mb4", "")
    done = alembic("upgrade", "head", url=url)
    assert done.returncode == 0, done.stderr
    assert [line.removeprefix("upgraded to ") for line in done.stdout.splitlines()] == chain.revisions()
    assert alembic("check", url=url).returncode == 0
    assert alembic("current", url=url).stdout.split() == [chain.revisions()[-1], "(head)"]


def test_alembic_names_the_setting_that_is_missing() -> None:
    done = alembic("current")
    assert done.returncode == 1
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def an_unversioned_database(url: str) -> None:
    chain.upgrade(url, "001_initial_schema")
    with chain.connection(url) as connection:
        connection.exec_driver_sql("DROP TABLE alembic_version")


def tables(url: str) -> set[str]:
    with chain.connection(url) as connection:
        return set(sa.inspect(connection).get_table_names())


def test_alembic_refuses_tables_without_a_version(empty_database: str) -> None:
    an_unversioned_database(empty_database)
    before = tables(empty_database)
    done = alembic("upgrade", "head", url=empty_database)
    assert done.returncode == 1
    assert "flask schema adopt" in done.stderr
    assert "Traceback" not in done.stderr
    assert tables(empty_database) == before


def test_a_refused_database_may_still_be_stamped(empty_sqlite: str) -> None:
    an_unversioned_database(empty_sqlite)
    with pytest.raises(CommandError, match="flask schema adopt"):
        chain.downgrade(empty_sqlite, "base")
    command.stamp(chain.config(empty_sqlite), "001_initial_schema")
    chain.upgrade(empty_sqlite)
    assert "unit" in tables(empty_sqlite)


def test_a_later_state_of_the_original_is_named_and_left_alone(empty_database: str) -> None:
    chain.upgrade(empty_database, "003_patient_status_history")
    with chain.connection(empty_database) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'remove_fetal_tables'"))
    before = tables(empty_database)
    with pytest.raises(CommandError, match="remove_fetal_tables"):
        chain.upgrade(empty_database)
    assert tables(empty_database) == before


def flask_app(url: str) -> Flask:
    app = Flask("only_migrations")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    Migrate(app, SQLAlchemy(app, metadata=Base.metadata), directory=str(chain.ROOT / "migrations"))
    return app


def test_flask_db_uses_the_applications_database(empty_sqlite: str) -> None:
    runner = flask_app(empty_sqlite).test_cli_runner()
    for arguments in ("upgrade", "check", "current", "history"):
        done = runner.invoke(args=["db", arguments])
        assert done.exit_code == 0, done.output
    assert "unit" in tables(empty_sqlite)


def test_flask_db_upgrade_refuses_tables_without_a_version(empty_sqlite: str, caplog: pytest.LogCaptureFixture) -> None:
    an_unversioned_database(empty_sqlite)
    done = flask_app(empty_sqlite).test_cli_runner().invoke(args=["db", "upgrade"])
    assert done.exit_code == 1
    assert "flask schema adopt" in caplog.text


def test_scripts_cannot_be_printed_because_every_step_asks_first(empty_sqlite: str) -> None:
    with pytest.raises(CommandError, match="no SQL script"):
        command.upgrade(chain.config(empty_sqlite), "head", sql=True)


def test_the_folder_of_an_sqlite_file_is_made(tmp_path: Path) -> None:
    chain.upgrade(f"sqlite:///{tmp_path / 'instance' / 'dopply.db'}", "001_initial_schema")
    assert (tmp_path / "instance" / "dopply.db").exists()
