"""A command works on a database of its own kind: the demo never touches real data, nor the reverse."""

import click
from flask import current_app
from sqlalchemy.orm import Session

from app.services import installation
from config import Settings

REFUSED = 3


def require(session: Session) -> None:
    """Pass, or end the command with exit code 3; the reading transaction ends either way."""
    settings: Settings = current_app.extensions["settings"]
    is_demo = installation.is_demo(session)
    session.rollback()
    if is_demo == settings.is_demo:
        return
    found = "a demo database" if is_demo else "a real one"
    click.echo(f"refused: DOPPLY_ENV is {settings.environment} and DATABASE_URL leads to {found}", err=True)
    raise click.exceptions.Exit(REFUSED)
