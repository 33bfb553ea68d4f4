"""The messages of an account, in its own language; no name stands in them, since anyone can register one."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.models import TokenPurpose, User
from app.services import account_tokens, outbox
from app.services.words import in_language


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Where the messages lead; the web layer knows the addresses of pages, this layer only the tokens."""

    sign_in: str
    forgot: str
    reset: Callable[[str], str]
    activate: Callable[[str], str]


def activation(session: Session, user: User, links: Links) -> None:
    """Write a link with which the receiver sets her first password."""
    _ = in_language(user.language)
    token = account_tokens.issue(session, user, TokenPurpose.ACTIVATE)
    body = _(
        "There is an account for you in Dopply, the portal of your maternity unit.\n\n"
        "Open this address to choose your password:\n%(address)s\n\n"
        "It works once, for 14 days. If you did not expect this message, do nothing."
    )
    outbox.send(
        session, to=user.email, subject=_("Activate your account"), body=body % {"address": links.activate(token)}
    )


def reset(session: Session, user: User, links: Links) -> None:
    """Write a link with which the receiver sets a new password."""
    _ = in_language(user.language)
    token = account_tokens.issue(session, user, TokenPurpose.RESET)
    body = _(
        "Somebody asked for a new password for your account in Dopply.\n\n"
        "Open this address to choose one:\n%(address)s\n\n"
        "It works once, for one hour. If it was not you, do nothing: your password stays as it is."
    )
    outbox.send(session, to=user.email, subject=_("Choose a new password"), body=body % {"address": links.reset(token)})


def welcome(session: Session, user: User, links: Links) -> None:
    """Write that the account exists."""
    _ = in_language(user.language)
    body = _("Your account in Dopply is made. Sign in here:\n%(address)s")
    outbox.send(session, to=user.email, subject=_("Your account is made"), body=body % {"address": links.sign_in})


def already_registered(session: Session, user: User, links: Links) -> None:
    """Write to an account's owner that somebody tried to register her address once more."""
    _ = in_language(user.language)
    body = _(
        "Somebody tried to make an account in Dopply with this e-mail address, which has one already. "
        "Nothing was changed.\n\nIf it was you, sign in here:\n%(address)s\n\n"
        "If you do not know your password any more, ask for a new one here:\n%(forgot)s"
    )
    words = {"address": links.sign_in, "forgot": links.forgot}
    outbox.send(session, to=user.email, subject=_("You have an account already"), body=body % words)


def shared_address(session: Session, user: User) -> None:
    """Write why nobody can sign in with this address, in answer to a try to register it or to ask for a password."""
    _ = in_language(user.language)
    body = _(
        "Somebody asked for an account or a new password in Dopply with this e-mail address. Several accounts of the "
        "earlier system have it, so nobody can sign in with it for now. Nothing was changed.\n\n"
        "If it was you, ask your maternity unit to give you the account that is yours."
    )
    outbox.send(session, to=user.email, subject=_("This address has several accounts"), body=body)


def address_settled(session: Session, user: User, to: str, links: Links) -> None:
    """Write to `to` that this account signs in with its own address from now on."""
    _ = in_language(user.language)
    body = _(
        "An administrator of your maternity unit has set the address with which your account in Dopply signs in:\n"
        "%(email)s\n\nThe password is the one you had. Sign in here:\n%(address)s\n\n"
        "If this is not right, tell your unit."
    )
    words = {"email": user.email, "address": links.sign_in}
    outbox.send(session, to=to, subject=_("The address of your account"), body=body % words)


def password_changed(session: Session, user: User, links: Links) -> None:
    """Write that the password is another one, so that a stranger's change is noticed."""
    _ = in_language(user.language)
    body = _(
        "The password of your account in Dopply was changed, and every other browser was signed out.\n\n"
        "If it was not you, ask for a new password at once:\n%(forgot)s"
    )
    outbox.send(session, to=user.email, subject=_("Your password was changed"), body=body % {"forgot": links.forgot})
