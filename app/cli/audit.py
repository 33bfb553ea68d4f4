"""`flask audit`: whether the audit trail is as it was written."""

import click
from flask.cli import AppGroup

from app.extensions import db
from app.schema.words import number_of
from app.services import audit

group = AppGroup("audit", help="The audit trail.")


@group.command("verify")
def verify() -> None:
    """Walk the whole chain. Exit code 0: intact. 1: the first bad row is named."""
    result = audit.verify(db.session())
    if not result.is_intact:
        where = "" if result.first_bad_position is None else f"row {result.first_bad_position}: "
        raise click.ClickException(f"{where}{result.flaw} ({result.intact_rows} rows before it are intact)")
    click.echo(f"{number_of(result.intact_rows, 'row')}, intact")
