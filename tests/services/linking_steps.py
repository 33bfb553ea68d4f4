"""What doctors and patients do about links, each in a unit of work of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.database import end_transaction
from app.models import (
    AccessState,
    DoctorPatient,
    OutgoingMail,
    Patient,
    User,
)
from app.services import guarded, linking, transaction
from tests.services.uploads import as_doctor, as_patient

PAGE = "https://dopply.example.org/links"


def ask(session: Session, doctor: User, email: str) -> None:
    """The doctor asks for access by this address."""
    session.rollback()
    with transaction.unit_of_work(session):
        linking.request_access(session, as_doctor(doctor), email=email, page_address=PAGE)


def accept(session: Session, patient: Patient, doctor_id: int) -> None:
    """She accepts this doctor's request."""
    with changing(session):
        linking.accept(session, as_patient(patient), doctor_id=doctor_id, patient_id=patient.id)


def decline(session: Session, patient: Patient, doctor_id: int) -> None:
    """She declines this doctor's request."""
    with changing(session):
        linking.decline(session, as_patient(patient), doctor_id=doctor_id, patient_id=patient.id)


def end(session: Session, actor: Actor, doctor_id: int, patient: Patient) -> None:
    """One of the two ends the link."""
    with changing(session):
        linking.end(session, actor, doctor_id=doctor_id, patient_id=patient.id)


@contextmanager
def changing(session: Session) -> Iterator[None]:
    """A unit of work, begun anew."""
    end_transaction(session, keep=False)
    with transaction.unit_of_work(session):
        yield


def link_between(session: Session, doctor: User, patient: Patient) -> DoctorPatient | None:
    """The link as it stands in the database."""
    return session.get(DoctorPatient, (doctor.id, patient.id), populate_existing=True)


def state(session: Session, doctor: User, patient: Patient) -> AccessState | None:
    """The state of the link, None where there is none."""
    link = link_between(session, doctor, patient)
    return None if link is None else link.access_state


def may_see(session: Session, doctor: User, patient: Patient) -> bool:
    """Whether the record is open to the doctor."""
    return guarded.relation_to(session, as_doctor(doctor), patient.id).has_live_link


def mails(session: Session) -> list[OutgoingMail]:
    """Every mail that waits, oldest first."""
    return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))
