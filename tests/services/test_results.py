import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import (
    Accelerations,
    Decelerations,
    Impression,
    MonitoringResult,
    MonitoringSession,
    OverallClassification,
    RiskLevel,
    Variability,
)
from app.services import results
from app.services.reading import Reading
from tests.make import Make
from tests.services.readings import NO_CONCERN, PATHOLOGICAL, SUSPICIOUS, UNREADABLE, amend, recording, sign
from tests.services.uploads import as_doctor, csv_file, store


def result_of(session: Session, read: MonitoringSession) -> MonitoringResult | None:
    return session.scalars(select(MonitoringResult).where(MonitoringResult.session_id == read.id)).one_or_none()


def test_every_vocabulary_has_its_sentence_and_every_impression_its_class() -> None:
    assert set(results.CLASSES) == set(Impression)
    assert set(results.VARIABILITY_SENTENCES) == set(Variability)
    assert set(results.ACCELERATION_SENTENCES) == set(Accelerations)
    assert set(results.DECELERATION_SENTENCES) == set(Decelerations)


@pytest.mark.parametrize(
    ("stated", "overall", "risk"),
    [
        (NO_CONCERN, OverallClassification.NORMAL, RiskLevel.LOW),
        (SUSPICIOUS, OverallClassification.CONCERNING, RiskLevel.MEDIUM),
        (PATHOLOGICAL, OverallClassification.ABNORMAL, RiskLevel.HIGH),
    ],
)
def test_the_first_signed_reading_makes_the_row_by_the_table(
    session: Session, make: Make, stated: Reading, overall: OverallClassification, risk: RiskLevel
) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    assert result_of(session, read) is None

    sign(session, doctor, read, stated)

    row = result_of(session, read)
    assert row is not None
    assert (row.overall_classification, row.risk_level) == (overall, risk)
    assert row.findings is not None
    assert row.findings[0] == "Baseline 140 bpm."
    assert (results.CALL_RECOMMENDATION in (row.recommendations or [])) is (stated is not NO_CONCERN)


def test_the_mean_is_over_samples_with_a_rate(session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    rates = "".join(f"{second},{bpm}\n" for second, bpm in enumerate([120, 0, 150, "", 150] * 30))
    file = csv_file()
    lost = type(file)("lost.csv", f"time_s,fhr_bpm\n{rates}".encode())
    read = store(session, as_doctor(doctor), patient, lost).monitoring_session

    sign(session, doctor, read)

    row = result_of(session, read)
    assert row is not None
    assert row.average_bpm == 140.0


def test_an_amendment_leaves_the_row_as_the_first_reading_made_it(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    first = sign(session, doctor, read)

    amend(session, doctor, read, first, PATHOLOGICAL)

    row = result_of(session, read)
    assert row is not None
    assert row.risk_level is RiskLevel.LOW


def test_what_cannot_be_interpreted_gets_no_row_also_not_by_an_amendment(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    first = sign(session, doctor, read, UNREADABLE)
    assert result_of(session, read) is None

    amend(session, doctor, read, first, NO_CONCERN)

    assert result_of(session, read) is None


def test_of_twins_the_more_serious_reading_counts_and_both_are_named(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor, fetuses=2)
    sign(session, doctor, read, PATHOLOGICAL, fetus=1)
    sign(session, doctor, read, NO_CONCERN, fetus=2)

    row = result_of(session, read)
    assert row is not None
    assert row.risk_level is RiskLevel.HIGH
    assert {"Fetus 1: Late decelerations.", "Fetus 2: No deceleration."} <= set(row.findings or [])


def test_twins_of_whom_one_cannot_be_read_get_no_row(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor, fetuses=2)
    sign(session, doctor, read, NO_CONCERN, fetus=1)
    sign(session, doctor, read, UNREADABLE, fetus=2)

    assert result_of(session, read) is None
