"""What ends between a doctor and a patient ends on her older records too, which an older program would read."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import AccessState, AuditEvent, Patient, User
from app.models.patients import PatientSurplus
from tests.make import Make
from tests.services.linking_steps import ask, decline, end, link_between, state
from tests.services.uploads import as_doctor, as_patient


@pytest.fixture
def doctor(make: Make) -> User:
    return make.doctor()


@pytest.fixture
def patient(make: Make) -> Patient:
    return make.patient()


@pytest.fixture
def older(session: Session, patient: Patient) -> Patient:
    """A record of hers that gave way to `patient`."""
    row = Patient(user_id=patient.user_id, superseded_by_id=patient.id, superseded_reason=PatientSurplus.SAME_ACCOUNT)
    session.add(row)
    session.commit()
    return row


@pytest.mark.parametrize("by_doctor", [False, True])
@pytest.mark.parametrize("before", [AccessState.LIVE, AccessState.REQUESTED])
def test_an_end_is_one_on_every_record_of_hers(
    session: Session, make: Make, doctor: User, patient: Patient, older: Patient, before: AccessState, by_doctor: bool
) -> None:
    colleague = make.doctor()
    make.link(doctor, patient)
    make.link(doctor, older, state=before)
    make.link(colleague, older)
    end(session, as_doctor(doctor) if by_doctor else as_patient(patient), doctor.id, patient)
    ended, on_older = link_between(session, doctor, patient), link_between(session, doctor, older)
    assert ended is not None
    assert on_older is not None
    assert (on_older.access_state, on_older.ended_at, on_older.ended_by_id) == (
        AccessState.ENDED,
        ended.ended_at,
        ended.ended_by_id,
    )
    assert state(session, colleague, older) is AccessState.LIVE
    assert session.scalar(select(func.count()).where(AuditEvent.act == "link:end")) == 1


def test_a_no_is_one_on_every_record_of_hers(
    session: Session, make: Make, doctor: User, patient: Patient, older: Patient
) -> None:
    make.link(doctor, older)
    ask(session, doctor, patient.user.email)
    decline(session, patient, doctor.id)
    assert state(session, doctor, older) is AccessState.DECLINED


def test_a_record_that_may_be_another_womans_keeps_its_link(
    session: Session, make: Make, doctor: User, patient: Patient, older: Patient
) -> None:
    older.superseded_by_id, older.superseded_reason = None, PatientSurplus.BIRTH_DATE_DIFFERS
    session.commit()
    make.link(doctor, patient)
    make.link(doctor, older)
    end(session, as_patient(patient), doctor.id, patient)
    assert state(session, doctor, older) is AccessState.LIVE
