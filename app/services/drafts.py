"""Readings in progress: exactly what was typed, also when it is incomplete or wrong, one per author and recording."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.models import MonitoringSession, Review, ReviewDraft
from app.services import audit, reviewable
from app.services.clock import utc_now
from app.services.errors import Conflict, Refused

# Far more than a reading needs; a draft is no store for files.
MAX_CHARACTERS = 20_000
# Beside what is typed stands the tab that it was typed in.
TAB = "draft_tab"


@dataclass(frozen=True, slots=True)
class Tab:
    """An open form: a name of its own, and the version of the draft that it was opened with."""

    name: str
    opened_with: str


def save(
    session: Session,
    actor: Actor,
    monitoring_session: MonitoringSession,
    *,
    fetus: int,
    typed: Mapping[str, str],
    tab: Tab,
) -> ReviewDraft:
    """Keep what was typed for one fetus, in place of what was kept before.

    Raises
    ------
    Refused
        no_such_fetus, draft_too_long; nothing is stored.
    Conflict
        already_signed: what it was a draft of has been signed, and it amends no newest reading; nothing is stored.
        draft_changed: another tab has kept something since this one was opened; nothing is stored.
    """
    if fetus not in reviewable.fetuses(monitoring_session):
        raise Refused("no_such_fetus")
    kept = {**typed, TAB: tab.name}
    if sum(map(len, kept.values())) > MAX_CHARACTERS:
        raise Refused("draft_too_long")
    # Two saves of one draft may arrive at once: the second waits here and then finds the first.
    reviewable.lock(session, monitoring_session)
    signed_id = _newest_reading_id(session, monitoring_session, fetus)
    if typed.get("amends", "") != ("" if signed_id is None else str(signed_id)):
        raise Conflict("already_signed")
    draft = find(session, actor, monitoring_session, for_update=True)
    if not _may_write_over(tab, draft, fetus):
        raise Conflict("draft_changed")
    if draft is None:
        draft = ReviewDraft(
            session_id=monitoring_session.id, author_id=actor.signed_in_id, fields={}, saved_at=utc_now()
        )
        session.add(draft)
    draft.fields = {**draft.fields, str(fetus): kept}
    draft.saved_at = utc_now()
    session.flush()
    audit.record(
        session,
        actor,
        "review:draft",
        patient_id=monitoring_session.woman_id,
        object_type="session",
        object_id=monitoring_session.public_id,
    )
    return draft


def typed_for(draft: ReviewDraft | None, fetus: int) -> dict[str, str]:
    """What is kept for a fetus; empty where nothing is."""
    return {} if draft is None else draft.fields.get(str(fetus), {})


def version(draft: ReviewDraft | None, fetus: int) -> str:
    """What tells this draft of a fetus from every other; "" where nothing is kept."""
    typed = typed_for(draft, fetus)
    return sha256(json.dumps(typed, sort_keys=True).encode()).hexdigest() if typed else ""


def find(
    session: Session, actor: Actor, monitoring_session: MonitoringSession, *, for_update: bool = False
) -> ReviewDraft | None:
    """The actor's own draft of this recording; nobody else's is ever shown."""
    statement = select(ReviewDraft).where(
        ReviewDraft.session_id == monitoring_session.id, ReviewDraft.author_id == actor.user_id
    )
    return session.scalars(statement.with_for_update() if for_update else statement).one_or_none()


def discard(session: Session, actor: Actor, monitoring_session: MonitoringSession, fetus: int) -> None:
    """Forget the draft of a fetus whose reading is signed."""
    draft = find(session, actor, monitoring_session, for_update=True)
    if draft is None:
        return
    rest = {number: typed for number, typed in draft.fields.items() if number != str(fetus)}
    if rest:
        draft.fields = rest
    else:
        session.delete(draft)


def _may_write_over(tab: Tab, draft: ReviewDraft | None, fetus: int) -> bool:
    """Whether the reader of this tab has seen what is kept: it is her own text, or what the tab was opened with.

    A tab knows its own text by its name, so that an answer that is lost on the way locks nobody out.
    """
    typed = typed_for(draft, fetus)
    return not typed or (tab.name != "" and typed.get(TAB) == tab.name) or version(draft, fetus) == tab.opened_with


def _newest_reading_id(session: Session, monitoring_session: MonitoringSession, fetus: int) -> int | None:
    """What is signed by now; a locking read sees what was committed after our transaction began."""
    return session.scalar(
        select(Review.id)
        .where(Review.session_id == monitoring_session.id, Review.fetus == fetus)
        .order_by(Review.version.desc())
        .limit(1)
        .with_for_update(read=True)
    )
