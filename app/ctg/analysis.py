"""The one entry point of the engine: a Trace in, everything that can be said about one fetus out."""

from typing import NamedTuple

import numpy as np

from app.ctg import interpretability, maternal
from app.ctg.baseline import DECIMATION, MIN_WMFB_S, STEP_S, short_baseline_bpm, wmfb
from app.ctg.baseline_prior import low_pass
from app.ctg.cleaning import Cleaned, clean, straight_lines
from app.ctg.episodes import gap_events, rate_episodes
from app.ctg.findings import Analysis, BaselineSeries, Event, Reason
from app.ctg.quality import (
    LONG_GAP_S,
    BoolArray,
    is_missing,
    longest_gap_s,
    loss_fraction,
    loss_per_window,
)
from app.ctg.reasons import LIMITS
from app.ctg.resampling import ENGINE_RATE_HZ, hold_at_engine_rate
from app.ctg.rulesets import legacy_2025
from app.ctg.trace import FloatArray, Trace, runs

ENGINE_VERSION = "0.1.0"

# The range of the baseline leaves out the 5 % at either side: a few minutes before birth are no baseline.
RANGE_PERCENTILES = (5, 95)


class _Rate(NamedTuple):
    """What was found about the level of the rate."""

    baseline_bpm: int | None = None
    low_bpm: int | None = None
    high_bpm: int | None = None
    series: BaselineSeries | None = None
    events: tuple[Event, ...] = ()
    limits: tuple[Reason, ...] = ()


class _Signal(NamedTuple):
    """What was found about the signal itself."""

    rate: _Rate = _Rate()
    events: tuple[Event, ...] = ()
    not_interpretable: tuple[Reason, ...] = ()
    limits: tuple[Reason, ...] = ()


def analyse(trace: Trace, *, fetus: int = 1, gestation_days: int | None, maternal_bpm: float | None = None) -> Analysis:
    """Everything computed from one fetal channel; equal input gives an equal result.

    Loss is counted over all samples as recorded: a sample is missing when it is NaN, zero or negative, or
    above 500 bpm (`app.ctg.quality.is_missing`). Samples that cleaning sets aside besides these are not
    counted as loss but stated in the limits; whether more than half is unusable is decided on both together.
    `baseline_bpm` is the median of the running baseline over the recording outside long gaps, low and high
    its 5th and 95th percentile there; records under 10 minutes have one number without a range.

    Parameters
    ----------
    trace : Trace
        The recording; it is not changed.
    fetus : int
        1, or 2 for the second of twins.
    gestation_days : int or None
        Gestational age at the recording.
    maternal_bpm : float or None
        The mother's pulse as stated with the recording.

    Raises
    ------
    ValueError
        When the recording has no such fetus. No samples make it raise.
    """
    rate_bpm = trace.fhr(fetus)
    missing = is_missing(rate_bpm)
    obstacles = interpretability.obstacles_before_analysis(trace)
    signal = (
        _Signal(not_interpretable=tuple(obstacles))
        if obstacles
        else _analyse_signal(trace, rate_bpm, missing, maternal_bpm)
    )
    return Analysis(
        engine_version=ENGINE_VERSION,
        input_digest=trace.digest(),
        fetus=fetus,
        rate_hz=float(trace.rate_hz),
        sample_count=len(trace),
        duration_s=float(trace.duration_s),
        loss_fraction=loss_fraction(missing),
        loss_per_10_min=loss_per_window(missing, trace.rate_hz),
        longest_gap_s=longest_gap_s(missing, trace.rate_hz),
        baseline_bpm=signal.rate.baseline_bpm,
        baseline_low_bpm=signal.rate.low_bpm,
        baseline_high_bpm=signal.rate.high_bpm,
        baseline_series=signal.rate.series,
        events=signal.events,
        not_interpretable=signal.not_interpretable,
        limits=_by_weight(trace, [*signal.limits, *signal.rate.limits]),
        rule_sets=(legacy_2025.assess(rate_bpm, gestation_days, is_interpretable=not signal.not_interpretable),),
    )


def _analyse_signal(trace: Trace, rate_bpm: FloatArray, missing: BoolArray, maternal_bpm: float | None) -> _Signal:
    """Findings of a recording that can be brought to 4 Hz."""
    cleaned = clean(hold_at_engine_rate(rate_bpm, trace.rate_hz))
    mother = None if trace.mhr is None else hold_at_engine_rate(trace.mhr, trace.rate_hz)
    coinciding = maternal.coincidences(cleaned, mother, maternal_bpm)
    low_rates = maternal.low_rates_without_pulse(cleaned, mother, maternal_bpm)
    obstacles = interpretability.obstacles(cleaned, missing, coinciding)
    in_part = [] if any(reason.code == "possibly_maternal" for reason in obstacles) else coinciding
    limits = interpretability.limits_of_signal(trace, rate_bpm, missing, cleaned, in_part, low_rates)
    rate = _Rate()
    if not obstacles:
        limits += interpretability.limits_of_length(trace.duration_s, cleaned.usable_s)
        limits += interpretability.limits_of_loss(trace, missing, cleaned)
        rate = _analyse_rate(cleaned)
    events = [*rate.events, *gap_events(cleaned.gap)]
    events += [Event("possible_maternal", start, end) for start, end in coinciding]
    return _Signal(
        rate,
        tuple(sorted(events, key=lambda event: (event.start_s, event.end_s, event.kind))),
        tuple(obstacles),
        tuple(limits),
    )


def _analyse_rate(cleaned: Cleaned) -> _Rate:
    """Baseline and episodes of an interpretable signal."""
    filled = straight_lines(cleaned.bpm)
    if cleaned.usable_s < MIN_WMFB_S:
        bpm = short_baseline_bpm(filled, cleaned.usable)
        limits = interpretability.limits_of_baseline(is_short=True, baseline_bpm=bpm, low_bpm=None, high_bpm=None)
        return _Rate(baseline_bpm=None if bpm is None else round(bpm), limits=tuple(limits))
    known = _outside_long_gaps(cleaned.usable)
    points = np.where(known[::DECIMATION], wmfb(filled, known), np.nan)
    stated = points[~np.isnan(points)]
    bpm, low, high = np.percentile(stated, (50, *RANGE_PERCENTILES)).tolist() if len(stated) else (None,) * 3
    limits = interpretability.limits_of_baseline(is_short=False, baseline_bpm=bpm, low_bpm=low, high_bpm=high)
    level = low_pass(filled, 1.0)[::DECIMATION]
    return _Rate(
        baseline_bpm=None if bpm is None else round(bpm),
        low_bpm=None if low is None else round(low),
        high_bpm=None if high is None else round(high),
        series=BaselineSeries(STEP_S, tuple(None if np.isnan(point) else round(point, 1) for point in points.tolist())),
        events=tuple(rate_episodes(points, level, known)),
        limits=tuple(limits),
    )


def _by_weight(trace: Trace, limits: list[Reason]) -> tuple[Reason, ...]:
    """All limits, the gravest first, in the order of their sentences."""
    estimated = [Reason("time_is_estimated")] if trace.time_is_estimated else []
    order = list(LIMITS)
    return tuple(sorted(estimated + limits, key=lambda reason: order.index(reason.code)))


def _outside_long_gaps(usable: BoolArray) -> BoolArray:
    """True everywhere but in runs of unusable samples of `LONG_GAP_S` or more, shape (n,) at 4 Hz."""
    known = np.ones_like(usable)
    for start, end in runs(~usable):
        known[start:end] = end - start < LONG_GAP_S * ENGINE_RATE_HZ
    return known
