"""Dating a pregnancy: plausible or refused, the seed's columns kept filled, nobody's change lost."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.models import DatingMethod, MonitoringSession, Patient, PregnancyInfo, PregnancySurplus, User
from app.services import patient_recordings, patients, pregnancies, pregnancy_then, transaction
from app.services.errors import Conflict, Refused
from app.services.pregnancies import Dating
from tests.make import Make
from tests.services.uploads import ZONE, as_doctor, csv_file, store

TODAY = date(2026, 11, 22)


def change(session: Session, actor: Actor, patient: Patient, dating: Dating | None, **given: Any) -> PregnancyInfo:
    arguments: dict[str, Any] = {
        "is_high_risk": False,
        "complications": [],
        "today": TODAY,
        "seen": pregnancies.version(pregnancies.current(session, patient.id)),
    }
    session.rollback()
    with transaction.unit_of_work(session):
        return pregnancies.date_pregnancy(session, actor, patient.id, dating=dating, **(arguments | given))


@pytest.fixture
def doctor(make: Make) -> User:
    return make.doctor()


@pytest.fixture
def patient(make: Make) -> Patient:
    return make.patient()


def test_the_columns_of_the_seed_are_kept_filled(session: Session, doctor: User, patient: Patient) -> None:
    row = change(
        session,
        as_doctor(doctor),
        patient,
        Dating(DatingMethod.ULTRASOUND, date(2026, 7, 8), 85),
        is_high_risk=True,
        complications=["gestational diabetes"],
    )
    assert (row.expected_due_date, row.last_menstrual_period) == (date(2027, 1, 19), date(2026, 4, 14))
    assert row.gestational_age == 31  # 31w5d
    assert row.is_high_risk
    assert row.complications == ["gestational diabetes"]
    assert (row.dating_method, row.dated_by_id) == (DatingMethod.ULTRASOUND, doctor.id)


def test_a_second_dating_changes_the_same_pregnancy(session: Session, doctor: User, patient: Patient) -> None:
    first = change(session, as_doctor(doctor), patient, Dating(DatingMethod.LMP, date(2026, 4, 14)))
    second = change(session, as_doctor(doctor), patient, Dating(DatingMethod.EDD, date(2027, 1, 12)))
    assert second.id == first.id
    assert session.scalar(select(func.count()).select_from(PregnancyInfo)) == 1
    assert second.expected_due_date == date(2027, 1, 12)


def test_the_present_date_can_be_kept(session: Session, doctor: User, patient: Patient) -> None:
    dated = change(session, as_doctor(doctor), patient, Dating(DatingMethod.LMP, date(2026, 4, 14))).dated_at
    row = change(session, as_doctor(doctor), patient, None, is_high_risk=True)
    assert (row.expected_due_date, row.dating_method, row.dated_at) == (date(2027, 1, 19), DatingMethod.LMP, dated)
    assert row.is_high_risk


def test_nothing_can_be_kept_where_nothing_is(session: Session, doctor: User, patient: Patient) -> None:
    with pytest.raises(Refused, match="nothing_to_keep"):
        change(session, as_doctor(doctor), patient, None)
    assert pregnancies.current(session, patient.id) is None


@pytest.mark.parametrize(
    ("dating", "code"),
    [
        (Dating(DatingMethod.LMP, TODAY + timedelta(days=1)), "day_in_future"),
        (Dating(DatingMethod.OVULATION, TODAY + timedelta(days=1)), "day_in_future"),
        (Dating(DatingMethod.ULTRASOUND, TODAY + timedelta(days=1), 70), "day_in_future"),
        (Dating(DatingMethod.LMP, TODAY - timedelta(days=309)), "due_date_implausible"),
        (Dating(DatingMethod.EDD, TODAY - timedelta(days=29)), "due_date_implausible"),
        (Dating(DatingMethod.EDD, TODAY + timedelta(days=281)), "due_date_implausible"),
        (Dating(DatingMethod.ULTRASOUND, TODAY - timedelta(days=100), 42 * 7), "due_date_implausible"),
        (Dating(DatingMethod.EDD, date.min), "day_too_far"),
        (Dating(DatingMethod.EDD, date.max), "day_too_far"),
        (Dating(DatingMethod.LMP, date.max), "day_in_future"),
        (Dating(DatingMethod.ULTRASOUND, date.min, 294), "day_too_far"),
    ],
)
def test_what_cannot_be_is_refused(session: Session, doctor: User, patient: Patient, dating: Dating, code: str) -> None:
    with pytest.raises(Refused, match=code):
        change(session, as_doctor(doctor), patient, dating)
    assert pregnancies.current(session, patient.id) is None


@pytest.mark.parametrize(
    "dating",
    [
        Dating(DatingMethod.LMP, TODAY),
        Dating(DatingMethod.LMP, TODAY - timedelta(days=308)),
        Dating(DatingMethod.EDD, TODAY - timedelta(days=28)),
        Dating(DatingMethod.EDD, TODAY + timedelta(days=280)),
    ],
)
def test_the_edges_are_possible(session: Session, doctor: User, patient: Patient, dating: Dating) -> None:
    assert change(session, as_doctor(doctor), patient, dating).expected_due_date == dating.due_date


def test_a_form_opened_before_somebody_elses_change_stores_nothing(
    session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    opened_on = pregnancies.version(pregnancies.current(session, patient.id))
    change(session, as_doctor(make.doctor()), patient, Dating(DatingMethod.LMP, date(2026, 4, 14)))
    with pytest.raises(Conflict, match="pregnancy_changed"):
        change(session, as_doctor(doctor), patient, Dating(DatingMethod.EDD, date(2027, 2, 1)), seen=opened_on)
    found = pregnancies.current(session, patient.id)
    assert found is not None
    assert found.expected_due_date == date(2027, 1, 19)


def test_the_current_of_several_rows_counts(session: Session, make: Make, patient: Patient) -> None:
    current = make.pregnancy(patient, due=date(2027, 1, 1))
    make.pregnancy(patient, due=date(2025, 1, 1), is_current=False)
    other = make.patient()
    assert pregnancies.current(session, patient.id) is current
    assert set(pregnancies.current_of(session, [patient.id, other.id])) == {patient.id}


def test_a_dating_after_the_pregnancy_is_over_is_another_pregnancy_and_old_recordings_keep_theirs(
    session: Session, doctor: User, patient: Patient
) -> None:
    actor = as_doctor(doctor)
    last_year = date(2025, 1, 10)
    first = change(session, actor, patient, Dating(DatingMethod.LMP, date(2024, 6, 1)), today=last_year)
    began = datetime(2025, 1, 5, 3, tzinfo=UTC)
    old = store(session, actor, patient, csv_file(bpm=130), started_at=began).monitoring_session

    second = change(session, actor, patient, Dating(DatingMethod.LMP, date(2026, 8, 1)))

    late = store(session, actor, patient, csv_file(bpm=150), started_at=began).monitoring_session
    new = store(session, actor, patient, csv_file(bpm=140), started_at=datetime(2026, 11, 20, tzinfo=UTC))
    assert second.id != first.id
    assert pregnancies.current(session, patient.id) is second
    assert (first.current_patient_id, first.superseded_reason) == (None, PregnancySurplus.EARLIER_PREGNANCY)
    assert due_of(session, old) == due_of(session, late) == first.expected_due_date == date(2025, 3, 8)
    assert due_of(session, new.monitoring_session) == second.expected_due_date
    shown = patient_recordings.newest(session, patient.id, pregnancy=second, zone=ZONE)
    assert sorted(one.gestation_days or 0 for one in shown) == [111, 218, 218]
    session.refresh(patient, ["user"])
    then = patients.banner(session, actor, patient, recording=old, zone=ZONE)
    assert (then.gestation_then_days, then.due_date) == (218, date(2025, 3, 8))


def due_of(session: Session, recording: MonitoringSession) -> date | None:
    return pregnancies.due_date_of(pregnancy_then.pregnancy_of(session, recording, ZONE))


@pytest.fixture
def written_thrice(session: Session, make: Make, patient: Patient) -> PregnancyInfo:
    """A pregnancy of an older database: the newest row has only weeks, what matters stands on the two before."""
    current = make.pregnancy(patient)
    current.expected_due_date, current.dated_at, current.complications = None, None, ["anaemia"]
    session.commit()
    make.pregnancy_that_gave_way(current, last_period=date(2026, 4, 14), complications=["twins", "anaemia"])
    make.pregnancy_that_gave_way(current, due=date(2027, 2, 1), is_high_risk=True, complications=["preeclampsia"])
    return current


def test_what_the_rows_before_say_of_the_same_pregnancy_still_counts(
    session: Session, doctor: User, patient: Patient, written_thrice: PregnancyInfo
) -> None:
    actor = as_doctor(doctor)
    current = pregnancies.current(session, patient.id)
    assert current is written_thrice
    known = pregnancies.known_of(current)
    assert (known.due_date, known.is_dated_by_earlier_entry) == (date(2027, 1, 19), True)
    assert known.is_high_risk
    assert known.complications == ("anaemia", "twins", "preeclampsia")
    session.rollback()
    began = datetime(2026, 11, 20, tzinfo=UTC)
    recording = store(session, actor, patient, csv_file(bpm=140), started_at=began).monitoring_session
    assert (recording.pregnancy_id, recording.gestational_age) == (written_thrice.id, 31)
    session.refresh(patient, ["user"])
    banner = patients.banner(session, actor, patient, recording=recording, zone=ZONE)
    assert (banner.due_date, banner.is_high_risk, banner.is_dated_by_earlier_entry) == (date(2027, 1, 19), True, True)
    assert banner.gestation_then_days == 220


def test_its_own_date_counts_and_an_earlier_pregnancy_says_nothing_of_this_one(
    session: Session, make: Make, patient: Patient
) -> None:
    current = make.pregnancy(patient, due=date(2027, 1, 1))
    make.pregnancy_that_gave_way(current, due=date(2027, 1, 9))
    earlier = make.pregnancy(patient, due=date(2025, 1, 1), is_current=False)
    earlier.is_high_risk, earlier.complications = True, ["preeclampsia"]
    session.commit()
    known = pregnancies.known_of(pregnancies.current(session, patient.id))
    assert (known.due_date, known.is_dated_by_earlier_entry) == (date(2027, 1, 1), False)
    assert (known.is_high_risk, known.complications) == (False, ())


def test_what_a_doctor_stores_who_has_seen_it_all_stands_alone(
    session: Session, doctor: User, patient: Patient, written_thrice: PregnancyInfo
) -> None:
    change(session, as_doctor(doctor), patient, None, complications=["twins"])
    known = pregnancies.known_of(pregnancies.current(session, patient.id))
    assert (known.due_date, known.is_dated_by_earlier_entry) == (date(2027, 1, 19), False)
    assert (known.is_high_risk, known.complications) == (False, ("twins",))
    before = session.scalars(select(PregnancyInfo).where(PregnancyInfo.superseded_by_id == written_thrice.id)).all()
    assert sorted(row.complications or [] for row in before) == [["preeclampsia"], ["twins", "anaemia"]]
    assert {row.superseded_reason for row in before} == {PregnancySurplus.SETTLED}


def test_a_pregnancy_that_has_become_an_earlier_one_keeps_what_the_rows_before_say(
    session: Session, doctor: User, patient: Patient, written_thrice: PregnancyInfo
) -> None:
    later = date(2028, 1, 1)
    change(session, as_doctor(doctor), patient, Dating(DatingMethod.LMP, date(2027, 11, 1)), today=later)
    now = pregnancies.known_of(pregnancies.current(session, patient.id))
    assert (now.is_high_risk, now.complications) == (False, ())
    then = pregnancies.known_of(pregnancies.containing(session, patient.id, TODAY))
    assert (then.due_date, then.is_high_risk) == (date(2027, 1, 19), True)


@pytest.mark.parametrize(
    ("odd", "shown"),
    [
        ("preeclampsia", ("preeclampsia",)),
        ({"a": "½"}, ('{"a": "½"}',)),
        ([{"a": "b"}, None, 3, ""], ('{"a": "b"}', "3")),
        (0, ()),
    ],
)
def test_complications_that_an_older_database_holds_in_another_shape_are_shown_as_written(
    session: Session, make: Make, patient: Patient, odd: Any, shown: tuple[str, ...]
) -> None:
    current = make.pregnancy(patient)
    current.complications = odd
    session.commit()
    assert pregnancies.known_of(pregnancies.current(session, patient.id)).complications == shown
