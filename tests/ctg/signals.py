"""Small recordings whose truth is known because it was put in."""

from datetime import UTC, datetime

import numpy as np

from app.ctg.trace import FloatArray, Trace

START = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)


def rate(bpm: float, minutes: float, *, rate_hz: float = 4.0, spread_bpm: float = 3.0) -> FloatArray:
    """A heart rate around `bpm` that varies slowly, shape (minutes * 60 * rate_hz,)."""
    t = np.arange(round(minutes * 60 * rate_hz)) / rate_hz
    return bpm + spread_bpm * (np.sin(t / 3.1) + np.sin(t / 7.7 + 1) + np.sin(t / 1.3 + 2)) / 3


def replaced(
    values: FloatArray, start_s: float, end_s: float, by: float | FloatArray, *, rate_hz: float = 4.0
) -> FloatArray:
    """A copy of `values` with another value, or other values, from start_s to end_s."""
    copy = values.copy()
    copy[round(start_s * rate_hz) : round(end_s * rate_hz)] = by
    return copy


def lost(values: FloatArray, start_s: float, end_s: float, *, rate_hz: float = 4.0) -> FloatArray:
    """A copy of `values` without signal from start_s to end_s."""
    return replaced(values, start_s, end_s, np.nan, rate_hz=rate_hz)


def recording(
    fhr: FloatArray,
    *,
    rate_hz: float = 4.0,
    fhr2: FloatArray | None = None,
    toco: FloatArray | None = None,
    mhr: FloatArray | None = None,
    time_is_estimated: bool = False,
) -> Trace:
    """A Trace of these channels that starts at a fixed instant."""
    return Trace(START, rate_hz, fhr, fhr2=fhr2, toco=toco, mhr=mhr, time_is_estimated=time_is_estimated)
