"""Adopting a database that the original made: back up, bring to the head, verify, report."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
from alembic.util import CommandError

from app.schema import chain, interpretations, mend, obstacles, running, shapes, status
from app.schema import report as reports
from app.schema.backup import backup_to
from app.schema.errors import SchemaError, SchemaFailed, reason
from app.schema.plan import Plan, counted, look
from app.schema.report import Line, Report, ReportFailed, Tally
from app.schema.running import Say
from app.schema.words import either, number_of
from migrations.legacy_time import legacy_time_zone

AGAIN = "`flask schema adopt`"
REPORT_AGAIN = (
    "`flask schema adopt --report FILE` writes the report of every row that was interpreted, again if need be."
)

# What rows of these kinds ask for: the sentence about one of them, and about several.
TO_DO = {
    "password_empty": (
        "account has no password and cannot sign in yet: it is activated by an e-mailed link",
        "accounts have no password and cannot sign in yet: each is activated by an e-mailed link",
    ),
    "password_unknown": (
        "account cannot sign in with its old password: a new one is set by an e-mailed link",
        "accounts cannot sign in with their old password: each sets a new one by an e-mailed link",
    ),
    "address_collides": (
        "account shares an address and cannot sign in: an administrator settles it on /admin/addresses",
        "accounts share an address and cannot sign in: an administrator settles it on /admin/addresses",
    ),
    "link_requested": (
        "link gives no access until the patient accepts it on her page /links",
        "links give no access until the patient accepts them on her page /links",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """What was done: where the backup and the report are, and how many rows of each kind were interpreted."""

    head: str
    backup: Path | None
    report: Path
    mended: tuple[str, ...]
    tally: Tally
    next_steps: tuple[str, ...]


def adopt(url: str, plan: Plan, *, backup: Path, report: Path, say: Say) -> Adopted:
    """The database at the head, with a backup of how it was and a report; SchemaError says how far it came."""
    kept = _backed_up(url, backup, say) if plan.rows else None
    if kept is None:
        say("There is no table, so nothing to back up")
    with _kept_in(kept), chain.locked(url):
        # Only now does nobody else stamp or upgrade: an adoption that came first may be over.
        again = look(url)
        if (again.found, again.refusals) != (plan.found, plan.refusals):
            raise SchemaFailed("Somebody has changed the database since it was looked at; nothing was done to it.")
        say(f"The report is written to {report}")
        with ExitStack() as stack:
            with _else_told("Nothing was done to the database."):
                written = stack.enter_context(reports.writing(report))
                written.head(at=datetime.now(UTC).isoformat(), backup=kept and str(kept), **plan.as_values())
                _report_before(url, written)
            with running.told(url, status.read(url, compare=False), say, AGAIN):
                if plan.found.needs_stamp:
                    chain.stamp(url, plan.found.start or running.BASE, is_locked=True)
                chain.upgrade(url, is_locked=True)
                mended = mend.mend(url)
            _verify(url, plan.rows)
            with _else_told(f"It is at the head, {chain.head()}, and nothing is lost: {REPORT_AGAIN}"):
                report_again(url, written)
    return Adopted(
        head=chain.head(),
        backup=kept,
        report=report,
        mended=tuple(mended),
        tally=written.tally,
        next_steps=tuple(next_steps(url, written.tally)),
    )


def _backed_up(url: str, path: Path, say: Say) -> Path:
    backup = backup_to(url, path)
    say(f"Backed up to {backup.path}")
    for remark in backup.notes:
        say(f"  - {remark}")
    return backup.path


def report_again(url: str, written: Report) -> None:
    """Every interpretation that the tables and columns at hand allow."""
    with _looking(url) as look_:
        for line in interpretations.of(look_):
            written.line(line)
    written.finish()


def counted_only(url: str) -> Tally:
    """How many rows are interpreted in each way, as far as the state at hand tells; nothing is written."""
    tally = Tally()
    for line in _foreseen(url):
        tally.add(line)
    return tally


def report_dry_run(url: str, plan: Plan, report: Path) -> Tally:
    """The same with every row in a report that says of itself that nothing was done."""
    with reports.writing(report) as written:
        written.head("dry run of an adoption", at=datetime.now(UTC).isoformat(), **plan.as_values())
        for line in _foreseen(url):
            written.line(line)
        written.end_of_dry_run()
    return written.tally


def _foreseen(url: str) -> Iterator[Line]:
    with _looking(url) as look_:
        yield from interpretations.before(look_)
        yield from interpretations.of(look_)


def next_steps(url: str, tally: Tally) -> Iterator[str]:
    """What an operator does after an adoption."""
    with chain.connection(url) as connection:
        admins = connection.scalar(sa.text("SELECT COUNT(*) FROM users WHERE role = 'admin' AND password_hash <> ''"))
        units = connection.scalar(sa.text("SELECT COUNT(*) FROM unit"))
        waiting = connection.scalar(sa.text("SELECT COUNT(*) FROM doctors WHERE NOT is_valid"))
    if not admins:
        yield "No administrator can sign in: `flask accounts create-admin --email … --name …`."
    if not units:
        yield "Patients see nothing but whom to call until the unit is named: `flask unit set --name … --phone …`."
    if waiting:
        said = either(waiting, "doctor is not validated", "doctors are not validated")
        yield f"{said}: an administrator decides on /admin/doctors."
    for kind, (one, many) in TO_DO.items():
        if count := tally.counts[kind]:
            yield either(count, one, many) + "."


def _report_before(url: str, written: Report) -> None:
    with _looking(url) as look_:
        for line in interpretations.before(look_):
            written.line(line)
    # A run that is cut leaves these lines, which no later run can find again.
    written.flush()


def _verify(url: str, before: dict[str, int]) -> None:
    """Pass, or SchemaFailed where something of the adopted database is not there any more or does not fit."""
    if different := mend.left(url):
        raise SchemaFailed(f"It is at the head, but not as the models say: {'; '.join(different)}.")
    with chain.connection(url) as connection:
        after = counted(connection)
        broken = obstacles.orphans(connection)
    lost = [
        f"{table} had {number_of(count, 'row')} and has {after.get(table, 0)}"
        for table, count in before.items()
        if after.get(table, 0) < count
    ]
    if lost or broken:
        raise SchemaFailed(f"It is at the head, but {'; '.join([*lost, *broken])}.")


@contextmanager
def _looking(url: str) -> Iterator[interpretations.Look]:
    with chain.connection(url) as connection:
        shape = shapes.of(connection)
        try:
            zone = legacy_time_zone(connection)
        except CommandError:
            zone = None
        yield interpretations.Look(connection, shape, zone)


@contextmanager
def _else_told(outcome: str) -> Iterator[None]:
    """A report that cannot be written is told with what became of the database."""
    try:
        yield
    except ReportFailed as error:
        raise SchemaFailed(f"{error} {outcome}") from error


@contextmanager
def _kept_in(backup: Path | None) -> Iterator[None]:
    """Whatever goes wrong inside is told with what to do, and with where the state before is."""
    try:
        yield
    except Exception as error:
        said = str(error) if isinstance(error, SchemaError) else f"{type(error).__name__}: {reason(error)}."
        again = "" if AGAIN in said else f" {AGAIN} can be run again."
        kept = f" How it was before is in {backup}." if backup else ""
        raise SchemaFailed(f"{said}{again}{kept}") from error
