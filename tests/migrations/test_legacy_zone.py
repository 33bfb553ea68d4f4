"""The zone of the original's naive times: asked for before the first change, written down once."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from tests.migrations import chain, facts, rows
from tests.migrations.test_commands import alembic
from tests.migrations.test_legacy_sessions import insert_sessions, session

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

VARIABLE = "DOPPLY_LEGACY_TIME_ZONE"
INSTALLATION = "SELECT id, kind, legacy_time_zone FROM installation"


def recorded(url: str) -> list[tuple[object, ...]]:
    with chain.connection(url) as connection:
        return [tuple(row) for row in connection.execute(sa.text(INSTALLATION))]


def state(url: str) -> tuple[dict[str, facts.Table], object]:
    with chain.connection(url) as connection:
        return facts.read(connection), connection.scalar(sa.text("SELECT version_num FROM alembic_version"))


def test_an_upgrade_with_rows_and_without_a_zone_is_refused_before_it_changes_anything(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.upgrade(empty_database, "004_fetal_monitoring")
    with chain.connection(empty_database) as connection:
        rows.insert(connection)
    before = state(empty_database)
    for value in (None, "", "Asia/Nowhere", "Asia", "../zone", "WIB", "localtime", "posixrules", "Factory"):
        monkeypatch.delenv(VARIABLE) if value is None else monkeypatch.setenv(VARIABLE, value)
        with pytest.raises(CommandError, match=f"{VARIABLE}.*Asia/Jakarta"):
            chain.upgrade(empty_database)
        assert state(empty_database) == before


def test_the_command_says_so_and_ends_with_1(empty_sqlite: str) -> None:
    chain.upgrade(empty_sqlite, "004_fetal_monitoring")
    with chain.connection(empty_sqlite) as connection:
        rows.insert(connection)
    done = alembic("upgrade", "head", url=empty_sqlite)
    assert (done.returncode, done.stdout) == (1, "")
    assert VARIABLE in done.stderr
    assert "Traceback" not in done.stderr


def test_a_session_of_nobody_asks_for_the_zone_too(empty_sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chain.upgrade(empty_sqlite, "692e6f2120e5")
    insert_sessions(empty_sqlite, session("a", rows.AT))
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(CommandError, match=VARIABLE):
        chain.upgrade(empty_sqlite)


def test_a_revision_that_runs_alone_does_not_guess_either(empty_sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chain.upgrade(empty_sqlite, "008_access")
    insert_sessions(empty_sqlite, session("a", rows.AT))
    monkeypatch.delenv(VARIABLE)
    with pytest.raises(CommandError, match=VARIABLE):
        chain.run_body(empty_sqlite, "009_recordings")


def test_the_zone_is_written_down(empty_database: str) -> None:
    chain.upgrade(empty_database, "004_fetal_monitoring")
    with chain.connection(empty_database) as connection:
        rows.insert(connection)
    chain.upgrade(empty_database)
    assert recorded(empty_database) == [(1, "real", "Asia/Jakarta")]


def test_once_written_down_it_decides_whatever_the_environment_says(
    empty_sqlite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.upgrade(empty_sqlite, "004_fetal_monitoring")
    with chain.connection(empty_sqlite) as connection:
        rows.insert(connection)
    chain.upgrade(empty_sqlite, "009_recordings")
    monkeypatch.setenv(VARIABLE, "Asia/Nowhere")
    chain.upgrade(empty_sqlite)
    assert recorded(empty_sqlite) == [(1, "real", "Asia/Jakarta")]


def test_a_fresh_database_keeps_utc_whatever_the_environment_says(empty_database: str) -> None:
    chain.upgrade(empty_database)
    assert recorded(empty_database) == [(1, "real", "UTC")]


def test_the_way_down_asks_for_no_zone(empty_sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chain.upgrade(empty_sqlite, "004_fetal_monitoring")
    with chain.connection(empty_sqlite) as connection:
        rows.insert(connection)
    chain.upgrade(empty_sqlite)
    monkeypatch.delenv(VARIABLE)
    chain.downgrade(empty_sqlite, "base")
    chain.upgrade(empty_sqlite)
    assert recorded(empty_sqlite) == [(1, "real", "UTC")]


def test_no_revision_but_the_one_that_writes_it_down_reads_the_environment() -> None:
    readers = {
        path.stem for path in Path(chain.VERSIONS).glob("*.py") if "legacy_time_zone(" in path.read_text("utf-8")
    }
    assert readers == {"009_recordings"}
