"""`flask schema new`: the next revision."""

import click

from app.cli.schema import group
from app.cli.schema.target import database_url, exit_codes
from app.schema.drift import is_beside
from app.schema.new import BadMessage, write

DROPPED = ": the revision drops it, with what it holds! Is it yours to drop?"


@group.command("new")
@click.argument("message")
def new(message: str) -> None:
    """Write the next revision file: what the models have and this database lacks, or an empty one for a data step.

    MESSAGE is its first line and, in at most 28 letters, its name. Exit code 0 done; 1 failed; 2 usage;
    3 refused: the database is not at the head, so there is nothing to compare with.
    """
    with exit_codes():
        try:
            path, differences = write(database_url(), message)
        except BadMessage as problem:
            raise click.BadParameter(str(problem), param_hint="MESSAGE") from None
    if differences:
        for difference in differences:
            click.echo(f"  - {difference}{DROPPED if is_beside(difference) else ''}")
    else:
        click.echo("No difference found between models and database: the revision is empty.")
    click.echo(path)
