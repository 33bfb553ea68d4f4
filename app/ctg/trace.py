"""One recording as arrays: what every other part of Dopply reads and nothing ever changes."""

import hashlib
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
ChannelName = Literal["fhr1", "fhr2", "toco", "mhr", "quality"]

CHANNEL_NAMES: tuple[ChannelName, ...] = ("fhr1", "fhr2", "toco", "mhr", "quality")

# A device that sends faster than this sends beats, not rates; 1 / 3600 Hz is one value an hour.
MAX_RATE_HZ = 1000.0
MIN_RATE_HZ = 1 / 3600
# A day is monitored now and then, a week never: what says so has wrong times, and its paper would be endless.
LONGEST_DAYS = 7


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """Equally spaced samples of one recording; NaN is "no signal", never a number in a mean.

    Attributes
    ----------
    start : datetime or None
        Instant of the first sample, time-zone aware; None when the file does not say.
    rate_hz : float
        Samples per second, the same for every channel.
    fhr1 : ndarray of float64, shape (n,)
        Fetal heart rate in bpm of the (first) fetus.
    fhr2 : ndarray of float64, shape (n,), or None
        Fetal heart rate in bpm of the second fetus of twins; never a second sensor of the same fetus.
    toco : ndarray of float64, shape (n,), or None
        Uterine activity in the device's own units (most devices: 0 to 127).
    mhr : ndarray of float64, shape (n,), or None
        Maternal heart rate in bpm.
    quality : ndarray of float64, shape (n,), or None
        Signal quality as the device states it, 0 to 1.
    time_is_estimated : bool
        True when the source has no sampling rate and `rate_hz` is a guess: say so wherever time is shown.
    slots_per_value : int
        Neighbouring samples that one value of the device fills. A handheld sends one value a second, also where its
        trace is finer because some second has two: the device's own rate is `rate_hz / slots_per_value`.

    Raises
    ------
    ValueError
        When channels differ in length, hold an infinity, `start` is naive, or `rate_hz` or `slots_per_value` is out
        of range.
    """

    start: datetime | None
    rate_hz: float
    fhr1: FloatArray
    fhr2: FloatArray | None = None
    toco: FloatArray | None = None
    mhr: FloatArray | None = None
    quality: FloatArray | None = None
    time_is_estimated: bool = False
    slots_per_value: int = 1

    def __post_init__(self) -> None:
        if self.start is not None and self.start.tzinfo is None:
            raise ValueError("start has no time zone")
        if not MIN_RATE_HZ <= self.rate_hz <= MAX_RATE_HZ:
            raise ValueError(f"rate_hz {self.rate_hz!r} is outside {MIN_RATE_HZ:g} to {MAX_RATE_HZ:g}")
        if self.slots_per_value < 1:
            raise ValueError(f"slots_per_value {self.slots_per_value!r} is less than 1")
        for name in CHANNEL_NAMES:
            values = getattr(self, name)
            if values is None:
                continue
            array = _frozen(values)
            if array.ndim != 1:
                raise ValueError(f"{name} has {array.ndim} dimensions, not 1")
            if np.isinf(array).any():
                raise ValueError(f"{name} holds an infinity")
            object.__setattr__(self, name, array)
        lengths = {name: len(values) for name, values in self.channels()}
        if len(set(lengths.values())) != 1:
            raise ValueError(f"channels differ in length: {lengths}")

    def __len__(self) -> int:
        return len(self.fhr1)

    @property
    def duration_s(self) -> float:
        """Length in seconds; each sample stands for 1 / rate_hz seconds."""
        return len(self) / self.rate_hz

    @property
    def end(self) -> datetime | None:
        """Instant after the last sample, or None when the start is unknown."""
        return None if self.start is None else self.start + timedelta(seconds=self.duration_s)

    @property
    def device_rate_hz(self) -> float:
        """Values per second that the device sent."""
        return self.rate_hz / self.slots_per_value

    @property
    def fetus_count(self) -> int:
        """1, or 2 for twins."""
        return 1 if self.fhr2 is None else 2

    def channels(self) -> Iterator[tuple[ChannelName, FloatArray]]:
        """The channels that are there, in a fixed order."""
        for name in CHANNEL_NAMES:
            values = getattr(self, name)
            if values is not None:
                yield name, values

    def fhr(self, fetus: int) -> FloatArray:
        """Fetal heart rate in bpm of fetus 1 or 2, shape (n,); ValueError if there is no such fetus."""
        if fetus == 1:
            return self.fhr1
        if fetus == 2 and self.fhr2 is not None:
            return self.fhr2
        raise ValueError(f"this recording has no fetus {fetus}")

    def times_s(self) -> FloatArray:
        """Seconds from the start of each sample, shape (n,)."""
        return np.arange(len(self), dtype=np.float64) / self.rate_hz

    def between(self, start_s: float, end_s: float) -> "Trace":
        """The samples with start_s <= time < end_s as a Trace with its own start; views, not copies."""
        first, last = samples_between(start_s, end_s, self.rate_hz)
        return self.part(first, last)

    def part(self, first: int, last: int) -> "Trace":
        """The samples from `first` up to, not including, `last`, as far as there are any; views, not copies."""
        first = min(max(0, first), len(self))
        last = min(max(first, last), len(self))
        start = None if self.start is None else self.start + timedelta(seconds=first / self.rate_hz)
        part = {name: values[first:last] for name, values in self.channels()}
        return replace(self, start=start, **part)  # type: ignore[arg-type]

    def starting(self, start: datetime) -> "Trace":
        """The same samples with a start that a person stated because the file does not."""
        return replace(self, start=start)

    def digest(self) -> str:
        """SHA-256 over rate, channel names and samples (loss counts as one value); not over the start.

        Equal samples give equal digests wherever they came from, so a computed analysis can name its input.
        """
        digest = hashlib.sha256(b"dopply-trace-1")
        digest.update(struct.pack("<d?", self.rate_hz, self.time_is_estimated))
        if self.slots_per_value > 1:
            digest.update(struct.pack("<q", self.slots_per_value))
        for name, values in self.channels():
            canonical = np.where(np.isnan(values), np.nan, values + 0.0).astype("<f8")
            digest.update(name.encode() + struct.pack("<q", len(canonical)) + canonical.tobytes())
        return digest.hexdigest()


def samples_between(start_s: float, end_s: float, rate_hz: float) -> tuple[int, int]:
    """Of a recording without end: the first sample with start_s <= time, and the first one with end_s <= time."""
    first = max(0, ceil(start_s * rate_hz - 1e-9))
    return first, max(first, ceil(end_s * rate_hz - 1e-9))


def is_possible(sample_count: int, rate_hz: float) -> bool:
    """Whether a recording can have so many samples at this rate; a database that was damaged may say anything."""
    return sample_count >= 0 and MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ and not is_too_long(sample_count, rate_hz)


def is_too_long(sample_count: int, rate_hz: float) -> bool:
    """Whether so many samples last longer than any recording; half a sample more is a rounded rate."""
    return sample_count > LONGEST_DAYS * 86_400 * rate_hz + 0.5


def _frozen(values: ArrayLike) -> FloatArray:
    """`values` as a read-only float64 array; a copy only where the caller could still write to it."""
    array = np.asarray(values, dtype=np.float64)
    if array.flags.writeable:
        array = array.copy()
        array.flags.writeable = False
    return array


def runs(mask: Sequence[bool] | NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Half-open index pairs (first, after last) of each run of True in `mask`, shape (n,)."""
    edges = np.diff(np.concatenate(([0], np.asarray(mask, dtype=np.int8), [0])))
    return list(zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True))
