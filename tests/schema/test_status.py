"""`flask schema status` tells every state apart, names what differs, changes nothing, and its exit code is true."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.schema import status
from app.schema.backup.unfinished import UNFINISHED
from app.schema.status import State
from tests.databases import fresh_mariadb, mariadb_server, sqlite_url
from tests.migrations import chain
from tests.schema.commands import execute, schema, stamp_of, tables

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

FIRST = "001_initial_schema"


@pytest.fixture(scope="module")
def mariadb_at_head() -> Iterator[str]:
    """A MariaDB schema at the head; a test that changes it changes it back."""
    with fresh_mariadb() as url:
        chain.upgrade(url)
        yield url


def test_at_the_head_and_as_the_models_say(sqlite_at_head: str, mariadb_at_head: str) -> None:
    for url in (sqlite_at_head, mariadb_at_head):
        done = schema(url, "status")
        assert done.exit_code == 0, done.output
        found = status.read(url)
        assert found.state is State.AT_HEAD
        assert found.current == (chain.revisions()[-1],)
        assert list(found.applied) == chain.revisions()
        assert (found.pending, found.drift) == ((), ())
        assert found.tables == len(tables(url))


def test_the_server_and_its_character_set_are_named(mariadb_at_head: str, sqlite_at_head: str) -> None:
    assert "utf8mb4 (utf8mb4_unicode_ci)" in schema(mariadb_at_head, "status").output
    assert "SQLite 3." in schema(sqlite_at_head, "status").output


def test_to_look_at_an_sqlite_file_that_is_not_there_does_not_make_it(tmp_path: Path) -> None:
    for command in ("status", "tables", "history"):
        done = schema(f"sqlite:///{tmp_path / 'folder' / 'none.db'}", command)
        assert done.exit_code == (4 if command == "status" else 0), done.output
    assert list(tmp_path.iterdir()) == []


def test_an_empty_database_has_everything_pending(empty_database: str) -> None:
    done = schema(empty_database, "status")
    assert done.exit_code == 4
    assert "flask schema apply" in done.output
    assert list(status.read(empty_database).pending) == chain.revisions()


def test_behind_names_what_is_pending_and_compares_nothing(empty_database: str) -> None:
    chain.upgrade(empty_database, "004_fetal_monitoring")
    done = schema(empty_database, "status")
    assert done.exit_code == 4
    found = status.read(empty_database)
    assert found.state is State.BEHIND
    assert list(found.applied) == chain.revisions()[:4]
    assert list(found.pending) == chain.revisions()[4:]
    assert found.drift is None
    assert "692e6f2120e5, 006_utf8mb4" in done.output


def test_an_interrupted_first_upgrade_goes_on(empty_database: str) -> None:
    chain.upgrade(empty_database, FIRST)
    execute(empty_database, "DELETE FROM alembic_version")
    done = schema(empty_database, "status")
    assert (done.exit_code, status.read(empty_database).state) == (4, State.INTERRUPTED)
    assert schema(empty_database, "apply").exit_code == 0


@pytest.mark.parametrize(
    ("statement", "state", "way_out"),
    [
        ("DROP TABLE alembic_version", State.UNVERSIONED, "flask schema adopt"),
        ("UPDATE alembic_version SET version_num = 'remove_fetal_tables'", State.LATER_ORIGINAL, "flask schema adopt"),
        ("UPDATE alembic_version SET version_num = 'd11cfa14fcd1'", State.LATER_ORIGINAL, "flask schema adopt"),
        ("UPDATE alembic_version SET version_num = '099_from_the_future'", State.UNKNOWN, "newer Dopply"),
        ("INSERT INTO alembic_version VALUES ('003_patient_status_history')", State.SEVERAL, "reset-migrations"),
        (f"CREATE TABLE {UNFINISHED} (id INTEGER)", State.UNFINISHED_RESTORE, "flask schema restore"),
    ],
)
def test_what_cannot_be_told_is_1_and_nothing_may_run(
    tmp_path: Path, backups: Path, statement: str, state: State, way_out: str
) -> None:
    url = sqlite_url(tmp_path)
    chain.upgrade(url, FIRST)
    execute(url, statement)
    before = tables(url)
    done = schema(url, "status")
    assert (done.exit_code, status.read(url).state) == (1, state)
    assert state in done.output
    assert way_out in done.output
    for command in (["apply"], ["rollback", "--yes"], ["new", "Something new"]):
        refused = schema(url, *command)
        assert refused.exit_code == 3, refused.output
        assert way_out in refused.stderr
    history = schema(url, "history")
    assert history.exit_code == 1
    assert chain.revisions()[-1] in history.stdout
    assert tables(url) == before
    assert not backups.exists()


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("DROP INDEX ix_audit_events_actor_id_position", "index ix_audit_events_actor_id_position on audit_events("),
        ("ALTER TABLE unit_messages DROP COLUMN note", "column unit_messages.note is missing"),
        ("DROP TABLE throttle_counters", "table throttle_counters is missing"),
        ("CREATE INDEX ix_name ON unit (name)", "index ix_name on unit(name) is not in the models"),
    ],
)
def test_each_difference_is_named(sqlite_at_head: str, statement: str, sentence: str) -> None:
    execute(sqlite_at_head, statement)
    done = schema(sqlite_at_head, "status")
    assert done.exit_code == 4
    assert sentence in done.output
    again = schema(sqlite_at_head, "apply")
    assert again.exit_code == 1
    assert sentence in again.stderr


def test_what_somebody_has_put_beside_is_told_and_stays(sqlite_at_head: str) -> None:
    execute(
        sqlite_at_head,
        "ALTER TABLE unit ADD COLUMN motto TEXT",
        "CREATE TABLE lunch (id INTEGER)",
        "CREATE INDEX ix_lunch ON lunch (id)",
    )
    done = schema(sqlite_at_head, "status")
    assert done.exit_code == 0
    found = status.read(sqlite_at_head)
    assert sorted(found.beside) == ["column unit.motto is not in the models", "table lunch is not in the models"]
    assert all(sentence in done.output for sentence in found.beside)
    assert schema(sqlite_at_head, "apply").exit_code == 0
    assert "lunch" in tables(sqlite_at_head)


def test_on_mariadb_types_constraints_and_storage_are_named_too(mariadb_at_head: str) -> None:
    changes = {
        "ALTER TABLE unit MODIFY phone VARCHAR(41) NOT NULL": "type of unit.phone is VARCHAR(length=41)",
        "ALTER TABLE unit MODIFY phone VARCHAR(40) NULL": "nullable of unit.phone is True, in the models False",
        "ALTER TABLE unit DROP FOREIGN KEY fk_unit_updated_by_id": (
            "foreign key fk_unit_updated_by_id on unit(updated_by_id) is missing"
        ),
        "ALTER TABLE throttle_counters ENGINE = MyISAM": "table throttle_counters is stored in MyISAM, not InnoDB",
        "ALTER TABLE unit MODIFY name VARCHAR(255) CHARACTER SET latin1 NOT NULL": (
            "column unit.name is in latin1, not utf8mb4"
        ),
    }
    undo = [
        "ALTER TABLE unit MODIFY phone VARCHAR(40) NOT NULL, MODIFY name VARCHAR(255) NOT NULL",
        "ALTER TABLE throttle_counters ENGINE = InnoDB",
        "ALTER TABLE unit ADD CONSTRAINT fk_unit_updated_by_id FOREIGN KEY IF NOT EXISTS (updated_by_id) "
        "REFERENCES users (id) ON DELETE RESTRICT",
    ]
    for change, sentence in changes.items():
        execute(mariadb_at_head, change)
        found = status.read(mariadb_at_head)
        assert found.exit_code == 4
        assert [line for line in found.drift or () if sentence in line], (sentence, found.drift)
        execute(mariadb_at_head, *undo)
    assert status.read(mariadb_at_head).drift == ()


def test_json_says_the_same(sqlite_at_head: str) -> None:
    told = json.loads(schema(sqlite_at_head, "status", "--json").stdout)
    assert told["state"] == "at head"
    assert told["head"] == chain.revisions()[-1]
    assert (told["pending"], told["drift"]) == ([], [])
    execute(sqlite_at_head, "DROP TABLE throttle_counters")
    done = schema(sqlite_at_head, "status", "--json")
    assert done.exit_code == 4
    assert "table throttle_counters is missing" in json.loads(done.stdout)["drift"]


def test_to_look_changes_nothing(sqlite_at_head: str) -> None:
    path = Path(str(sa.make_url(sqlite_at_head).database))
    before = path.read_bytes()
    for command in ("status", "tables", "history"):
        schema(sqlite_at_head, command)
        schema(sqlite_at_head, command, "--json")
    assert path.read_bytes() == before


def test_a_server_that_does_not_answer_is_1_and_its_password_is_not_told() -> None:
    server = sa.make_url(mariadb_server()).set(username="nobody", password="Salak-Rahasia", database="none")
    url = server.render_as_string(hide_password=False)
    for command in (["status"], ["tables"], ["history"], ["apply"], ["rollback", "--yes"], ["full-reset", "--yes"]):
        done = schema(url, *command)
        assert done.exit_code == 1, done.output
        assert done.stderr.startswith("FAILED: ")
        assert "Salak-Rahasia" not in done.output


def test_a_file_that_is_no_database_is_1(tmp_path: Path) -> None:
    (tmp_path / "letter.db").write_text("Dear Ani, " * 100, encoding="utf-8")
    done = schema(sqlite_url(tmp_path, "letter.db"), "status")
    assert done.exit_code == 1
    assert "not a database" in done.stderr


def test_tables_are_counted_and_foreign_ones_marked(empty_database: str) -> None:
    chain.upgrade(empty_database, FIRST)
    execute(
        empty_database,
        "CREATE TABLE lunch (id INTEGER)",
        "INSERT INTO lunch VALUES (1), (2), (3)",
    )
    told = json.loads(schema(empty_database, "tables", "--json").stdout)
    counted = {entry["table"]: (entry["rows"], entry["is_ours"]) for entry in told["tables"]}
    assert counted["lunch"] == (3, False)
    assert counted["alembic_version"] == (1, True)
    assert counted["users"] == (0, True)
    assert "waveform_chunks" in told["missing"]
    done = schema(empty_database, "tables")
    assert done.exit_code == 0
    assert "6 tables, 4 rows" in done.output


def test_history_marks_what_is_there(empty_database: str) -> None:
    chain.upgrade(empty_database, "002_records_notifications")
    told = json.loads(schema(empty_database, "history", "--json").stdout)["revisions"]
    assert [entry["revision"] for entry in told] == chain.revisions()
    assert [entry["is_applied"] for entry in told[:4]] == [True, True, False, False]
    assert [entry["is_current"] for entry in told[:4]] == [False, True, False, False]
    lines = schema(empty_database, "history").output.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["applied", "current", "pending"]
    assert stamp_of(empty_database) == ["002_records_notifications"]
