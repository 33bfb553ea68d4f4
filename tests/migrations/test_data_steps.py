"""What our revisions make of the rows of an original database, and what their way down leaves."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.migrations import chain, rows

AT = rows.AT


def query(url: str, statement: str) -> list[tuple[Any, ...]]:
    with chain.connection(url) as connection:
        return [tuple(row) for row in connection.execute(sa.text(statement))]


def add_users(url: str, *people: tuple[int, str, str]) -> None:
    with chain.connection(url) as connection:
        found = [
            {"id": number, "name": address, "email": address, "password_hash": "", "role": role, "created_at": AT}
            for number, address, role in people
        ]
        rows.insert_into(connection, "users", found)


def test_addresses_are_filled_in_lower_case(empty_database: str) -> None:
    chain.upgrade(empty_database, "006_utf8mb4")
    add_users(empty_database, (1, "Ani@Example.ORG", "admin"), (2, " budi@example.org", "doctor"))
    chain.upgrade(empty_database, "007_accounts")
    assert query(empty_database, "SELECT id, email, email_lower FROM users ORDER BY id") == [
        (1, "Ani@Example.ORG", "ani@example.org"),
        (2, " budi@example.org", "budi@example.org"),
    ]


def test_colliding_addresses_are_left_out_on_sqlite_too(empty_sqlite: str) -> None:
    chain.upgrade(empty_sqlite, "006_utf8mb4")
    add_users(empty_sqlite, (1, "a@x.org", "patient"), (2, "A@X.org", "patient"), (3, "b@x.org", "patient"))
    chain.upgrade(empty_sqlite, "007_accounts")
    assert query(empty_sqlite, "SELECT id, email_lower FROM users ORDER BY id") == [
        (1, None),
        (2, None),
        (3, "b@x.org"),
    ]


VALIDATED, NOT_VALIDATED, WITHOUT_ROW = 2, 3, 4
LINKS = [
    # doctor, patient, status before, (status, state, basis) after
    (VALIDATED, 1, "active", ("active", "live", "carried_over")),
    (VALIDATED, 2, "inactive", ("inactive", "live", "carried_over")),
    (VALIDATED, 3, "discharged", ("discharged", "live", "carried_over")),
    (VALIDATED, 4, None, (None, "live", "carried_over")),
    (VALIDATED, 5, "pending", ("pending", "requested", None)),
    (VALIDATED, 6, "Active", ("Active", "requested", None)),
    (VALIDATED, 7, "", ("", "requested", None)),
    (VALIDATED, 8, " active ", (" active ", "requested", None)),
    (NOT_VALIDATED, 1, "active", ("active", "requested", None)),
    (NOT_VALIDATED, 2, None, (None, "requested", None)),
    (WITHOUT_ROW, 1, "active", ("active", "requested", None)),
]


@pytest.fixture
def linked(empty_database: str) -> str:
    chain.upgrade(empty_database, "007_accounts")
    add_users(
        empty_database,
        (1, "sari@x.org", "patient"),
        (VALIDATED, "budi@x.org", "doctor"),
        (NOT_VALIDATED, "citra@x.org", "doctor"),
        (WITHOUT_ROW, "dewi@x.org", "doctor"),
    )
    with chain.connection(empty_database) as connection:
        rows.insert_into(connection, "patients", [{"id": number, "user_id": 1} for number in range(1, 9)])
        rows.insert_into(
            connection,
            "doctors",
            [{"doctor_id": VALIDATED, "is_valid": 1}, {"doctor_id": NOT_VALIDATED, "is_valid": 0}],
        )
        rows.insert_into(
            connection,
            "doctor_patient",
            [
                {"doctor_id": doctor, "patient_id": patient, "assigned_at": AT, "status": status}
                for doctor, patient, status, _ in LINKS
            ],
        )
    chain.upgrade(empty_database, "008_access")
    return empty_database


ACCESS = "SELECT doctor_id, patient_id, status, access_state, access_basis FROM doctor_patient ORDER BY 1, 2"


def test_access_is_carried_over_only_for_validated_doctors_with_a_care_status(linked: str) -> None:
    assert query(linked, ACCESS) == [(doctor, patient, *after) for doctor, patient, _, after in LINKS]
    assert query(linked, "SELECT on_unit_cover FROM doctors") == [(0,), (0,)]
    with chain.connection(linked) as connection:
        rows.insert_into(connection, "doctor_patient", [{"doctor_id": 4, "patient_id": 7, "assigned_at": AT}])
    assert query(linked, ACCESS)[-1] == (4, 7, None, "requested", None)


def test_a_repeated_run_opens_no_record_that_was_requested_since(linked: str) -> None:
    with chain.connection(linked) as connection:
        connection.execute(sa.text("UPDATE doctor_patient SET access_state = 'requested', access_basis = NULL"))
    before = query(linked, ACCESS)
    chain.run_body(linked, "008_access")
    assert query(linked, ACCESS) == before


def test_access_that_was_not_live_does_not_come_back_to_life(linked: str) -> None:
    states = {1: "requested", 2: "declined", 3: "ended", 4: "ended"}
    with chain.connection(linked) as connection:
        connection.execute(
            sa.text(
                "UPDATE doctor_patient SET access_state = :state, access_basis = NULL "
                "WHERE doctor_id = 2 AND patient_id = :patient"
            ),
            [{"patient": patient, "state": state} for patient, state in states.items()],
        )
    before = query(linked, ACCESS)
    chain.downgrade(linked, "007_accounts")
    written = dict(query(linked, "SELECT patient_id, status FROM doctor_patient WHERE doctor_id = 2"))
    assert written == {
        1: "access requested: active",
        2: "access declined: inactive",
        3: "access ended: discharged",
        4: "access ended",
        5: "pending",
        6: "Active",
        7: "",
        8: " active ",
    }
    chain.upgrade(linked, "008_access")
    assert query(linked, ACCESS) == before


def test_access_for_a_limited_time_has_ended_after_the_way_down_and_up(linked: str) -> None:
    with chain.connection(linked) as connection:
        connection.execute(
            sa.text("UPDATE doctor_patient SET access_expires_at = '2026-01-01 00:00:00' WHERE patient_id = 2")
        )
    chain.downgrade(linked, "007_accounts")
    chain.upgrade(linked, "008_access")
    by_link = {(doctor, patient): tuple(rest) for doctor, patient, *rest in query(linked, ACCESS)}
    assert by_link[VALIDATED, 1] == ("active", "live", "carried_over")
    assert by_link[VALIDATED, 2] == ("inactive", "ended", None)
