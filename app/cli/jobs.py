"""`flask jobs run`: mail and purging, once or for ever."""

import os
import secrets
import signal
import socket
import sys
from threading import Event
from types import FrameType

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.cli import own_database
from app.extensions import db
from app.services import jobs
from app.services.jobs import Outcome, Surroundings
from config import Settings

group = AppGroup("jobs", help="Background jobs: mail outbox, purging.")

POLL_S = 5.0


@group.command("run")
@click.option("--forever", is_flag=True, help="Go on until stopped by a signal.")
def run(forever: bool) -> None:
    """Run every job once; with --forever each as often as it needs, until SIGTERM or Ctrl-C.

    Exit code 0 when each job ran or is run by another process, 1 when one failed, 3 on a database of the other kind.
    """
    settings: Settings = current_app.extensions["settings"]
    surroundings = Surroundings(mail_url=settings.mail_url, is_demo=settings.is_demo, output=sys.stderr)
    holder = f"{socket.gethostname()[:20]}:{os.getpid()}:{secrets.token_hex(3)}"
    if forever:
        run_forever(surroundings, holder, stop_signal())
        return
    failed = [outcome for outcome in run_once(surroundings, holder, only_due=False) if outcome.error]
    for outcome in failed:
        click.echo(f"job {outcome.name} failed: {outcome.error}", err=True)
    if failed:
        raise click.exceptions.Exit(1)


def run_forever(surroundings: Surroundings, holder: str, stop: Event) -> None:
    """Run what is due, again and again until `stop` is set; a database that is away is tried again."""
    while not stop.is_set():
        for outcome in run_once(surroundings, holder, only_due=True):
            if outcome.error:
                click.echo(f"job {outcome.name} failed: {outcome.error}", err=True)
        stop.wait(POLL_S)


def run_once(surroundings: Surroundings, holder: str, *, only_due: bool) -> list[Outcome]:
    """What became of each job."""
    try:
        with Session(db.engine, expire_on_commit=False) as session:
            own_database.require(session)
            return jobs.run(session, surroundings, holder=holder, only_due=only_due)
    except SQLAlchemyError as error:
        return [Outcome("all", 0, f"the database does not answer ({type(error).__name__})")]


def stop_signal() -> Event:
    """An event that the first SIGTERM or SIGINT sets, so that a mail in transit is finished and noted."""
    stop = Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, on_signal)
    return stop
