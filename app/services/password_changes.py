"""How a password becomes another one: known and changed, forgotten and reset, or chosen for the first time."""

from sqlalchemy.orm import Session

from app.access import Actor
from app.database import begin_writing_after_reading
from app.models import TokenPurpose, User
from app.services import account_mails, account_tokens, audit, browser_sessions, passwords, shared_addresses, throttle
from app.services.account_mails import Links
from app.services.accounts import unchecked_get
from app.services.clock import utc_now
from app.services.email_addresses import folded
from app.services.errors import Refused
from app.services.sign_in import acting_as, find


def change(session: Session, actor: Actor, *, old: str, new: str, user_agent: str, links: Links) -> str:
    """The key of this browser's new session; every other one is ended, and so is every copy of the old cookie.

    Refused: old_password, or the code of `passwords.problem`; throttled like a sign-in.
    """
    attempt = throttle.count(session, "password", account=str(actor.signed_in_id), address=actor.address)
    user = unchecked_get(session, actor.signed_in_id)
    if not passwords.verify(user.password_hash, old):
        audit.record(session, actor, "account:password_change_failed", object_type="user", object_id=user.id)
        raise Refused("old_password")
    new_hash = _hashed(user, new)
    begin_writing_after_reading(session)
    throttle.take_back(session, attempt)
    _set(session, user, new_hash, links)
    audit.record(session, actor, "account:password_change", object_type="user", object_id=user.id)
    return browser_sessions.start(session, user, user_agent=user_agent)


def request_reset(session: Session, actor: Actor, email: str, links: Links) -> None:
    """Write a reset link to the account of this address, if there is one; the caller learns nothing.

    Somebody who has never set a password gets her activation link again, and where several accounts of an older
    database share the address nobody gets a link: the message says whom to ask.
    """
    throttle.count(session, "reset", account=folded(email), address=actor.address)
    # Tens of milliseconds for everybody, in which the two more rows of a known address cannot be measured.
    passwords.verify(None, "")
    begin_writing_after_reading(session)
    user = find(session, email)
    sharing = shared_addresses.accounts_with(session, email)
    if sharing:
        account_mails.shared_address(session, sharing[0])
    if user is not None and user.is_active:
        if user.has_password:
            account_mails.reset(session, user, links)
        else:
            account_mails.activation(session, user, links)
    known = "" if user is None else user.id
    audit.record(session, actor, "account:reset_request", object_type="user", object_id=known)


def reset(session: Session, actor: Actor, *, token: str, password: str, links: Links) -> None:
    """Set a new password by a mailed token and sign every browser out. NotFound, or Refused as in `change`."""
    user = account_tokens.holder(session, token, TokenPurpose.RESET)
    new_hash = _hashed(user, password)
    account_tokens.use(session, token, TokenPurpose.RESET)
    _set(session, user, new_hash, links)
    audit.record(session, acting_as(actor, user), "account:password_reset", object_type="user", object_id=user.id)


def activate(session: Session, actor: Actor, *, token: str, password: str) -> None:
    """Set the first password by a mailed or printed token. NotFound, or Refused as in `change`."""
    user = account_tokens.holder(session, token, TokenPurpose.ACTIVATE)
    new_hash = _hashed(user, password)
    account_tokens.use(session, token, TokenPurpose.ACTIVATE)
    _set(session, user, new_hash, None)
    audit.record(session, acting_as(actor, user), "account:activate", object_type="user", object_id=user.id)


def _hashed(user: User, password: str) -> str:
    if code := passwords.problem(password, name=user.name, email=user.email):
        raise Refused(code)
    return passwords.hash_password(password)


def _set(session: Session, user: User, password_hash: str, links: Links | None) -> None:
    user.password_hash = password_hash
    user.password_changed_at = utc_now()
    session.flush()
    browser_sessions.end_all(session, user.id)
    account_tokens.use_up(session, user.id)
    if links is not None:
        account_mails.password_changed(session, user, links)
