"""009_recordings: what the way down leaves, so that nothing moves by hours or out of the queue on the way up."""

import pytest
import sqlalchemy as sa

from tests.migrations import chain
from tests.migrations.test_data_steps import add_users, query
from tests.migrations.test_legacy_sessions import insert_sessions, instants, session, states
from tests.schema.commands import schema as flask_schema

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

STATES = {"long ago": "to_review", "signed": "signed", "told": "released", "newest": "to_review"}
STARTS = {
    "long ago": "2026-01-05 08:30:00",
    "signed": "2026-02-05 08:30:00",
    "told": "2026-03-05 08:30:00",
    "newest": "2026-11-05 08:30:00",
}


@pytest.fixture
def ours(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database that this Dopply has made, in UTC, with recordings of its own; nobody names a zone any more."""
    chain.upgrade(empty_database)
    monkeypatch.delenv("DOPPLY_LEGACY_TIME_ZONE")
    add_users(empty_database, (4, "sari@x.org", "patient"))
    insert_sessions(
        empty_database,
        *(
            session(key, start) | {"public_id": key.replace(" ", "-").ljust(22, "x"), "review_state": STATES[key]}
            for key, start in STARTS.items()
        ),
    )
    return empty_database


@pytest.mark.parametrize("way_down", ["008_access", "692e6f2120e5", "002_records_notifications"])
def test_a_database_keeps_its_zone(ours: str, way_down: str) -> None:
    chain.downgrade(ours, way_down)
    chain.upgrade(ours)
    assert query(ours, "SELECT id, kind, legacy_time_zone FROM installation") == [(1, "real", "UTC")]
    if way_down != "002_records_notifications":
        assert {key: began for key, (began, _) in instants(ours).items()} == STARTS


def test_what_nobody_has_finished_waits_again_however_old_it_is(ours: str) -> None:
    for _ in range(2):
        chain.downgrade(ours, "692e6f2120e5")
        chain.upgrade(ours)
        assert states(ours) == {
            "long ago": "to_review",
            "signed": "to_review",
            "told": "carried_over",
            "newest": "to_review",
        }


def test_what_the_original_has_recorded_meanwhile_is_judged_as_ever(ours: str) -> None:
    chain.downgrade(ours, "692e6f2120e5")
    insert_sessions(
        ours, session("of the original", "2026-04-05 08:30:00"), session("its newest", "2026-11-06 08:30:00")
    )
    chain.upgrade(ours)
    found = states(ours)
    assert (found["of the original"], found["its newest"]) == ("carried_over", "to_review")


def test_nothing_is_left_at_the_head_or_at_the_base(ours: str) -> None:
    chain.downgrade(ours, "692e6f2120e5")
    chain.upgrade(ours)
    with chain.connection(ours) as connection:
        assert not sa.inspect(connection).has_table("waiting_sessions")
    chain.downgrade(ours, "base")
    with chain.connection(ours) as connection:
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]


@pytest.mark.parametrize("way_down", ["008_access", "007_accounts", "692e6f2120e5"])
def test_adopt_knows_what_the_way_down_has_left(ours: str, way_down: str) -> None:
    chain.downgrade(ours, way_down)
    done = flask_schema(ours, "adopt", "--dry-run")
    assert done.exit_code == 0, done.output
    assert "Not Dopply's" not in done.output
