"""Requests to call that nobody has answered: the loop closes by a voice, not by a release (SAFETY.md, rule 4)."""

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.models import ContactAttempt, ContactOutcome, MonitoringSession, Release, ReleaseKind, Review, ReviewState

# A signed one waits until she has been told. One that an older database held back waits for nobody.
WAITING = (ReviewState.TO_REVIEW, ReviewState.SIGNED)


def she_is_to_call() -> ColumnElement[bool]:
    """The SQL condition on MonitoringSession: her newest release asks her to call, and nobody has reached her.

    Only a call since the reading was signed can have told her of it.
    """
    later = aliased(Release)
    is_replaced = exists().where(later.session_id == Release.session_id, later.id > Release.id)
    is_reached = exists().where(
        ContactAttempt.session_id == Release.session_id,
        ContactAttempt.outcome == ContactOutcome.REACHED,
        ContactAttempt.made_at >= Review.signed_at,
    )
    return exists().where(
        Release.session_id == MonitoringSession.id,
        Release.kind == ReleaseKind.PLEASE_CALL,
        Review.id == Release.review_id,
        ~is_replaced,
        ~is_reached,
    )


def is_unfinished() -> ColumnElement[bool]:
    """The SQL condition on MonitoringSession: somebody has to act on it still, wherever that is listed or counted."""
    return or_(MonitoringSession.review_state.in_(WAITING), she_is_to_call())


def is_open(session: Session, monitoring_session: MonitoringSession) -> bool:
    """Whether the patient of this recording is to call and has not been reached."""
    found = session.scalar(
        select(MonitoringSession.id).where(MonitoringSession.id == monitoring_session.id, she_is_to_call())
    )
    return found is not None
