"""017_notifications: what the original's rows say afterwards, and what the way down does with newer ones."""

from collections.abc import Iterator

import pytest

from tests.migrations import chain, facts, rows, standing
from tests.migrations.test_data_steps import query

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

SEED = "SELECT id, from_patient_id, to_doctor_id, record_id, status FROM notifications ORDER BY id"
OURS = "SELECT id, kind, direction, owner_id, created_at, message, outcome FROM notifications ORDER BY id"


@pytest.fixture(scope="module", params=["sqlite", "mariadb"])
def one_step_before(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with standing.database_at("016_one_current", request.param, tmp_path_factory.mktemp("standing")) as url:
        yield url


@pytest.fixture
def original(one_step_before: str) -> Iterator[str]:
    """A database one step before, with one notification of the original and what it refers to."""
    with standing.lent(one_step_before, "016_one_current") as url:
        with chain.connection(url) as connection:
            for table in ("users", "patients", "records", "notifications"):
                rows.insert_into(connection, table, rows.ROWS[table])
            session = rows.ROWS["fetal_monitoring_sessions"][1] | {"public_id": "x" * 22}
            rows.insert_into(connection, "fetal_monitoring_sessions", [session])
        yield url


def send_without_a_record(url: str) -> None:
    """What only newer code writes."""
    with chain.connection(url) as connection:
        news = {"id": 2, "from_patient_id": 1, "to_doctor_id": 2, "record_id": None, "status": "unread"}
        ours = {"kind": "record_shared", "direction": "to_patient", "message": "text", "created_at": rows.AT}
        rows.insert_into(connection, "notifications", [news | ours | {"session_id": "Sesi pagi", "owner_id": 2}])


def record_may_be_missing(url: str) -> bool:
    with chain.connection(url) as connection:
        return facts.read(connection)["notifications"].columns["record_id"].is_nullable


def test_a_row_of_the_original_tells_its_doctor_that_a_record_was_shared(original: str) -> None:
    before = query(original, SEED)
    chain.upgrade(original, "017_notifications")
    assert query(original, SEED) == before
    assert query(original, OURS) == [(1, "record_shared", "to_doctor", 2, None, None, None)]
    assert record_may_be_missing(original)


def test_one_to_an_account_that_is_no_doctors_is_owned_by_nobody(original: str) -> None:
    with chain.connection(original) as connection:
        for number, role in ((2, "patient"), (3, "admin")):
            user = rows.ROWS["users"][0] | {"id": 10 + number, "email": f"{role}@x.org", "role": role}
            rows.insert_into(connection, "users", [user])
            news = rows.ROWS["notifications"][0] | {"id": number, "to_doctor_id": user["id"]}
            rows.insert_into(connection, "notifications", [news])
    before = query(original, SEED)
    chain.upgrade(original, "017_notifications")
    assert query(original, SEED) == before
    assert [row[3] for row in query(original, OURS)] == [2, None, None]


def test_the_body_run_again_leaves_newer_rows_alone(original: str) -> None:
    chain.upgrade(original, "017_notifications")
    send_without_a_record(original)
    once = query(original, "SELECT * FROM notifications ORDER BY id")
    chain.run_body(original, "017_notifications")
    assert query(original, "SELECT * FROM notifications ORDER BY id") == once


def test_the_way_down_gives_the_table_of_the_original_with_its_rows(original: str) -> None:
    with chain.connection(original) as connection:
        schema = facts.read(connection)["notifications"]
    before = query(original, "SELECT * FROM notifications")
    chain.upgrade(original, "017_notifications")
    chain.downgrade(original, "016_one_current")
    chain.run_body(original, "017_notifications", "downgrade")
    with chain.connection(original) as connection:
        assert facts.read(connection)["notifications"] == schema
    assert query(original, "SELECT * FROM notifications") == before


def test_the_way_down_keeps_a_row_without_a_record_and_the_way_up_calls_it_unknown(original: str) -> None:
    chain.upgrade(original, "017_notifications")
    send_without_a_record(original)
    chain.downgrade(original, "016_one_current")
    assert query(original, SEED) == [(1, 1, 2, 1, "unread"), (2, 1, 2, None, "unread")]
    assert record_may_be_missing(original)
    chain.upgrade(original, "017_notifications")
    assert query(original, OURS) == [
        (1, "record_shared", "to_doctor", 2, None, None, None),
        (2, "unknown", "to_doctor", 2, None, None, None),
    ]
