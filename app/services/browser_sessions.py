"""Signed-in browsers: a random key in the cookie, its hash in a row; ending the row kills every copy of the cookie."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from app.access import Actor
from app.models import BrowserSession, User
from app.services import audit
from app.services.clock import utc_now
from app.services.errors import NotFound

IDLE_LIMIT = timedelta(minutes=30)
ABSOLUTE_LIMIT = timedelta(hours=12)
# Writing each use would turn every page view into a write; this keeps the idle limit exact to a minute.
TOUCH_EVERY = timedelta(minutes=1)


def start(session: Session, user: User, *, user_agent: str) -> str:
    """A new signed-in browser for `user`; the answer is the key for its cookie, which is kept nowhere."""
    key = secrets.token_urlsafe(32)
    now = utc_now()
    session.add(
        BrowserSession(
            user_id=user.id, key_hash=_hash(key), user_agent=user_agent[:255], created_at=now, last_used_at=now
        )
    )
    session.flush()
    return key


def find(session: Session, key: str) -> BrowserSession | None:
    """The live browser session of `key` with its user; None when it ended, idled, aged or was deactivated."""
    found = session.scalars(
        select(BrowserSession).where(BrowserSession.key_hash == _hash(key)).options(joinedload(BrowserSession.user))
    ).one_or_none()
    now = utc_now()
    if (
        found is None
        or found.ended_at is not None
        or now - found.last_used_at > IDLE_LIMIT
        or now - found.created_at > ABSOLUTE_LIMIT
        or not found.user.is_active
    ):
        return None
    return found


def live(session: Session, user_id: int) -> Sequence[BrowserSession]:
    """The browsers in which this user is signed in, the last used first."""
    now = utc_now()
    return session.scalars(
        select(BrowserSession)
        .where(
            BrowserSession.user_id == user_id,
            BrowserSession.ended_at.is_(None),
            BrowserSession.last_used_at >= now - IDLE_LIMIT,
            BrowserSession.created_at >= now - ABSOLUTE_LIMIT,
        )
        .order_by(BrowserSession.last_used_at.desc(), BrowserSession.id.desc())
    ).all()


def end_own(session: Session, actor: Actor, browser_id: int) -> None:
    """Sign out one of the actor's own browsers, or NotFound."""
    found = session.get(BrowserSession, browser_id)
    if found is None or found.user_id != actor.signed_in_id:
        raise NotFound("browser_session")
    end(session, browser_id)
    audit.record(session, actor, "account:end_browser", object_type="browser", object_id=browser_id)


def needs_touch(browser: BrowserSession) -> bool:
    """Whether its last use is old enough to be written again."""
    return utc_now() - browser.last_used_at > TOUCH_EVERY


def touch(session: Session, browser_id: int) -> None:
    """Write that it was used now."""
    session.execute(update(BrowserSession).where(BrowserSession.id == browser_id).values(last_used_at=utc_now()))


def end(session: Session, browser_id: int) -> None:
    """Sign one browser out."""
    session.execute(
        update(BrowserSession)
        .where(BrowserSession.id == browser_id, BrowserSession.ended_at.is_(None))
        .values(ended_at=utc_now())
    )


def end_all(session: Session, user_id: int, *, ended_at: datetime | None = None) -> None:
    """Sign out every browser of a user: after a change of password or role, or a deactivation."""
    session.execute(
        update(BrowserSession)
        .where(BrowserSession.user_id == user_id, BrowserSession.ended_at.is_(None))
        .values(ended_at=ended_at or utc_now())
    )


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
