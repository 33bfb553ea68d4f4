"""`flask schema status | tables | history`: commands that only look."""

import json
from dataclasses import asdict, dataclass

import click
from alembic.script import Script
from alembic.util import to_list

from app.cli.schema import group
from app.cli.schema.printable import printable
from app.cli.schema.target import database_url, exit_codes, shown
from app.schema import chain
from app.schema.errors import SchemaFailed
from app.schema.status import Status, read
from app.schema.tables import Held, held, missing
from app.schema.words import number_of

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")

MARKS = {True: "applied", False: "pending", None: "?"}


@group.command("status")
@as_json
def status(as_json: bool) -> None:
    """Where the database stands in the revision chain, and whether it is as the models say.

    Exit code 0 at the head and as the models say; 4 something is pending or differs; 1 it cannot be told.
    """
    with exit_codes():
        found = read(database_url())
    if as_json:
        click.echo(json.dumps({"database": shown(database_url()), **asdict(found)}, indent=2))
    else:
        _print_status(found)
    raise click.exceptions.Exit(found.exit_code)


def _print_status(found: Status) -> None:
    pending = f"{len(found.pending)}: {', '.join(found.pending)}" if found.pending else "none"
    lines = {
        "database": shown(database_url()),
        "server": found.server,
        "state": found.state,
        "revision": ", ".join(found.current) or "none",
        "head": found.head,
        "pending": pending if found.can_be_upgraded else "cannot be told",
        "tables": found.tables,
        "drift": _drift_line(found.drift),
    }
    for label, value in lines.items():
        click.echo(f"{label:<10}{printable(str(value))}")
    for difference in found.drift or ():
        click.echo(f"  - {printable(difference)}")
    for stranger in found.beside:
        click.echo(f"beside    {printable(stranger)}; it stays")
    if found.next_step:
        click.echo(f"next      {printable(found.next_step)}")


def _drift_line(drift: tuple[str, ...] | None) -> str:
    if drift is None:
        return "not compared: the models describe the head alone"
    return number_of(len(drift), "difference") if drift else "none"


@group.command("tables")
@as_json
def tables(as_json: bool) -> None:
    """Every table with its rows, counted. Exit code 0 done; 1 failed."""
    with exit_codes():
        found = held(database_url())
    absent = missing(found)
    if as_json:
        listed = {"database": shown(database_url()), "tables": [asdict(entry) for entry in found], "missing": absent}
        click.echo(json.dumps(listed, indent=2))
        return
    click.echo(shown(database_url()))
    print_tables(found)
    if absent:
        click.echo(f"The models know {len(absent)} more: {', '.join(absent)}")


def print_tables(tables: list[Held]) -> None:
    """A line for each table, and their sum."""
    names = [printable(entry.table) for entry in tables]
    width = max(map(len, names), default=0)
    for name, entry in zip(names, tables, strict=True):
        size = "" if entry.size is None else f"  {-(-entry.size // 1024):>10,} KiB"
        click.echo(f"{name:<{width}}  {entry.rows:>12,}{size}{'' if entry.is_ours else '  (not of Dopply)'}")
    click.echo(f"{number_of(len(tables), 'table')}, {number_of(sum(entry.rows for entry in tables), 'row')}")


@group.command("history")
@as_json
def history(as_json: bool) -> None:
    """Every revision, oldest first, with what the database has of it.

    Exit code 0 done; 1 the chain is printed, but nobody can tell what the database has of it.
    """
    with exit_codes():
        found = read(database_url(), compare=False)
    entries = [_entry(script, found) for script in chain.revisions()]
    if as_json:
        listed = {"database": shown(database_url()), "revisions": [asdict(entry) for entry in entries]}
        click.echo(json.dumps(listed, indent=2))
    else:
        for entry in entries:
            mark = "current" if entry.is_current else MARKS[entry.is_applied]
            click.echo(f"{mark:<8} {entry.revision:<32} {entry.summary}")
    if not found.can_be_upgraded:
        with exit_codes():
            at = ", ".join(found.current) or "none"
            raise SchemaFailed(f"The database is {found.state} (revision: {at}). {found.next_step}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One revision; `is_applied` is None where nobody can tell."""

    revision: str
    parents: list[str]
    summary: str
    is_applied: bool | None
    is_current: bool


def _entry(script: Script, found: Status) -> Entry:
    return Entry(
        revision=script.revision,
        parents=list(to_list(script.down_revision, default=[])),
        summary=chain.summary(script),
        is_applied=script.revision in found.applied if found.can_be_upgraded else None,
        is_current=script.revision in found.current,
    )
