"""Which other recordings one can be compared with, on the database at hand."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.models import MonitoringSession, Patient
from app.models.base import NO_TIME
from app.services import comparable
from tests import older
from tests.make import Make
from tests.services.uploads import START, ZONE
from tests.statements import counted

DUE = (START + timedelta(days=63)).date()


@pytest.fixture
def patient(make: Make) -> Patient:
    return make.patient()


def recorded(session: Session, patient: Patient, days: float, **given: Any) -> MonitoringSession:
    """A session that began so many days after START."""
    return older.session_of(session, patient, began=START + timedelta(days=days), **given)


def test_the_previous_one_is_the_newest_before_it(session: Session, make: Make, patient: Patient) -> None:
    make.pregnancy(patient, due=DUE)
    first, second, third = (recorded(session, patient, days) for days in (-9, -2, 0))
    recorded(session, make.patient(), -1)

    assert comparable.previous(session, third, zone=ZONE) is second
    assert comparable.previous(session, second, zone=ZONE) is first
    assert comparable.previous(session, first, zone=ZONE) is None


def test_of_two_within_one_second_one_is_before_the_other(session: Session, patient: Patient) -> None:
    one, other = sorted((recorded(session, patient, 0), recorded(session, patient, 0)), key=lambda row: row.public_id)

    assert comparable.previous(session, other, zone=ZONE) is one
    assert comparable.previous(session, one, zone=ZONE) is None


def test_what_is_of_an_earlier_pregnancy_is_chosen_and_never_led_to(
    session: Session, make: Make, patient: Patient
) -> None:
    make.pregnancy(patient, due=DUE - timedelta(days=700), is_current=False)
    make.pregnancy(patient, due=DUE)
    before, first = recorded(session, patient, -700), recorded(session, patient, 0)

    assert comparable.previous(session, first, zone=ZONE) is None
    assert [
        (choice.recording, choice.is_same_pregnancy, choice.gestation_days)
        for choice in comparable.choices(session, first, zone=ZONE)
    ] == [(before, False, 217)]


def test_which_pregnancy_was_found_when_it_came_counts_before_its_day(
    session: Session, make: Make, patient: Patient
) -> None:
    earlier = make.pregnancy(patient, due=DUE - timedelta(days=700), is_current=False)
    make.pregnancy(patient, due=DUE)
    stated = recorded(session, patient, -3, pregnancy_id=earlier.id)
    first, second = recorded(session, patient, -5), recorded(session, patient, 0)

    assert comparable.previous(session, second, zone=ZONE) is first
    assert [choice.recording for choice in comparable.choices(session, second, zone=ZONE)] == [first, stated]


def test_without_a_known_pregnancy_any_earlier_one_is_the_previous(session: Session, patient: Patient) -> None:
    first, second = recorded(session, patient, -400), recorded(session, patient, 0)

    assert comparable.previous(session, second, zone=ZONE) is first


def test_nobody_knows_what_was_before_a_recording_without_a_time(session: Session, patient: Patient) -> None:
    undated = older.session_of(session, patient, began=NO_TIME, started_at=None, received_at=None)
    dated = recorded(session, patient, 0)

    assert comparable.previous(session, undated, zone=ZONE) is None
    assert comparable.previous(session, dated, zone=ZONE) is None
    assert [choice.recording for choice in comparable.choices(session, undated, zone=ZONE)] == [dated]


def test_the_choice_has_the_same_pregnancy_first_and_each_group_newest_first(
    session: Session, make: Make, patient: Patient
) -> None:
    make.pregnancy(patient, due=DUE - timedelta(days=700), is_current=False)
    make.pregnancy(patient, due=DUE)
    rows = {days: recorded(session, patient, days) for days in (-720, -700, -8, 0, 3)}
    recorded(session, make.patient(), 0)

    chosen = comparable.choices(session, rows[-700], zone=ZONE)

    assert [choice.recording for choice in chosen] == [rows[days] for days in (-720, 3, 0, -8)]


def test_the_choice_is_bounded_and_keeps_the_same_pregnancy(session: Session, make: Make, patient: Patient) -> None:
    make.pregnancy(patient, due=DUE - timedelta(days=700), is_current=False)
    make.pregnancy(patient, due=DUE)
    of_old = [recorded(session, patient, days) for days in (-710, -700)]
    for hours in range(comparable.SHOWN):
        recorded(session, patient, hours / 24)

    with counted(session) as statements:
        chosen = comparable.choices(session, of_old[0], zone=ZONE)

    assert len(chosen) == comparable.SHOWN
    assert chosen[0].recording is of_old[1]
    assert len(statements) == 3
