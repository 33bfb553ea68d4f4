"""Gestation is arithmetic on days: exact, invertible, and the same whoever asks in whichever zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.models import DatingMethod, PregnancyInfo
from app.services import gestation, pregnancies
from app.services.pregnancies import Dating
from tests.make import Make

DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
AGES = st.integers(0, 44 * 7)


@given(AGES, DAYS)
def test_an_age_found_on_a_day_is_the_age_on_that_day(age: int, day: date) -> None:
    assert gestation.gestation_days(gestation.due_date_from_gestation(age, day), day) == age


@given(DAYS, st.integers(-400, 400))
def test_each_day_adds_one(due: date, shift: int) -> None:
    day = due + timedelta(days=shift)
    assert gestation.gestation_days(due, day) == 280 + shift
    assert gestation.gestation_days(due, day + timedelta(days=1)) == 281 + shift


@given(DAYS)
def test_the_last_period_is_day_zero_and_ovulation_day_fourteen(day: date) -> None:
    assert gestation.gestation_days(gestation.due_date_from_last_period(day), day) == 0
    assert gestation.gestation_days(gestation.due_date_from_ovulation(day), day) == 14
    assert gestation.last_period_of(gestation.due_date_from_last_period(day)) == day


@pytest.mark.parametrize(
    ("last_period", "due"),
    [
        (date(2027, 6, 1), date(2028, 3, 7)),  # Across 29 February 2028,
        (date(2026, 6, 1), date(2027, 3, 8)),  # and across a February of 28 days.
        (date(2028, 2, 29), date(2028, 12, 5)),
        (date(2026, 4, 14), date(2027, 1, 19)),
    ],
)
def test_known_due_dates(last_period: date, due: date) -> None:
    assert gestation.due_date_from_last_period(last_period) == due


@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, True), (308, True), (309, False)])
def test_only_what_a_pregnancy_can_last_is_counted(days: int, counts: bool) -> None:
    assert gestation.is_countable(days) is counts


@pytest.mark.parametrize(
    ("dating", "due"),
    [
        (Dating(DatingMethod.LMP, date(2026, 4, 14)), date(2027, 1, 19)),
        (Dating(DatingMethod.OVULATION, date(2026, 4, 28)), date(2027, 1, 19)),
        (Dating(DatingMethod.ULTRASOUND, date(2026, 7, 8), 12 * 7 + 1), date(2027, 1, 19)),
        (Dating(DatingMethod.EDD, date(2027, 1, 19)), date(2027, 1, 19)),
    ],
)
def test_every_method_gives_the_due_date(dating: Dating, due: date) -> None:
    assert dating.due_date == due


def test_an_old_row_without_due_date_counts_from_its_last_period() -> None:
    row = PregnancyInfo(last_menstrual_period=date(2026, 4, 14))
    assert pregnancies.gestation_on(row, date(2026, 4, 21)) == 7
    assert pregnancies.gestation_on(PregnancyInfo(), date(2026, 4, 21)) is None
    assert pregnancies.gestation_on(None, date(2026, 4, 21)) is None


def test_the_day_is_the_one_of_the_unit(session: Session, make: Make) -> None:
    patient = make.patient()
    make.pregnancy(patient, due=date(2026, 11, 22))
    jakarta, jayapura = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
    last_second = datetime(2026, 11, 21, 16, 59, 59, tzinfo=UTC)  # 23:59:59 in Jakarta, 01:59:59 in Jayapura.
    assert pregnancies.gestation_at(session, patient.id, last_second, jakarta) == 279
    assert pregnancies.gestation_at(session, patient.id, last_second + timedelta(seconds=1), jakarta) == 280
    assert pregnancies.gestation_at(session, patient.id, last_second, jayapura) == 280


@pytest.mark.parametrize("instant", [datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, 1, tzinfo=UTC)])
def test_a_clock_that_is_put_forward_changes_no_age(session: Session, make: Make, instant: datetime) -> None:
    patient = make.patient()
    make.pregnancy(patient, due=date(2026, 6, 1))
    found = pregnancies.gestation_at(session, patient.id, instant, ZoneInfo("Europe/Berlin"))
    assert found == 280 - (date(2026, 6, 1) - date(2026, 3, 29)).days
