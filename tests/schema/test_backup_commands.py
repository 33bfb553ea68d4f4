"""`flask schema backup` and `restore`: what they say, and exit codes that a script can trust."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from app.schema.backup import describe
from tests.migrations import chain
from tests.schema.commands import execute, schema, tables
from tests.schema.project import Project
from tests.schema.terminal import at_terminal
from tests.schema.two_tables import fill
from tests.schema.ways import Way, held

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep


def test_there_and_back(way: Way, tmp_path: Path) -> None:
    url, other = way.empty(), way.empty()
    chain.upgrade(url)
    path = tmp_path / "backup"

    done = schema(url, "backup", str(path))

    assert done.exit_code == 0, done.output
    assert f"by {way.name}" in done.output
    assert str(path) in done.output
    done = schema(other, "restore", str(path))
    assert done.exit_code == 0, done.output
    assert "audit trail intact (0 rows)" in done.output
    assert held(other) == held(url)


def test_without_a_name_it_goes_where_backups_go(sqlite_at_head: str, backups: Path) -> None:
    for number in (1, 2):
        done = schema(sqlite_at_head, "backup")
        assert done.exit_code == 0, done.output
        assert len(list(backups.iterdir())) == number
    assert backups.stat().st_mode & 0o777 == 0o700
    newest = max(backups.iterdir())
    assert str(newest) in done.output
    assert newest.name.startswith("at_head-")
    assert newest.name.endswith("Z.dopply.zip")


def test_what_is_there_is_refused(sqlite_at_head: str, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("mine", encoding="utf-8")
    done = schema(sqlite_at_head, "backup", str(tmp_path / "backup"))
    assert done.exit_code == 3
    assert "never overwritten" in done.stderr
    assert (tmp_path / "backup").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("place", ["none/backup", "file/backup"])
def test_a_place_that_takes_nothing_is_a_failure(sqlite_at_head: str, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    done = schema(sqlite_at_head, "backup", str(tmp_path / place))
    assert done.exit_code == 1
    assert "No backup was made" in done.stderr


def test_no_database_is_a_failure_and_stays_none(empty_sqlite: str, tmp_path: Path) -> None:
    done = schema(empty_sqlite, "backup", str(tmp_path / "backup"))
    assert done.exit_code == 1
    assert "There is no database" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_not_there_is_a_failure_without_a_password(tmp_path: Path) -> None:
    done = schema("mysql+pymysql://root:s3cret@127.0.0.1:1/x", "backup", str(tmp_path / "backup"))
    assert done.exit_code == 1
    assert "No backup was made" in done.stderr
    assert "s3cret" not in done.output + done.stderr


def a_backup(folder: Path) -> Path:
    """A backup of a small SQLite database."""
    url = f"sqlite:///{folder / 'small.db'}"
    fill(url, "as backed up")
    path = folder / "small"
    assert schema(url, "backup", str(path)).exit_code == 0
    return path


def test_usage() -> None:
    assert schema("sqlite://", "restore").exit_code == 2
    assert schema("sqlite://", "backup", "a", "b").exit_code == 2


def test_a_database_in_memory_is_told(tmp_path: Path) -> None:
    done = schema("sqlite://", "backup", str(tmp_path / "backup"))
    assert done.exit_code == 1
    assert "in a file of its own" in done.stderr


@pytest.mark.parametrize("damage", ["cut", "none", "other"])
def test_a_file_that_is_no_whole_backup_changes_nothing(
    sqlite_at_head: str, tmp_path: Path, backups: Path, damage: str
) -> None:
    path = a_backup(tmp_path)
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-1])
    elif damage == "other":
        path.write_text("SELECT 1;", encoding="utf-8")
    else:
        path.unlink()
    before = held(sqlite_at_head)
    done = schema(sqlite_at_head, "restore", str(path), "--replace", "--yes")
    assert done.exit_code == (2 if damage == "none" else 3)
    assert held(sqlite_at_head) == before
    assert not backups.exists()


def test_a_database_that_is_not_empty_needs_replace_and_an_answer(
    sqlite_at_head: str, tmp_path: Path, backups: Path
) -> None:
    path, before = a_backup(tmp_path), held(sqlite_at_head)
    done = schema(sqlite_at_head, "restore", str(path))
    assert done.exit_code == 3
    assert "--replace" in done.stderr
    done = schema(sqlite_at_head, "restore", str(path), "--yes")
    assert done.exit_code == 3
    done = schema(sqlite_at_head, "restore", str(path), "--replace")
    assert done.exit_code == 3
    assert "--yes" in done.stderr
    listed = done.stdout.partition("It holds:\n")[2].splitlines()
    full = {line.split(":")[0].strip(): line.split(": ")[1] for line in listed[:-1]}
    assert full["audit_head"] == "1 row"
    assert "0 rows" not in full.values()
    assert listed[-1] == f"  and {len(before) - len(full)} empty tables"
    assert held(sqlite_at_head) == before
    assert not backups.exists()

    done = schema(sqlite_at_head, "restore", str(path), "--replace", "--yes")

    assert done.exit_code == 0, done.output + done.stderr
    assert tables(sqlite_at_head) == {"parents", "children", "alembic_version"}
    [kept] = backups.iterdir()
    assert f"What was there before is in {kept}" in done.output


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 3), ("", 3)])
def test_a_person_is_asked(project: Project, tmp_path: Path, answer: str, code: int) -> None:
    path = a_backup(tmp_path)
    url = f"sqlite:///{tmp_path / 'small.db'}"
    execute(url, "UPDATE parents SET name = 'since then'")
    changed = held(url)
    done = at_terminal(
        ["-m", "flask", "--app", "wsgi", "schema", "restore", str(path), "--replace"], answer, project, url=url
    )
    assert done.returncode == code, done.stderr
    assert "Replace 3 tables, 5 rows?" in done.stdout
    assert (held(url) == changed) == (code != 0)


def test_a_trail_that_was_not_intact_is_told_and_fails(way: Way, tmp_path: Path) -> None:
    url, other = way.empty(), way.empty()
    chain.upgrade(url)
    execute(url, "UPDATE audit_head SET position = 7")
    assert schema(url, "backup", str(tmp_path / "backup")).exit_code == 0
    done = schema(other, "restore", str(tmp_path / "backup"))
    assert done.exit_code == 1
    assert "audit trail is not intact: row 1: missing" in done.stderr
    assert "Every table is as in the backup" in done.stderr
    assert held(other) == held(url)


def test_a_trail_that_this_version_cannot_read_is_told(sqlite_at_head: str, tmp_path: Path) -> None:
    execute(sqlite_at_head, "ALTER TABLE audit_events RENAME COLUMN act TO deed")
    assert schema(sqlite_at_head, "backup", str(tmp_path / "backup")).exit_code == 0
    done = schema(f"sqlite:///{tmp_path / 'other.db'}", "restore", str(tmp_path / "backup"))
    assert done.exit_code == 1
    assert "cannot read its audit trail" in done.stderr


def test_what_a_backup_does_not_hold_is_named(mariadb_way: Way, tmp_path: Path) -> None:
    url = mariadb_way.empty()
    fill(url, "x")
    execute(
        url,
        "CREATE VIEW names AS SELECT name FROM parents",
        "CREATE TRIGGER watched BEFORE INSERT ON parents FOR EACH ROW SET NEW.name = 'y'",
        "CREATE PROCEDURE proc() SELECT 1",
        "CREATE TABLE old (id INT) ENGINE = MyISAM",
    )
    done = schema(url, "backup", str(tmp_path / "backup"))
    assert done.exit_code == 0
    assert "note: Not in the backup: procedure proc, trigger watched, view names." in done.output
    assert "note: old is MyISAM, not InnoDB" in done.output
    assert sorted(describe(tmp_path / "backup").counts) == ["alembic_version", "children", "old", "parents"]
    replaced = schema(url, "restore", str(tmp_path / "backup"), "--replace", "--yes").output
    assert "note on what was there before: Not in the backup: procedure proc, trigger watched, view" in replaced


def test_a_row_that_the_server_would_refuse_is_refused_before_anything_changes(
    mariadb_way: Way, tmp_path: Path
) -> None:
    url, target = mariadb_way.empty(), mariadb_way.empty()
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        most = connection.exec_driver_sql("SELECT @@max_allowed_packet").scalar_one()
        connection.exec_driver_sql("CREATE TABLE big (id INT PRIMARY KEY, content LONGBLOB)")
        # In hexadecimal digits it is as long as the longest statement.
        connection.exec_driver_sql(f"INSERT INTO big VALUES (1, REPEAT('x', {most // 2}))")  # noqa: S608
        connection.commit()
    assert schema(url, "backup", str(tmp_path / "backup")).exit_code == 0
    done = schema(target, "restore", str(tmp_path / "backup"))
    assert done.exit_code == 3
    assert "set max_allowed_packet" in done.stderr
    assert tables(target) == set()
