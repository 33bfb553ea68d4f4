"""What is not adopted is named, with the way out, and is afterwards as it was to the last byte."""

import json
import os
import re
import sqlite3
import subprocess
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import create_app
from app.schema.backup import UNFINISHED
from tests.conftest import make_settings
from tests.databases import fresh_mariadb, sqlite_url
from tests.schema.adopting import lines_of
from tests.schema.commands import execute, schema, stamp_of
from tests.schema.originals import rows, tables
from tests.schema.originals.build import build
from tests.schema.project import Project
from tests.schema.terminal import at_terminal

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA"


def dump(url: str) -> bytes:
    """Everything in the database, as its own tool writes it."""
    parts = sa.make_url(url)
    if parts.get_backend_name() == "sqlite":
        with sqlite3.connect(str(parts.database)) as connection:
            return "\n".join(connection.iterdump()).encode()
    words = ["mariadb-dump", "--skip-dump-date", "--databases", str(parts.database), "--user", str(parts.username)]
    if socket := parts.query.get("unix_socket"):
        words += ["--socket", str(socket)]
    else:
        words += ["--host", str(parts.host), "--port", str(parts.port or 3306)]
    environment = {"PATH": os.environ["PATH"], "MYSQL_PWD": parts.password or ""}
    return subprocess.run(words, env=environment, capture_output=True, check=True).stdout


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Asia/Jakarta")


@pytest.mark.parametrize(
    ("parts", "stamp", "words"),
    [
        (tables.WITHOUT_SESSIONS, "remove_fetal_tables", ["remove_fetal_tables", "flask db stamp --purge"]),
        ((tables.OF_ANOTHER_DESIGN,), "d11cfa14fcd1", ["d11cfa14fcd1", "five tables of another design"]),
    ],
    ids=["remove_fetal_tables", "d11cfa14fcd1"],
)
def test_a_later_state_of_the_original_is_named_and_left_as_it_is(
    empty_database: str, backups: Path, parts: tuple[str, ...], stamp: str, words: list[str]
) -> None:
    build(empty_database, *parts, stamp=stamp)
    if stamp == "remove_fetal_tables":
        rows.insert(empty_database, HASH)
    before = dump(empty_database)
    for more in (["--yes"], ["--dry-run"], ["--yes", "--json"]):
        done = schema(empty_database, "adopt", *more)
        assert done.exit_code == 3, done.stdout
        assert "a later state of the original" in done.stdout or "--json" in more
        for word in (*words, "backup from before"):
            assert word in done.stderr
    assert dump(empty_database) == before
    assert not backups.exists()


def test_the_way_out_of_remove_fetal_tables_leads_to_the_head(empty_sqlite: str) -> None:
    build(empty_sqlite, *tables.WITHOUT_SESSIONS, stamp="remove_fetal_tables")
    rows.insert(empty_sqlite, HASH)
    before = rows.read(empty_sqlite)
    refused = schema(empty_sqlite, "adopt", "--yes")
    commands = [words.split()[1:] for words in re.findall(r"`(flask db [^`]+)`", refused.stderr)]
    assert len(commands) == 2
    for words in commands:
        done = create_app(make_settings(empty_sqlite)).test_cli_runner().invoke(args=words)
        assert done.exit_code == 0, done.output
    after = rows.read(empty_sqlite)
    assert all(set(before[table]) <= set(after[table]) for table in before)
    assert schema(empty_sqlite, "adopt", "--yes").exit_code == 0
    assert schema(empty_sqlite, "status").exit_code == 0


def test_without_a_zone_nothing_is_done(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    build(empty_database, *tables.AT_692E)
    rows.insert(empty_database, HASH)
    before = dump(empty_database)
    for zone in ("", "WIB"):
        monkeypatch.setenv("DOPPLY_LEGACY_TIME_ZONE", zone)
        done = schema(empty_database, "adopt", "--yes")
        assert done.exit_code == 3
        assert "DOPPLY_LEGACY_TIME_ZONE" in done.stderr
        assert "Asia/Jakarta" in done.stderr
        # The reason is all that is told: no list of what would be made of the rows stands before it.
        looked = schema(empty_database, "adopt", "--dry-run")
        assert (looked.exit_code, looked.stderr) == (3, done.stderr)
        assert "Interpreted" not in looked.stdout
    assert dump(empty_database) == before


def test_an_answer_is_needed(empty_sqlite: str, project: Project) -> None:
    build(empty_sqlite, *tables.AT_692E)
    before = dump(empty_sqlite)
    nobody = schema(empty_sqlite, "adopt")
    assert nobody.exit_code == 3
    assert "--yes" in nobody.stderr
    command = ["-m", "flask", "--app", "wsgi", "schema", "adopt"]
    refused = at_terminal(command, "n", project, url=empty_sqlite)
    assert refused.returncode == 3
    assert "revisions, from 692e6f2120e5 to" in refused.stdout
    assert dump(empty_sqlite) == before
    agreed = at_terminal(command, "y", project, url=empty_sqlite)
    assert agreed.returncode == 0, agreed.stderr


def test_a_dry_run_tells_and_changes_nothing(empty_mariadb: str, backups: Path) -> None:
    build(empty_mariadb, *tables.AT_004, stamp="692e6f2120e5")
    rows.insert(empty_mariadb, HASH)
    before = dump(empty_mariadb)
    done = schema(empty_mariadb, "adopt", "--dry-run")
    assert done.exit_code == 0, done.stderr
    assert "is the original at 004_fetal_monitoring" in done.stdout
    assert "write 004_fetal_monitoring into alembic_version" in done.stdout
    assert "patient_several; shown: known after the upgrade" in done.stdout
    assert "this was a dry run" in done.stdout
    assert dump(empty_mariadb) == before
    assert not backups.exists()


def test_a_database_of_another_program_is_refused(empty_database: str) -> None:
    execute(empty_database, "CREATE TABLE wp_posts (id INTEGER)")
    before = dump(empty_database)
    done = schema(empty_database, "adopt", "--yes")
    assert done.exit_code == 3
    assert "wp_posts" in done.stderr
    assert "DATABASE_URL" in done.stderr
    assert dump(empty_database) == before


def test_a_database_of_a_newer_dopply_is_refused(sqlite_at_head: str) -> None:
    execute(sqlite_at_head, "UPDATE alembic_version SET version_num = '099_from_the_future'")
    done = schema(sqlite_at_head, "adopt", "--yes")
    assert done.exit_code == 3
    assert "099_from_the_future" in done.stderr
    assert stamp_of(sqlite_at_head) == ["099_from_the_future"]


def test_a_restore_that_was_cut_is_refused(empty_mariadb: str) -> None:
    build(empty_mariadb, *tables.AT_692E)
    execute(empty_mariadb, f"CREATE TABLE {UNFINISHED} (id INTEGER)")
    before = dump(empty_mariadb)
    done = schema(empty_mariadb, "adopt", "--yes")
    assert done.exit_code == 3
    assert "flask schema restore" in done.stderr
    assert dump(empty_mariadb) == before


def test_a_file_that_is_there_is_never_written_over(empty_sqlite: str, tmp_path: Path) -> None:
    build(empty_sqlite, *tables.AT_692E)
    before = dump(empty_sqlite)
    (tmp_path / "mine").write_text("mine")
    for option in ("--backup", "--report"):
        done = schema(empty_sqlite, "adopt", "--yes", option, str(tmp_path / "mine"))
        assert done.exit_code == 3, done.output
        assert (tmp_path / "mine").read_text() == "mine"
    assert dump(empty_sqlite) == before


def test_json_asks_no_question(empty_sqlite: str) -> None:
    done = schema(empty_sqlite, "adopt", "--json")
    assert done.exit_code == 2
    assert "--yes" in done.stderr


def test_to_look_does_not_make_an_sqlite_file(tmp_path: Path) -> None:
    done = schema(sqlite_url(tmp_path, "none.db"), "adopt", "--dry-run")
    assert done.exit_code == 3
    assert not (tmp_path / "none.db").exists()


def test_a_server_that_refuses_is_a_failure_without_its_password() -> None:
    with fresh_mariadb() as url:
        closed = sa.make_url(url).set(username="nobody_here", password="s3cret-word").render_as_string(False)
    done = schema(closed, "adopt", "--yes")
    assert done.exit_code == 1
    assert "s3cret-word" not in done.output


def test_a_file_that_does_not_exist_is_not_made_and_called_adopted(tmp_path: Path) -> None:
    path = tmp_path / "mistyped" / "clinic.db"
    done = schema(f"sqlite:///{path}", "adopt", "--yes")
    assert done.exit_code == 3
    assert "There is no such file" in done.output
    assert not path.parent.exists()


@pytest.mark.parametrize("command", [["apply"], ["adopt", "--yes"]])
def test_a_database_in_memory_is_refused(command: list[str]) -> None:
    done = schema("sqlite://", *command)
    assert done.exit_code == 3
    assert "DATABASE_URL must name a file or a server" in done.output


def test_a_report_of_a_dry_run_says_that_nothing_was_done(empty_database: str, tmp_path: Path) -> None:
    build(empty_database, *tables.AT_692E, stamp="692e6f2120e5")
    rows.insert(empty_database, HASH)
    report = tmp_path / "foreseen.jsonl"
    done = schema(empty_database, "adopt", "--dry-run", "--report", str(report))
    assert done.exit_code == 0, done.output
    first, *_, last = lines_of(report)
    assert first["report"] == "dry run of an adoption"
    assert last["dry_run"] is True
    assert "finished" not in last
    counted = schema(empty_database, "adopt", "--dry-run", "--json")
    assert last["kinds"] == json.loads(counted.stdout)["interpreted"]
    assert {"patient_row_added", "doctor_row_added"} <= {str(line.get("kind")) for line in lines_of(report)}
