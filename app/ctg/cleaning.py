"""Which samples a program may use: the cleaning rules of Boudet 2020, as a mask beside the raw signal.

The raw signal is never changed and is what a person sees; only computed values use this copy.
"""

from dataclasses import dataclass

import numpy as np

from app.ctg.quality import BoolArray, is_missing
from app.ctg.resampling import ENGINE_RATE_HZ
from app.ctg.trace import FloatArray, runs

# Boudet, SoftwareX 11:100428 (2020), as restated in CTG.md 2.1 steps 2 to 4; lengths in samples at 4 Hz.
MIN_USABLE_BPM = 50.0
MAX_USABLE_BPM = 220.0
SPECK_SAMPLES = 18
ISLAND_SAMPLES = 118
ISLAND_STEP_BPM = 25.0

# Doubling and halving of handheld devices lasts under 10 s (CTG.md 2.1); the band around 2 is an own rule.
HARMONIC_S = 10.0
HARMONIC_RATIOS = (1.8, 2.2)
# A jump across a longer gap may be a true change, so it says nothing about a harmonic (own rule).
HARMONIC_GAP_S = 2.0


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A heart rate at 4 Hz with what may be used of it.

    Attributes
    ----------
    bpm : ndarray of float64, shape (n,)
        The rate where it is usable, NaN elsewhere.
    usable : ndarray of bool, shape (n,)
        Where `bpm` holds a number.
    outside : ndarray of bool, shape (n,)
        Where a rate outside 50 to 220 bpm lasts for more than a speck: seen by the device, not used here.
    """

    bpm: FloatArray
    usable: BoolArray
    outside: BoolArray

    @property
    def usable_s(self) -> float:
        """Seconds of usable signal."""
        return float(np.count_nonzero(self.usable)) / ENGINE_RATE_HZ

    @property
    def gap(self) -> BoolArray:
        """Where no rate is known at all, shape (n,): neither usable nor outside the limits."""
        return ~self.usable & ~self.outside


def clean(rate_bpm: FloatArray) -> Cleaned:
    """The usable part of a heart rate at 4 Hz.

    Parameters
    ----------
    rate_bpm : ndarray of float64, shape (n,)
        Beats per minute, NaN or 0 where there is no signal.
    """
    missing = is_missing(rate_bpm)
    outside = ~missing & ((rate_bpm < MIN_USABLE_BPM) | (rate_bpm > MAX_USABLE_BPM))
    usable = ~missing & ~outside
    _drop_specks(usable)
    _drop_islands(usable, rate_bpm)
    _drop_harmonics(usable, rate_bpm)
    lasting = np.zeros_like(outside)
    for start, end in runs(outside):
        lasting[start:end] = end - start > SPECK_SAMPLES
    return Cleaned(bpm=np.where(usable, rate_bpm, np.nan), usable=usable, outside=lasting)


def straight_lines(bpm: FloatArray) -> FloatArray:
    """`bpm` with straight lines across NaN and the first and last value held to the ends, shape (n,).

    Raises
    ------
    ValueError
        When there is no number at all.
    """
    known = np.flatnonzero(~np.isnan(bpm))
    if len(known) == 0:
        raise ValueError("no sample to draw a line from")
    return np.interp(np.arange(len(bpm)), known, bpm[known])


def _drop_specks(usable: BoolArray) -> None:
    """Clear runs of at most 18 samples that have missing signal on both sides, in place."""
    for start, end in runs(usable):
        if end - start <= SPECK_SAMPLES and start > 0 and end < len(usable):
            usable[start:end] = False


def _drop_islands(usable: BoolArray, rate_bpm: FloatArray) -> None:
    """Clear runs under 30 s that lie more than 25 bpm to the same side of both neighbours, in place."""
    stretches = runs(usable)
    before_bpm = np.nan
    for index, (start, end) in enumerate(stretches):
        if end - start <= ISLAND_SAMPLES and 0 < index < len(stretches) - 1:
            step_in = rate_bpm[start] - before_bpm
            step_out = rate_bpm[end - 1] - rate_bpm[stretches[index + 1][0]]
            if min(abs(step_in), abs(step_out)) > ISLAND_STEP_BPM and step_in * step_out > 0:
                usable[start:end] = False
                continue
        before_bpm = rate_bpm[end - 1]


def _drop_harmonics(usable: BoolArray, rate_bpm: FloatArray) -> None:
    """Clear stretches under 10 s that begin with a jump to 2 f or f / 2 and end with the way back, in place."""
    known = np.flatnonzero(usable)
    ratio = rate_bpm[known[1:]] / rate_bpm[known[:-1]]
    low, high = HARMONIC_RATIOS
    direction = ((ratio >= low) & (ratio <= high)).astype(np.int8)
    direction -= (ratio >= 1 / high) & (ratio <= 1 / low)
    direction[np.diff(known) > HARMONIC_GAP_S * ENGINE_RATE_HZ] = 0
    jumps = np.flatnonzero(direction)
    number = 0
    while number + 1 < len(jumps):
        first, second = int(jumps[number]), int(jumps[number + 1])
        start, end = int(known[first + 1]), int(known[second]) + 1
        if direction[first] == -direction[second] and end - start < HARMONIC_S * ENGINE_RATE_HZ:
            usable[start:end] = False
            number += 1
        number += 1
