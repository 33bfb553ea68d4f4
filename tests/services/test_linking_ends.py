"""Links are ended by either, and she keeps a reader."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.models import (
    AccessBasis,
    AccessState,
    MonitoringSession,
    Movement,
    Patient,
    ReviewState,
    User,
)
from app.services import unit_list
from app.services.clock import utc_now
from app.services.errors import Refused
from tests.make import Make
from tests.services.linking_steps import changing, end, may_see, state
from tests.services.uploads import as_doctor, as_patient


@pytest.fixture
def doctor(make: Make) -> User:
    return make.doctor(name="Ratna Dewi")


@pytest.fixture
def patient(make: Make) -> Patient:
    return make.patient(email="Siti@Example.org")


def test_she_can_end_it_with_everything_open_and_the_unit_gets_it(
    session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    colleague = make.doctor()
    make.link(doctor, patient)
    make.link(colleague, patient)
    rows = {
        ReviewState.TO_REVIEW: make.monitoring_session(patient, owner=doctor),
        ReviewState.SIGNED: make.monitoring_session(patient, owner=doctor),
        ReviewState.RELEASED: make.monitoring_session(patient, owner=doctor),
    }
    for review_state, row in rows.items():
        row.review_state = review_state
    others = [make.monitoring_session(patient, owner=colleague), make.monitoring_session(make.patient(), owner=doctor)]
    session.commit()
    end(session, as_patient(patient), doctor.id, patient)
    assert state(session, doctor, patient) is AccessState.ENDED
    assert not may_see(session, doctor, patient)
    owners = {
        row.id: session.get_one(MonitoringSession, row.id, populate_existing=True).doctor_id
        for row in [*rows.values(), *others]
    }
    assert owners[rows[ReviewState.TO_REVIEW].id] is None
    assert owners[rows[ReviewState.SIGNED].id] is None
    assert owners[rows[ReviewState.RELEASED].id] == doctor.id
    assert [owners[row.id] for row in others] == [colleague.id, doctor.id]
    assert unit_list.is_listed(session, patient.id, utc_now())


@pytest.mark.parametrize("review_state", [ReviewState.TO_REVIEW, ReviewState.SIGNED])
def test_the_last_reader_cannot_leave_while_a_recording_is_open(
    session: Session, make: Make, doctor: User, patient: Patient, review_state: ReviewState
) -> None:
    make.link(doctor, patient)
    row = make.monitoring_session(patient)
    row.review_state = review_state
    session.commit()
    with pytest.raises(Refused, match="last_link") as refused:
        end(session, as_doctor(doctor), doctor.id, patient)
    assert refused.value.values == {"recordings": 1, "calls": 0}
    assert may_see(session, doctor, patient)


def test_the_last_reader_cannot_leave_while_a_call_is_open(
    session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    make.link(doctor, patient)
    with changing(session):
        message = unit_list.leave_message(session, as_patient(patient), patient.id, Movement.LESS)
    with pytest.raises(Refused, match="last_link"):
        end(session, as_doctor(doctor), doctor.id, patient)
    message.closed_at = utc_now()
    session.add(message)
    session.commit()
    end(session, as_doctor(doctor), doctor.id, patient)
    assert state(session, doctor, patient) is AccessState.ENDED


def test_the_last_reader_can_leave_when_all_is_done(
    session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    make.link(doctor, patient)
    make.monitoring_session(patient).review_state = ReviewState.RELEASED
    session.commit()
    end(session, as_doctor(doctor), doctor.id, patient)
    end(session, as_doctor(doctor), doctor.id, patient)  # Pressed twice.
    assert state(session, doctor, patient) is AccessState.ENDED


def test_a_doctor_can_leave_to_a_colleague(session: Session, make: Make, doctor: User, patient: Patient) -> None:
    make.link(doctor, patient)
    make.link(make.doctor(), patient)
    row = make.monitoring_session(patient, owner=doctor)
    end(session, as_doctor(doctor), doctor.id, patient)
    assert session.get_one(MonitoringSession, row.id, populate_existing=True).doctor_id is None


def test_who_cannot_read_on_is_no_colleague_to_leave_to(
    session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    make.link(doctor, patient)
    make.monitoring_session(patient)
    make.link(make.doctor(is_valid=False), patient)
    make.link(make.doctor(), patient, state=AccessState.ENDED)
    make.link(make.doctor(), patient, expires_at=utc_now() - timedelta(seconds=1))
    covering = make.link(make.doctor(), patient, expires_at=utc_now() + timedelta(hours=72))
    covering.access_basis = AccessBasis.UNIT_COVER
    closed = make.doctor()
    closed.deactivated_at = utc_now()
    make.link(closed, patient)
    with pytest.raises(Refused, match="last_link"):
        end(session, as_doctor(doctor), doctor.id, patient)
