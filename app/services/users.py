"""Accounts as an administrator sees them: who has one, and who may sign in."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.models import Doctor, Role, User
from app.services import account_mails, accounts, audit
from app.services.account_mails import Links
from app.services.errors import Refused

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class UserPage:
    """Some accounts, newest first, with the ids to go on from; None at either end of the list."""

    users: Sequence[User]
    newer_than: int | None
    older_than: int | None


def search(
    session: Session,
    *,
    text: str = "",
    role: Role | None = None,
    older_than: int | None = None,
    newer_than: int | None = None,
) -> UserPage:
    """Accounts whose name or address contains `text` as it is typed: % and _ stand for themselves."""
    statement = _matching(text, role)
    if newer_than is not None:
        statement = statement.where(User.id > newer_than).order_by(User.id)
    else:
        if older_than is not None:
            statement = statement.where(User.id < older_than)
        statement = statement.order_by(User.id.desc())
    # One more than a page shows whether the list goes on.
    found = list(session.scalars(statement.limit(PAGE_SIZE + 1)))
    goes_on = len(found) > PAGE_SIZE
    found = found[:PAGE_SIZE]
    if newer_than is not None:
        found.reverse()
    if not found:
        return UserPage([], None, None)
    has_newer = goes_on if newer_than is not None else older_than is not None
    has_older = newer_than is not None or goes_on
    return UserPage(found, found[0].id if has_newer else None, found[-1].id if has_older else None)


def deactivate(session: Session, actor: Actor, user_id: int) -> User:
    """Close somebody's account and end her sessions; a doctor is off unit cover. Refused: oneself, last_admin."""
    user = accounts.unchecked_get(session, user_id)
    if user.id == actor.user_id:
        raise Refused("oneself")
    accounts.deactivate(session, actor, user_id)
    doctor = session.scalar(select(Doctor).where(Doctor.doctor_id == user_id, Doctor.on_unit_cover.is_(True)))
    if doctor is not None:
        doctor.on_unit_cover = False
        session.flush()
        audit.record(session, actor, "doctor:end_unit_cover", object_type="user", object_id=user_id)
    return user


def reactivate(session: Session, actor: Actor, user_id: int) -> User:
    """Open a closed account again, with the password it had; unit cover is given anew."""
    user = accounts.unchecked_get(session, user_id)
    if user.is_active:
        return user
    user.deactivated_at = None
    session.flush()
    audit.record(session, actor, "account:reactivate", object_type="user", object_id=user.id)
    return user


def send_activation(session: Session, actor: Actor, user_id: int, links: Links) -> User:
    """Mail an account that has no password yet the link to choose one; Refused("not_waiting") for any other.

    So a patient whom an older database knows without a password gets in: by her mailbox, never by her address alone.
    """
    user = accounts.unchecked_get(session, user_id)
    if user.has_password or not user.is_active or user.email_lower is None:
        raise Refused("not_waiting")
    account_mails.activation(session, user, links)
    audit.record(session, actor, "account:send_activation", object_type="user", object_id=user.id)
    return user


def _matching(text: str, role: Role | None) -> Select[User]:
    statement = select(User)
    if text:
        statement = statement.where(
            or_(User.name.icontains(text, autoescape=True), User.email.icontains(text, autoescape=True))
        )
    if role is not None:
        statement = statement.where(User.role == role)
    return statement
