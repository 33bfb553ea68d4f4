"""The samples of a strip's window, and where they lie in it."""

from dataclasses import dataclass
from functools import cached_property
from math import ceil

import numpy as np

from app.charts.marks import BoolArray
from app.charts.strip import Strip
from app.ctg.quality import is_missing
from app.ctg.trace import FloatArray, Trace


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Equally spaced values and where they belong.

    Attributes
    ----------
    values : ndarray of float64, shape (n,)
        The samples of the window, with neighbours on both sides where the recording goes on.
    rate_hz : float
        Samples per second.
    number : int
        Which sample of the recording the first of them is.
    lead, count : int
        How many of them lie before the window, and how many within it.
    first_s : float
        Time of the first sample of the window, index `lead`, from the left edge: less than one sample.
    """

    values: FloatArray
    rate_hz: float
    number: int
    lead: int
    count: int
    first_s: float

    def time_s(self, index: int) -> float:
        """Time of a sample from the left edge of the window."""
        return self.first_s + (index - self.lead) / self.rate_hz


@dataclass(frozen=True, eq=False)
class Window:
    """What a strip shows of its recording; each thing is worked out once for a picture."""

    strip: Strip

    @property
    def part(self) -> Trace:
        """The samples at hand, of the window and around it."""
        return self.strip.stretch.part

    @cached_property
    def lost(self) -> tuple[tuple[Series, BoolArray], ...]:
        """For each fetus the samples of the window with one neighbour, and which of them are lost, shape (n,)."""
        rates = [self.series(self.part.fhr(fetus)) for fetus in range(1, self.part.fetus_count + 1)]
        return tuple((rate, is_missing(rate.values)) for rate in rates)

    @cached_property
    def loss_fractions(self) -> tuple[float | None, ...]:
        """For each fetus the part of the window's samples that are lost; None where the window holds none."""
        within = [lost[rate.lead : rate.lead + rate.count] for rate, lost in self.lost]
        return tuple(np.count_nonzero(lost) / len(lost) if len(lost) else None for lost in within)

    @property
    def has_signal(self) -> bool:
        """Whether the window holds a heart rate of any fetus."""
        return any(loss is not None and loss < 1 for loss in self.loss_fractions)

    def series(self, values: FloatArray, neighbours: int = 1) -> Series:
        """The window's part of a channel, with as many `neighbours` on each side as there are."""
        return series(values, self.part.rate_hz, self.strip.stretch.first_s, self.strip, neighbours)


def series(values: FloatArray, rate_hz: float, begin_s: float, strip: Strip, neighbours: int = 1) -> Series:
    """The window's part of `values`, the first of which was taken `begin_s` from the start of the recording."""
    first, last = (_index(seconds - begin_s, rate_hz) for seconds in (strip.start_s, strip.end_s))
    if first > len(values):
        return Series(values[:0], rate_hz, 0, 0, 0, 0.0)
    lead = min(neighbours, first)
    first_s = begin_s + first / rate_hz - strip.start_s
    within = min(last, len(values)) - first
    number = round(begin_s * rate_hz) + first - lead
    return Series(values[first - lead : last + neighbours], rate_hz, number, lead, within, first_s)


def _index(seconds: float, rate_hz: float) -> int:
    """The first sample at or after `seconds`."""
    # A billionth, because times are sums of fractions.
    return max(0, ceil(seconds * rate_hz - 1e-9))
