"""Links: asked for without an answer, decided by the patient alone, ended by either, and she keeps a reader."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.database import end_transaction
from app.models import (
    AccessBasis,
    AccessState,
    CareStatus,
    Doctor,
    DoctorPatient,
    MonitoringSession,
    Movement,
    OutgoingMail,
    Patient,
    PatientStatusHistory,
    ReviewState,
    User,
)
from app.services import clock, guarded, linking, links, transaction, unit_list
from app.services.clock import utc_now
from app.services.errors import Conflict, NotFound, Refused
from tests.make import Make
from tests.services.uploads import as_doctor, as_patient

PAGE = "https://dopply.example.org/links"


@pytest.fixture
def doctor(make: Make) -> User:
    return make.doctor(name="Ratna Dewi")


@pytest.fixture
def patient(make: Make) -> Patient:
    return make.patient(email="Siti@Example.org")


def ask(session: Session, doctor: User, email: str) -> None:
    session.rollback()
    with transaction.unit_of_work(session):
        linking.request_access(session, as_doctor(doctor), email=email, page_address=PAGE)


def accept(session: Session, patient: Patient, doctor_id: int) -> None:
    with changing(session):
        linking.accept(session, as_patient(patient), doctor_id=doctor_id, patient_id=patient.id)


def decline(session: Session, patient: Patient, doctor_id: int) -> None:
    with changing(session):
        linking.decline(session, as_patient(patient), doctor_id=doctor_id, patient_id=patient.id)


def end(session: Session, actor: Actor, doctor_id: int, patient: Patient) -> None:
    with changing(session):
        linking.end(session, actor, doctor_id=doctor_id, patient_id=patient.id)


@contextmanager
def changing(session: Session) -> Iterator[None]:
    end_transaction(session, keep=False)
    with transaction.unit_of_work(session):
        yield


def link_between(session: Session, doctor: User, patient: Patient) -> DoctorPatient | None:
    return session.get(DoctorPatient, (doctor.id, patient.id), populate_existing=True)


def state(session: Session, doctor: User, patient: Patient) -> AccessState | None:
    link = link_between(session, doctor, patient)
    return None if link is None else link.access_state


def may_see(session: Session, doctor: User, patient: Patient) -> bool:
    return guarded.relation_to(session, as_doctor(doctor), patient.id).has_live_link


def mails(session: Session) -> list[OutgoingMail]:
    return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


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
