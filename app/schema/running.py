"""Running revisions for an operator: told step by step, checked afterwards, and honest about where it stopped."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic.util import CommandError

from app.schema import chain
from app.schema.errors import SchemaError, SchemaFailed, SchemaRefused, reason
from app.schema.status import State, Status, looking, read
from app.schema.words import number_of
from migrations.legacy_time import legacy_time_zone

Say = Callable[[str], None]

BASE = "base"


def require_place_in_chain(found: Status) -> None:
    """Pass, or SchemaRefused where nobody can tell which revisions the database has."""
    if not found.can_be_upgraded:
        at = f" ({', '.join(found.current)})" if found.current else ""
        raise SchemaRefused(f"The database is {found.state}{at}; nothing was changed. {found.next_step}")


def require_upgradable(url: str, found: Status) -> None:
    """Pass, or SchemaRefused where an upgrade would be unsafe: for an original with rows, or for times of no zone."""
    require_place_in_chain(found)
    if found.state is State.ORIGINAL:
        raise SchemaRefused(f"An upgrade alone keeps no backup and no report; nothing was changed. {found.next_step}")
    with looking(url) as connection:
        try:
            if connection and found.pending:
                legacy_time_zone(connection)
        except CommandError as error:
            raise SchemaRefused(str(error)) from error


def upgrade(url: str, found: Status, say: Say) -> Status:
    """The database at the head and as the models say, or SchemaError; `found` is how it stood before."""
    require_upgradable(url, found)
    if found.pending:
        with told(url, found, say, "`flask schema apply`"):
            chain.upgrade(url)
    after = read(url)
    if after.state is not State.AT_HEAD:
        raise SchemaFailed(f"The upgrade ended, but the database is {after.state}: {', '.join(after.current)}.")
    if after.drift:
        raise SchemaFailed(
            f"The database is at the head, {after.head}, but not as the models say: {'; '.join(after.drift)}. "
            + after.next_step
        )
    return after


def target_of_rollback(found: Status, steps: int) -> str:
    """The revision that a database goes back to; SchemaRefused when it has fewer than `steps`."""
    require_place_in_chain(found)
    if steps > len(found.applied):
        raise SchemaRefused(
            f"The database has {number_of(len(found.applied), 'revision')}, so {steps} cannot go; nothing was changed."
        )
    going = found.applied[-steps:]
    if merges := [
        script.revision for script in chain.revisions() if script.revision in going and script.is_merge_point
    ]:
        raise SchemaRefused(
            f"{', '.join(merges)} joins two branches, so it has no one revision before it; nothing was changed. "
            "`flask db downgrade` with the revision that you want says which way."
        )
    return [BASE, *found.applied][-1 - steps]


def downgrade(url: str, found: Status, target: str, say: Say, repeat: str) -> Status:
    """The database back at `target`, or SchemaError; `repeat` is the command that goes on after a failure."""
    with told(url, found, say, repeat):
        chain.downgrade(url, target)
    after = read(url, compare=False)
    expected = () if target == BASE else (target,)
    if after.current != expected:
        raise SchemaFailed(f"The way down ended, but the database is at {', '.join(after.current) or BASE}.")
    return after


@contextmanager
def told(url: str, before: Status, say: Say, repeat: str) -> Iterator[None]:
    """Each step is told as it begins; whatever stops it becomes a SchemaFailed that says where."""
    try:
        with _steps_told(say):
            yield
    except SchemaError as error:
        raise SchemaFailed(f"{error} {_place(url, before, repeat)}") from error
    except (Exception, KeyboardInterrupt) as error:
        # A revision may fail in any way, and the operator wants to know where, not in which library.
        raise SchemaFailed(f"{type(error).__name__}: {reason(error)}. {_place(url, before, repeat)}") from error


def _place(url: str, before: Status, repeat: str) -> str:
    """Where a run that failed has left the database."""
    try:
        with chain.connection(url) as connection:
            current = chain.stamped(connection)
            undone = connection.dialect.name == "sqlite"
    except sa.exc.SQLAlchemyError as error:
        return f"Where it stopped cannot be read ({reason(error)}); once the database answers, run {repeat} again."
    if current == before.current:
        where = f"It is still at {', '.join(current) or BASE}"
    else:
        where = f"It stopped at {', '.join(current) or BASE}"
    half = "nothing of the step that failed was kept" if undone else "the step that failed may be half done"
    return f"{where}; {half}. When the cause is gone, run {repeat} again: each step looks first at what is there."


@contextmanager
def _steps_told(say: Say) -> Iterator[None]:
    """Alembic's own line for each step ("Running upgrade a -> b, …"), said as it begins."""
    log = logging.getLogger("alembic.runtime.migration")
    handler, level = _Saying(say), log.level
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(level)


class _Saying(logging.Handler):
    """Says the lines that tell a step."""

    def __init__(self, say: Say) -> None:
        super().__init__(logging.INFO)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Say it, unless it is about Alembic itself."""
        line = record.getMessage()
        if line.startswith("Running "):
            self._say(line.removeprefix("Running "))
