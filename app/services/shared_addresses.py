"""Addresses that several accounts of an older database have: none of those signs in until it is settled whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor
from app.models import User
from app.services import account_mails, account_tokens, audit, browser_sessions
from app.services.account_mails import Links
from app.services.email_addresses import folded, is_plausible
from app.services.errors import NotFound, Refused

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class UnsettledPage:
    """Some accounts without an address to sign in with, and the id after which the list goes on."""

    users: Sequence[User]
    goes_on_after: int | None


def accounts_with(session: Session, email: str) -> Sequence[User]:
    """The accounts that share this address, in whatever case it is typed. One statement, whoever asks."""
    unsettled = session.scalars(select(User).where(User.email_lower.is_(None)).order_by(User.id))
    # Compared here: the databases fold letters each in their own way.
    return [user for user in unsettled if folded(user.email) == folded(email)]


def any_unsettled(session: Session) -> bool:
    """Whether an account waits for an administrator's word."""
    return bool(session.scalar(select(exists().where(User.email_lower.is_(None)))))


def unsettled(session: Session, *, after_id: int = 0) -> UnsettledPage:
    """The accounts that cannot sign in, those of closed accounts too."""
    statement = select(User).where(User.email_lower.is_(None), User.id > after_id).order_by(User.id)
    found = list(session.scalars(statement.limit(PAGE_SIZE + 1)))
    goes_on = len(found) > PAGE_SIZE
    found = found[:PAGE_SIZE]
    return UnsettledPage(found, found[-1].id if goes_on else None)


def settle(session: Session, actor: Actor, user_id: int, email: str, links: Links) -> User:
    """Let this account sign in with `email`: its own, if it keeps the shared address, or another one.

    Only an account that cannot sign in is given an address here: whoever has one changes it herself. The old address
    and the new one are both told.

    Raises
    ------
    NotFound
        No account of this number waits.
    Refused
        address: no mail could reach it; address_taken: another account has it.
    """
    user = session.get(User, user_id, with_for_update=True, populate_existing=True)
    if user is None or user.email_lower is not None:
        raise NotFound("user")
    if not is_plausible(email):
        raise Refused("address")
    old = user.email
    is_kept = folded(email) == folded(old)
    if not is_kept and accounts_with(session, email):
        raise Refused("address_taken")
    try:
        with session.begin_nested():
            if not is_kept:
                user.email = email
            user.email_lower = folded(email)
    except IntegrityError:
        raise Refused("address_taken") from None
    browser_sessions.end_all(session, user.id)
    account_tokens.use_up(session, user.id)
    for address in dict.fromkeys((old, user.email)):
        account_mails.address_settled(session, user, address, links)
    audit.record(session, actor, "account:settle_address", object_type="user", object_id=user.id, is_kept=is_kept)
    return user
