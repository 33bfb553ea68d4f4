"""`flask schema backup | restore`: the whole database in one file, and back."""

from collections.abc import Mapping
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.cli.schema import group
from app.cli.schema.printable import printable
from app.cli.schema.target import confirm, database_url, exit_codes, shown, yes_option
from app.extensions import db
from app.models import AuditHead
from app.schema import backup as backups
from app.schema.backup import Manifest
from app.schema.errors import SchemaFailed
from app.schema.words import number_of
from app.services import audit

FILE = click.Path(path_type=Path, dir_okay=False)
PRESENT_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@group.command("backup")
@click.argument("file", type=FILE, required=False)
def backup(file: Path | None) -> None:
    """Write the whole database to FILE (without it: a new file in instance/backups) as it is at one moment.

    The portal may go on working meanwhile. Exit code 0: the backup is on the disk; 1: there is none;
    3: FILE is there already.
    """
    with exit_codes():
        url = database_url()
        done = backups.backup_to(url, file or backups.default_path(url))
    for note in done.notes:
        click.echo(f"note: {printable(note)}")
    click.echo(f"{shown(url)}: {_size(done.tables)}, by {done.method}")
    click.echo(f"Backed up to {done.path} ({done.path.stat().st_size} bytes)")


@group.command("restore")
@click.argument("file", type=PRESENT_FILE)
@click.option("--replace", is_flag=True, help="Replace what is there, after backing it up.")
@yes_option
def restore(file: Path, replace: bool, yes: bool) -> None:
    """Bring the database back to what it was when FILE was written, and compare it with FILE.

    Stop the portal first. Exit code 0: every table is as in FILE and the audit trail is intact; 1: it is not, the
    message says how things stand; 2: there is no FILE; 3: refused (a damaged file, a database that is not
    empty, the answer was no), nothing was changed.
    """
    with exit_codes():
        url = database_url()
        manifest = backups.describe(file)
        print_manifest(file, manifest)
        if replace and (found := backups.present(url)):
            click.echo(f"{shown(url)} is backed up and then replaced. It holds:")
            print_present(found)
            confirm(f"Replace {_size(found)}?", yes=yes)
        done = backups.restore_from(url, file, replace=replace)
        if done.before:
            for note in done.before.notes:
                click.echo(f"note on what was there before: {printable(note)}")
            click.echo(f"What was there before is in {done.before.path}")
        for note in done.notes:
            click.echo(f"note: {printable(note)}")
        trail = verify_trail(manifest)
    click.echo(f"{shown(url)} is as it was: {_size(manifest.counts)}{trail}")


def print_present(found: Mapping[str, int]) -> None:
    """What a restore replaces: the tables that hold something, then how many hold nothing."""
    full = {name: rows for name, rows in found.items() if rows}
    for name, rows in full.items():
        click.echo(f"  {printable(name)}: {number_of(rows, 'row')}")
    if empty := len(found) - len(full):
        click.echo(f"  and {number_of(empty, 'empty table')}")


def _size(tables: Mapping[str, int]) -> str:
    return f"{number_of(len(tables), 'table')}, {number_of(sum(tables.values()), 'row')}"


def print_manifest(file: Path, manifest: Manifest) -> None:
    """What a file holds, in two lines."""
    revision = ", ".join(manifest.revision) or "no revision"
    origin = f"{manifest.database} of {manifest.taken_at}, by {manifest.method} from {manifest.server}"
    click.echo(f"{file}: {printable(origin)}")
    click.echo(f"  {_size(manifest.counts)}, {printable(revision)}")


def verify_trail(manifest: Manifest) -> str:
    """Words about the audit trail, none where the backup has none; SchemaFailed when it is not intact."""
    if AuditHead.__tablename__ not in manifest.tables:
        return ""
    try:
        with Session(db.engine) as session:
            result = audit.verify(session)
    except SQLAlchemyError as error:
        raise SchemaFailed("Every table is as in the backup, but this Dopply cannot read its audit trail.") from error
    if not result.is_intact:
        where = "" if result.first_bad_position is None else f"row {result.first_bad_position}: "
        raise SchemaFailed(f"Every table is as in the backup, but its audit trail is not intact: {where}{result.flaw}.")
    return f", audit trail intact ({number_of(result.intact_rows, 'row')})"
