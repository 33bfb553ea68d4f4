"""Who opened or changed a patient's record, from the audit trail: her own access log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.access import Permission
from app.models import AuditEvent, DoctorPatient, Patient, User

PAGE_SIZE = 50
REFUSED = "refused"

# Always followed by a row that says what she decided.
_SAID_BETTER = (Permission.LINK_DECIDE.value,)

# A strip comes in pieces as it is scrolled, each with a row of its own; she is told of the look, when it began.
_LOOKS = {Permission.SESSION_READ.value, Permission.RECORD_READ.value, Permission.ANALYSIS_READ.value}
LOOK_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One act on the record; `name` is '' for a program and for a stranger.

    A stranger was refused and never had or asked for a link: another patient who tried an address, say. Her name and
    role are hers; they stand in the administrator's audit trail.
    """

    position: int
    at: datetime
    name: str
    role: str
    act: str
    object_type: str
    object_id: str
    is_own: bool
    is_stranger: bool


@dataclass(frozen=True, slots=True)
class LogPage:
    """One page, newest first, with the position to go on from; None at the end."""

    entries: Sequence[LogEntry]
    older_than: int | None


def page(session: Session, patient: Patient, *, includes_own: bool, older_than: int | None = None) -> LogPage:
    """The newest acts on the record, or those before a position; without her own unless asked for. One statement."""
    statement = (
        select(AuditEvent, User.name, DoctorPatient.doctor_id)
        .outerjoin(User, User.id == AuditEvent.actor_id)
        .outerjoin(
            DoctorPatient,
            and_(DoctorPatient.doctor_id == AuditEvent.actor_id, DoctorPatient.patient_id == patient.id),
        )
        .where(AuditEvent.subject_patient_id == patient.id, AuditEvent.act.not_in(_SAID_BETTER))
        .order_by(AuditEvent.position.desc())
        .limit(PAGE_SIZE + 1)
    )
    if not includes_own:
        statement = statement.where(or_(AuditEvent.actor_id.is_(None), AuditEvent.actor_id != patient.user_id))
    if older_than is not None:
        statement = statement.where(AuditEvent.position < older_than)
    found = session.execute(statement).all()
    entries: list[LogEntry] = []
    newer: AuditEvent | None = None
    for event, name, linked_id in found[:PAGE_SIZE]:
        entry = _entry(patient, event, name, linked_id)
        if newer is not None and _is_same_look(event, newer):
            entries[-1] = entry
        else:
            entries.append(entry)
        newer = event
    return LogPage(entries, older_than=entries[-1].position if len(found) > PAGE_SIZE else None)


def _is_same_look(older: AuditEvent, newer: AuditEvent) -> bool:
    """Whether two rows that follow one another are pieces of one look at a recording: its page and its pictures."""
    return (
        older.act in _LOOKS
        and newer.act in _LOOKS
        and (older.actor_id, older.object_type, older.object_id) == (newer.actor_id, newer.object_type, newer.object_id)
        and newer.at - older.at <= LOOK_PAUSE
    )


def _entry(patient: Patient, event: AuditEvent, name: str | None, linked_id: int | None) -> LogEntry:
    is_own = event.actor_id == patient.user_id
    is_stranger = event.act == REFUSED and name is not None and linked_id is None and not is_own
    return LogEntry(
        position=event.position,
        at=event.at,
        name="" if is_stranger else name or "",
        role="" if is_stranger else event.actor_role,
        act=event.act,
        object_type=event.object_type,
        object_id=event.object_id,
        is_own=is_own,
        is_stranger=is_stranger,
    )
