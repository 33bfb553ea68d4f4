"""What 009_recordings makes of the sessions of an original database: ids, times, and what is still to be read."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from tests.migrations import chain, rows

NO_DATE = "0000-00-00 00:00:00"
QUERY = (
    "SELECT id, public_id, started_at, received_at, review_state, is_carried_over "
    "FROM fetal_monitoring_sessions ORDER BY id"
)


def session(key: str, start: str, *, created: str | None = None, doctor_notes: str | None = None) -> rows.Row:
    """A session of the original, of nobody."""
    template = rows.ROWS["fetal_monitoring_sessions"][0]
    return template | {"id": key, "start_time": start, "created_at": created or start, "doctor_notes": doctor_notes}


def insert_sessions(url: str, *sessions: rows.Row) -> None:
    with chain.connection(url) as connection:
        if connection.dialect.name != "sqlite":
            # As the servers of that time were set: they keep a date that is none.
            connection.exec_driver_sql("SET sql_mode = ''")
        rows.insert_into(connection, "fetal_monitoring_sessions", list(sessions))


def read(url: str) -> dict[str, sa.Row[Any]]:
    with chain.connection(url) as connection:
        return {row.id: row for row in connection.execute(sa.text(QUERY))}


def instants(url: str) -> dict[str, tuple[str, str]]:
    return {key: (str(row.started_at)[:19], str(row.received_at)[:19]) for key, row in read(url).items()}


def states(url: str) -> dict[str, str]:
    return {key: row.review_state for key, row in read(url).items()}


@pytest.fixture
def original(empty_database: str) -> str:
    """A database of the original without rows, one step before 009_recordings."""
    chain.upgrade(empty_database, "008_access")
    return empty_database


def test_each_gets_an_id_that_may_be_shown_and_is_marked(original: str) -> None:
    insert_sessions(original, session("A1", rows.AT), session("a1", rows.AT), session("1752136200000", rows.AT))
    chain.upgrade(original, "009_recordings")
    found = read(original)
    assert found.keys() == {"A1", "a1", "1752136200000"}
    public_ids = {row.public_id for row in found.values()}
    assert len(public_ids) == 3
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", public_id) for public_id in public_ids)
    assert all(row.is_carried_over for row in found.values())
    chain.run_body(original, "009_recordings")
    assert read(original) == found


def test_what_is_recorded_afterwards_is_not_marked(original: str) -> None:
    insert_sessions(original, session("old", rows.AT))
    chain.upgrade(original, "009_recordings")
    insert_sessions(original, session("new", rows.AT) | {"public_id": "x" * 22})
    chain.run_body(original, "009_recordings")
    assert not read(original)["new"].is_carried_over
    assert states(original)["new"] == "to_review"


def test_times_are_read_in_the_zone_of_the_original(original: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Europe/Berlin")
    insert_sessions(
        original,
        session("summer", "2025-07-10 08:30:00", created="2025-07-10 09:00:00"),
        session("winter", "2025-01-10 08:30:00"),
        # Twice on that day: the first is meant. Never on that day: with the offset before.
        session("fold", "2025-10-26 02:30:00"),
        session("gap", "2025-03-30 02:30:00"),
    )
    chain.upgrade(original, "009_recordings")
    assert instants(original) == {
        "summer": ("2025-07-10 06:30:00", "2025-07-10 07:00:00"),
        "winter": ("2025-01-10 07:30:00", "2025-01-10 07:30:00"),
        "fold": ("2025-10-26 00:30:00", "2025-10-26 00:30:00"),
        "gap": ("2025-03-30 01:30:00", "2025-03-30 01:30:00"),
    }
    with chain.connection(original) as connection:
        starts = connection.scalars(sa.text("SELECT start_time FROM fetal_monitoring_sessions WHERE id = 'summer'"))
        assert [str(start) for start in starts] == ["2025-07-10 08:30:00"]


def test_a_cut_run_goes_on_with_the_zone_that_it_has_begun_with(
    empty_mariadb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain.upgrade(empty_mariadb, "008_access")
    insert_sessions(empty_mariadb, session("a", "2025-07-10 08:30:00"))
    with pytest.raises(chain.Cut), chain.cut_after(2):
        chain.upgrade(empty_mariadb, "009_recordings")
    monkeypatch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Europe/Berlin")
    chain.upgrade(empty_mariadb, "009_recordings")
    assert instants(empty_mariadb)["a"][0] == "2025-07-10 01:30:00"


def test_what_is_no_date_leaves_the_instants_empty(original: str) -> None:
    insert_sessions(
        original,
        session("no start", NO_DATE, created=rows.AT),
        session("no date at all", NO_DATE),
        session("no such day", "2025-00-10 00:00:00", created=rows.AT),
        session("before all zones", "0001-01-01 00:00:00", created=rows.AT),
    )
    chain.upgrade(original, "009_recordings")
    found = read(original)
    assert {key for key, row in found.items() if row.started_at is None} == found.keys()
    assert {key for key, row in found.items() if row.received_at is None} == {"no date at all"}
    chain.run_body(original, "009_recordings")
    assert read(original) == found


def test_only_the_unread_of_the_last_week_wait_to_be_read(original: str) -> None:
    insert_sessions(
        original,
        session("newest", "2025-07-20 08:00:00"),
        session("a week before", "2025-07-13 08:00:00"),
        session("longer before", "2025-07-13 07:59:59"),
        session("noted", "2025-07-19 08:00:00", doctor_notes="baik"),
        session("with an empty note", "2025-07-19 08:00:00", doctor_notes=""),
        session("with a result", "2025-07-19 08:00:00"),
        session("no date", NO_DATE),
        session("made in that week", NO_DATE, created="2025-07-19 08:00:00"),
    )
    with chain.connection(original) as connection:
        result = rows.ROWS["fetal_monitoring_results"][0] | {"session_id": "with a result"}
        rows.insert_into(connection, "fetal_monitoring_results", [result])
    chain.upgrade(original, "009_recordings")
    found = states(original)
    assert {key for key, state in found.items() if state == "to_review"} == {
        "newest",
        "a week before",
        "with an empty note",
        "made in that week",
    }
    assert set(found.values()) == {"to_review", "carried_over"}


def test_a_clock_that_was_ahead_takes_no_other_session_out_of_the_queue(original: str) -> None:
    insert_sessions(
        original,
        session("ahead", "2099-01-01 00:00:00", created="2025-07-18 08:00:00"),
        session("newest", "2025-07-20 08:00:00"),
    )
    chain.upgrade(original, "009_recordings")
    assert states(original) == {"ahead": "to_review", "newest": "to_review"}


def test_neither_does_a_server_whose_clock_was_ahead(original: str) -> None:
    insert_sessions(
        original,
        session("ahead", "9000-01-01 00:00:00"),
        session("ahead and noted", "9000-01-01 00:00:00", doctor_notes="baik"),
        session("newest", "2025-07-20 08:00:00"),
        session("longer before", "2025-07-13 07:59:59"),
    )
    chain.upgrade(original, "009_recordings")
    assert states(original) == {
        "ahead": "to_review",
        "ahead and noted": "carried_over",
        "newest": "to_review",
        "longer before": "carried_over",
    }


def test_where_the_clock_of_the_upgrade_is_behind_all_that_is_unread_waits(original: str) -> None:
    insert_sessions(
        original,
        session("newest", "2025-07-20 08:00:00"),
        session("longer before", "2025-07-13 07:59:59"),
        session("noted", "2025-07-19 08:00:00", doctor_notes="baik"),
    )
    with time_machine.travel(datetime(2001, 1, 1, tzinfo=UTC)):
        chain.upgrade(original, "009_recordings")
    assert states(original) == {"newest": "to_review", "longer before": "to_review", "noted": "carried_over"}


def test_a_recording_of_this_minute_is_of_the_future_in_no_zone(empty_sqlite: str) -> None:
    chain.upgrade(empty_sqlite, "008_access")
    insert_sessions(empty_sqlite, session("now", "2025-08-02 00:00:00"), session("before", "2025-07-20 08:00:00"))
    with time_machine.travel(datetime(2025, 8, 1, 10, tzinfo=UTC)):
        chain.upgrade(empty_sqlite, "009_recordings")
    assert states(empty_sqlite) == {"now": "to_review", "before": "carried_over"}
