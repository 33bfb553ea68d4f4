"""016_one_current: which of several rows counts, and that the others stay as they were."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from tests.migrations import chain, rows, standing
from tests.migrations.test_data_steps import add_users, query

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

DOCTOR = 9
PATIENTS = "SELECT id, user_id, current_user_id, superseded_by_id, superseded_reason FROM patients ORDER BY id"
PREGNANCIES = "SELECT id, current_patient_id, superseded_by_id, superseded_reason FROM pregnancy_info ORDER BY id"


def insert(url: str, table: str, *found: rows.Row) -> None:
    with chain.connection(url) as connection:
        if connection.dialect.name != "sqlite":
            # As the servers of that time were set: they keep a date that is none.
            connection.exec_driver_sql("SET sql_mode = ''")
        rows.insert_into(connection, table, list(found))


def patient(number: int, user_id: int, *, birth_date: str | None = None) -> rows.Row:
    return {"id": number, "user_id": user_id, "birth_date": birth_date}


def link(patient_id: int) -> rows.Row:
    return {"doctor_id": DOCTOR, "patient_id": patient_id, "assigned_at": rows.AT}


def pregnancy(number: int, patient_id: int, *, created: str = rows.AT, **dated: Any) -> rows.Row:
    template = {"gestational_age": 20, "last_menstrual_period": None, "expected_due_date": None}
    common = {"id": number, "patient_id": patient_id, "is_high_risk": 0, "created_at": created, "updated_at": rows.AT}
    return template | common | dated


@pytest.fixture(scope="module", params=["sqlite", "mariadb"])
def one_step_before(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with standing.database_at("015_unit", request.param, tmp_path_factory.mktemp("standing")) as url:
        yield url


@pytest.fixture
def original(one_step_before: str) -> Iterator[str]:
    """A database one step before, with two patients' users, a doctor's and an administrator's."""
    with standing.lent(one_step_before, "015_unit") as url:
        add_users(
            url,
            (3, "sari@x.org", "patient"),
            (4, "tuti@x.org", "patient"),
            (DOCTOR, "budi@x.org", "doctor"),
            (10, "ani@x.org", "admin"),
        )
        yield url


def settle(url: str) -> None:
    """The revision, and its body once more, which changes nothing."""
    chain.upgrade(url, "016_one_current")
    once = query(url, PATIENTS), query(url, PREGNANCIES), query(url, "SELECT * FROM doctors")
    chain.run_body(url, "016_one_current")
    assert (query(url, PATIENTS), query(url, PREGNANCIES), query(url, "SELECT * FROM doctors")) == once


def test_the_row_in_use_is_current_and_the_others_give_way(original: str) -> None:
    insert(original, "patients", patient(1, 3), patient(2, 3), patient(5, 3), patient(7, 4))
    insert(original, "doctor_patient", link(1), link(5))
    record = rows.ROWS["records"][1] | {"patient_id": 5, "doctor_id": DOCTOR}
    insert(original, "records", record)
    settle(original)
    assert query(original, PATIENTS) == [
        (1, 3, None, 5, "same_account"),
        (2, 3, None, 5, "same_account"),
        (5, 3, 3, None, None),
        (7, 4, 4, None, None),
    ]


def test_of_equals_the_oldest_is_current(original: str) -> None:
    insert(original, "patients", patient(8, 3), patient(6, 3), patient(7, 4))
    settle(original)
    assert query(original, PATIENTS)[::2] == [(6, 3, 3, None, None), (8, 3, None, 6, "same_account")]


def test_another_birth_date_may_be_another_woman(original: str) -> None:
    insert(
        original,
        "patients",
        patient(1, 3, birth_date="1996-02-29"),
        patient(2, 3, birth_date="1996-02-29"),
        patient(5, 3, birth_date="1988-01-01"),
        patient(6, 3),
        patient(7, 4),
    )
    settle(original)
    assert query(original, PATIENTS)[:4] == [
        (1, 3, 3, None, None),
        (2, 3, None, 1, "same_account"),
        (5, 3, None, None, "birth_date_differs"),
        (6, 3, None, 1, "same_account"),
    ]


def test_rows_that_differ_among_themselves_do_not_all_give_way_to_one_without_a_birth_date(original: str) -> None:
    insert(
        original,
        "patients",
        patient(1, 3),
        patient(2, 3, birth_date="1996-02-29"),
        patient(5, 3, birth_date="1988-01-01"),
        patient(6, 3, birth_date="1996-02-29"),
        patient(7, 4),
    )
    settle(original)
    assert [(key, *rest) for key, _, *rest in query(original, PATIENTS)[:4]] == [
        (1, 3, None, None),
        (2, None, 1, "same_account"),
        (5, None, None, "birth_date_differs"),
        (6, None, 1, "same_account"),
    ]


def test_a_zero_date_is_no_birth_date(original: str) -> None:
    insert(original, "patients", patient(1, 3, birth_date="1996-02-29"), patient(2, 3, birth_date="0000-00-00"))
    settle(original)
    assert query(original, PATIENTS)[1] == (2, 3, None, 1, "same_account")


def test_users_without_a_row_get_one_and_doctors_wait_for_validation(original: str) -> None:
    insert(original, "patients", patient(5, 3))
    add_users(original, (11, "citra@x.org", "doctor"), (12, "wati@x.org", "patient"))
    insert(original, "doctors", {"id": 1, "doctor_id": DOCTOR, "is_valid": 1})
    settle(original)
    assert query(original, PATIENTS) == [(5, 3, 3, None, None), (6, 4, 4, None, None), (7, 12, 12, None, None)]
    assert query(original, "SELECT id, doctor_id, is_valid, on_unit_cover FROM doctors ORDER BY id") == [
        (1, DOCTOR, 1, 0),
        (2, 11, 0, 0),
    ]


def test_the_newest_pregnancy_is_current_and_one_that_began_near_it_is_the_same(original: str) -> None:
    insert(original, "patients", patient(1, 3), patient(7, 4))
    insert(
        original,
        "pregnancy_info",
        # Counted from 2025-01-01, as its due date says; the last period beside it does not matter.
        pregnancy(
            9, 1, created="2025-06-02 00:00:00", expected_due_date="2025-10-08", last_menstrual_period="2024-01-01"
        ),
        pregnancy(2, 1, created="2025-06-01 00:00:00", last_menstrual_period="2025-02-12"),  # 42 days later
        pregnancy(3, 1, created="2025-06-01 00:00:00", last_menstrual_period="2025-02-13"),  # 43 days later
        pregnancy(4, 1, created="2025-05-21 00:00:00", gestational_age=20),  # counted from 2025-01-01
        pregnancy(5, 1, created="2025-05-21 00:00:00", gestational_age=30),
        pregnancy(6, 1, created="2024-02-01 00:00:00", expected_due_date="2024-03-01"),
        pregnancy(8, 7, created="2024-02-01 00:00:00"),
    )
    settle(original)
    assert query(original, PREGNANCIES) == [
        (2, None, 9, "same_pregnancy"),
        (3, None, None, "earlier_pregnancy"),
        (4, None, 9, "same_pregnancy"),
        (5, None, None, "earlier_pregnancy"),
        (6, None, None, "earlier_pregnancy"),
        (8, 7, None, None),
        (9, 1, None, None),
    ]


def test_of_pregnancies_written_in_the_same_second_the_later_row_is_current(original: str) -> None:
    insert(original, "patients", patient(1, 3), patient(7, 4))
    insert(original, "pregnancy_info", pregnancy(2, 1), pregnancy(3, 1))
    settle(original)
    assert query(original, PREGNANCIES) == [(2, None, 3, "same_pregnancy"), (3, 1, None, None)]


def test_the_records_of_one_woman_have_one_current_pregnancy_and_another_womans_has_its_own(original: str) -> None:
    insert(
        original,
        "patients",
        patient(1, 3, birth_date="1996-02-29"),
        patient(2, 3),
        patient(5, 3, birth_date="1988-01-01"),
        patient(7, 4),
    )
    insert(
        original,
        "pregnancy_info",
        pregnancy(1, 1, created="2025-05-01 00:00:00", last_menstrual_period="2025-01-01"),
        pregnancy(2, 2, created="2025-06-01 00:00:00", last_menstrual_period="2025-01-03"),
        pregnancy(3, 5, created="2025-04-01 00:00:00", last_menstrual_period="2025-01-03"),
    )
    settle(original)
    assert query(original, PREGNANCIES) == [(1, None, 2, "same_pregnancy"), (2, 1, None, None), (3, 5, None, None)]


def test_dates_that_are_none_and_weeks_that_cannot_be_stop_nothing(original: str) -> None:
    insert(original, "patients", patient(1, 3), patient(7, 4))
    zero = "0000-00-00 00:00:00"
    insert(
        original,
        "pregnancy_info",
        pregnancy(1, 1, created=zero, gestational_age=-5),
        pregnancy(2, 1, created="0001-01-01 00:00:00", gestational_age=999_999_999),
        pregnancy(3, 1, created="2025-06-01 00:00:00", expected_due_date="0001-01-01"),
        pregnancy(4, 1, created=zero, expected_due_date="0000-00-00", last_menstrual_period="2025-00-00"),
    )
    settle(original)
    assert query(original, PREGNANCIES) == [
        (1, None, None, "earlier_pregnancy"),
        (2, None, None, "earlier_pregnancy"),
        (3, 1, None, None),
        (4, None, None, "earlier_pregnancy"),
    ]


def test_the_server_refuses_a_second_current_row(original: str) -> None:
    insert(original, "patients", patient(1, 3), patient(2, 3), patient(7, 4))
    insert(original, "pregnancy_info", pregnancy(1, 1), pregnancy(2, 1))
    settle(original)
    for statement in (
        "UPDATE patients SET current_user_id = 3 WHERE id = 2",
        "UPDATE pregnancy_info SET current_patient_id = 1 WHERE id = 1",
    ):
        with pytest.raises(sa.exc.IntegrityError):
            query(original, statement)


def test_every_row_stays_as_it_was_on_the_way_up_and_down_and_the_way_up_decides_alike(original: str) -> None:
    tables = ("patients", "doctor_patient", "pregnancy_info")
    insert(original, "patients", patient(1, 3, birth_date="1996-02-29"), patient(2, 3), patient(7, 4))
    insert(original, "doctor_patient", link(2))
    insert(original, "pregnancy_info", pregnancy(1, 1), pregnancy(2, 2))
    before = {name: query(original, f"SELECT * FROM {name}") for name in tables}  # noqa: S608
    chain.upgrade(original, "016_one_current")
    settled = query(original, PATIENTS), query(original, PREGNANCIES)
    chain.downgrade(original, "015_unit")
    assert {name: query(original, f"SELECT * FROM {name}") for name in tables} == before  # noqa: S608
    chain.run_body(original, "016_one_current", "downgrade")
    chain.upgrade(original, "016_one_current")
    assert (query(original, PATIENTS), query(original, PREGNANCIES)) == settled


def test_the_way_down_leaves_the_rows_that_were_added(original: str) -> None:
    chain.upgrade(original, "016_one_current")
    chain.downgrade(original, "015_unit")
    assert query(original, "SELECT id, user_id FROM patients ORDER BY id") == [(1, 3), (2, 4)]
    assert query(original, "SELECT id, doctor_id, is_valid FROM doctors") == [(1, DOCTOR, 0)]
