"""Doctor-patient links as they stand: whose they are, since when, until when, and what is still open under them."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor, Permission
from app.models import (
    AccessBasis,
    AccessState,
    Doctor,
    DoctorPatient,
    MonitoringSession,
    Patient,
    UnitMessage,
    User,
)
from app.services import audit
from app.services.clock import utc_now
from app.services.live_links import TAKE_OVER_LASTS, link_is_live
from app.services.open_calls import is_unfinished


def readers(session: Session, patient_id: int) -> list[User]:
    """The doctors with a live link to the patient and an open account, longest link first."""
    return [link.doctor for link in live_of_patient(session, patient_id) if link.doctor.is_active]


def live_of_patient(session: Session, patient_id: int) -> list[DoctorPatient]:
    """Her live links with their doctors, longest first."""
    found = session.scalars(
        select(DoctorPatient)
        .where(DoctorPatient.patient_id == patient_id, link_is_live(utc_now()))
        .options(joinedload(DoctorPatient.doctor))
    )
    return sorted(found, key=lambda link: (since(link), link.doctor_id))


def requests_to_patient(session: Session, patient_id: int) -> list[DoctorPatient]:
    """What doctors ask her for, oldest first; a doctor who may not work (any more) cannot ask."""
    found = session.scalars(
        select(DoctorPatient)
        .join(DoctorPatient.doctor)
        .where(DoctorPatient.patient_id == patient_id, is_asked_for(), doctor_may_work())
        .options(joinedload(DoctorPatient.doctor))
    )
    return sorted(found, key=lambda link: (link.requested_at or link.assigned_at, link.doctor_id))


def past_of_patient(session: Session, patient_id: int) -> list[DoctorPatient]:
    """Her links that open nothing any more and are no request, newest end first."""
    now = utc_now()
    found = session.scalars(
        select(DoctorPatient)
        .where(
            DoctorPatient.patient_id == patient_id,
            ~is_asked_for(),
            ~link_is_live(now),
        )
        .options(joinedload(DoctorPatient.doctor))
    )
    return sorted(found, key=lambda link: (until(link) or now, link.doctor_id), reverse=True)


def live_of_doctor(session: Session, actor: Actor) -> list[DoctorPatient]:
    """The live links of the doctor who acts, with patients and their users, by name; each is told that she looked.

    What she has asked for and nobody has answered is in no list: it would tell whose address belongs to a patient.
    """
    found = session.scalars(
        select(DoctorPatient)
        .join(DoctorPatient.patient)
        .join(Patient.user)
        .where(DoctorPatient.doctor_id == actor.signed_in_id, link_is_live(utc_now()))
        .options(joinedload(DoctorPatient.patient).joinedload(Patient.user))
        .order_by(func.lower(User.name), Patient.id)
    ).all()
    audit.record_named(session, actor, Permission.LINK_LIST.value, (link.patient_id for link in found))
    return list(found)


def since(link: DoctorPatient) -> datetime:
    """When the link became live: with a decision, with a take-over, or when it was made where nobody decided it."""
    if link.access_basis is AccessBasis.UNIT_COVER and link.access_expires_at is not None:
        return link.access_expires_at - TAKE_OVER_LASTS
    return link.decided_at or link.assigned_at


def until(link: DoctorPatient) -> datetime | None:
    """When the link ended or will end by itself; None while it has no end."""
    return link.ended_at or link.access_expires_at


def open_work(session: Session, patient_id: int) -> tuple[int, int]:
    """How many of her recordings have no outcome, and how many of her messages wait for a call."""
    recordings = session.scalar(
        select(func.count())
        .select_from(MonitoringSession)
        .where(MonitoringSession.woman_id == patient_id, is_unfinished())
    )
    calls = session.scalar(
        select(func.count())
        .select_from(UnitMessage)
        .where(UnitMessage.patient_id == patient_id, UnitMessage.closed_at.is_(None))
    )
    return recordings or 0, calls or 0


def is_asked_for() -> ColumnElement[bool]:
    """The SQL condition on DoctorPatient: her answer is awaited, also while a take-over opens the record."""
    is_newer_than_her_answer = and_(
        DoctorPatient.requested_at.is_not(None),
        or_(DoctorPatient.decided_at.is_(None), DoctorPatient.requested_at > DoctorPatient.decided_at),
    )
    return or_(
        DoctorPatient.access_state == AccessState.REQUESTED,
        and_(
            DoctorPatient.access_state == AccessState.LIVE,
            DoctorPatient.access_expires_at.is_not(None),
            is_newer_than_her_answer,
        ),
    )


def awaits_answer(link: DoctorPatient) -> bool:
    """Whether `is_asked_for` holds for this link."""
    if not is_limited(link):
        return link.access_state is AccessState.REQUESTED
    return link.requested_at is not None and (link.decided_at is None or link.requested_at > link.decided_at)


def is_limited(link: DoctorPatient) -> bool:
    """Whether the link opens the record, or did, for a limited time, beside which a request may stand."""
    return link.access_state is AccessState.LIVE and link.access_expires_at is not None


def doctor_may_work() -> ColumnElement[bool]:
    """The SQL condition on User: an open account of a validated doctor."""
    return User.deactivated_at.is_(None) & exists().where(Doctor.doctor_id == User.id, Doctor.is_valid.is_(True))
