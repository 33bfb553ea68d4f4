"""Which database a `flask schema` command works on, how it asks, and how it ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
import sqlalchemy as sa
from flask import current_app

from app.schema.errors import SchemaError, SchemaRefused
from config import Settings


def database_url() -> str:
    """The URL of the database at hand, with its password: never printed."""
    settings: Settings = current_app.extensions["settings"]
    return settings.database_url


def shown(url: str) -> str:
    """The URL without its password, for messages."""
    return sa.make_url(url).render_as_string(hide_password=True)


def confirm(question: str, *, yes: bool) -> None:
    """Pass when `yes` was given or a person at a terminal says so; else SchemaRefused."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise SchemaRefused("Nobody is here to answer (no terminal): nothing was changed. --yes skips the question.")
    if not click.confirm(question):
        raise SchemaRefused("Nothing was changed.")


@contextmanager
def exit_codes() -> Iterator[None]:
    """Ends the command with the exit code of a SchemaError raised inside, and its message on stderr."""
    try:
        yield
    except SchemaError as error:
        click.echo(f"{'refused' if error.exit_code == SchemaRefused.exit_code else 'FAILED'}: {error}", err=True)
        raise click.exceptions.Exit(error.exit_code) from None
