"""Where a "fetal" rate may be the mother's: stretches to point at, never a reason to change the signal."""

import numpy as np

from app.ctg.cleaning import Cleaned
from app.ctg.quality import BoolArray, is_missing
from app.ctg.resampling import ENGINE_RATE_HZ
from app.ctg.trace import FloatArray, runs

# A rate within 5 to 10 bpm of the mother's must be flagged (CTG.md 2.8), |FHR - MHR| <= 5 bpm for >= 10 s is
# suspect (2.9). A channel is measured at the same moment; a pulse stated once drifts, so it gets the wide band.
CHANNEL_TOLERANCE_BPM = 5.0
STATED_PULSE_TOLERANCE_BPM = 10.0
MIN_COINCIDENCE_S = 10.0
# Up to 15 s of loss inside a stretch do not end it, and stretches that close are told as one (15 s is the
# longest that CTG.md 2.1 draws a line across).
BRIDGED_S = 15.0

# Without the mother's pulse a rate of 60 to 100 may be hers (CTG.md 2.8). A minute of it, because a dip of a
# deceleration is shorter: at 10 s nearly nine in ten recordings in labour would carry the flag, and none be read.
LOW_RATE_BPM = (60.0, 100.0)
MIN_LOW_RATE_S = 60.0


def coincidences(
    cleaned: Cleaned, mother_bpm: FloatArray | None, stated_pulse_bpm: float | None
) -> list[tuple[float, float]]:
    """Stretches in seconds in which the fetal rate runs with the mother's for at least 10 s of signal.

    Parameters
    ----------
    cleaned : Cleaned
        The fetal rate at 4 Hz.
    mother_bpm : ndarray of float64, shape (n,), or None
        The maternal channel at 4 Hz.
    stated_pulse_bpm : float or None
        The mother's pulse as somebody counted it, used where the channel says nothing.
    """
    difference, tolerance = _difference(cleaned, mother_bpm, stated_pulse_bpm)
    compared = ~np.isnan(difference)
    close = compared & (np.nan_to_num(np.abs(difference), nan=np.inf) <= tolerance)
    return _lasting(close, compared, MIN_COINCIDENCE_S)


def low_rates_without_pulse(
    cleaned: Cleaned, mother_bpm: FloatArray | None, stated_pulse_bpm: float | None
) -> list[tuple[float, float]]:
    """Stretches in seconds of at least a minute at 60 to 100 bpm while no pulse of the mother is known."""
    difference, _ = _difference(cleaned, mother_bpm, stated_pulse_bpm)
    low, high = LOW_RATE_BPM
    slow = cleaned.usable & (cleaned.bpm >= low) & (cleaned.bpm <= high) & np.isnan(difference)
    return _lasting(slow, cleaned.usable, MIN_LOW_RATE_S)


def _difference(
    cleaned: Cleaned, mother_bpm: FloatArray | None, stated_pulse_bpm: float | None
) -> tuple[FloatArray, FloatArray]:
    """Fetal minus maternal rate with NaN where either is unknown, and the tolerance for each sample."""
    mother = np.full(len(cleaned.bpm), np.nan)
    tolerance = np.full(len(mother), STATED_PULSE_TOLERANCE_BPM)
    if stated_pulse_bpm is not None and not is_missing(np.array([stated_pulse_bpm]))[0]:
        mother[:] = stated_pulse_bpm
    if mother_bpm is not None:
        measured = ~is_missing(mother_bpm)
        mother[measured] = mother_bpm[measured]
        tolerance[measured] = CHANNEL_TOLERANCE_BPM
    return cleaned.bpm - mother, tolerance


def _lasting(found: BoolArray, known: BoolArray, least_s: float) -> list[tuple[float, float]]:
    """Stretches with `least_s` of `found`, continued over short loss and joined where they nearly touch."""
    joined = found.copy()
    for start, end in runs(~known):
        is_between = start > 0 and end < len(found) and found[start - 1] and found[end]
        if is_between and end - start <= BRIDGED_S * ENGINE_RATE_HZ:
            joined[start:end] = True
    stretches: list[tuple[float, float]] = []
    for start, end in runs(joined):
        if np.count_nonzero(found[start:end]) < least_s * ENGINE_RATE_HZ:
            continue
        start_s, end_s = start / ENGINE_RATE_HZ, end / ENGINE_RATE_HZ
        if stretches and start_s - stretches[-1][1] <= BRIDGED_S:
            start_s, _ = stretches.pop()
        stretches.append((start_s, end_s))
    return stretches
