"""Bradycardia and tachycardia with their durations, and the gaps in which nobody can know."""

from typing import Literal

import numpy as np

from app.ctg.baseline import DECIMATION, STEP_S
from app.ctg.findings import Event
from app.ctg.quality import LONG_GAP_S, BoolArray
from app.ctg.resampling import ENGINE_RATE_HZ
from app.ctg.trace import FloatArray, runs

# FIGO 2015 (Ayres-de-Campos, IJGO 131:13): a baseline outside these for more than 10 minutes.
BRADYCARDIA_BELOW_BPM = 110.0
TACHYCARDIA_ABOVE_BPM = 160.0
MIN_EPISODE_S = 600.0


def rate_episodes(baseline_bpm: FloatArray, level_bpm: FloatArray, known_samples: BoolArray) -> list[Event]:
    """Bradycardia and tachycardia in order of time; nothing is stated inside a gap.

    Parameters
    ----------
    baseline_bpm : ndarray of float64, shape (n,)
        The running baseline each 6 s, NaN in long gaps.
    level_bpm : ndarray of float64, shape (n,)
        The smoothed rate itself at the same points. A rate that stays outside for more than 10 minutes is a
        change of baseline (NICHD 2008), even where the filter still holds on to the old one.
    known_samples : ndarray of bool, shape (m,)
        False inside long gaps, at 4 Hz: an event ends where a gap or the end of the recording begins.
    """
    known = ~np.isnan(baseline_bpm)
    baseline = np.where(known, baseline_bpm, level_bpm)
    slow = _long_enough(known & (baseline < BRADYCARDIA_BELOW_BPM), known)
    slow |= _long_enough(known & (level_bpm < BRADYCARDIA_BELOW_BPM), known)
    fast = _long_enough(known & (baseline > TACHYCARDIA_ABOVE_BPM), known)
    fast |= _long_enough(known & (level_bpm > TACHYCARDIA_ABOVE_BPM), known)
    events = [
        _event("bradycardia", start, end, float(np.minimum(baseline, level_bpm)[start:end].min()), known_samples)
        for start, end in runs(slow)
    ]
    events += [
        _event("tachycardia", start, end, float(np.maximum(baseline, level_bpm)[start:end].max()), known_samples)
        for start, end in runs(fast)
    ]
    return sorted(events, key=lambda event: (event.start_s, event.kind))


def gap_events(gap: BoolArray) -> list[Event]:
    """Each stretch of at least `LONG_GAP_S` without a rate, from the mask at 4 Hz, shape (n,)."""
    return [
        Event("signal_gap", start / ENGINE_RATE_HZ, end / ENGINE_RATE_HZ)
        for start, end in runs(gap)
        if end - start >= LONG_GAP_S * ENGINE_RATE_HZ
    ]


def _long_enough(outside: BoolArray, known: BoolArray) -> BoolArray:
    """`outside` where it lasts for more than 10 minutes of known baseline.

    A gap does not end an episode when the baseline is outside on both sides of it and the gap itself is no
    longer than 10 minutes: otherwise lost signal would hide exactly the recordings that need to be seen.
    """
    kept = np.zeros_like(outside)
    limit = MIN_EPISODE_S / STEP_S
    points = np.flatnonzero(known)
    breaks = np.flatnonzero(np.diff(points) - 1 > limit) + 1
    for part in np.split(points, breaks):
        for start, end in runs(outside[part]):
            if end - start > limit:
                kept[part[start:end]] = True
    return kept


def _event(
    kind: Literal["bradycardia", "tachycardia"], start: int, end: int, extreme_bpm: float, known_samples: BoolArray
) -> Event:
    """The points [start, end) as an event; each point stands for the 6 s after it, as far as they are known."""
    first = start * DECIMATION
    last = first + int(np.flatnonzero(known_samples[first : end * DECIMATION])[-1])
    return Event(kind, start * STEP_S, (last + 1) / ENGINE_RATE_HZ, round(extreme_bpm, 1))
