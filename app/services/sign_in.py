"""Signing in and out."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, ActorRole
from app.database import begin_writing_after_reading
from app.models import User
from app.services import audit, browser_sessions, passwords, throttle
from app.services.email_addresses import folded
from app.services.errors import Refused

THROTTLE_KIND = "sign_in"


def sign_in(session: Session, actor: Actor, *, email: str, password: str, user_agent: str) -> str:
    """The key of a new signed-in browser, for its cookie.

    An unknown address, a wrong password, an account without one and a deactivated account are all
    Refused("sign_in"), after the same work. Throttled after five failures in a minute from one
    network, and after ACCOUNT_LIMIT from all.
    """
    attempt = throttle.count(
        session,
        THROTTLE_KIND,
        account=folded(email),
        address=actor.address,
        account_limit=throttle.ACCOUNT_LIMIT,
    )
    user = find(session, email)
    stored = user.password_hash if user is not None and user.is_active else None
    is_right = passwords.verify(stored, password)
    if user is None or not is_right:
        known = "" if user is None else user.id
        audit.record(session, actor, "account:sign_in_failed", object_type="user", object_id=known)
        raise Refused("sign_in")
    renewed = passwords.hash_password(password) if passwords.needs_rehash(user.password_hash) else None
    begin_writing_after_reading(session)
    if renewed is not None:
        user.password_hash = renewed
    throttle.take_back(session, attempt)
    key = browser_sessions.start(session, user, user_agent=user_agent)
    audit.record(session, acting_as(actor, user), "account:sign_in", object_type="user", object_id=user.id)
    return key


def sign_out(session: Session, actor: Actor, browser_id: int) -> None:
    """End the browser at hand; every copy of its cookie is dead."""
    browser_sessions.end(session, browser_id)
    audit.record(session, actor, "account:sign_out", object_type="user", object_id=actor.signed_in_id)


def find(session: Session, email: str) -> User | None:
    """The user who signs in with this address, in whatever case it is typed."""
    return session.scalars(select(User).where(User.email_lower == folded(email))).one_or_none()


def acting_as(actor: Actor, user: User) -> Actor:
    """`actor` with the person that the request has just turned out to be, for the audit trail."""
    return replace(actor, role=ActorRole(user.role.value), user_id=user.id)
