"""What stands on the unit list: what nobody owns, what is overdue, and messages about a change in movement."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.models import DoctorPatient, MonitoringSession, Movement, UnitMessage
from app.services import audit, unit_mails
from app.services.clock import utc_now
from app.services.live_links import link_is_live
from app.services.open_calls import is_unfinished

# As long as an answer to the question about movements opens the upload form.
RECORDING_FOLLOWS_WITHIN = timedelta(hours=2)
# The same answer again so soon is a second press of the button and no second event.
SAME_ANSWER_WITHIN = timedelta(minutes=10)


def is_listed(session: Session, patient_id: int, now: datetime) -> bool:
    """Whether anything of this patient stands open on the unit list."""
    return bool(
        session.scalar(
            select(
                or_(
                    exists().where(UnitMessage.patient_id == patient_id, UnitMessage.closed_at.is_(None)),
                    exists().where(MonitoringSession.woman_id == patient_id, session_is_listed(now)),
                )
            )
        )
    )


def has_open_message(session: Session, patient_id: int) -> bool:
    """Whether an answer of hers that worried her waits for the unit."""
    return bool(
        session.scalar(select(exists().where(UnitMessage.patient_id == patient_id, UnitMessage.closed_at.is_(None))))
    )


def session_is_listed(now: datetime) -> ColumnElement[bool]:
    """The SQL condition on MonitoringSession for the unit list: unfinished, and unowned or overdue.

    It leaves the list by its outcome alone: a reading that nobody gives to the patient is none, nor is a request to
    call that has not reached her.
    """
    return is_unfinished() & or_(session_is_unowned(now), MonitoringSession.due_at < now)


def session_is_unowned(now: datetime) -> ColumnElement[bool]:
    """The SQL condition on MonitoringSession: nobody is to read it, or that doctor's link is no longer live.

    So nothing has to be moved when a link expires or a doctor leaves: the list shows it from that moment.
    """
    owner_may_read = exists().where(
        DoctorPatient.doctor_id == MonitoringSession.doctor_id,
        DoctorPatient.patient_id == MonitoringSession.woman_id,
        link_is_live(now),
    )
    return or_(MonitoringSession.doctor_id.is_(None), ~owner_may_read.correlate(MonitoringSession))


def leave_message(
    session: Session, actor: Actor, patient_id: int, movement: Movement, session_id: str | None = None
) -> UnitMessage:
    """The open message that her answer leaves with the unit; a recording joins the message it was announced by.

    Who is on unit cover is told by mail once for each message.
    """
    now = utc_now()
    window = SAME_ANSWER_WITHIN if session_id is None else RECORDING_FOLLOWS_WITHIN
    message = session.scalar(_announced(patient_id, movement, session_id, since=now - window))
    is_new = message is None
    if message is None:
        message = UnitMessage(patient_id=patient_id, movement=movement, created_at=now)
        session.add(message)
    message.session_id = session_id
    session.flush()
    if is_new:
        unit_mails.message_waits(session)
    audit.record(
        session, actor, "unit:leave_message", patient_id=patient_id, object_type="unit_message", object_id=message.id
    )
    return message


def _announced(patient_id: int, movement: Movement, session_id: str | None, *, since: datetime) -> Select[UnitMessage]:
    """The newest open message of this answer that no other recording has joined; nothing is locked for it.

    Two presses in the same instant leave two messages at worst; a lock could turn the second into an error.
    """
    return (
        select(UnitMessage)
        .where(
            UnitMessage.patient_id == patient_id,
            UnitMessage.movement == movement,
            or_(UnitMessage.session_id.is_(None), UnitMessage.session_id == session_id),
            UnitMessage.closed_at.is_(None),
            UnitMessage.created_at >= since,
        )
        .order_by(UnitMessage.id.desc())
        .limit(1)
    )
