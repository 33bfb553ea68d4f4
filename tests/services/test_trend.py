"""The newest stored analyses over a pregnancy, on the database at hand."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.models import MonitoringSession, Patient, User
from app.services import analyses, trend
from app.services.errors import NotFound
from tests import older
from tests.make import Make
from tests.services.uploads import START, ZONE, analysed_again, as_doctor, csv_file, store
from tests.statements import counted

DUE = (START + timedelta(days=63)).date()
BEFORE = timedelta(days=700)


@pytest.fixture
def patient(make: Make) -> Patient:
    return make.patient()


@pytest.fixture
def doctor(make: Make, patient: Patient) -> User:
    doctor = make.doctor()
    make.link(doctor, patient)
    return doctor


def stored(session: Session, doctor: User, patient: Patient, days: int = 0, **given: Any) -> MonitoringSession:
    """Twelve minutes so many days after START, no two alike."""
    file = csv_file(12, bpm=140 + days % 20)
    started_at = START + timedelta(days=days)
    return store(session, as_doctor(doctor), patient, file, started_at=started_at, **given).monitoring_session


def test_each_recording_of_the_pregnancy_comes_with_its_gestation_newest_first(
    session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    pregnancy = make.pregnancy(patient, due=DUE)
    rows = [stored(session, doctor, patient, days) for days in (-9, 0)]
    came = older.session_of(session, patient, older.values(3), began=START - timedelta(days=4))
    older.session_of(session, patient, began=START - BEFORE)
    older.session_of(session, make.patient(), began=START)

    found = trend.of(session, patient.id, zone=ZONE)

    assert found.pregnancy is pregnancy
    assert [(row.recording, row.gestation_days) for row in found.rows] == [(rows[1], 217), (came, 213), (rows[0], 208)]
    assert [[analysis.baseline_bpm for analysis in row.analyses] for row in found.rows] == [[140], [], [151]]
    assert not found.goes_on


def test_only_the_newest_analysis_of_each_fetus_counts(
    session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    make.pregnancy(patient, due=DUE)
    twins = csv_file(12, bpm=130, fhr2_bpm=[150.0 + index % 3 for index in range(2880)])
    row = store(session, as_doctor(doctor), patient, twins, fetuses=2).monitoring_session
    first = analyses.newest(session, row)[0]
    changed = replace(first, engine_version="9.1", variability_bpm=12.0, acceleration_count=0)
    analysed_again(session, row, changed.to_document())

    found = trend.of(session, patient.id, zone=ZONE).rows[0].analyses

    assert [(one.fetus, one.engine_version) for one in found] == [(1, "9.1"), (2, first.engine_version)]
    assert (found[0].variability_bpm, found[0].acceleration_count) == (12.0, 0)
    assert (found[1].variability_bpm, found[1].acceleration_count) == (None, None)


def test_an_analysis_of_before_these_measures_does_not_state_them(
    session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    make.pregnancy(patient, due=DUE)
    row = stored(session, doctor, patient)
    document = analyses.newest(session, row)[0].to_document()
    del document["variability_bpm"], document["acceleration_count"]
    analysed_again(session, row, document)

    found = trend.of(session, patient.id, zone=ZONE).rows[0].analyses[0]

    assert (found.variability_bpm, found.acceleration_count) == (None, None)


def test_an_earlier_pregnancy_is_chosen_by_its_number(
    session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    earlier = make.pregnancy(patient, due=DUE - BEFORE, is_current=False)
    current = make.pregnancy(patient, due=DUE)
    new, old = stored(session, doctor, patient), older.session_of(session, patient, began=START - BEFORE)

    assert [row.recording for row in trend.of(session, patient.id, zone=ZONE).rows] == [new]
    found = trend.of(session, patient.id, pregnancy_id=earlier.id, zone=ZONE)
    assert [row.recording for row in found.rows] == [old]
    assert set(found.all_pregnancies) == {earlier, current}


def test_what_is_no_pregnancy_of_hers_is_not_found(session: Session, make: Make, patient: Patient) -> None:
    another = make.pregnancy(make.patient())

    for pregnancy_id in (another.id, another.id + 1000):
        with pytest.raises(NotFound):
            trend.of(session, patient.id, pregnancy_id=pregnancy_id, zone=ZONE)


def test_without_a_dated_pregnancy_there_are_recordings_without_gestation(
    session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    row = stored(session, doctor, patient)

    for _ in range(2):
        found = trend.of(session, patient.id, zone=ZONE)
        assert [(one.recording, one.gestation_days) for one in found.rows] == [(row, None)]
        undated = make.pregnancy(patient, due=None) if found.pregnancy is None else found.pregnancy
        undated.expected_due_date = undated.last_menstrual_period = None
        session.commit()


def test_the_list_is_bounded_and_takes_as_many_statements_however_long_it_is(
    session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    make.pregnancy(patient, due=DUE)
    stored(session, doctor, patient)
    with counted(session) as few:
        trend.of(session, patient.id, zone=ZONE)
    for hours in range(trend.SHOWN):
        older.session_of(session, patient, began=START - timedelta(hours=hours + 1))

    with counted(session) as many:
        found = trend.of(session, patient.id, zone=ZONE)

    assert (len(found.rows), found.goes_on) == (trend.SHOWN, True)
    assert len(many) == len(few)
    assert len(many) <= 5
