"""`flask demo`: builds the demo world, or builds it anew, and prints its sign-ins."""

import click
from flask import current_app
from flask.cli import AppGroup

from app.cli.own_database import REFUSED
from app.services import demo
from config import ROOT, Settings


@click.group("demo", cls=AppGroup, invoke_without_command=True)
@click.pass_context
def group(context: click.Context) -> None:
    """The demo world: made-up people, simulated recordings. Without a command: build."""
    if context.invoked_subcommand is None:
        context.invoke(build)


@group.command("build")
def build() -> None:
    """Build the demo's database from scratch in place of an older one, and print three sign-ins.

    Exit code 0 done; 3 refused: DOPPLY_ENV is not demo, or the database is not one of a demo. Nothing is touched then.
    """
    settings: Settings = current_app.extensions["settings"]
    if not settings.is_demo:
        raise _Refusal(f"DOPPLY_ENV is {settings.environment}: the demo world is built only with DOPPLY_ENV=demo")
    try:
        path = demo.rebuild(settings.database_url, migrations=ROOT / "migrations", zone=settings.time_zone)
    except demo.NotADemoDatabase as refusal:
        raise _Refusal(str(refusal)) from None
    click.echo(f"Demo world built in {path}. Everybody and everything in it is made up. Sign in as")
    for role, email in demo.SIGN_INS:
        click.echo(f"  {role:<8} {email:<28} {demo.PASSWORD}")


class _Refusal(click.ClickException):
    """A refusal, told on standard error."""

    exit_code = REFUSED
