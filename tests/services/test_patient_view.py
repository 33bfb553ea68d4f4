from sqlalchemy.orm import Session

from app.access import Actor, ActorRole, Permission
from app.models import MonitoringSession, ReleaseKind, Uninterpretable, User
from app.services import audit, patient_view
from app.services.patient_view import PatientState, PatientStateKind
from tests.make import Make
from tests.services.readings import SUSPICIOUS, UNREADABLE, call, give, recording, sign, writing
from tests.services.uploads import as_doctor, as_patient
from tests.statements import counted


def state(session: Session, read: MonitoringSession) -> PatientState:
    return patient_view.state_of(session, [read])[read.id]


def open_it(session: Session, actor: Actor, read: MonitoringSession) -> None:
    with writing(session):
        audit.record(
            session,
            actor,
            Permission.SESSION_READ.value,
            patient_id=read.patient_id,
            object_type="session",
            object_id=read.public_id,
        )


def test_nobody_has_checked_it_until_a_doctor_opens_it(session: Session, make: Make) -> None:
    doctor, other = make.doctor(name="Ratna Dewi"), make.doctor(name="Agus")
    read = recording(session, make, doctor=doctor)
    assert read.patient is not None
    open_it(session, as_patient(read.patient), read)
    assert state(session, read) == PatientState(PatientStateKind.SAVED)

    open_it(session, as_doctor(doctor), read)
    open_it(session, as_doctor(other), read)

    opened = state(session, read)
    assert (opened.kind, opened.doctor_name) == (PatientStateKind.OPENED, "Ratna Dewi")


def test_a_signed_reading_that_is_not_released_tells_her_nothing_more(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    open_it(session, as_doctor(doctor), read)

    sign(session, doctor, read, SUSPICIOUS)

    assert state(session, read).kind is PatientStateKind.OPENED


def test_the_newest_release_is_what_she_reads(session: Session, make: Make) -> None:
    doctor = make.doctor(name="Ratna Dewi")
    read = recording(session, make, doctor=doctor)
    review = sign(session, doctor, read, SUSPICIOUS)
    call(session, doctor, read)
    give(session, doctor, read, review, message="Come on Monday.")
    assert (state(session, read).kind, state(session, read).message) == (PatientStateKind.READ, "Come on Monday.")

    call(session, doctor, read)
    give(session, doctor, read, review, ReleaseKind.PLEASE_CALL, "")
    assert state(session, read).kind is PatientStateKind.PLEASE_CALL


def test_who_read_it_and_who_wrote_to_her_are_two_things(session: Session, make: Make) -> None:
    reader, writer = make.doctor(name="Ratna Dewi"), make.doctor(name="Agus Salim")
    read = recording(session, make, doctor=reader)
    assert read.patient is not None
    make.link(writer, read.patient)
    review = sign(session, reader, read)

    made = give(session, writer, read, review)

    seen = state(session, read)
    assert (seen.doctor_name, seen.at) == ("Ratna Dewi", review.signed_at)
    assert (seen.writer_name, seen.written_at) == ("Agus Salim", made.released_at)


def test_what_cannot_be_read_comes_with_the_reason(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    give(session, doctor, read, sign(session, doctor, read, UNREADABLE), ReleaseKind.NOT_READABLE, "")

    assert state(session, read).reason is Uninterpretable.SIGNAL_LOSS


def test_many_recordings_take_two_statements(session: Session, make: Make) -> None:
    doctor: User = make.doctor()
    read = [recording(session, make, doctor=doctor) for _ in range(5)]

    with counted(session) as statements:
        states = patient_view.state_of(session, read)

    assert len(statements) == 2
    assert set(states) == {one.id for one in read}
    assert patient_view.state_of(session, []) == {}


def test_a_job_or_an_admin_opens_nothing(session: Session, make: Make) -> None:
    read = recording(session, make)
    open_it(session, Actor(role=ActorRole.ADMIN, user_id=make.admin().id), read)

    assert state(session, read).kind is PatientStateKind.SAVED
