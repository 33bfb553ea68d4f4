"""A piece of a recording that knows the whole: what a picture of ten minutes of a day needs to be drawn."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import numpy as np

from app.ctg.trace import Trace, samples_between

# So much of a recording before and after a window decides what is drawn at its edges (`app.charts.curve.neighbours`):
# at the lowest paper speed two columns and one and a half dots.
NEIGHBOURS_S = 15.0


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Samples of a recording and where they lie in it.

    Attributes
    ----------
    part : Trace
        The samples, all channels of the recording; its `start` is the instant of its first sample.
    first_s : float
        Seconds from the recording's first sample to the part's.
    recording_s : float
        Length of the whole recording in seconds.
    toco_peak : float or None
        Highest uterine activity of the whole recording, in the device's units: the scale of the uterine axis must
        not change from window to window. None without that channel or without one value in it.

    Raises
    ------
    ValueError
        When the part does not lie within the recording.
    """

    part: Trace
    first_s: float
    recording_s: float
    toco_peak: float | None

    def __post_init__(self) -> None:
        # Half a sample, because lengths are sums of fractions.
        slack_s = 0.5 / self.part.rate_hz
        if self.first_s < 0 or self.first_s + self.part.duration_s > self.recording_s + slack_s:
            raise ValueError(
                f"{self.part.duration_s:g} s from {self.first_s:g} s do not lie within {self.recording_s:g} s"
            )

    @classmethod
    def whole(cls, trace: Trace) -> "Stretch":
        """All of a recording."""
        return cls(part=trace, first_s=0.0, recording_s=trace.duration_s, toco_peak=peak(trace))

    @classmethod
    def around(cls, trace: Trace, start_s: float, end_s: float) -> "Stretch":
        """What a picture of a window of the whole `trace` needs: its samples, and its neighbours on each side."""
        first, last = with_neighbours(start_s, end_s, trace.rate_hz, len(trace))
        return cls(trace.part(first, last), first / trace.rate_hz, trace.duration_s, peak(trace))

    @property
    def start(self) -> datetime | None:
        """Instant of the recording's first sample, None when it is unknown."""
        return None if self.part.start is None else self.part.start - timedelta(seconds=self.first_s)


def with_neighbours(start_s: float, end_s: float, rate_hz: float, sample_count: int) -> tuple[int, int]:
    """The samples of a window as (first, after last), with NEIGHBOURS_S and one more on each side where there are any.

    Pictures that lie side by side then meet in the same line. Of a window far behind the recording's end it is the
    last sample alone.
    """
    first, last = samples_between(start_s, end_s, rate_hz)
    # Of a value an hour one sample is more than those seconds.
    more = ceil(NEIGHBOURS_S * rate_hz) + 1
    return min(max(0, first - more), max(0, sample_count - 1)), min(last + more, sample_count)


def peak(trace: Trace) -> float | None:
    """The highest uterine activity of `trace`, None when none was measured."""
    if trace.toco is None or np.isnan(trace.toco).all():
        return None
    return float(np.nanmax(trace.toco))
