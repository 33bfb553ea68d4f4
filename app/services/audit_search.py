"""Looking into the audit trail: who did what to whose record, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.models import AuditEvent, AuditHead, User
from app.services import audit
from app.services.email_addresses import folded

PAGE_SIZE = 50
MAX_USER_ID = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What to look for; None and '' mean any. `act` is the beginning of an act, such as `session:`."""

    since: datetime | None = None
    until: datetime | None = None
    actor: str = ""
    patient_id: int | None = None
    act: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """One row of the trail and the name of who acted, where she has an account."""

    event: AuditEvent
    actor_name: str | None


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some rows, newest first, the positions to go on from, and the chain's last position."""

    rows: Sequence[Found]
    newer_than: int | None
    older_than: int | None
    last_position: int


def search(
    session: Session,
    actor: Actor,
    criteria: Criteria,
    *,
    older_than: int | None = None,
    newer_than: int | None = None,
) -> AuditPage:
    """One page of what matches; the search is an act of its own and stands in the log of the patient it names."""
    statement = _matching(session, criteria)
    if newer_than is not None:
        statement = statement.where(AuditEvent.position > newer_than).order_by(AuditEvent.position)
    else:
        if older_than is not None:
            statement = statement.where(AuditEvent.position < older_than)
        statement = statement.order_by(AuditEvent.position.desc())
    # One more than a page shows whether the list goes on.
    found = [Found(event, name) for event, name in session.execute(statement.limit(PAGE_SIZE + 1))]
    goes_on = len(found) > PAGE_SIZE
    found = found[:PAGE_SIZE]
    if newer_than is not None:
        found.reverse()
    audit.record(
        session, actor, "audit:search", patient_id=criteria.patient_id, object_type="audit", act_searched=criteria.act
    )
    has_newer = goes_on if newer_than is not None else older_than is not None
    has_older = newer_than is not None or goes_on
    return AuditPage(
        found,
        newer_than=found[0].event.position if found and has_newer else None,
        older_than=found[-1].event.position if found and has_older else None,
        last_position=session.scalars(select(AuditHead.position).where(AuditHead.id == 1)).one(),
    )


def _matching(session: Session, criteria: Criteria) -> Select[AuditEvent, str]:
    statement = select(AuditEvent, User.name).outerjoin(User, User.id == AuditEvent.actor_id)
    if criteria.since is not None:
        statement = statement.where(AuditEvent.at >= criteria.since)
    if criteria.until is not None:
        statement = statement.where(AuditEvent.at < criteria.until)
    if criteria.patient_id is not None:
        statement = statement.where(AuditEvent.subject_patient_id == criteria.patient_id)
    if criteria.act:
        statement = statement.where(AuditEvent.act.startswith(criteria.act, autoescape=True))
    if criteria.actor:
        statement = statement.where(AuditEvent.actor_id.in_(_user_ids(session, criteria.actor)))
    return statement


def _user_ids(session: Session, text: str) -> Sequence[int]:
    """The users that `text` names: a number, or an address whose case does not matter; none is an answer too."""
    if text.isascii() and text.isdigit():
        return [int(text)] if int(text) <= MAX_USER_ID else []
    address = folded(text)
    return session.scalars(select(User.id).where(or_(User.email_lower == address, User.email == text))).all()
