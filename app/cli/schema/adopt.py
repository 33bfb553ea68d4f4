"""`flask schema adopt`: a database of the original becomes one of Dopply, with nothing lost and everything told."""

import json
from dataclasses import dataclass
from pathlib import Path

import click

from app.cli.schema import group
from app.cli.schema.look import as_json
from app.cli.schema.target import confirm, database_url, exit_codes, shown, yes_option
from app.schema import adopt as adoption
from app.schema import report as reports
from app.schema.backup import default_path
from app.schema.backup.places import SUFFIX
from app.schema.errors import SchemaRefused
from app.schema.plan import Plan, look
from app.schema.report import Tally
from app.schema.words import number_of

NEW_FILE = click.Path(dir_okay=False, path_type=Path)
REPORT_SUFFIX = ".adoption.jsonl"


@group.command("adopt")
@click.option("--dry-run", is_flag=True, help="Show what was found and what would be done, and change nothing.")
@click.option("--backup", type=NEW_FILE, help="Where to back up to; instance/backups without it.")
@click.option("--report", type=NEW_FILE, help="Where to write the report; beside the backup without it.")
@as_json
@yes_option
def adopt(dry_run: bool, backup: Path | None, report: Path | None, as_json: bool, yes: bool) -> None:
    """Bring a database of the original Dopply to the head: recognise it, back it up, upgrade, verify, report.

    A database that is at the head is left as it is: told is what to do next, and --report writes its report again.

    Exit code 0 done, also when there is nothing to do; 1 failed: how far it came, run it again; 3 refused, nothing
    was changed.
    """
    if as_json and not (yes or dry_run):
        raise click.UsageError("--json asks no question: add --yes or --dry-run.")
    with exit_codes():
        url = database_url()
        if report and report.exists():
            raise SchemaRefused(f"{report} is there already, and no report replaces another; nothing was changed.")
        plan = look(url)
        told = Told(url, plan, as_json=as_json)
        told.plan()
        if plan.refusals:
            if as_json:
                told.end(done="nothing: refused", tally=Tally())
            raise _refused(plan)
        if dry_run:
            told.end(done="nothing: this was a dry run", tally=_dry_tally(url, plan, report))
            return
        if plan.is_done:
            _end_of_what_is_done(told, report)
            return
        told.say("Stop the older application first, so that nobody writes meanwhile.")
        confirm("Adopt this database?", yes=yes)
        backup = backup or default_path(url)
        report = report or backup.with_name(backup.name.removesuffix(SUFFIX) + REPORT_SUFFIX)
        done = adoption.adopt(url, plan, backup=backup, report=report, say=told.say)
        told.end(
            done=f"adopted: at the head, {done.head}; no table has fewer rows, no reference is broken, no drift",
            tally=done.tally,
            backup=done.backup,
            report=done.report,
            mended=done.mended,
            next_steps=done.next_steps,
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What the command says, in lines for people or at its end as one JSON value."""

    url: str
    found: Plan
    as_json: bool

    def say(self, line: str) -> None:
        """One line, unless JSON is wanted."""
        if not self.as_json:
            click.echo(line)

    def plan(self) -> None:
        """What was found, and what will be done."""
        self.say(f"{shown(self.url)} ({self.found.server}) is {self.found.found.name}")
        for sentence in self.found.found.evidence:
            self.say(f"  - {sentence}")
        if self.found.rows:
            rows = sum(self.found.rows.values())
            zone = f", times in {self.found.zone}" if self.found.zone else ""
            self.say(f"  - {number_of(rows, 'row')} in {number_of(len(self.found.rows), 'table')}{zone}")
        for remark in self.found.remarks:
            self.say(f"  - {remark}")
        if self.found.steps:
            self.say("To do:")
        for step in self.found.steps:
            self.say(f"  - {step}")

    def end(
        self,
        *,
        done: str,
        tally: Tally,
        backup: Path | None = None,
        report: Path | None = None,
        mended: tuple[str, ...] = (),
        next_steps: tuple[str, ...] = (),
    ) -> None:
        """What was done, how many rows were interpreted in which way, and what to do next."""
        if self.as_json:
            values = {
                "database": shown(self.url),
                **self.found.as_values(),
                "done": done,
                "backup": backup and str(backup),
                "report": report and str(report),
                "mended": list(mended),
                "interpreted": tally.as_values(),
                "next": list(next_steps),
            }
            click.echo(json.dumps(values, indent=2, ensure_ascii=False))
            return
        for sentence in mended:
            self.say(f"Put right: {sentence}")
        if tally.counts:
            self.say("Interpreted:")
        for entry in tally.as_values():
            self.say(f"{entry['count']:>9,}  {entry['taken_as']}")
            self.say(f"{'':9}  {entry['kind']}; shown: {entry['shown']}")
        self.say(done[0].upper() + done[1:] + ".")
        if backup:
            self.say(f"How it was before is in {backup}")
        if report:
            self.say(f"Every row that was interpreted is in {report} (about patients: keep it private)")
        for sentence in next_steps:
            self.say(f"Next: {sentence}")


def _end_of_what_is_done(told: Told, report: Path | None) -> None:
    """Whoever upgraded by hand, or whose adoption was killed late, has seen neither report nor next steps."""
    tally = _report_again(told.url, report) if report else adoption.counted_only(told.url)
    is_unreported = bool(tally.counts) and report is None
    told.end(
        done="nothing to do: it is at the head, and as the models say",
        tally=tally,
        report=report,
        next_steps=(*([adoption.REPORT_AGAIN] if is_unreported else []), *adoption.next_steps(told.url, tally)),
    )


def _refused(plan: Plan) -> SchemaRefused:
    if len(plan.refusals) == 1:
        return SchemaRefused(plan.refusals[0])
    reasons = "".join(f"\n  - {sentence}" for sentence in plan.refusals)
    return SchemaRefused(f"{len(plan.refusals)} things stand in the way, and nothing was changed:{reasons}")


def _dry_tally(url: str, plan: Plan, report: Path | None) -> Tally:
    """How rows would be interpreted, as far as that is known before the upgrade."""
    if not plan.rows:
        return Tally()
    return adoption.counted_only(url) if report is None else adoption.report_dry_run(url, plan, report)


def _report_again(url: str, report: Path) -> Tally:
    with reports.writing(report) as written:
        adoption.report_again(url, written)
    return written.tally
