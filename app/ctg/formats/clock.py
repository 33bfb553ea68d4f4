"""Local times of a file -> instants, by the rules of its zone; no clock is read."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray

from app.ctg.formats.errors import ParseError, Place
from app.ctg.formats.samples import PlaceOf
from app.ctg.trace import FloatArray

# Outside these years a date is a slip, and arithmetic near year 1 or 9999 overflows.
FIRST_YEAR = 1970
LAST_YEAR = 2100


def moments(texts: Sequence[str], place_of: PlaceOf) -> list[datetime]:
    """The ISO 8601 time in each text, naive or aware as written; ParseError at the first that is none."""
    found = []
    for index, text in enumerate(texts):
        try:
            parsed = datetime.fromisoformat(text.strip())
        except ValueError:
            raise ParseError("time_unreadable", place_of(index), value=text) from None
        if not FIRST_YEAR <= parsed.year <= LAST_YEAR:
            raise ParseError("time_absurd", place_of(index), value=text)
        found.append(parsed)
    return found


def epoch_seconds(written: Sequence[datetime], zone: tzinfo, place_of: PlaceOf) -> FloatArray:
    """Unix time in seconds of each moment, shape (n,); naive ones are local times in `zone`.

    When clocks are put back an hour of local times comes twice: it is the first one until the written time
    steps back, then the second one.

    Raises
    ------
    ParseError
        When aware and naive times are mixed, or at a local time that clocks put forward left out.
    """
    naive = written[0].tzinfo is None
    for index, moment in enumerate(written):
        if (moment.tzinfo is None) != naive:
            raise ParseError("time_zone_mixed", place_of(index))
    if not naive:
        return np.array([moment.timestamp() for moment in written])
    local_us = np.array(written, dtype="datetime64[us]").astype(np.int64)
    first_s, second_s = _offsets(local_us, zone)
    left_out = second_s > first_s
    if left_out.any():
        index = int(np.argmax(left_out))
        raise ParseError("time_not_in_zone", place_of(index), value=written[index].isoformat(sep=" "))
    return local_us / 1e6 - np.where(_is_second(local_us, second_s < first_s), second_s, first_s)


def _offsets(local_us: NDArray[np.int64], zone: tzinfo) -> tuple[FloatArray, FloatArray]:
    """Distance from UTC in seconds at each local time, shape (n,): if it is the first, if it is the second.

    Asked once a minute, because no zone has changed its offset within a minute since 1972.
    """
    minutes, position = np.unique(local_us // 60_000_000, return_inverse=True)
    distances = np.empty((2, len(minutes)))
    for index, minute in enumerate(minutes.tolist()):
        local = datetime(FIRST_YEAR, 1, 1, tzinfo=zone) + timedelta(minutes=minute)
        for fold in (0, 1):
            distance = local.replace(fold=fold).utcoffset() or timedelta(0)
            distances[fold, index] = distance.total_seconds()
    return distances[0][position], distances[1][position]


def _is_second(local_us: NDArray[np.int64], ambiguous: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the local times that occurred twice are meant to be the second, shape (n,)."""
    second = np.zeros(len(local_us), dtype=np.bool_)
    for index in np.flatnonzero(ambiguous).tolist():
        second[index] = index > 0 and (second[index - 1] or local_us[index] < local_us[index - 1])
    return second


def instant(written: datetime, zone: tzinfo, place: Place) -> datetime:
    """One moment in UTC; the first one where a local time occurs twice."""
    return from_epoch(float(epoch_seconds([written], zone, lambda _: place)[0]))


def from_epoch(seconds: float) -> datetime:
    """The instant of a Unix time, in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def is_ambiguous(written: datetime, zone: tzinfo) -> bool:
    """Whether a naive local time occurred twice in `zone`."""
    if written.tzinfo is not None:
        return False
    first, second = (written.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1))
    return first is not None and second is not None and second < first
