"""`flask schema reset-migrations | full-reset`: the revision read anew, and an empty database built anew."""

import click
from flask import current_app

from app.cli.schema import group
from app.cli.schema.look import print_tables
from app.cli.schema.target import back_up_first, confirm, database_url, exit_codes, has_terminal, shown, yes_option
from app.schema import chain, recognise, reset, running
from app.schema.errors import SchemaFailed, SchemaRefused
from app.schema.status import looking, read
from app.schema.tables import held
from app.schema.words import number_of
from config import Environment, Settings


@group.command("reset-migrations")
@yes_option
def reset_migrations(yes: bool) -> None:
    """Read the revision from the tables and columns that are there, and write it into alembic_version.

    No table and no row is changed: says what it found, asks, backs up first. Exit code 0 done, also when
    alembic_version is right; 1 failed; 3 refused: nobody can tell, or the answer was no.
    """
    with exit_codes():
        url = database_url()
        found = read_from_tables(url)
        click.echo(f"{shown(url)} is {found.name}")
        for sentence in found.evidence:
            click.echo(f"  - {sentence}")
        if found.problem:
            raise SchemaRefused(f"{found.problem} Nothing was changed.")
        revision = found.start or running.BASE
        if not found.needs_stamp:
            click.echo(f"alembic_version says what is there: {revision}. Nothing to do.")
            return
        click.echo(f"alembic_version will say {revision}: from there each revision passes over what it finds done.")
        confirm("Write it?", yes=yes)
        back_up_first(url)
        chain.stamp(url, revision)
        after = read(url)
    click.echo(f"alembic_version says {revision}. {after.next_step}")


def read_from_tables(url: str) -> recognise.Recognised:
    """What the database is, whatever its stamp says; an SQLite file that is not there is not made."""
    with looking(url) as connection:
        if connection is None:
            raise SchemaRefused("There is no such file: `flask schema apply` makes it.")
        return recognise.recognise(connection)


@group.command("full-reset")
@click.option("--yes", is_flag=True, help="Skip the question, not the backup; in production only with --database.")
@click.option("--database", "typed", help="The database's name: the answer to the question, for scripts.")
def full_reset(yes: bool, typed: str | None) -> None:
    """Drop every table and build the schema anew, empty: shows what is there, asks for the name, backs up first.

    Exit code 0 done; 1 failed: run it again; 3 refused, nothing was changed.
    """
    with exit_codes():
        url = database_url()
        name = reset.name(url)
        refuse_unfit(url)
        tables = held(url)
        click.echo(f"{shown(url)}: everything in it goes.")
        print_tables(tables)
        require_name(name, typed, yes=yes)
        backup = back_up_first(url) if tables else None
        click.echo(f"Dropped {number_of(reset.drop_all(url), 'table')}")
        try:
            after = running.upgrade(url, read(url, compare=False), click.echo)
        except SchemaFailed as error:
            raise SchemaFailed(f"{error} What was in the database is in {backup or 'no file: it was empty'}.") from None
    click.echo(f"At the head, {after.head}: {number_of(after.tables, 'table')}, built anew, no drift.")


def refuse_unfit(url: str) -> None:
    """Pass, or SchemaRefused for the demo's database, which has a command of its own, and where views would break."""
    settings: Settings = current_app.extensions["settings"]
    if settings.is_demo or reset.is_demo(url):
        raise SchemaRefused("The demo's database is built anew by `flask demo build`; nothing was changed.")
    if found := reset.views(url):
        raise SchemaRefused(
            f"No backup carries views, and this database has some: {', '.join(found)}. Drop them first; "
            "nothing was changed."
        )


def require_name(name: str, typed: str | None, *, yes: bool) -> None:
    """Pass when the database was named, by --database or at the terminal, or --yes stands outside production."""
    settings: Settings = current_app.extensions["settings"]
    if typed is None and yes:
        if settings.environment is not Environment.PRODUCTION:
            return
        raise SchemaRefused(
            f"DOPPLY_ENV is production, so --yes is not enough: --database {name} says that this one is meant. "
            "Nothing was changed."
        )
    if typed is None:
        if not has_terminal():
            raise SchemaRefused(
                f"Nobody is here to answer (no terminal): nothing was changed. --database {name} answers."
            )
        try:
            typed = click.prompt("Type the name of the database to go on", default="", show_default=False)
        except click.Abort:  # Ctrl-C or the end of the input.
            typed = ""
    if typed != name:
        raise SchemaRefused(f"{typed!r} is not the name of this database, {name!r}; nothing was changed.")
