"""Where a database stands in the revision chain."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa

from app.schema import chain, drift
from app.schema.backup.unfinished import UNFINISHED
from migrations.legacy_time import TABLES_WITH_TIMES

NO_FILE = (None, "", ":memory:")


class State(StrEnum):
    """What a database is, by its tables and by what `alembic_version` says."""

    EMPTY = "empty"
    INTERRUPTED = "first upgrade was interrupted"
    ORIGINAL = "the original, not adopted"
    BEHIND = "behind"
    AT_HEAD = "at head"
    UNVERSIONED = "unversioned"
    LATER_ORIGINAL = "later state of the original"
    UNKNOWN = "unknown revision"
    SEVERAL = "several revisions"
    UNFINISHED_RESTORE = "unfinished restore"
    IN_MEMORY = "in memory"


# The original's last revision that our chain goes on from.
SEED_HEAD = "692e6f2120e5"
# Revisions that the original went on to after it; both have dropped tables that ours builds on.
LATER_ORIGINALS = ("remove_fetal_tables", "d11cfa14fcd1")
MAY_BE_UPGRADED = (State.EMPTY, State.INTERRUPTED, State.ORIGINAL, State.BEHIND, State.AT_HEAD)

NEXT_STEP = {
    State.EMPTY: "`flask schema apply` builds the tables.",
    State.INTERRUPTED: "`flask schema apply` goes on where it was cut.",
    State.ORIGINAL: (
        "It has rows: `flask schema adopt` backs it up, upgrades it and reports what it made of each row."
    ),
    State.BEHIND: "`flask schema apply` runs what is pending.",
    State.UNVERSIONED: "There are tables but no word about their revision: `flask schema adopt` recognises them.",
    State.LATER_ORIGINAL: (
        "The original has dropped tables in it that ours builds on: `flask schema adopt` says what to do."
    ),
    State.UNKNOWN: (
        "A newer Dopply has probably upgraded this database: run that one. If `alembic_version` is wrong, "
        "`flask schema reset-migrations` reads the revision from the tables."
    ),
    State.SEVERAL: (
        "alembic_version must name one revision: `flask schema reset-migrations` reads it from the tables."
    ),
    State.IN_MEMORY: "It ends with the process that opened it: DATABASE_URL must name a file or a server.",
    State.UNFINISHED_RESTORE: "A restore was cut, so nothing in it is to be used: run `flask schema restore` again.",
}

EXIT_CLEAN = 0
EXIT_CANNOT_TELL = 1
EXIT_PENDING_OR_DRIFT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A database beside the chain.

    `drift` is where its tables are not as the models say, and None away from the head, where a comparison would mean
    nothing. `beside` are tables and columns that the models do not know: somebody's own, which stay.
    """

    state: State
    server: str
    current: tuple[str, ...]
    head: str
    applied: tuple[str, ...]
    pending: tuple[str, ...]
    tables: int
    drift: tuple[str, ...] | None = None
    beside: tuple[str, ...] = ()

    @property
    def can_be_upgraded(self) -> bool:
        """Whether its place in the chain is known, so that pending revisions may run."""
        return self.state in MAY_BE_UPGRADED

    @property
    def next_step(self) -> str:
        """What an operator does now; empty where there is nothing to do."""
        if self.drift:
            return (
                "Changed models want a revision (`flask schema new`). Otherwise the tables were changed by hand, "
                "or their revision is not what alembic_version says (`flask schema reset-migrations`)."
            )
        return NEXT_STEP.get(self.state, "")

    @property
    def exit_code(self) -> int:
        """0 at the head without drift; 4 pending or drift; 1 where nobody can tell."""
        if not self.can_be_upgraded:
            return EXIT_CANNOT_TELL
        return EXIT_PENDING_OR_DRIFT if self.pending or self.drift else EXIT_CLEAN


def read(url: str, *, compare: bool = True) -> Status:
    """Where the database at `url` stands; without `compare` its tables are not held against the models."""
    head = chain.head()
    with looking(url) as connection:
        tables = sa.inspect(connection).get_table_names() if connection else []
        current = tuple(sorted(chain.stamped(connection))) if connection else ()
        server = describe(connection) if connection else "SQLite, no file yet"
        state = State.IN_MEMORY if is_in_memory(url) else _state(tables, current, head)
        if (
            state in {State.INTERRUPTED, State.BEHIND}
            and connection
            and _is_of_the_original(connection, tables, current)
        ):
            state = State.ORIGINAL
    at = current[0] if current and state in MAY_BE_UPGRADED else None
    pending = tuple(script.revision for script in chain.after(at)) if state in MAY_BE_UPGRADED else ()
    known = [script.revision for script in chain.revisions()] if state in MAY_BE_UPGRADED else []
    compared = drift.found(url) if compare and state is State.AT_HEAD else None
    return Status(
        state=state,
        server=server,
        current=current,
        head=head,
        applied=tuple(revision for revision in known if revision not in pending),
        pending=pending,
        tables=len(tables),
        drift=None if compared is None else tuple(line for line in compared if not drift.is_beside(line)),
        beside=tuple(line for line in compared or () if drift.is_beside(line)),
    )


def _state(tables: list[str], current: tuple[str, ...], head: str) -> State:
    if UNFINISHED in tables:
        return State.UNFINISHED_RESTORE
    if current:
        return _stamped_state(current, head)
    if set(tables) <= {chain.VERSION_TABLE}:
        return State.EMPTY
    return State.INTERRUPTED if chain.VERSION_TABLE in tables else State.UNVERSIONED


def _stamped_state(current: tuple[str, ...], head: str) -> State:
    if len(current) > 1:
        return State.SEVERAL
    if current[0] in LATER_ORIGINALS:
        return State.LATER_ORIGINAL
    if current[0] not in {script.revision for script in chain.revisions()}:
        return State.UNKNOWN
    return State.AT_HEAD if current[0] == head else State.BEHIND


def _is_of_the_original(connection: sa.Connection, tables: list[str], current: tuple[str, ...]) -> bool:
    """Whether somebody has used it and no revision of ours has run."""
    ours = {script.revision for script in chain.after(SEED_HEAD)}
    return not ours.intersection(current) and any(
        connection.execute(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)).first()
        for name in TABLES_WITH_TIMES
        if name in tables
    )


def is_in_memory(url: str) -> bool:
    """Whether the database is SQLite's own of one process, in which nothing stays."""
    parsed = sa.make_url(url)
    return parsed.get_backend_name() == "sqlite" and parsed.database in NO_FILE


@contextmanager
def looking(url: str) -> Iterator[sa.Connection | None]:
    """A connection, or None where the SQLite file does not exist: to look must not make it."""
    parsed = sa.make_url(url)
    is_file = parsed.get_backend_name() == "sqlite" and not is_in_memory(url)
    if is_file and not Path(str(parsed.database)).exists():
        yield None
        return
    with chain.connection(url) as connection:
        yield connection


def describe(connection: sa.Connection) -> str:
    """The server and its version; on MariaDB and MySQL the character set that new tables get by default."""
    if connection.dialect.name == "sqlite":
        return f"SQLite {connection.scalar(sa.text('SELECT sqlite_version()'))}"
    version, charset, collation = connection.execute(
        sa.text("SELECT VERSION(), @@character_set_database, @@collation_database")
    ).one()
    kind = "MariaDB" if "mariadb" in str(version).lower() else "MySQL"
    return f"{kind} {str(version).split('-', 1)[0]}, {charset} ({collation})"
