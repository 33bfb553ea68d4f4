"""The running baseline of a fetal heart rate: the weighted median filter of Boudet 2019, and a short rule.

Boudet et al., Comput Biol Med 114:103468 (2019), implemented from its restatement in CTG.md 2.2.
"""

from typing import NamedTuple

import numpy as np

from app.ctg.baseline_prior import NYQUIST_CPM, baseline_probability, low_pass
from app.ctg.quality import BoolArray
from app.ctg.resampling import ENGINE_RATE_HZ
from app.ctg.trace import FloatArray
from app.ctg.weighted_median import Window, running_weighted_median

# The filter works at 10 points a minute: one of 24 samples.
DECIMATION = 24
STEP_S = DECIMATION / ENGINE_RATE_HZ
HALF_WINDOW = 200  # points: 20 minutes to each side
FLOOR_WINDOW = 100  # points: 10 minutes
FLOOR_STEP = 5  # points: 30 seconds
MIN_WMFB_S = 600.0

SIGNAL_CUT_CPM = NYQUIST_CPM / (1.1 * DECIMATION)
PROBABILITY_CUT_CPM = NYQUIST_CPM * 0.8 / DECIMATION
RIPPLE_DB = 0.05
FILTER_ORDER = 8
REFLECTED_SAMPLES = 24
FIRST_CUT_CPM = 2
CLOSENESS_PER_BPM = 0.19
ANCHOR_SHARE = 0.1

# Short records: a sample counts when it is more likely baseline than not; NICHD asks for 2 minutes of it.
SHORT_RULE_PROBABILITY = 0.5
SHORT_RULE_MIN_S = 120.0


class _Pass(NamedTuple):
    """One of the refining passes: compare L_near with the last baseline, then take the median of L_signal."""

    near_cpm: int
    beta: float
    kernel_power: int
    signal_cpm: int


PASSES = (
    _Pass(1, 3.21, 2, 2),
    _Pass(4, 2.5, 4, 4),
    _Pass(8, 2.0, 8, 8),
    _Pass(16, 1.5, 16, 16),
    _Pass(16, 1.0, 16, 16),
)


def wmfb(bpm: FloatArray, known: BoolArray | None = None) -> FloatArray:
    """The baseline in bpm each 6 s from the start, shape (ceil(n / 24),); NaN where nothing supports one.

    Parameters
    ----------
    bpm : ndarray of float64, shape (n,)
        Gap-free heart rate at 4 Hz, at least 10 minutes.
    known : ndarray of bool, shape (n,), optional
        False where a long gap was filled: the line drawn across it has no weight in any median. (The
        original has no such mask; without it the result is the original's.)

    Raises
    ------
    ValueError
        When the record is shorter than 10 minutes.
    """
    from scipy.special import expit

    if len(bpm) < MIN_WMFB_S * ENGINE_RATE_HZ:
        raise ValueError("the weighted median filter needs 10 minutes")
    probability = _decimated_probability(bpm)
    if known is not None:
        probability = probability * known[::DECIMATION]
    signals = _decimated_signals(bpm)
    floors = {cut: _floor(signal) for cut, signal in signals.items()}

    window = _window(len(probability), power=1)
    baseline, totals = running_weighted_median(signals[FIRST_CUT_CPM], probability, window, floors[FIRST_CUT_CPM])
    support = totals / window.weight_sums()
    for step in PASSES:
        # Without any baseline yet the point lies in a gap without weight, whatever the closeness.
        distance = np.nan_to_num(np.abs(signals[step.near_cpm] - baseline))
        weights = probability * expit(step.beta - CLOSENESS_PER_BPM * distance)
        window = _window(len(probability), step.kernel_power)
        baseline, _ = running_weighted_median(
            signals[step.signal_cpm],
            weights,
            window,
            floors[step.signal_cpm],
            anchor=baseline,
            anchor_total=ANCHOR_SHARE * support * window.weight_sums(),
        )
    return baseline


def short_baseline_bpm(bpm: FloatArray, usable: BoolArray) -> float | None:
    """The baseline of a record under 10 minutes, or None without 2 minutes of steady usable signal.

    Parameters
    ----------
    bpm : ndarray of float64, shape (n,)
        Gap-free heart rate at 4 Hz.
    usable : ndarray of bool, shape (n,)
        Which samples were measured rather than filled in.
    """
    if np.count_nonzero(usable) < SHORT_RULE_MIN_S * ENGINE_RATE_HZ:
        return None
    steady = usable & (baseline_probability(bpm) > SHORT_RULE_PROBABILITY)
    if np.count_nonzero(steady) < SHORT_RULE_MIN_S * ENGINE_RATE_HZ:
        return None
    return float(np.median(bpm[steady]))


def _decimated_probability(bpm: FloatArray) -> FloatArray:
    """Baseline probability at 10 points a minute by the usual Chebyshev decimator, never negative."""
    from scipy.signal import cheby1, sosfiltfilt

    sections = cheby1(FILTER_ORDER, RIPPLE_DB, PROBABILITY_CUT_CPM / NYQUIST_CPM, output="sos")
    smooth = sosfiltfilt(sections, baseline_probability(bpm), padlen=REFLECTED_SAMPLES)
    # That decimator ends on the last sample, while the signal starts on the first: kept, as in the original.
    points: FloatArray = np.maximum(smooth[(len(bpm) - 1) % DECIMATION :: DECIMATION], 0.0)
    return points


def _decimated_signals(bpm: FloatArray) -> dict[int, FloatArray]:
    """The signal at 10 points a minute, smoothed at each cut-off (cycles per minute) that a pass uses."""
    from scipy.signal import butter, sosfiltfilt

    sections = butter(FILTER_ORDER, SIGNAL_CUT_CPM / NYQUIST_CPM, output="sos")
    smooth = sosfiltfilt(sections, bpm, padlen=REFLECTED_SAMPLES)
    cuts = {FIRST_CUT_CPM} | {cut for step in PASSES for cut in (step.near_cpm, step.signal_cpm)}
    return {cut: low_pass(smooth, cut)[::DECIMATION] for cut in sorted(cuts)}


def _floor(points: FloatArray) -> FloatArray:
    """For each point the largest of the 10-minute minima that cover it; -infinity where none does."""
    count = len(points)
    starts = np.arange(0, count - FLOOR_WINDOW + 1, FLOOR_STEP)
    floor = np.full(count, -np.inf)
    for start in starts.tolist():
        covered = slice(start, start + FLOOR_WINDOW)
        floor[covered] = np.maximum(floor[covered], points[covered].min())
    return floor


def _window(count: int, power: int) -> Window:
    """The triangular window of 20 minutes to each side, raised to `power`, with its rule for the edges."""
    kernel = np.concatenate(([1.0], 1.0 - np.arange(HALF_WINDOW) / (HALF_WINDOW - 1)))
    index = np.arange(count)
    left, right = np.minimum(index, HALF_WINDOW), np.minimum(index[::-1], HALF_WINDOW)
    # Near an edge the long side is cut too, so that the median does not lean on one side alone.
    short = np.minimum(left, right)
    longest = np.where(short < HALF_WINDOW, np.maximum(short, (HALF_WINDOW - short) // 2), HALF_WINDOW)
    return Window(kernel**power, np.minimum(left, longest), np.minimum(right, longest))
