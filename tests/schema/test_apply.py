"""`flask schema apply`: told step by step, repeatable, and honest about where it stopped."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.schema import status
from tests.migrations import chain, rows
from tests.schema.commands import execute, schema, stamp_of, tables
from tests.schema.project import Project

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

BEFORE_OURS = "006_utf8mb4"
ORIGINALS = chain.revisions()[: chain.revisions().index("692e6f2120e5") + 1]
ONE_USER = (
    "INSERT INTO users (name, email, password_hash, role, created_at) "
    "VALUES ('Ani', 'ani@example.org', '', 'patient', '2026-01-01 00:00:00')"
)


@pytest.fixture(autouse=True)
def zone_of_the_original(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Asia/Jakarta")


def test_from_nothing_to_the_head_and_then_nothing_to_do(empty_database: str) -> None:
    done = schema(empty_database, "apply")
    assert done.exit_code == 0, done.output
    told = [line.split(",")[0].split(" -> ")[1] for line in done.output.splitlines() if " -> " in line]
    assert told == chain.revisions()
    assert stamp_of(empty_database) == [chain.revisions()[-1]]
    again = schema(empty_database, "apply")
    assert again.exit_code == 0, again.output
    assert "pending revisions: 0" in again.output
    assert " -> " not in again.output


def test_tables_without_a_version_are_refused_and_stay(empty_database: str) -> None:
    chain.upgrade(empty_database, "001_initial_schema")
    execute(empty_database, "DROP TABLE alembic_version")
    before = tables(empty_database)
    done = schema(empty_database, "apply")
    assert done.exit_code == 3
    assert "flask schema adopt" in done.stderr
    assert tables(empty_database) == before


def refuse_every_update_of_users(url: str) -> None:
    body = (
        "BEGIN SELECT RAISE(ABORT, 'users are closed today'); END"
        if url.startswith("sqlite")
        else "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'users are closed today'"
    )
    execute(url, f"CREATE TRIGGER closed BEFORE UPDATE ON users FOR EACH ROW {body}")


def test_a_revision_that_fails_is_told_with_its_place_and_can_be_repeated(
    empty_database: str, project: Project
) -> None:
    chain.upgrade(empty_database, "692e6f2120e5")
    with chain.connection(empty_database) as connection:
        rows.insert(connection)
    chain.upgrade(empty_database, BEFORE_OURS)
    refuse_every_update_of_users(empty_database)
    done = schema(empty_database, "apply")
    assert done.exit_code == 1
    assert "users are closed today" in done.stderr
    assert f"It is still at {BEFORE_OURS}" in done.stderr
    assert "run `flask schema apply` again" in done.stderr
    assert "At the head" not in done.output
    raw = project.run("flask", "db", "upgrade", url=empty_database, DOPPLY_LEGACY_TIME_ZONE="Asia/Jakarta")
    assert raw.returncode == 1
    for said in (done.output, raw.stdout + raw.stderr):
        assert rows.USERS[0]["email"].lower() not in said, said
    assert stamp_of(empty_database) == [BEFORE_OURS]
    execute(empty_database, "DROP TRIGGER closed")
    assert schema(empty_database, "apply").exit_code == 0
    with chain.connection(empty_database) as connection:
        assert connection.scalar(sa.text("SELECT COUNT(*) FROM users WHERE email_lower IS NULL")) == 0


def test_ctrl_c_is_told_with_its_place_and_can_be_repeated(empty_database: str) -> None:
    chain.upgrade(empty_database, BEFORE_OURS)

    def press(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "CREATE TABLE account_tokens" in statement:
            raise KeyboardInterrupt

    sa.event.listen(sa.Engine, "before_cursor_execute", press)
    try:
        done = schema(empty_database, "apply")
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", press)
    assert done.exit_code == 1
    assert "KeyboardInterrupt" in done.stderr
    assert f"It is still at {BEFORE_OURS}" in done.stderr
    assert schema(empty_database, "apply").exit_code == 0


def test_the_zone_of_the_original_is_asked_for_before_anything_changes(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.upgrade(empty_database, "692e6f2120e5")
    with chain.connection(empty_database) as connection:
        rows.insert(connection)
    chain.upgrade(empty_database, BEFORE_OURS)
    monkeypatch.delenv("DOPPLY_LEGACY_TIME_ZONE")
    before = tables(empty_database)
    done = schema(empty_database, "apply")
    assert done.exit_code == 3
    assert "DOPPLY_LEGACY_TIME_ZONE" in done.stderr
    assert "half done" not in done.stderr
    assert (stamp_of(empty_database), tables(empty_database)) == ([BEFORE_OURS], before)


@pytest.mark.parametrize("revision", ORIGINALS)
def test_an_original_with_rows_is_left_to_adopt(empty_sqlite: str, backups: Path, revision: str) -> None:
    chain.upgrade(empty_sqlite, revision)
    execute(empty_sqlite, ONE_USER)
    before = tables(empty_sqlite)
    told = schema(empty_sqlite, "status")
    assert told.exit_code == 4
    assert status.State.ORIGINAL in told.output
    assert "flask schema adopt" in told.output
    assert "flask schema apply" not in told.output
    done = schema(empty_sqlite, "apply")
    assert done.exit_code == 3
    assert "flask schema adopt" in done.stderr
    assert (stamp_of(empty_sqlite), tables(empty_sqlite)) == ([revision], before)
    assert not backups.exists()
    assert schema(empty_sqlite, "adopt", "--yes").exit_code == 0


def test_an_original_whose_version_is_empty_is_left_to_adopt_too(empty_database: str) -> None:
    chain.upgrade(empty_database, "692e6f2120e5")
    execute(empty_database, ONE_USER, "DELETE FROM alembic_version")
    done = schema(empty_database, "apply")
    assert done.exit_code == 3
    assert "flask schema adopt" in done.stderr
    assert stamp_of(empty_database) == []


@pytest.mark.parametrize("revision", ORIGINALS)
def test_an_original_without_a_row_is_upgraded(empty_sqlite: str, revision: str) -> None:
    chain.upgrade(empty_sqlite, revision)
    assert "flask schema apply" in schema(empty_sqlite, "status").output
    assert schema(empty_sqlite, "apply").exit_code == 0
    assert stamp_of(empty_sqlite) == [chain.revisions()[-1]]


def test_after_a_way_down_to_the_original_adopt_is_named(empty_sqlite: str) -> None:
    chain.upgrade(empty_sqlite, BEFORE_OURS)
    execute(empty_sqlite, ONE_USER)
    done = schema(empty_sqlite, "rollback", "--yes")
    assert done.exit_code == 0, done.output
    assert "flask schema adopt" in done.output
    assert "flask schema apply" not in done.output
