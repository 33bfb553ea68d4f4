"""The one clock of the use cases, so that a test that moves time moves it for all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_moved_to: ContextVar[datetime | None] = ContextVar("moved_to", default=None)


def utc_now() -> datetime:
    """This instant, aware."""
    return _moved_to.get() or datetime.now(UTC)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Within the block it is `instant`, for this thread alone; ValueError for a naive one.

    Only the demo world and tests move time: the one to have a past, the others to look at what time changes.
    """
    if instant.tzinfo is None:
        raise ValueError("the instant has no time zone")
    moved = _moved_to.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _moved_to.reset(moved)
