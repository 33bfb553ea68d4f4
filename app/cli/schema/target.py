"""Which database a `flask schema` command works on, how it asks, and how it ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app.cli.schema.printable import printable
from app.schema.backup import backup_to, default_path
from app.schema.errors import SchemaError, SchemaFailed, SchemaRefused, reason
from config import Settings


def database_url() -> str:
    """The URL of the database at hand, with its password: never printed."""
    settings: Settings = current_app.extensions["settings"]
    return settings.database_url


def shown(url: str) -> str:
    """The URL without its password and options, for messages."""
    return sa.make_url(url).set(query={}).render_as_string(hide_password=True)


def confirm(question: str, *, yes: bool) -> None:
    """Pass when `yes` was given or a person at a terminal says so; else SchemaRefused."""
    if yes:
        return
    if not has_terminal():
        raise SchemaRefused("Nobody is here to answer (no terminal): nothing was changed. --yes skips the question.")
    try:
        agreed = click.confirm(question)
    except click.Abort:  # Ctrl-C or the end of the input.
        agreed = False
    if not agreed:
        raise SchemaRefused("Nothing was changed.")


yes_option = click.option("--yes", is_flag=True, help="Skip the question, not the backup.")


def back_up_first(url: str) -> Path:
    """The new backup of the database at `url`, told; SchemaError when there is none, and then nothing may change."""
    backup = backup_to(url, default_path(url))
    for note in backup.notes:
        click.echo(f"note: {printable(note)}")
    click.echo(f"Backed up to {backup.path}")
    return backup.path


def has_terminal() -> bool:
    """Whether a person could answer; standard input may also be closed."""
    return sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()


@contextmanager
def exit_codes() -> Iterator[None]:
    """Ends the command with the exit code of a SchemaError raised inside, and its message on stderr.

    An error of the database or of a file is a failure too: told without the values that were to be stored.
    """
    try:
        try:
            yield
        except SQLAlchemyError as error:
            raise SchemaFailed(f"The database answered: {reason(error)}") from error
        except OSError as error:
            raise SchemaFailed(str(error)) from error
    except SchemaError as error:
        message = "\n".join(map(printable, str(error).split("\n")))
        click.echo(f"{'refused' if error.exit_code == SchemaRefused.exit_code else 'FAILED'}: {message}", err=True)
        raise click.exceptions.Exit(error.exit_code) from None
