"""A database is recognised by its tables and columns; what alembic_version says comes second."""

import pytest

from app.schema import chain as ours
from app.schema.recognise import Kind, Recognised, recognise
from tests.migrations import chain
from tests.schema.commands import execute
from tests.schema.originals import tables
from tests.schema.originals.build import build

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

STATES = {
    "001_initial_schema": tables.AT_001,
    "002_records_notifications": tables.AT_002,
    "003_patient_status_history": tables.AT_003,
    "004_fetal_monitoring": tables.AT_004,
    "692e6f2120e5": tables.AT_692E,
}
ORIGINALS = list(STATES)


def looked_at(url: str) -> Recognised:
    with ours.connection(url) as connection:
        return recognise(connection)


@pytest.mark.parametrize("stamp", [None, "", *ORIGINALS, "ffffffffffff"])
@pytest.mark.parametrize("state", ORIGINALS)
def test_the_columns_decide_whatever_the_stamp_says(empty_sqlite: str, state: str, stamp: str | None) -> None:
    build(empty_sqlite, *STATES[state], stamp=stamp)
    found = looked_at(empty_sqlite)
    assert (found.kind, found.shown, found.start) == (Kind.IN_CHAIN, state, state)
    assert found.needs_stamp == (stamp != state)
    assert found.name == f"the original at {state}"
    assert found.problem == ""


@pytest.mark.parametrize("state", ORIGINALS)
def test_the_same_on_mariadb(empty_mariadb: str, state: str) -> None:
    build(empty_mariadb, *STATES[state])
    found = looked_at(empty_mariadb)
    assert (found.kind, found.start, found.is_versioned) == (Kind.IN_CHAIN, state, False)


def test_an_empty_database(empty_database: str) -> None:
    assert looked_at(empty_database).kind is Kind.EMPTY
    build(empty_database, stamp="004_fetal_monitoring")
    found = looked_at(empty_database)
    assert (found.kind, found.start, found.needs_stamp) == (Kind.EMPTY, None, True)


@pytest.mark.parametrize("parts", [(tables.USERS,), (tables.USERS, tables.PATIENTS), tables.PEOPLE])
def test_a_first_upgrade_that_was_cut(empty_sqlite: str, parts: tuple[str, ...]) -> None:
    build(empty_sqlite, *parts, stamp="")
    found = looked_at(empty_sqlite)
    assert (found.kind, found.shown, found.start) == (Kind.IN_CHAIN, None, None)
    assert found.name == "a first upgrade that was cut short"


def test_a_later_upgrade_that_was_cut_goes_on_where_it_was(empty_sqlite: str) -> None:
    build(empty_sqlite, *tables.AT_003, tables.SESSIONS, tables.READINGS, stamp="003_patient_status_history")
    found = looked_at(empty_sqlite)
    assert (found.kind, found.start) == (Kind.IN_CHAIN, "003_patient_status_history")


def test_columns_that_were_being_dropped_when_it_was_cut(empty_sqlite: str) -> None:
    half = tables.LINKS_UNTIL_004.replace("    status_updated_at DATETIME,\n", "")
    build(
        empty_sqlite,
        *(half if part is tables.LINKS_UNTIL_004 else part for part in tables.AT_004),
        stamp="692e6f2120e5",
    )
    found = looked_at(empty_sqlite)
    assert (found.kind, found.start) == (Kind.IN_CHAIN, "004_fetal_monitoring")


@pytest.mark.parametrize("stamp", [None, "", "692e6f2120e5", "remove_fetal_tables"])
def test_the_original_without_its_sessions(empty_sqlite: str, stamp: str | None) -> None:
    build(empty_sqlite, *tables.WITHOUT_SESSIONS, stamp=stamp)
    found = looked_at(empty_sqlite)
    assert found.kind is Kind.LATER
    assert "remove_fetal_tables" in found.problem
    assert "backup from before" in found.problem


@pytest.mark.parametrize("stamp", [None, "d11cfa14fcd1"])
def test_the_original_of_another_design(empty_database: str, stamp: str | None) -> None:
    build(empty_database, tables.OF_ANOTHER_DESIGN, stamp=stamp)
    found = looked_at(empty_database)
    assert found.kind is Kind.LATER
    assert "d11cfa14fcd1" in found.problem
    assert "5 tables" in found.evidence[0]


@pytest.mark.parametrize("stamp", ["remove_fetal_tables", "d11cfa14fcd1"])
def test_a_later_stamp_is_believed_where_something_is_missing(empty_sqlite: str, stamp: str) -> None:
    build(empty_sqlite, *tables.AT_003, stamp=stamp)
    found = looked_at(empty_sqlite)
    assert found.kind is Kind.LATER
    assert stamp in found.problem


def test_a_later_stamp_is_not_believed_where_everything_is_there(empty_sqlite: str) -> None:
    build(empty_sqlite, *tables.AT_692E, stamp="remove_fetal_tables")
    found = looked_at(empty_sqlite)
    assert (found.kind, found.start) == (Kind.IN_CHAIN, "692e6f2120e5")


def test_a_table_that_is_missing_in_the_middle_is_named(empty_sqlite: str) -> None:
    build(empty_sqlite, *(part for part in tables.AT_692E if part != tables.RECORDS))
    found = looked_at(empty_sqlite)
    assert found.kind is Kind.UNKNOWN
    assert "Beside 692e6f2120e5, which is nearest, it lacks table records," in found.problem
    assert found.start is None


def test_a_column_that_is_missing_is_named(empty_sqlite: str) -> None:
    parts = (part.replace("    phone VARCHAR(20),\n", "") for part in tables.AT_692E)
    build(empty_sqlite, *parts, stamp="692e6f2120e5")
    found = looked_at(empty_sqlite)
    assert found.kind is Kind.UNKNOWN
    assert "patients.phone" in found.problem


def test_an_earlier_state_without_the_columns_that_go_later_cannot_be_told(empty_sqlite: str) -> None:
    build(empty_sqlite, *tables.PEOPLE, tables.LINKS, *tables.RECORDINGS)
    found = looked_at(empty_sqlite)
    assert found.kind is Kind.UNKNOWN
    assert "doctor_patient.status_updated_by" in found.problem


@pytest.mark.parametrize(
    "statement",
    ["CREATE TABLE wp_posts (id INTEGER)", "CREATE TABLE users (id INTEGER, login TEXT)"],
)
def test_a_database_of_another_program(empty_sqlite: str, statement: str) -> None:
    execute(empty_sqlite, statement)
    found = looked_at(empty_sqlite)
    assert found.kind is Kind.FOREIGN
    assert statement.split()[2] in found.problem


def test_what_stands_beside_the_tables_of_the_original_is_named(empty_sqlite: str) -> None:
    build(empty_sqlite, *tables.AT_692E, stamp="692e6f2120e5")
    execute(empty_sqlite, "CREATE TABLE invoices (id INTEGER)", "ALTER TABLE users ADD COLUMN nickname TEXT")
    found = looked_at(empty_sqlite)
    assert (found.kind, found.beside) == (Kind.IN_CHAIN, ("table invoices", "users.nickname"))


@pytest.mark.parametrize("revision", chain.revisions()[5:])
def test_each_revision_of_ours_is_believed_when_it_is_stamped(empty_sqlite: str, revision: str) -> None:
    chain.upgrade(empty_sqlite, revision)
    found = looked_at(empty_sqlite)
    assert (found.kind, found.shown, found.start) == (Kind.IN_CHAIN, revision, revision)
    assert not found.needs_stamp


def test_without_a_stamp_the_last_of_our_revisions_is_run_again(empty_sqlite: str) -> None:
    chain.upgrade(empty_sqlite, "009_recordings")
    execute(empty_sqlite, "DROP TABLE alembic_version")
    found = looked_at(empty_sqlite)
    assert (found.kind, found.shown, found.start) == (Kind.IN_CHAIN, "009_recordings", "008_access")
    assert found.name == "Dopply at 009_recordings"


def test_a_stamp_that_runs_ahead_of_the_columns_is_not_believed(empty_sqlite: str) -> None:
    build(empty_sqlite, *tables.AT_692E, stamp=chain.revisions()[-1])
    found = looked_at(empty_sqlite)
    assert (found.shown, found.start, found.needs_stamp) == ("692e6f2120e5", "692e6f2120e5", True)
