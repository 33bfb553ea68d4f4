"""Times of samples -> equally spaced slots, so that a missing row becomes loss and nothing else moves."""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.ctg.formats.errors import ParseError
from app.ctg.formats.samples import PlaceOf
from app.ctg.formats.source import MAX_SAMPLES
from app.ctg.trace import LONGEST_DAYS, MAX_RATE_HZ, MIN_RATE_HZ, FloatArray, is_too_long

# A time may be off its slot by less than half a step, or it could belong to the neighbour.
MAX_OFFSET_STEPS = 0.45

# A rate is taken as the round number next to it if it differs by a thousandth at most and if that moves no
# sample by more than this share of a step.
MAX_ROUNDING = 0.001
MAX_ROUNDING_STEPS = 0.05

# The rate assumed where nothing states one: a handheld Doppler sends about one value a second.
ASSUMED_RATE_HZ = 1.0


@dataclass(frozen=True, slots=True)
class Grid:
    """Slot of each sample, shape (n,), strictly increasing from 0, and the slots per second."""

    slots: NDArray[np.int64]
    rate_hz: float
    rate_is_assumed: bool = False

    @property
    def size(self) -> int:
        """Slots from the first to the last sample, both included."""
        return int(self.slots[-1]) + 1

    @property
    def missing(self) -> int:
        """Slots without a sample."""
        return self.size - len(self.slots)

    def fill(self, values: FloatArray) -> FloatArray:
        """`values`, shape (n,), each in its slot and NaN between, shape (size,)."""
        spread = np.full(self.size, np.nan)
        spread[self.slots] = values
        return spread


def grid(times_s: FloatArray, place_of: PlaceOf) -> Grid:
    """The grid on which samples at `times_s`, shape (n,) with n >= 1, lie.

    The step is the median difference, then fitted to the whole recording, because times that were rounded to
    milliseconds would drift by whole samples in an hour.

    Raises
    ------
    ParseError
        Where a time repeats, goes back or does not fit; when the step is no sampling rate; before anything
        is allocated when the grid would have more than `MAX_SAMPLES` slots or last longer than any recording.
    """
    if len(times_s) == 1:
        return Grid(np.zeros(1, dtype=np.int64), ASSUMED_RATE_HZ, rate_is_assumed=True)
    steps_s = np.diff(times_s)
    if (steps_s <= 0).any():
        first = int(np.argmax(steps_s <= 0))
        code = "time_duplicate" if steps_s[first] == 0 else "time_backwards"
        raise ParseError(code, place_of(first + 1))
    step_s = float(np.median(steps_s))
    if not 1 / MAX_RATE_HZ <= step_s <= 1 / MIN_RATE_HZ:
        raise ParseError("rate_out_of_range", place_of(0), step_s=_rounded(step_s))
    slot_count = float(times_s[-1] - times_s[0]) / step_s + 1
    if slot_count > MAX_SAMPLES:
        widest = int(np.argmax(steps_s)) + 1
        raise ParseError(
            "time_span", place_of(widest), slots=int(slot_count), step_s=_rounded(step_s), limit=MAX_SAMPLES
        )
    slots, fitted_step_s = _fitted(times_s - times_s[0], step_s, place_of)
    found = Grid(slots, _round_rate_hz(1 / fitted_step_s, int(slots[-1])))
    if is_too_long(found.size, found.rate_hz):
        places = range(len(slots))
        first = bisect_left(places, True, key=lambda place: is_too_long(int(slots[place]) + 1, found.rate_hz))
        raise ParseError("lasts_too_long", place_of(first), days=LONGEST_DAYS)
    return found


def _fitted(offsets_s: FloatArray, step_s: float, place_of: PlaceOf) -> tuple[NDArray[np.int64], float]:
    """Slots and the step of the straight line through all times; ParseError at a time that is off it."""
    steps_s = np.diff(offsets_s)
    single = steps_s[np.rint(steps_s / step_s) == 1]
    if len(single):
        # The mean is finer than the median, which has the rounding of one time; a long gap needs it.
        step_s = float(single.mean())
    advance = np.rint(steps_s / step_s)
    counted = np.concatenate(([0.0], np.cumsum(advance)))
    if (advance < 1).any():
        _refuse_irregular(offsets_s, step_s, int(np.argmax(advance < 1)) + 1, place_of)
    # Medians, so that one time that does not fit is found instead of bending the line; over pairs that are
    # half the recording apart, so that the rounding of single times does not matter.
    half = len(counted) // 2
    fitted_s = float(np.median((offsets_s[half:] - offsets_s[:-half]) / (counted[half:] - counted[:-half])))
    first_s = np.median(offsets_s - fitted_s * counted)
    off = np.abs((offsets_s - first_s) / fitted_s - counted) > MAX_OFFSET_STEPS
    if off.any():
        _refuse_irregular(offsets_s, step_s, int(np.argmax(off)), place_of)
    return counted.astype(np.int64), fitted_s


def _refuse_irregular(offsets_s: FloatArray, step_s: float, otherwise: int, place_of: PlaceOf) -> None:
    """ParseError at the first time that is between two slots counted from the first sample."""
    positions = offsets_s / step_s
    off = np.abs(positions - np.rint(positions)) > MAX_OFFSET_STEPS
    index = min(int(np.argmax(off)), otherwise) if off.any() else otherwise
    raise ParseError("time_irregular", place_of(index), step_s=_rounded(step_s))


def _round_rate_hz(rate_hz: float, last_slot: int) -> float:
    """The round number of samples per second, or of seconds per sample, that `rate_hz` stands for."""
    for decimals in (0, 1, 2, 3):
        step_s = round(1 / rate_hz, decimals)
        candidates_hz = [round(rate_hz, decimals), 1 / step_s if step_s else 0.0]
        candidate_hz = min(candidates_hz, key=lambda candidate: abs(candidate - rate_hz))
        change = abs(candidate_hz / rate_hz - 1)
        if change <= MAX_ROUNDING and change * last_slot <= MAX_ROUNDING_STEPS:
            return candidate_hz
    return min(max(rate_hz, MIN_RATE_HZ), MAX_RATE_HZ)


def _rounded(step_s: float) -> float:
    """A step as it is shown."""
    return float(f"{step_s:.4g}")
