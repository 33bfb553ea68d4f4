"""How much of a heart rate channel is there: loss, gaps and frozen values, on the samples as recorded."""

import numpy as np
from numpy.typing import NDArray

from app.ctg.trace import FloatArray, runs

BoolArray = NDArray[np.bool_]

# Devices code loss as 0, and above this stand error codes (511, 999, 65535 / 100), not rates; own rule. The parsers
# of app.ctg.formats make both NaN, so that a stored trace has neither.
MAX_RATE_BPM = 500.0

# Loss over this share makes a recording, or a stretch of it, not interpretable (SAFETY.md 2.7).
MAX_LOSS_FRACTION = 0.5

# FIGO 2015 does not assess a window with more loss than this (CTG.md 2.9).
MAX_WINDOW_LOSS_FRACTION = 0.2

LOSS_WINDOW_S = 600.0

# From this length on a gap is an event of its own and no baseline is stated inside it (own rule; CTG.md 2.1
# only says that nothing may be reported inside long gaps). Shorter gaps are everyday in labour.
LONG_GAP_S = 60.0

# A living rate does not stay on one value that long: the device repeats its last one (own rule).
HELD_S = 60.0


def is_missing(rate_bpm: FloatArray) -> BoolArray:
    """True where there is no rate, shape (n,): NaN, zero or less, or above any rate a device can show."""
    return ~((rate_bpm > 0) & (rate_bpm <= MAX_RATE_BPM))


def loss_fraction(missing: BoolArray) -> float:
    """Share of missing samples, 0 to 1; 1 for an empty recording, which holds no signal either."""
    return float(missing.mean()) if len(missing) else 1.0


def loss_per_window(missing: BoolArray, rate_hz: float) -> tuple[float, ...]:
    """Share of missing samples in each 10 minutes from the start; the last window may be shorter.

    A window is a whole number of samples, at least one, so below 1/600 Hz each sample is a window.
    """
    if len(missing) == 0:
        return ()
    starts = np.arange(0, len(missing), max(1, round(LOSS_WINDOW_S * rate_hz)))
    counts = np.diff(np.append(starts, len(missing)))
    shares: list[float] = (np.add.reduceat(missing.astype(np.int64), starts) / counts).tolist()
    return tuple(shares)


def longest_gap_s(missing: BoolArray, rate_hz: float) -> float:
    """Length in seconds of the longest run of missing samples, 0 if there is none."""
    return max((end - start for start, end in runs(missing)), default=0) / rate_hz


def longest_hold_s(rate_bpm: FloatArray, missing: BoolArray, rate_hz: float) -> float:
    """Length in seconds of the longest run of one repeated value, 0 if no two neighbours are equal."""
    # Error codes go first: the difference of two of them may be more than a number can hold.
    same = np.diff(np.where(missing, np.nan, rate_bpm)) == 0
    longest = max((end - start for start, end in runs(same)), default=0)
    return (longest + 1) / rate_hz if longest else 0.0
