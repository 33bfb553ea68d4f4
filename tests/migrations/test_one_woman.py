"""016_one_current: what was written on a record that gave way is found by the woman's current one, and so are links."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.migrations import chain, rows
from tests.migrations.test_data_steps import add_users, query

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

LINKS = "SELECT doctor_id, patient_id, status, access_state, access_basis FROM doctor_patient ORDER BY 1, 2"
DOCTORS = (21, 22, 23, 24, 25)
CURRENT, GAVE_WAY, GAVE_WAY_TOO, ANOTHER = 1, 2, 3, 5


@pytest.fixture
def original(empty_database: str) -> str:
    """One step before: a woman with three records, and one that may be another woman's."""
    chain.upgrade(empty_database, "015_unit")
    add_users(empty_database, (4, "sari@x.org", "patient"), *((id, f"dr{id}@x.org", "doctor") for id in DOCTORS))
    with chain.connection(empty_database) as connection:
        people: list[rows.Row] = [
            {"id": CURRENT, "user_id": 4, "birth_date": "1996-02-29"},
            {"id": GAVE_WAY, "user_id": 4, "birth_date": None},
            {"id": GAVE_WAY_TOO, "user_id": 4, "birth_date": None},
            {"id": ANOTHER, "user_id": 4, "birth_date": "1988-01-01"},
        ]
        rows.insert_into(connection, "patients", people)
        # What makes the first of them current.
        record: rows.Row = rows.ROWS["records"][1] | {"doctor_id": None}
        owners = (CURRENT,) * 9 + (GAVE_WAY, ANOTHER)
        found = [record | {"id": number, "patient_id": owner} for number, owner in enumerate(owners, start=1)]
        rows.insert_into(connection, "records", found)
    return empty_database


def link(doctor_id: int, patient_id: int, state: str, **more: Any) -> rows.Row:
    basis = "carried_over" if state == "live" else None
    common = {
        "assigned_at": rows.AT,
        "updated_at": rows.AT,
        "status": "active",
        "note": rows.EMOJI,
        "requested_at": None,
        "decided_at": None,
    }
    return (
        {"doctor_id": doctor_id, "patient_id": patient_id, "access_state": state, "access_basis": basis} | common | more
    )


def insert_links(url: str, *found: rows.Row) -> None:
    with chain.connection(url) as connection:
        rows.insert_into(connection, "doctor_patient", list(found))


def settled(url: str) -> list[tuple[Any, ...]]:
    """The links after the revision, and after its body was run once more."""
    chain.upgrade(url, "016_one_current")
    once = query(url, LINKS)
    chain.run_body(url, "016_one_current")
    assert query(url, LINKS) == once
    return once


def test_a_link_to_a_record_that_gave_way_opens_the_current_one(original: str) -> None:
    insert_links(
        original,
        link(21, GAVE_WAY, "live"),
        link(22, GAVE_WAY, "requested", status="pending"),
        link(22, GAVE_WAY_TOO, "live", status="inactive"),
        link(23, ANOTHER, "live"),
        link(24, GAVE_WAY, "requested", status="pending"),
    )
    before = query(original, "SELECT * FROM doctor_patient")
    assert settled(original) == [
        (21, CURRENT, "active", "live", "carried_over"),
        (21, GAVE_WAY, "active", "live", "carried_over"),
        (22, CURRENT, "inactive", "live", "carried_over"),
        (22, GAVE_WAY, "pending", "requested", None),
        (22, GAVE_WAY_TOO, "inactive", "live", "carried_over"),
        (23, ANOTHER, "active", "live", "carried_over"),
        (24, CURRENT, "pending", "requested", None),
        (24, GAVE_WAY, "pending", "requested", None),
    ]
    after = query(original, "SELECT * FROM doctor_patient")
    assert set(before) < set(after)
    copy = next(row for row in after if row[:2] == (21, CURRENT))
    assert copy[2:] == next(row for row in before if row[:2] == (21, GAVE_WAY))[2:]


def test_what_stands_on_the_current_record_decides_whatever_opens_one_that_gave_way(original: str) -> None:
    insert_links(
        original,
        link(21, CURRENT, "requested", status="pending"),
        link(22, CURRENT, "ended", decided_at=rows.AT),
        link(23, CURRENT, "declined", decided_at=rows.AT),
        link(24, CURRENT, "requested", requested_at=rows.AT),
        link(25, CURRENT, "live", access_basis="accepted"),
        *(link(doctor, GAVE_WAY, "live") for doctor in DOCTORS),
    )
    found = [row for row in settled(original) if row[1] == CURRENT]
    assert found == [
        (21, CURRENT, "pending", "requested", None),
        (22, CURRENT, "active", "ended", None),
        (23, CURRENT, "active", "declined", None),
        (24, CURRENT, "active", "requested", None),
        (25, CURRENT, "active", "live", "accepted"),
    ]


def test_access_that_she_has_ended_does_not_come_back_on_the_way_down_and_up(original: str) -> None:
    insert_links(original, link(21, GAVE_WAY, "live"))
    settled(original)
    with chain.connection(original) as connection:
        connection.execute(
            sa.text("UPDATE doctor_patient SET access_state = 'ended', decided_at = :at WHERE patient_id = :current"),
            {"at": rows.AT, "current": CURRENT},
        )
    chain.downgrade(original, "015_unit")
    assert (21, CURRENT, "active", "ended", "carried_over") in settled(original)


@pytest.mark.parametrize("way_down", ["015_unit", "007_accounts", "692e6f2120e5"])
def test_access_that_she_has_ended_stays_ended_when_the_doctor_has_asked_again(
    empty_database: str, way_down: str
) -> None:
    chain.upgrade(empty_database, "692e6f2120e5")
    add_users(empty_database, (4, "sari@x.org", "patient"), (21, "dr21@x.org", "doctor"), (22, "dr22@x.org", "doctor"))
    with chain.connection(empty_database) as connection:
        validated: list[rows.Row] = [{"id": id, "doctor_id": id, "is_valid": 1} for id in (21, 22)]
        rows.insert_into(connection, "doctors", validated)
        rows.insert_into(connection, "patients", [{"id": id, "user_id": 4} for id in (CURRENT, GAVE_WAY)])
        originals = [(21, CURRENT), (21, GAVE_WAY), (22, CURRENT), (22, GAVE_WAY)]
        seed_columns = ("doctor_id", "patient_id", "assigned_at", "updated_at", "status", "note")
        found = [link(doctor, patient, "live") for doctor, patient in originals]
        rows.insert_into(connection, "doctor_patient", [{key: row[key] for key in seed_columns} for row in found])
    chain.upgrade(empty_database)
    with chain.connection(empty_database) as connection:
        connection.execute(
            sa.text(
                "UPDATE doctor_patient SET access_state = 'requested', access_basis = NULL, requested_at = :at, "
                "ended_at = :at WHERE doctor_id = 21 AND patient_id = :current"
            ),
            {"at": rows.AT, "current": CURRENT},
        )
    for _ in range(2):
        chain.downgrade(empty_database, way_down)
        chain.upgrade(empty_database)
        assert query(
            empty_database, "SELECT doctor_id, patient_id, access_state FROM doctor_patient ORDER BY 1, 2"
        ) == [
            (21, CURRENT, "requested"),
            (21, GAVE_WAY, "ended"),
            (22, CURRENT, "live"),
            (22, GAVE_WAY, "live"),
        ]


def test_recordings_are_found_by_the_current_record_and_keep_their_own(original: str) -> None:
    session: rows.Row = rows.ROWS["fetal_monitoring_sessions"][1] | {"doctor_id": None}
    with chain.connection(original) as connection:
        owners: dict[str, int | None] = {"a": CURRENT, "b": GAVE_WAY, "c": ANOTHER, "d": None}
        found = [session | {"id": id, "patient_id": owner, "public_id": id * 22} for id, owner in owners.items()]
        rows.insert_into(connection, "fetal_monitoring_sessions", found)
    settled(original)
    by_session = "SELECT id, patient_id, woman_id FROM fetal_monitoring_sessions ORDER BY id"
    assert query(original, by_session) == [
        ("a", CURRENT, CURRENT),
        ("b", GAVE_WAY, CURRENT),
        ("c", ANOTHER, ANOTHER),
        ("d", None, None),
    ]
    by_record = "SELECT patient_id, woman_id, COUNT(*) FROM records GROUP BY 1, 2 ORDER BY 1"
    assert query(original, by_record) == [(CURRENT, CURRENT, 9), (GAVE_WAY, CURRENT, 1), (ANOTHER, ANOTHER, 1)]
    chain.downgrade(original, "015_unit")
    chain.upgrade(original, "016_one_current")
    assert query(original, by_session)[1] == ("b", GAVE_WAY, CURRENT)
