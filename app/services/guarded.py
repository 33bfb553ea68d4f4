"""Loaders that load, check and record: nothing of a patient is reached by an id in any other way."""

from datetime import datetime
from typing import NoReturn

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor, Permission, Relation, permits
from app.models import DoctorPatient, MonitoringSession, Patient, Record
from app.services import audit, unit_list
from app.services.clock import utc_now
from app.services.errors import Moved, NotFound
from app.services.live_links import link_is_live

__all__ = [
    "authorize",
    "link_is_live",
    "monitoring_session",
    "patient",
    "record",
    "refuse_unknown",
    "relation_to",
    "visible_patient_ids",
    "was_authorized",
]

_AUTHORIZED = "authorized_permissions"
NOBODY = 0  # No row has this id.


def patient(session: Session, actor: Actor, patient_id: int, permission: Permission) -> Patient:
    """The patient with her user, or NotFound, the same whether she does not exist or is not the actor's to see.

    Moved to who may see her, where this record gave way to another one of hers.
    """
    found = session.get(Patient, patient_id, options=[joinedload(Patient.user)])
    if found is None:
        refuse_unknown(session, actor, permission, object_type="patient", object_id=patient_id)
    if found.superseded_by_id is not None:
        _lead_to_current(session, actor, permission, found, found.superseded_by_id)
    authorize(session, actor, permission, patient_id=found.id, object_type="patient", object_id=found.id)
    return found


def monitoring_session(session: Session, actor: Actor, public_id: str, permission: Permission) -> MonitoringSession:
    """The session with patient, her user and owner, or NotFound. One without a patient is nobody's to see."""
    found = session.scalars(
        select(MonitoringSession)
        .where(MonitoringSession.public_id == public_id)
        .options(joinedload(MonitoringSession.patient).joinedload(Patient.user), joinedload(MonitoringSession.owner))
    ).one_or_none()
    if found is None or found.woman_id is None:
        refuse_unknown(session, actor, permission, object_type="session", object_id=public_id)
    authorize(session, actor, permission, patient_id=found.woman_id, object_type="session", object_id=found.public_id)
    return found


def record(session: Session, actor: Actor, record_id: int, permission: Permission) -> Record:
    """The record of the older system with patient, her user, doctor and receiver, or NotFound; never its values."""
    found = session.scalars(
        select(Record)
        .where(Record.id == record_id)
        .options(
            joinedload(Record.patient).joinedload(Patient.user), joinedload(Record.doctor), joinedload(Record.receiver)
        )
    ).one_or_none()
    if found is None or found.woman_id is None:
        refuse_unknown(session, actor, permission, object_type="record", object_id=record_id)
    authorize(session, actor, permission, patient_id=found.woman_id, object_type="record", object_id=found.id)
    return found


def authorize(
    session: Session, actor: Actor, permission: Permission, *, patient_id: int, object_type: str, object_id: object
) -> None:
    """Record the act when the policy permits it; else record the refusal and raise NotFound.

    `patient_id` is a woman's current record: of a recording `woman_id`.
    """
    if not permits(actor, permission, relation_to(session, actor, patient_id)):
        _refuse(session, actor, permission, patient_id=patient_id, object_type=object_type, object_id=object_id)
    audit.record(session, actor, permission.value, patient_id=patient_id, object_type=object_type, object_id=object_id)
    session.info.setdefault(_AUTHORIZED, set()).add(permission)


def _lead_to_current(
    session: Session, actor: Actor, permission: Permission, found: Patient, current_id: int
) -> NoReturn:
    """Raise Moved to whom the current record is open; to everybody else this one does not exist."""
    if not permits(actor, permission, relation_to(session, actor, current_id)):
        _refuse(session, actor, permission, patient_id=current_id, object_type="patient", object_id=found.id)
    # What is read there is recorded there.
    session.info.setdefault(_AUTHORIZED, set()).add(permission)
    raise Moved("record_moved", patient_id=current_id)


def refuse_unknown(
    session: Session, actor: Actor, permission: Permission, *, object_type: str, object_id: object
) -> NoReturn:
    """Raise NotFound for what is nobody's, after the same questions and with such a row as for what is another's.

    Else the time that the answer takes would tell which numbers are patients.
    """
    relation_to(session, actor, NOBODY)
    _refuse(session, actor, permission, patient_id=None, object_type=object_type, object_id=object_id)


def _refuse(
    session: Session,
    actor: Actor,
    permission: Permission,
    *,
    patient_id: int | None,
    object_type: str,
    object_id: object,
) -> NoReturn:
    audit.record(
        session,
        actor,
        "refused",
        patient_id=patient_id,
        object_type=object_type,
        object_id=object_id,
        is_refusal=True,
        permission=permission.value,
    )
    raise NotFound(object_type)


def was_authorized(session: Session, permission: Permission) -> bool:
    """Whether this request has passed `authorize` for `permission`: a view that forgot to is answered 403."""
    return permission in session.info.get(_AUTHORIZED, ())


def relation_to(session: Session, actor: Actor, patient_id: int) -> Relation:
    """What `actor` is to the patient at this moment."""
    return Relation(
        patient_id=patient_id,
        is_self=actor.patient_id == patient_id,
        has_live_link=actor.user_id is not None
        and bool(
            session.scalar(
                select(
                    exists().where(
                        DoctorPatient.doctor_id == actor.user_id,
                        DoctorPatient.patient_id == patient_id,
                        link_is_live(utc_now()),
                    )
                )
            )
        ),
        is_on_unit_list=actor.on_unit_cover and unit_list.is_listed(session, patient_id, utc_now()),
    )


def visible_patient_ids(actor: Actor, now: datetime) -> ColumnElement[bool]:
    """The SQL condition on Patient.id for every list, count and search: her own record, or a live link."""
    if actor.patient_id is not None:
        return Patient.id == actor.patient_id
    return Patient.id.in_(
        select(DoctorPatient.patient_id).where(DoctorPatient.doctor_id == actor.user_id, link_is_live(now))
    )
