"""`flask accounts create-admin`: the one way to become an administrator."""

import sys
from typing import NoReturn

import click
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.access.actor import OPERATOR
from app.cli import own_database
from app.extensions import db
from app.models import Role
from app.services import accounts, passwords
from app.services import sign_in as sign_in_service
from app.services.email_addresses import is_plausible
from app.services.errors import Refused
from app.services.transaction import unit_of_work

group = AppGroup("accounts", help="Accounts.")

FAILED = 1

PROBLEMS = {
    "too_short": f"the password has fewer than {passwords.MIN_CHARACTERS} characters",
    "too_long": f"the password has more than {passwords.MAX_CHARACTERS} characters",
    "common": "many people use this password",
    "personal": "the password is the person's own name or address",
}


@group.command("create-admin")
@click.option("--email", required=True, help="The address to sign in with.")
@click.option("--name", required=True, help="The full name.")
def create_admin(email: str, name: str) -> None:
    """Make an administrator. The password is asked for twice, or read as one line from standard input.

    Exit code 0 done, also when this administrator exists; 1 failed; 2 usage; 3 refused.
    """
    email, name = email.strip(), " ".join(name.split())
    if not is_plausible(email):
        raise click.BadParameter("this is no e-mail address", param_hint="--email")
    if not 0 < len(name) <= 255 or not name.isprintable():
        raise click.BadParameter("use 1 to 255 printable characters", param_hint="--name")
    try:
        with Session(db.engine, expire_on_commit=False) as session:
            own_database.require(session)
            message = _create(session, email, name)
    except SQLAlchemyError as error:
        _stop(FAILED, f"the database does not answer or was never upgraded ({type(error).__name__})")
    click.echo(message)


def _create(session: Session, email: str, name: str) -> str:
    """What was done. The password is read before the transaction begins: nobody types while the table is locked."""
    if (found := _existing(session, email)) is not None:
        return found
    password = _read_password()
    if problem := passwords.problem(password, name=name, email=email):
        raise click.UsageError(PROBLEMS[problem])
    try:
        with unit_of_work(session):
            accounts.create_admin(session, OPERATOR, name=name, email=email, password=password)
    except Refused as refused:
        _stop(own_database.REFUSED, f"not made: {refused.code}")
    return f"administrator {email} is made"


def _existing(session: Session, email: str) -> str | None:
    """What to say when the address is an active administrator's; stops when it is anybody else's."""
    user = sign_in_service.find(session, email)
    session.rollback()
    if user is None:
        return None
    if user.role is not Role.ADMIN or not user.is_active:
        _stop(
            own_database.REFUSED,
            f"{email} is an account already, and not an active administrator's; nothing was changed",
        )
    return f"{email} is an administrator already; nothing was changed"


def _read_password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        _stop(own_database.REFUSED, "no terminal to ask for a password, and none on standard input")
    return password


def _stop(code: int, message: str) -> NoReturn:
    click.echo(message, err=True)
    raise click.exceptions.Exit(code)
