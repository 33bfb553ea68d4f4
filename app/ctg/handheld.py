"""Values of a handheld Doppler, whose times are known to the second -> Trace: none is averaged, moved or left out.

A value stands for its whole second. Where several were stored for one second they share it in the order in which
they were stored, so the trace has as many samples a second as the fullest one has values. A second without any is a
gap.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from app.ctg.findings import Reason
from app.ctg.formats.errors import ParseError, Place
from app.ctg.formats.grid import ASSUMED_RATE_HZ
from app.ctg.formats.notes import note
from app.ctg.formats.source import MAX_SAMPLES
from app.ctg.quality import is_missing
from app.ctg.trace import FloatArray, Trace

IntArray = NDArray[np.int64]

# No device sends more. Where the seconds that have values have more on average, their times are those of sending.
MAX_VALUES_PER_SECOND = 4


@dataclass(frozen=True, slots=True)
class Curve:
    """A trace, with what its reader has to know of how it was made."""

    trace: Trace
    notes: tuple[Reason, ...]


def are_measured(values: int, seconds: int) -> bool:
    """Whether so many values that were stored for so many different seconds can have been measured in them."""
    return values <= MAX_VALUES_PER_SECOND * seconds


def curve_of_seconds(
    seconds: IntArray, bpm: FloatArray, quality: FloatArray | None = None, *, origin: datetime
) -> Curve:
    """The curve of values that were stored with whole seconds.

    Parameters
    ----------
    seconds : ndarray of int64, shape (n,)
        Whole seconds after `origin`, in any order and as often as they were stored.
    bpm : ndarray of float64, shape (n,)
        Heart rates in the order in which they were stored. 0, NaN and what no heart has are signal loss.
    quality : ndarray of float64, shape (n,), or None
        Signal quality, 0 to 1.
    origin : datetime
        The instant of second 0, aware.

    Raises
    ------
    ParseError
        When there is no value, or when the times lie so far apart that they cannot be one recording.
    """
    if len(seconds) == 0:
        raise ParseError("no_values", Place(""))
    rates, notes = rates_and_loss(bpm)
    quality = known_quality(quality, notes)
    order = np.argsort(seconds, kind="stable")
    if not are_measured(len(seconds), 1 + int(np.count_nonzero(np.diff(seconds[order])))):
        start = origin + timedelta(seconds=int(seconds.min()))
        notes.append(note("times_not_measured"))
        return curve_in_order(rates[order], None if quality is None else quality[order], notes, start=start)
    shown = order[_first_of_each(seconds[order], rates[order])]
    if len(shown) < len(seconds):
        notes.append(note("values_repeated", count=len(seconds) - len(shown)))
    slots = _Slots.of(seconds[shown])
    notes.append(note("times_to_the_second"))
    if slots.shared:
        notes.append(note("seconds_shared", count=slots.shared))
    if slots.empty:
        notes.append(note("seconds_empty", count=slots.empty))
    trace = Trace(
        start=origin + timedelta(seconds=slots.first),
        rate_hz=float(slots.per_second),
        fhr1=slots.fill(rates[shown]),
        quality=None if quality is None else slots.fill(quality[shown]),
        slots_per_value=slots.per_second,
    )
    return Curve(trace, tuple(notes))


def curve_in_order(rates: FloatArray, quality: FloatArray | None, notes: list[Reason], *, start: datetime) -> Curve:
    """The curve of values of which only the order is known, one a second: its times are a guess."""
    trace = Trace(start, ASSUMED_RATE_HZ, rates, quality=quality, time_is_estimated=True)
    return Curve(trace, tuple(notes))


def rates_and_loss(bpm: FloatArray) -> tuple[FloatArray, list[Reason]]:
    """Heart rates with loss as NaN, shape (n,), and a note where a value that is not 0 is no rate.

    A file with such a value is refused. What has been stored cannot be sent again: one slip must not hide the rest.
    """
    missing = is_missing(bpm)
    no_rates = int((missing & (bpm != 0) & ~np.isnan(bpm)).sum())
    return np.where(missing, np.nan, bpm), [note("values_no_rate", count=no_rates)] if no_rates else []


def known_quality(quality: FloatArray | None, notes: list[Reason]) -> FloatArray | None:
    """The quality where any is stated and all is on the scale from 0 to 1; a note says that another one is left out."""
    if quality is None or np.isnan(quality).all():
        return None
    if ((quality < 0) | (quality > 1)).any():
        notes.append(note("quality_ignored"))
        return None
    return quality


@dataclass(frozen=True, slots=True)
class _Slots:
    """The seconds from the first value to the last, each with `per_second` slots, and who fills how many of them."""

    first: int
    span: int
    per_second: int
    occupied: IntArray
    widths: IntArray
    shared: int

    @classmethod
    def of(cls, seconds: IntArray) -> "_Slots":
        """The slots for values at these seconds, shape (n,), in ascending order."""
        occupied, inverse, counts = np.unique(seconds, return_inverse=True, return_counts=True)
        first, span, per_second = int(occupied[0]), int(occupied[-1] - occupied[0]) + 1, int(counts.max())
        if span * per_second > MAX_SAMPLES:
            raise ParseError("time_span", Place(""), slots=span, step_s=1, limit=MAX_SAMPLES)
        # The j-th of m values has the slots from j/m to (j+1)/m of its second, in whole slots.
        count = counts[inverse]
        rank = np.arange(len(seconds)) - np.repeat(np.cumsum(counts) - counts, counts)
        widths = (rank + 1) * per_second // count - rank * per_second // count
        return cls(first, span, per_second, occupied - first, widths, shared=int((counts > 1).sum()))

    @property
    def empty(self) -> int:
        """Seconds without a value."""
        return self.span - len(self.occupied)

    def fill(self, values: FloatArray) -> FloatArray:
        """`values`, shape (n,), each in its slots and NaN elsewhere, shape (span * per_second,)."""
        filled = np.full((self.span, self.per_second), np.nan)
        filled[self.occupied] = np.repeat(values, self.widths).reshape(-1, self.per_second)
        return filled.ravel()


def _first_of_each(seconds: IntArray, rates: FloatArray) -> IntArray:
    """Where each pair of second and rate stands first, ascending: what was sent twice was measured once."""
    pairs = np.stack([seconds.astype(np.float64), np.nan_to_num(rates, nan=-1.0)], axis=1)
    _, firsts = np.unique(pairs, axis=0, return_index=True)
    return np.sort(firsts).astype(np.int64)
