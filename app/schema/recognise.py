"""What a database is, by the tables and columns that are there; what `alembic_version` says comes second."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from app.schema import chain, shapes
from app.schema.chain import VERSION_TABLE
from app.schema.shapes import Place, Shape, tables
from app.schema.status import LATER_ORIGINALS, SEED_HEAD
from app.schema.words import number_of

REMOVE_FETAL_TABLES, CLEAN_SCHEMA = LATER_ORIGINALS

# What 009_recordings leaves on the way down for the next way up.
LEFT_FOR_THE_WAY_UP = frozenset({"installation", "waiting_sessions"})

# What the two later states of the original are known by.
DROPPED_LATER = frozenset({"fetal_monitoring_sessions", "fetal_heart_rate_readings", "fetal_monitoring_results"})
DESIGNED_LATER = frozenset({("users", "is_verified"), ("patients", "hpht")})

WAY_OUT = {
    REMOVE_FETAL_TABLES: (
        "This is the original after its revision remove_fetal_tables, which dropped the three tables of monitoring "
        "sessions with all their rows. With a backup from before that: restore it as a database of its own and adopt "
        "that one. Without: the three tables can be put back, but empty. Back this database up (`flask schema backup "
        "FILE`), set DOPPLY_LEGACY_TIME_ZONE, and run `flask db stamp --purge 003_patient_status_history`, then "
        "`flask db upgrade`; patients, records and links come with it."
    ),
    CLEAN_SCHEMA: (
        "This is the original after its revision d11cfa14fcd1, which began anew with five tables of another design: "
        "no table of doctors, no monitoring sessions, no care status. Dopply continues the design before it and "
        "cannot take this one over. With a backup from before that: restore it as a database of its own and adopt "
        "that one. Without: keep this database as an archive and give Dopply an empty one."
    ),
}


class Kind(StrEnum):
    """What can be done with a database."""

    EMPTY = "empty"
    IN_CHAIN = "in the chain"
    LATER = "a later state of the original"
    FOREIGN = "no Dopply database"
    UNKNOWN = "not recognised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A database beside the chain.

    `shown` is the newest revision whose tables and columns are all there, `start` the one from which an upgrade can
    go on (None: from nothing). `beside` are tables and columns that no revision knows. `problem` says why nobody can
    go on and what the way out is; it is empty where one can.
    """

    kind: Kind
    stamp: tuple[str, ...]
    is_versioned: bool
    shown: str | None = None
    start: str | None = None
    evidence: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    problem: str = ""

    @property
    def needs_stamp(self) -> bool:
        """Whether `alembic_version` has to be set before an upgrade."""
        wanted = () if self.start is None else (self.start,)
        return self.stamp != wanted or (self.kind is Kind.IN_CHAIN and not self.is_versioned)

    @property
    def is_of_the_original(self) -> bool:
        """Whether no revision of ours has been completed yet."""
        order = list(shapes.along_the_chain())
        return self.shown is None or order.index(self.shown) <= order.index(SEED_HEAD)

    @property
    def name(self) -> str:
        """What it is, in a few words."""
        if self.kind is not Kind.IN_CHAIN:
            return self.kind.value
        if self.shown is None:
            return "a first upgrade that was cut short"
        return f"the original at {self.shown}" if self.is_of_the_original else f"Dopply at {self.shown}"


def recognise(connection: sa.Connection) -> Recognised:
    """What the database at hand is; nothing is changed."""
    is_versioned = sa.inspect(connection).has_table(VERSION_TABLE)
    return from_shape(shapes.of(connection), chain.stamped(connection), is_versioned=is_versioned)


def from_shape(found: Shape, stamp: tuple[str, ...], *, is_versioned: bool) -> Recognised:
    """What a database with these tables and columns is, whose `alembic_version` says `stamp`."""
    states = list(shapes.along_the_chain().items())
    known: Shape = frozenset().union(*(shape for _, shape in states))
    if later := _later_state(found, stamp, dict(states)[SEED_HEAD]):
        return Recognised(
            kind=Kind.LATER,
            stamp=stamp,
            is_versioned=is_versioned,
            evidence=(_count(found), _stamp_said(stamp, is_versioned=is_versioned)),
            problem=WAY_OUT[later],
        )
    newest = _newest(found, states)
    shown, start = _place(newest, stamp, states)
    kind, problem = _judged(found, found & known, newest, states)
    return Recognised(
        kind=kind,
        stamp=stamp,
        is_versioned=is_versioned,
        shown=shown,
        start=None if problem else start,
        evidence=tuple(_evidence(found, shown, stamp, is_versioned=is_versioned)),
        beside=_beside(found - known, tables(known)),
        problem=problem,
    )


def _later_state(found: Shape, stamp: tuple[str, ...], seed: Shape) -> str | None:
    """The later revision of the original that this is.

    A stamp alone is believed only where something of the seed is missing: where all is there, nothing was dropped.
    """
    rest = {(table, column) for table, column in seed if table not in DROPPED_LATER}
    if rest <= found and not DROPPED_LATER & tables(found):
        return REMOVE_FETAL_TABLES
    if found >= DESIGNED_LATER and "doctors" not in tables(found):
        return CLEAN_SCHEMA
    if found and not seed <= found:
        return next((revision for revision in LATER_ORIGINALS if revision in stamp), None)
    return None


def _newest(found: Shape, states: list[tuple[str, Shape]]) -> int | None:
    """The index of the newest state that is complete, with everything dropped that was to be dropped.

    What the state after it drops may be half gone: that drop was cut.
    """
    newest = None
    earlier: Shape = frozenset()
    for index, (_, shape) in enumerate(states):
        after = states[index + 1][1] if index + 1 < len(states) else shape
        if shape & after <= found and not (earlier - shape) & found:
            newest = index
        earlier |= shape
    return newest


def _place(
    newest: int | None, stamp: tuple[str, ...], states: list[tuple[str, Shape]]
) -> tuple[str | None, str | None]:
    """The revision that is shown, and the one to start from.

    A stamp within what the columns allow is believed. Otherwise the seed's revisions are taken as done, since they
    have no data steps, and the last one of ours is run again, since its data step may have been cut.
    """
    if newest is None:
        return None, None
    order = [revision for revision, _ in states]
    first = next(index for index, (_, shape) in enumerate(states) if shape == states[newest][1])
    earliest = first if first <= order.index(SEED_HEAD) else first - 1
    stamped = order.index(stamp[0]) if len(stamp) == 1 and stamp[0] in order else None
    if stamped is not None and earliest <= stamped <= newest:
        return order[max(stamped, first)], order[stamped]
    return order[first], order[earliest]


def _judged(found: Shape, ours: Shape, newest: int | None, states: list[tuple[str, Shape]]) -> tuple[Kind, str]:
    """What can be done, and why nothing can; `ours` are the places that some revision knows."""
    people = states[0][1]
    if not found:
        return Kind.EMPTY, ""
    if newest is None and not tables(found) & (tables(people) - {"users"}) and not _is_begun(ours, people):
        return Kind.FOREIGN, (
            f"It has {_listed(tables(found))}, and none of Dopply's tables. Is DATABASE_URL the right one? Dopply "
            "wants a database of its own."
        )
    if newest is None:
        return (Kind.IN_CHAIN, "") if _is_begun(ours, people) else (Kind.UNKNOWN, _differs(ours, states))
    following = states[newest + 1][1] if newest + 1 < len(states) else frozenset()
    # A run that was cut leaves part of one revision. Part of more than one is somebody's own work.
    strays = {place for place in ours - states[newest][1] - following if place[0] not in LEFT_FOR_THE_WAY_UP}
    return (Kind.UNKNOWN, _differs(ours, states)) if strays else (Kind.IN_CHAIN, "")


def _is_begun(ours: Shape, people: Shape) -> bool:
    """Whether these are some of the first revision's tables, each of them whole."""
    return bool(ours) and ours == {place for place in people if place[0] in tables(ours)}


def _differs(ours: Shape, states: list[tuple[str, Shape]]) -> str:
    """What is missing or too much, beside the revision that is nearest."""
    revision, shape = min(states, key=lambda state: len(state[1] ^ ours))
    missing, surplus = shape - ours, ours - shape
    told = [f"lacks {_listed(_said(missing, tables(ours)))}"] if missing else []
    told += [f"still has {_listed(_said(surplus, tables(shape)))}"] if surplus else []
    return (
        f"Beside {revision}, which is nearest, it {' and '.join(told)}, so nobody can tell which revisions have run. "
        "Restore a backup in which it is whole, or put right by hand what is missing or too much, and try again."
    )


def _dropped_by(revision: str) -> Shape:
    """What the revisions up to this one have dropped."""
    earlier: Shape = frozenset()
    for name, shape in shapes.along_the_chain().items():
        earlier |= shape
        if name == revision:
            return earlier - shape
    raise KeyError(revision)


def _beside(strangers: Shape, known_tables: set[str]) -> tuple[str, ...]:
    """Tables that no revision knows, and columns in tables that one does."""
    places = {place for place in strangers if place[0] not in LEFT_FOR_THE_WAY_UP}
    return tuple(sorted(_said(places, known_tables)))


def _said(places: Iterable[Place], whole: set[str]) -> set[str]:
    """The places: "table.column" in the tables `whole`, else the table alone."""
    return {f"{table}.{column}" if table in whole else f"table {table}" for table, column in places}


def _evidence(found: Shape, shown: str | None, stamp: tuple[str, ...], *, is_versioned: bool) -> Iterator[str]:
    """What was looked at, in sentences."""
    yield _count(found)
    if shown is not None:
        yield f"every table and column of {shown} is there"
        if dropped := _dropped_by(shown):
            yield f"gone, as it should be: {_listed(_said(dropped, tables(found)))}"
    yield _stamp_said(stamp, is_versioned=is_versioned)


def _count(found: Shape) -> str:
    return f"{number_of(len(tables(found)), 'table')} with {number_of(len(found), 'column')}, beside {VERSION_TABLE}"


def _stamp_said(stamp: tuple[str, ...], *, is_versioned: bool) -> str:
    if not is_versioned:
        return f"there is no {VERSION_TABLE}"
    return f"{VERSION_TABLE} says {', '.join(stamp)}" if stamp else f"{VERSION_TABLE} is empty"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
