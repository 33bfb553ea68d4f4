"""`flask schema rollback`: says what goes, asks, backs up, and ends where it said."""

from pathlib import Path

import pytest

from tests.migrations import chain
from tests.schema.commands import execute, schema, stamp_of, tables
from tests.schema.project import Project
from tests.schema.terminal import at_terminal

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

CHAIN = chain.revisions()


def test_nobody_to_ask_and_no_yes_is_refused(sqlite_at_head: str, backups: Path) -> None:
    done = schema(sqlite_at_head, "rollback")
    assert done.exit_code == 3
    assert "--yes" in done.stderr
    assert stamp_of(sqlite_at_head) == [CHAIN[-1]]
    assert not backups.exists()


def test_it_says_what_is_lost_backs_up_and_goes_as_many_steps(empty_database: str, backups: Path) -> None:
    chain.upgrade(empty_database, "014_outbox")
    execute(
        empty_database,
        "INSERT INTO job_leases (name, holder, leased_until) VALUES ('mail', 'me', '2026-01-01 00:00:00')",
    )
    done = schema(empty_database, "rollback", "--steps", "2", "--yes")
    assert done.exit_code == 0, done.output
    assert done.output.index("014_outbox") < done.output.index("013_audit")
    assert "The way down loses the trail" in done.output
    assert stamp_of(empty_database) == ["012_reviews"]
    assert not {"job_leases", "audit_events"} & tables(empty_database)
    [backup] = backups.iterdir()
    assert str(backup) in done.output
    assert backup.stat().st_mode & 0o777 == 0o600


def test_no_revision_left_is_nothing_to_do(empty_database: str, backups: Path) -> None:
    assert schema(empty_database, "rollback", "--yes").exit_code == 0
    chain.upgrade(empty_database, CHAIN[0])
    assert schema(empty_database, "rollback", "--yes").exit_code == 0
    assert tables(empty_database) == {"alembic_version"}
    again = schema(empty_database, "rollback")
    assert again.exit_code == 0
    assert "none can go" in again.output


def test_more_steps_than_there_are_is_refused(sqlite_at_head: str, backups: Path) -> None:
    done = schema(sqlite_at_head, "rollback", "--steps", str(len(CHAIN) + 1), "--yes")
    assert done.exit_code == 3
    assert stamp_of(sqlite_at_head) == [CHAIN[-1]]
    assert schema(sqlite_at_head, "rollback", "--steps", "0").exit_code == 2


def test_without_a_backup_nothing_goes(sqlite_at_head: str, backups: Path) -> None:
    backups.write_text("a file where the folder should be", encoding="utf-8")
    done = schema(sqlite_at_head, "rollback", "--yes")
    assert done.exit_code == 1
    assert stamp_of(sqlite_at_head) == [CHAIN[-1]]


def test_a_way_down_that_fails_says_where_it_stopped_and_how_to_go_on(empty_mariadb: str, backups: Path) -> None:
    chain.upgrade(empty_mariadb, "014_outbox")
    # A table of somebody's own refers to the trail, so it cannot go.
    execute(
        empty_mariadb,
        "CREATE TABLE my_notes (position BIGINT NOT NULL, FOREIGN KEY (position) REFERENCES audit_events (position))",
    )
    done = schema(empty_mariadb, "rollback", "--steps", "3", "--yes")
    assert done.exit_code == 1
    assert "It stopped at 013_audit" in done.stderr
    assert "run `flask db downgrade 011_analyses` again" in done.stderr
    assert stamp_of(empty_mariadb) == ["013_audit"]
    execute(empty_mariadb, "DROP TABLE my_notes")
    chain.downgrade(empty_mariadb, "011_analyses")
    assert stamp_of(empty_mariadb) == ["011_analyses"]


@pytest.mark.parametrize(("answer", "exit_code"), [("n", 3), ("", 3), ("y", 0)])
def test_a_person_is_asked(sqlite_at_head: str, project: Project, answer: str, exit_code: int) -> None:
    before = project.backups()
    done = at_terminal(["manage_migrations.py", "rollback"], answer, project, url=sqlite_at_head)
    assert done.returncode == exit_code, done.stderr
    assert "Take back 1 of" in done.stdout
    assert len(project.backups() - before) == (0 if exit_code else 1)
    assert stamp_of(sqlite_at_head) == [CHAIN[-1] if exit_code else CHAIN[-2]]
