"""What a database is, what adopting it would do, and what forbids it: looked at, not changed."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from alembic.util import CommandError

from app.schema import chain, mend, obstacles, shapes, status
from app.schema.backup import UNFINISHED
from app.schema.chain import VERSION_TABLE
from app.schema.recognise import Recognised, from_shape, recognise
from app.schema.shapes import Shape
from app.schema.words import number_of
from migrations.legacy_time import VARIABLE, legacy_time_zone

NO_FILE = (
    "There is no such file, so nothing to adopt: DATABASE_URL may be mistyped. "
    "`flask schema apply` makes a new database."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a database is, what will be done, and what forbids it.

    `zone` is that of its naive times, None while nobody has named it. `refusals` say why nothing may be done.
    """

    found: Recognised
    server: str
    rows: dict[str, int]
    pending: tuple[str, ...]
    differences: tuple[str, ...]
    zone: str | None
    remarks: tuple[str, ...]
    refusals: tuple[str, ...]

    @property
    def is_done(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.refusals or self.pending or self.differences or self.found.needs_stamp)

    @property
    def steps(self) -> tuple[str, ...]:
        """What will be done, in order."""
        if self.refusals or self.is_done:
            return ()
        start = self.found.start or "nothing"
        return (
            *(["back up the database"] if self.rows else []),
            *([f"write {start} into {VERSION_TABLE}"] if self.found.needs_stamp else []),
            *(
                [f"run {number_of(len(self.pending), 'revision')}, from {start} to {self.pending[-1]}"]
                if self.pending
                else []
            ),
            *(f"put right: {difference}" for difference in self.differences),
            "verify: every table has at least as many rows as before, and refers to rows that exist",
            "write the report of every row that was interpreted",
        )

    def as_values(self) -> dict[str, Any]:
        """For --json and the report's first line."""
        return {
            "state": self.found.name,
            "stamp": list(self.found.stamp),
            "evidence": list(self.found.evidence),
            "beside": list(self.found.beside),
            "server": self.server,
            "rows": self.rows,
            "legacy_time_zone": self.zone,
            "steps": list(self.steps),
            "remarks": list(self.remarks),
            "refusals": list(self.refusals),
        }


def look(url: str) -> Plan:
    """What the database at `url` is and what is to be done; nothing is changed."""
    if status.is_in_memory(url):
        refusal = status.NEXT_STEP[status.State.IN_MEMORY]
        return _plan(_nothing(), "SQLite, in memory", {}, zone="UTC", refusals=[refusal], differences=())
    with status.looking(url) as connection:
        if connection is None:
            # A mistyped path must not look like a clinic whose records are gone.
            return _plan(_nothing(), "SQLite, no file yet", {}, zone="UTC", refusals=[NO_FILE], differences=())
        found = recognise(connection)
        server = status.describe(connection)
        if found.problem:
            return _plan(found, server, {}, zone=None, refusals=[found.problem], differences=())
        shape = shapes.of(connection)
        refusals = [*_unfit(found, shape), *obstacles.found(connection, shape)]
        rows = counted(connection)
        try:
            zone = legacy_time_zone(connection).key
        except CommandError as error:
            zone = None
            refusals.append(str(error))
    is_at_head = not found.needs_stamp and found.start == chain.head()
    return _plan(
        found,
        server,
        rows,
        zone=zone,
        refusals=refusals,
        differences=tuple(mend.left(url)) if is_at_head and not refusals else (),
    )


def _nothing() -> Recognised:
    """What is recognised where there is no table."""
    return from_shape(frozenset(), (), is_versioned=False)


def counted(connection: sa.Connection) -> dict[str, int]:
    """The rows of each table, by name."""
    tables = sorted(set(sa.inspect(connection).get_table_names()) - {VERSION_TABLE})
    return {table: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0 for table in tables}


def _plan(
    found: Recognised,
    server: str,
    rows: dict[str, int],
    *,
    zone: str | None,
    refusals: list[str],
    differences: tuple[str, ...],
) -> Plan:
    pending = () if found.problem else tuple(script.revision for script in chain.after(found.start))
    return Plan(
        found=found,
        server=server,
        rows=rows,
        pending=pending,
        differences=differences,
        zone=zone,
        remarks=tuple(_remarks(found, zone)),
        refusals=tuple(refusals),
    )


def _remarks(found: Recognised, zone: str | None) -> Iterator[str]:
    if found.beside:
        yield f"Not Dopply's, and kept as it is: {', '.join(found.beside)}."
    named = os.environ.get(VARIABLE)
    if named and zone and named != zone:
        yield f"{VARIABLE} says {named}, but this database keeps its times in {zone}, which counts."


def _unfit(found: Recognised, shape: Shape) -> Iterator[str]:
    """A restore that was cut, or a database of ours whose stamp this version does not know."""
    if UNFINISHED in shapes.tables(shape):
        yield status.NEXT_STEP[status.State.UNFINISHED_RESTORE]
    known = {script.revision for script in chain.revisions()}
    unknown = [revision for revision in found.stamp if revision not in known]
    if unknown and not found.is_of_the_original:
        yield (
            f"{VERSION_TABLE} says {', '.join(unknown)}, which this Dopply does not know: a newer one has upgraded "
            "this database, so run that one. If the table is wrong, `flask schema reset-migrations` writes it anew."
        )
