"""`flask schema reset-migrations`: alembic_version says what the tables say, and no table or row changes."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.schema import status
from tests.databases import sqlite_url
from tests.migrations import chain, facts, rows
from tests.schema.commands import execute, schema, stamp_of
from tests.schema.project import Project
from tests.schema.terminal import at_terminal

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

CHAIN = chain.revisions()
SEED_HEAD = "692e6f2120e5"


@pytest.fixture(autouse=True)
def zone_of_the_original(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Asia/Jakarta")


@pytest.fixture
def original(empty_database: str) -> str:
    """A database of the original with rows."""
    chain.upgrade(empty_database, SEED_HEAD)
    with chain.connection(empty_database) as connection:
        rows.insert(connection)
    return empty_database


def content(url: str) -> object:
    """Every table of the seed, as it is built and as it is filled."""
    with chain.connection(url) as connection:
        return facts.read(connection), rows.read(connection)


@pytest.mark.parametrize(
    "lie",
    [
        "UPDATE alembic_version SET version_num = '015_unit'",
        "UPDATE alembic_version SET version_num = '001_initial_schema'",
        "UPDATE alembic_version SET version_num = '099_from_the_future'",
        "INSERT INTO alembic_version VALUES ('004_fetal_monitoring')",
        "DELETE FROM alembic_version",
        "DROP TABLE alembic_version",
    ],
)
def test_a_stamp_that_is_wrong_is_put_right_and_the_upgrade_arrives(original: str, backups: Path, lie: str) -> None:
    execute(original, lie)
    before = content(original)
    done = schema(original, "reset-migrations", "--yes")
    assert done.exit_code == 0, done.output
    assert stamp_of(original) == [SEED_HEAD]
    assert content(original) == before
    assert len(list(backups.iterdir())) == 1
    assert "flask schema adopt" in done.output
    assert schema(original, "adopt", "--yes").exit_code == 0
    assert status.read(original).exit_code == 0


def test_a_database_of_ours_that_lost_its_version_gets_to_the_head_again(empty_database: str) -> None:
    chain.upgrade(empty_database)
    execute(empty_database, "DROP TABLE alembic_version")
    assert schema(empty_database, "reset-migrations", "--yes").exit_code == 0
    assert schema(empty_database, "apply").exit_code == 0
    assert stamp_of(empty_database) == [CHAIN[-1]]


def test_a_stamp_that_is_right_is_nothing_to_do(original: str, backups: Path) -> None:
    done = schema(original, "reset-migrations")
    assert done.exit_code == 0, done.output
    assert "Nothing to do" in done.output
    assert stamp_of(original) == [SEED_HEAD]
    assert not backups.exists()


def test_what_nobody_can_tell_is_refused(tmp_path: Path, backups: Path) -> None:
    url = sqlite_url(tmp_path)
    execute(url, "CREATE TABLE lunch (id INTEGER)")
    done = schema(url, "reset-migrations", "--yes")
    assert done.exit_code == 3, done.output
    assert "Nothing was changed" in done.stderr
    with chain.connection(url) as connection:
        assert sa.inspect(connection).get_table_names() == ["lunch"]
    assert schema(sqlite_url(tmp_path, "none.db"), "reset-migrations", "--yes").exit_code == 3
    assert not (tmp_path / "none.db").exists()
    assert not backups.exists()


@pytest.mark.parametrize(("answer", "exit_code"), [("n", 3), pytest.param("y", 0, marks=pytest.mark.sweep)])
def test_a_person_is_asked(sqlite_at_head: str, project: Project, answer: str, exit_code: int) -> None:
    execute(sqlite_at_head, "DELETE FROM alembic_version")
    assert schema(sqlite_at_head, "reset-migrations").exit_code == 3
    done = at_terminal(["reset_migrations.py"], answer, project, url=sqlite_at_head)
    assert done.returncode == exit_code, done.stderr
    assert bool(stamp_of(sqlite_at_head)) is (exit_code == 0)
