"""Accounts: how they come to be, change and end."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.access import Actor
from app.database import begin_writing_after_reading
from app.models import Doctor, Language, Patient, Role, TokenPurpose, User
from app.services import (
    account_mails,
    account_tokens,
    audit,
    browser_sessions,
    passwords,
    shared_addresses,
    throttle,
)
from app.services.account_mails import Links
from app.services.clock import utc_now
from app.services.email_addresses import folded, is_plausible
from app.services.errors import NotFound, Refused
from app.services.sign_in import acting_as, find

# An administrator is made by the command line, never by a form.
REGISTRABLE_ROLES = frozenset({Role.PATIENT, Role.DOCTOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """What a person says of herself; without a password she chooses it by the link in her mail."""

    role: Role
    name: str
    email: str
    language: Language
    password: str | None
    birth_date: date | None = None
    phone: str | None = None


def register(session: Session, actor: Actor, person: Registration, links: Links) -> None:
    """Make an account for a patient or a doctor, or write to the owner of the one that has this address.

    The caller learns nothing: a known and an unknown address get the same answer after the same work, one hash and
    one message. Where mail leaves the machine the web layer asks for no password, and the account is usable once
    the mailed link was opened, so that not even a later sign-in tells whether the address was known. Where mail
    goes to a console nobody could open that link: there the password is given at once and works at once.
    """
    _refuse_unregistrable(person)
    throttle.count(session, "register", account=folded(person.email), address=actor.address)
    # One hash for everybody, in whose tens of milliseconds a row more or less cannot be measured.
    password_hash = passwords.hash_password(person.password) if person.password is not None else ""
    if person.password is None:
        passwords.verify(None, "")
    begin_writing_after_reading(session)
    known = find(session, person.email)
    sharing = shared_addresses.accounts_with(session, person.email)
    user = (
        None
        if known is not None or sharing
        else _add(session, person.name, person.email, person.role, person.language, password_hash)
    )
    if user is None:
        owner = known or next(iter(sharing), None) or _faster_one(session, person.email)
        if sharing:
            account_mails.shared_address(session, sharing[0])
        elif owner is not None and owner.is_active:
            account_mails.already_registered(session, owner, links)
        audit.record(session, actor, "account:register_known", object_type="user", object_id=owner.id if owner else "")
        return
    if person.role is Role.PATIENT:
        session.add(Patient(user_id=user.id, current_user_id=user.id, birth_date=person.birth_date, phone=person.phone))
    if user.has_password:
        account_mails.welcome(session, user, links)
    else:
        account_mails.activation(session, user, links)
    session.flush()
    audit.record(session, acting_as(actor, user), "account:register", object_type="user", object_id=user.id)


def create_user(
    session: Session,
    actor: Actor,
    *,
    name: str,
    email: str,
    role: Role,
    password: str | None,
    language: Language | None,
) -> User:
    """A new user, without password where she is pre-registered; a doctor waits for validation.

    Raises Refused: address, address_taken, or the code of `passwords.problem`. A patient's record is the caller's
    to make.
    """
    if not is_plausible(email):
        raise Refused("address")
    if find(session, email) is not None or shared_addresses.accounts_with(session, email):
        raise Refused("address_taken")
    if password is not None and (code := passwords.problem(password, name=name, email=email)):
        raise Refused(code)
    password_hash = passwords.hash_password(password) if password is not None else ""
    user = _add(session, name, email, role, language, password_hash)
    if user is None:
        raise Refused("address_taken")
    audit.record(session, actor, "account:create", object_type="user", object_id=user.id, role=role.value)
    return user


def create_admin(session: Session, actor: Actor, *, name: str, email: str, password: str) -> User:
    """A new administrator; Refused as in `create_user`."""
    return create_user(session, actor, name=name, email=email, role=Role.ADMIN, password=password, language=None)


def activation_token(session: Session, user: User) -> str:
    """A code for a user without password, to be mailed or printed: it works once, for 14 days."""
    return account_tokens.issue(session, user, TokenPurpose.ACTIVATE)


def set_language(session: Session, actor: Actor, language: Language) -> None:
    """Keep the language in which this account is spoken to."""
    unchecked_get(session, actor.signed_in_id).language = language
    session.flush()


def deactivate(session: Session, actor: Actor, user_id: int) -> None:
    """Close an account: no sign-in, no open browser, no open token. Refused("last_admin") for the last one."""
    user = unchecked_get(session, user_id)
    if not user.is_active:
        return
    _refuse_last_admin(session, user)
    user.deactivated_at = utc_now()
    session.flush()
    browser_sessions.end_all(session, user.id)
    account_tokens.use_up(session, user.id)
    audit.record(session, actor, "account:deactivate", object_type="user", object_id=user.id)


def unchecked_get(session: Session, user_id: int) -> User:
    """The user of this number, or NotFound; whether the actor may is the caller's business."""
    user = session.get(User, user_id)
    if user is None:
        raise NotFound("user")
    return user


def _refuse_unregistrable(person: Registration) -> None:
    if person.role not in REGISTRABLE_ROLES:
        raise Refused("role")
    if not is_plausible(person.email):
        raise Refused("address")
    if person.role is Role.PATIENT and person.birth_date is None:
        raise Refused("birth_date")
    if person.password is not None and (
        code := passwords.problem(person.password, name=person.name, email=person.email)
    ):
        raise Refused(code)


def _add(
    session: Session, name: str, email: str, role: Role, language: Language | None, password_hash: str
) -> User | None:
    """The new user, or None when somebody else's transaction was faster with this address."""
    user = User(
        name=name,
        email=email,
        email_lower=folded(email),
        password_hash=password_hash,
        role=role,
        language=language,
        created_at=utc_now(),
    )
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:
        if _faster_one(session, email) is None:
            raise
        return None
    if role is Role.DOCTOR:
        session.add(Doctor(doctor_id=user.id, is_valid=False, on_unit_cover=False))
        session.flush()
    return user


def _faster_one(session: Session, email: str) -> User | None:
    """The user whom another transaction has just committed: a locking read sees past the snapshot of our own.

    Or one of an older database whose address is another to us and the same to MariaDB: josé@… and jose@….
    """
    for condition in (User.email_lower == folded(email), User.email == email):
        found = session.scalars(select(User).where(condition).with_for_update(read=True)).one_or_none()
        if found is not None:
            return found
    return None


def _refuse_last_admin(session: Session, user: User) -> None:
    """Raise Refused when no other administrator could sign in; the rows are locked, so two cannot go at once."""
    if user.role is not Role.ADMIN:
        return
    admins = session.scalars(
        select(User.id).where(User.role == Role.ADMIN, User.deactivated_at.is_(None)).with_for_update()
    )
    if set(admins) <= {user.id}:
        raise Refused("last_admin")
