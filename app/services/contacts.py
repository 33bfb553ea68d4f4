"""Attempts to reach a patient by voice about a recording: each is logged, and a failed one counts."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor
from app.models import ContactAttempt, ContactOutcome, MonitoringSession
from app.services import audit
from app.services.clock import utc_now


def log(
    session: Session, actor: Actor, monitoring_session: MonitoringSession, *, outcome: ContactOutcome, note: str
) -> ContactAttempt:
    """The attempt, as it ended."""
    attempt = ContactAttempt(
        session_id=monitoring_session.id,
        made_by_id=actor.signed_in_id,
        made_at=utc_now(),
        outcome=outcome,
        note=note,
    )
    session.add(attempt)
    session.flush()
    audit.record(
        session,
        actor,
        "contact:log",
        patient_id=monitoring_session.woman_id,
        object_type="session",
        object_id=monitoring_session.public_id,
    )
    return attempt


def logged(session: Session, monitoring_session: MonitoringSession) -> list[ContactAttempt]:
    """Every attempt with who made it, oldest first."""
    return list(
        session.scalars(
            select(ContactAttempt)
            .where(ContactAttempt.session_id == monitoring_session.id)
            .options(joinedload(ContactAttempt.made_by))
            .order_by(ContactAttempt.id)
        )
    )
