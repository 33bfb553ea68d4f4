"""Links: asked for without an answer, and decided by the patient alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.models import (
    AccessBasis,
    AccessState,
    CareStatus,
    Doctor,
    DoctorPatient,
    Patient,
    PatientStatusHistory,
    User,
)
from app.services import clock, linking, links
from app.services.clock import utc_now
from app.services.errors import Conflict, NotFound
from tests.make import Make
from tests.services.linking_steps import PAGE, accept, ask, decline, end, link_between, mails, may_see, state
from tests.services.uploads import as_doctor, as_patient


@pytest.fixture
def doctor(make: Make) -> User:
    return make.doctor(name="Ratna Dewi")


@pytest.fixture
def patient(make: Make) -> Patient:
    return make.patient(email="Siti@Example.org")


def test_a_request_opens_nothing_until_she_accepts(session: Session, doctor: User, patient: Patient) -> None:
    ask(session, doctor, " siti@example.ORG ")
    assert state(session, doctor, patient) is AccessState.REQUESTED
    assert not may_see(session, doctor, patient)
    assert [link.doctor_id for link in links.requests_to_patient(session, patient.id)] == [doctor.id]
    accept(session, patient, doctor.id)
    assert may_see(session, doctor, patient)
    link = link_between(session, doctor, patient)
    assert link is not None
    assert (link.access_basis, link.decided_by_id) == (AccessBasis.ACCEPTED, patient.user_id)
    assert [reader.id for reader in links.readers(session, patient.id)] == [doctor.id]


def test_she_is_written_to_once_and_told_no_name(session: Session, doctor: User, patient: Patient) -> None:
    ask(session, doctor, patient.user.email)
    ask(session, doctor, patient.user.email)
    (mail,) = mails(session)
    assert mail.to_address == "Siti@Example.org"
    assert PAGE in mail.body
    assert "Ratna" not in mail.body + mail.subject


def test_nobody_is_written_to_at_an_address_that_cannot_be_asked(session: Session, make: Make, doctor: User) -> None:
    closed = make.patient()
    closed.user.deactivated_at = utc_now()
    session.commit()
    for address in ("nobody@example.org", make.doctor().email, make.admin().email, closed.user.email, "x" * 255):
        ask(session, make.doctor(), address)
    assert mails(session) == []
    assert session.scalar(select(func.count()).select_from(DoctorPatient)) == 0


def test_every_address_costs_the_same_work(session: Session, make: Make, patient: Patient) -> None:
    waiting, live, refused = make.patient(), make.patient(), make.patient()
    counts = []
    for email in (patient.user.email, "nobody@example.org", waiting.user.email, live.user.email, refused.user.email):
        doctor = make.doctor()
        make.link(doctor, refused, state=AccessState.DECLINED).decided_by_id = refused.user_id
        make.link(doctor, waiting, state=AccessState.REQUESTED)
        make.link(doctor, live)
        with statements(session) as written:
            ask(session, doctor, email)
        counts.append(len(written))
        assert any("outgoing_mails" in statement and "INSERT" in statement for statement in written)
    # Only the row of the link itself differs.
    assert max(counts) - min(counts) <= 1, counts


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_asking_again_does_not_touch_a_live_link(session: Session, make: Make, doctor: User, patient: Patient) -> None:
    make.link(doctor, patient)
    ask(session, doctor, patient.user.email)
    assert may_see(session, doctor, patient)
    assert mails(session) == []


@pytest.mark.parametrize("last", [AccessState.DECLINED, AccessState.ENDED])
def test_a_closed_link_can_be_asked_for_again(
    session: Session, make: Make, doctor: User, patient: Patient, last: AccessState
) -> None:
    make.link(doctor, patient, state=last)
    ask(session, doctor, patient.user.email)
    assert state(session, doctor, patient) is AccessState.REQUESTED
    assert not may_see(session, doctor, patient)
    assert len(mails(session)) == 1
    accept(session, patient, doctor.id)
    assert may_see(session, doctor, patient)


def test_an_expired_link_can_be_asked_for_again_without_an_end(
    session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    make.link(doctor, patient, expires_at=utc_now() - timedelta(seconds=1))
    ask(session, doctor, patient.user.email)
    accept(session, patient, doctor.id)
    link = link_between(session, doctor, patient)
    assert link is not None
    assert link.access_expires_at is None
    assert may_see(session, doctor, patient)


def test_declined_is_declined(session: Session, doctor: User, patient: Patient) -> None:
    ask(session, doctor, patient.user.email)
    decline(session, patient, doctor.id)
    decline(session, patient, doctor.id)  # Pressed twice.
    assert state(session, doctor, patient) is AccessState.DECLINED
    with pytest.raises(Conflict):
        accept(session, patient, doctor.id)
    assert not may_see(session, doctor, patient)


@pytest.mark.parametrize("last", [AccessState.DECLINED, AccessState.ENDED])
def test_a_no_holds_for_a_week(session: Session, make: Make, doctor: User, patient: Patient, last: AccessState) -> None:
    now = utc_now()
    if last is AccessState.DECLINED:
        make.link(doctor, patient, state=AccessState.REQUESTED)
        with clock.at(now):
            decline(session, patient, doctor.id)
    else:
        make.link(doctor, patient)
        with clock.at(now):
            end(session, as_patient(patient), doctor.id, patient)
    for day in range(7):
        with clock.at(now + timedelta(days=day)):
            ask(session, doctor, patient.user.email)
    assert state(session, doctor, patient) is last
    assert mails(session) == []
    ask(session, make.doctor(), patient.user.email)  # She said no to one, not to her colleagues.
    assert len(mails(session)) == 1
    with clock.at(now + linking.ASKED_AGAIN_AFTER):
        ask(session, doctor, patient.user.email)
    assert state(session, doctor, patient) is AccessState.REQUESTED
    assert len(mails(session)) == 2


def test_a_doctor_who_ended_it_herself_can_ask_at_once(
    session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    make.link(doctor, patient)
    end(session, as_doctor(doctor), doctor.id, patient)
    ask(session, doctor, patient.user.email)
    assert state(session, doctor, patient) is AccessState.REQUESTED


@pytest.mark.parametrize("last", [AccessState.DECLINED, AccessState.ENDED])
def test_an_old_acceptance_replayed_opens_nothing(
    session: Session, make: Make, doctor: User, patient: Patient, last: AccessState
) -> None:
    make.link(doctor, patient, state=last)
    with pytest.raises(Conflict):
        accept(session, patient, doctor.id)
    assert state(session, doctor, patient) is last


def test_accepting_twice_is_accepting_once(session: Session, doctor: User, patient: Patient) -> None:
    ask(session, doctor, patient.user.email)
    accept(session, patient, doctor.id)
    link = link_between(session, doctor, patient)
    assert link is not None
    first = link.decided_at
    accept(session, patient, doctor.id)
    link = link_between(session, doctor, patient)
    assert link is not None
    assert link.decided_at == first


def test_nothing_is_decided_that_nobody_asked(session: Session, make: Make, doctor: User, patient: Patient) -> None:
    for act in (accept, decline):
        with pytest.raises(NotFound):
            act(session, patient, doctor.id)
    with pytest.raises(NotFound):
        end(session, as_patient(patient), doctor.id, patient)
    make.link(doctor, patient, state=AccessState.REQUESTED)
    with pytest.raises(Conflict):
        end(session, as_patient(patient), doctor.id, patient)


def test_a_doctor_who_may_not_work_is_not_asked_about(session: Session, make: Make, patient: Patient) -> None:
    waiting, closed = make.doctor(is_valid=False), make.doctor()
    closed.deactivated_at = utc_now()
    session.commit()
    for doctor in (waiting, closed):
        make.link(doctor, patient, state=AccessState.REQUESTED)
        with pytest.raises(Conflict):
            accept(session, patient, doctor.id)
    assert links.requests_to_patient(session, patient.id) == []


@pytest.mark.parametrize("status", [*CareStatus, None, "pending", ""])
@pytest.mark.parametrize("access", list(AccessState))
def test_the_care_status_never_decides_access(
    session: Session, make: Make, doctor: User, patient: Patient, status: str | None, access: AccessState
) -> None:
    link = make.link(doctor, patient, state=access)
    link.status = status
    session.commit()
    assert may_see(session, doctor, patient) is (access is AccessState.LIVE)
    assert bool(links.readers(session, patient.id)) is (access is AccessState.LIVE)


def test_a_request_has_no_care_status_and_care_begins_with_the_link(
    session: Session, doctor: User, patient: Patient
) -> None:
    ask(session, doctor, patient.user.email)
    link = link_between(session, doctor, patient)
    assert link is not None
    assert link.status is None
    accept(session, patient, doctor.id)
    (history,) = session.scalars(select(PatientStatusHistory))
    assert (history.old_status, history.new_status, history.changed_by) == (None, "active", patient.user_id)


def test_ending_and_accepting_again_leave_the_care_status(
    session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    link = make.link(doctor, patient)
    link.status = "discharged"
    session.commit()
    with clock.at(utc_now() - linking.ASKED_AGAIN_AFTER):
        end(session, as_patient(patient), doctor.id, patient)
    ask(session, doctor, patient.user.email)
    accept(session, patient, doctor.id)
    link = session.get_one(DoctorPatient, (doctor.id, patient.id), populate_existing=True)
    assert link.status == "discharged"
    assert session.scalar(select(func.count()).select_from(PatientStatusHistory)) == 0


def test_readers_come_longest_link_first_and_only_those_who_can_read(
    session: Session, make: Make, patient: Patient
) -> None:
    newer, older, waiting, closed = make.doctor(), make.doctor(), make.doctor(is_valid=False), make.doctor()
    closed.deactivated_at = utc_now()
    for doctor, days in ((newer, 1), (older, 9), (waiting, 20), (closed, 30)):
        make.link(doctor, patient).decided_at = utc_now() - timedelta(days=days)
    session.commit()
    assert [reader.id for reader in links.readers(session, patient.id)] == [older.id, newer.id]


def test_a_withdrawn_validation_closes_at_once(session: Session, make: Make, doctor: User, patient: Patient) -> None:
    make.link(doctor, patient)
    session.scalars(select(Doctor).where(Doctor.doctor_id == doctor.id)).one().is_valid = False
    session.commit()
    assert not may_see(session, doctor, patient)
    assert [link.doctor_id for link in links.past_of_patient(session, patient.id)] == [doctor.id]


def test_what_waits_for_her_answer_is_in_no_list_of_the_doctor(
    session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    make.link(doctor, patient, state=AccessState.REQUESTED)
    make.link(doctor, make.patient(), state=AccessState.DECLINED)
    live = make.patient()
    make.link(doctor, live)
    assert [link.patient_id for link in links.live_of_doctor(session, as_doctor(doctor))] == [live.id]
