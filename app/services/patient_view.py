"""What a patient is told of each recording: how far it has come, who did it and when. No number, no class."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.access import ActorRole, Permission
from app.models import (
    AuditEvent,
    MonitoringSession,
    Release,
    ReleaseKind,
    Review,
    ReviewState,
    Uninterpretable,
    User,
)


class PatientStateKind(StrEnum):
    """How far a recording has come, as a patient sees it."""

    SAVED = "saved"
    CARRIED_OVER = "carried_over"
    OPENED = "opened"
    READ = "read"
    PLEASE_CALL = "please_call"
    NOT_READABLE = "not_readable"


KINDS_OF_RELEASES = {
    ReleaseKind.MESSAGE: PatientStateKind.READ,
    ReleaseKind.PLEASE_CALL: PatientStateKind.PLEASE_CALL,
    ReleaseKind.NOT_READABLE: PatientStateKind.NOT_READABLE,
}


@dataclass(frozen=True, slots=True)
class PatientState:
    """One state: who opened or read it and when, and the words of who wrote to her, which need not be the same."""

    kind: PatientStateKind
    doctor_name: str = ""
    at: datetime | None = None
    reason: Uninterpretable | None = None
    message: str = ""
    writer_name: str = ""
    written_at: datetime | None = None


def state_of(session: Session, sessions: Sequence[MonitoringSession]) -> dict[str, PatientState]:
    """The state of each session by its `id`, in two statements however many there are."""
    if not sessions:
        return {}
    states = {one.id: _unopened(one) for one in sessions}
    states |= _opened(session, sessions)
    states |= {release.session_id: of_release(release) for release in _newest_releases(session, states)}
    return states


def _unopened(one: MonitoringSession) -> PatientState:
    """Nobody has checked it yet; of one of the older system nobody knows, and it does not wait."""
    is_older = one.review_state is ReviewState.CARRIED_OVER
    return PatientState(PatientStateKind.CARRIED_OVER if is_older else PatientStateKind.SAVED)


def of_release(release: Release) -> PatientState:
    """What a patient sees of this release; `released_by`, `review` and its author must be loaded."""
    return told(
        release.kind,
        release.review,
        reason=release.reason,
        message=release.message,
        writer_name=release.released_by.name,
        written_at=release.released_at,
    )


def told(
    kind: ReleaseKind,
    reading: Review,
    *,
    reason: Uninterpretable | None,
    message: str,
    writer_name: str,
    written_at: datetime,
) -> PatientState:
    """What a patient sees once somebody writes this to her about `reading`, whose author must be loaded."""
    return PatientState(
        kind=KINDS_OF_RELEASES[kind],
        doctor_name=reading.author.name,
        at=reading.signed_at,
        reason=reason,
        message=message,
        writer_name=writer_name,
        written_at=written_at,
    )


def _opened(session: Session, sessions: Sequence[MonitoringSession]) -> dict[str, PatientState]:
    """Who opened each first, from the audit trail, which outlives names and accounts."""
    first = (
        select(AuditEvent.object_id, func.min(AuditEvent.position).label("position"))
        .where(
            AuditEvent.subject_patient_id.in_({one.woman_id for one in sessions}),
            AuditEvent.object_type == "session",
            AuditEvent.object_id.in_([one.public_id for one in sessions]),
            AuditEvent.act == Permission.SESSION_READ.value,
            AuditEvent.actor_role == ActorRole.DOCTOR.value,
        )
        .group_by(AuditEvent.object_id)
        .subquery()
    )
    rows = session.execute(
        select(AuditEvent.object_id, AuditEvent.at, User.name)
        .join(first, first.c.position == AuditEvent.position)
        .join(User, User.id == AuditEvent.actor_id)
    )
    by_public_id = {row.object_id: PatientState(PatientStateKind.OPENED, row.name, row.at) for row in rows}
    return {one.id: by_public_id[one.public_id] for one in sessions if one.public_id in by_public_id}


def _newest_releases(session: Session, session_ids: Iterable[str]) -> Sequence[Release]:
    newest = select(func.max(Release.id)).where(Release.session_id.in_(session_ids)).group_by(Release.session_id)
    return session.scalars(
        select(Release)
        .where(Release.id.in_(newest))
        .options(joinedload(Release.released_by), joinedload(Release.review).joinedload(Review.author))
    ).all()
