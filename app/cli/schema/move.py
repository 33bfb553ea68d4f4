"""`flask schema apply | rollback`: up to the head, and back."""

import textwrap

import click

from app.cli.schema import group
from app.cli.schema.target import back_up_first, confirm, database_url, exit_codes, shown, yes_option
from app.schema import chain, running
from app.schema.status import read
from app.schema.words import number_of


@group.command("apply")
def apply() -> None:
    """Run every pending revision, then compare the tables with the models.

    Exit code 0 done, also when nothing was pending; 1 failed: what went wrong, where it stopped, or what differs;
    3 refused, nothing was changed: the database's place in the chain is unknown, it is an original with rows, which
    `flask schema adopt` takes over, or nobody has named the zone of its times.
    """
    with exit_codes():
        found = read(database_url(), compare=False)
        running.require_upgradable(database_url(), found)
        click.echo(f"{shown(database_url())}, pending revisions: {len(found.pending)}")
        after = running.upgrade(database_url(), found, click.echo)
    click.echo(f"At the head, {after.head}: {number_of(after.tables, 'table')}, nothing pending, no drift.")


@group.command("rollback")
@click.option("--steps", type=click.IntRange(min=1), default=1, show_default=True, help="How many revisions go.")
@yes_option
def rollback(steps: int, yes: bool) -> None:
    """Take back the newest revisions with the data they hold: says which, asks, backs up, then does it.

    Exit code 0 done, also when there is none; 1 failed: where it stopped; 3 refused, nothing was changed.
    """
    with exit_codes():
        url = database_url()
        found = read(url, compare=False)
        running.require_place_in_chain(found)
        if not found.applied:
            click.echo(f"{shown(url)}: no revision is applied, so none can go.")
            return
        target = running.target_of_rollback(found, steps)
        going = [script for script in chain.revisions() if script.revision in found.applied[-steps:]]
        click.echo(f"{shown(url)} goes back to {target}. These revisions go, with what they say is lost:")
        for script in reversed(going):
            click.echo(f"\n{script.revision}\n{textwrap.indent(chain.description(script), '  ')}")
        click.echo()
        confirm(f"Take back {steps} of {number_of(len(found.applied), 'revision')}?", yes=yes)
        backup = back_up_first(url)
        after = running.downgrade(url, found, target, click.echo, f"`flask db downgrade {target}`")
    click.echo(f"At {target}. This Dopply needs {found.head}: the way up brings the tables back, empty;")
    click.echo(f"what they held is in {backup}.")
    click.echo(after.next_step)
