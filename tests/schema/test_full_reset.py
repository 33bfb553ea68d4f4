"""`flask schema full-reset`: only the database that was named goes, and never without a backup."""

import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.schema import reset, status
from app.schema.errors import SchemaFailed
from app.schema.status import State
from config import Environment
from tests.migrations import chain, rows
from tests.schema.commands import execute, schema, stamp_of, tables
from tests.schema.project import Project
from tests.schema.terminal import at_terminal

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

PRODUCTION = Environment.PRODUCTION


@pytest.fixture(autouse=True)
def zone_of_the_original(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Asia/Jakarta")


@pytest.fixture
def filled(empty_database: str) -> str:
    """A database of the original with rows, and a table of somebody else's."""
    chain.upgrade(empty_database, "692e6f2120e5")
    with chain.connection(empty_database) as connection:
        rows.insert(connection)
    execute(empty_database, "CREATE TABLE lunch (id INTEGER)", "INSERT INTO lunch VALUES (1), (2)")
    return empty_database


def count(url: str, table: str = "users") -> int:
    with chain.connection(url) as connection:
        return connection.scalar(sa.text(f"SELECT COUNT(*) FROM {table}")) or 0  # noqa: S608


def assert_untouched(url: str, backups: Path) -> None:
    assert count(url) == len(rows.USERS)
    assert count(url, "lunch") == 2
    assert stamp_of(url) == ["692e6f2120e5"]
    assert not backups.exists()


def test_it_shows_what_goes_backs_up_and_builds_anew(filled: str, backups: Path) -> None:
    done = schema(filled, "full-reset", "--yes")
    assert done.exit_code == 0, done.output
    assert [line.split()[:2] for line in done.output.splitlines() if line.startswith(("users ", "lunch "))] == [
        ["lunch", "2"],
        ["users", str(len(rows.USERS))],
    ]
    assert "(not of Dopply)" in done.output
    assert status.read(filled).exit_code == 0
    assert count(filled) == 0
    assert "lunch" not in tables(filled)
    [backup] = backups.iterdir()
    assert str(backup) in done.output
    assert zipfile.is_zipfile(backup)


@pytest.mark.parametrize(
    "arguments",
    [[], ["--yes"], ["--database", "another"], ["--yes", "--database", "another"], ["--yes", "--database", ""]],
    ids=" ".join,
)
def test_in_production_the_database_must_be_named(filled: str, backups: Path, arguments: list[str]) -> None:
    done = schema(filled, "full-reset", *arguments, environment=PRODUCTION)
    assert done.exit_code == 3, done.output
    assert "nothing was changed" in done.stderr.lower()
    assert_untouched(filled, backups)


def test_its_name_is_the_answer(filled: str, backups: Path) -> None:
    done = schema(filled, "full-reset", "--database", reset.name(filled), environment=PRODUCTION)
    assert done.exit_code == 0, done.output
    assert count(filled) == 0
    assert len(list(backups.iterdir())) == 1


@pytest.mark.parametrize(("answer", "exit_code"), [("y", 3), ("", 3), ("at_head.db", 0)])
def test_a_person_types_its_name(sqlite_at_head: str, project: Project, answer: str, exit_code: int) -> None:
    execute(sqlite_at_head, "CREATE TABLE lunch (id INTEGER)")
    before = project.backups()
    done = at_terminal(["full_reset.py"], answer, project, url=sqlite_at_head)
    assert done.returncode == exit_code, done.stderr
    assert ("lunch" in tables(sqlite_at_head)) is (exit_code != 0)
    assert len(project.backups() - before) == (0 if exit_code else 1)


def test_without_a_backup_nothing_goes(filled: str, backups: Path) -> None:
    backups.write_text("a file where the folder should be", encoding="utf-8")
    done = schema(filled, "full-reset", "--yes")
    assert done.exit_code == 1
    assert count(filled) == len(rows.USERS)


def test_the_demo_has_a_command_of_its_own(sqlite_at_head: str, backups: Path) -> None:
    for environment in (Environment.DEMO, Environment.TEST):
        done = schema(sqlite_at_head, "full-reset", "--yes", environment=environment)
        assert done.exit_code == (3 if environment is Environment.DEMO else 0), done.output
    execute(sqlite_at_head, "UPDATE installation SET kind = 'demo'", "CREATE TABLE lunch (id INTEGER)")
    done = schema(sqlite_at_head, "full-reset", "--yes")
    assert done.exit_code == 3
    assert "flask demo build" in done.stderr
    assert "lunch" in tables(sqlite_at_head)


def test_a_view_is_never_dropped(filled: str, backups: Path) -> None:
    execute(filled, "CREATE VIEW names AS SELECT name FROM users")
    done = schema(filled, "full-reset", "--yes")
    assert done.exit_code == 3
    assert "names" in done.stderr
    assert_untouched(filled, backups)


def test_tables_of_any_name_go(empty_database: str, backups: Path) -> None:
    with chain.connection(empty_database) as connection:
        sa.Table('100% "odd" `order`', sa.MetaData(), sa.Column("select", sa.Integer)).create(connection)
    done = schema(empty_database, "full-reset", "--yes")
    assert done.exit_code == 0, done.output
    assert status.read(empty_database).exit_code == 0


def test_an_empty_database_is_built_without_a_backup(empty_database: str, backups: Path) -> None:
    done = schema(empty_database, "full-reset", "--yes")
    assert done.exit_code == 0, done.output
    assert status.read(empty_database).exit_code == 0
    assert not backups.exists()


def test_what_is_left_of_a_cut_is_refused_by_all_but_another_reset(filled: str, backups: Path) -> None:
    execute(filled, "DROP TABLE alembic_version", "DROP TABLE notifications")
    assert status.read(filled).state is State.UNVERSIONED
    assert schema(filled, "apply").exit_code == 3
    assert schema(filled, "full-reset", "--yes").exit_code == 0
    assert status.read(filled).exit_code == 0


def test_on_mariadb_nothing_goes_while_somebody_uses_a_table(
    empty_mariadb: str, backups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.upgrade(empty_mariadb, "004_fetal_monitoring")
    before = tables(empty_mariadb)
    monkeypatch.setattr("migrations.connections.MYSQL_SESSION", "SET lock_wait_timeout = 1")
    with chain.connection(empty_mariadb) as somebody:
        somebody.exec_driver_sql("SELECT * FROM pregnancy_info")
        done = schema(empty_mariadb, "full-reset", "--yes")
        assert done.exit_code == SchemaFailed.exit_code
        assert "Lock wait timeout" in done.stderr
    assert tables(empty_mariadb) == before
    assert stamp_of(empty_mariadb) == ["004_fetal_monitoring"]
