"""The device: how a monitor or a handheld Doppler turns a heart into numbers, and where it fails."""

import numpy as np
from numpy.typing import NDArray

from app.ctg.synthetic.waves import WORK_RATE_HZ, during
from app.ctg.trace import FloatArray

CLINIC_QUANTUM_BPM = 0.25  # FHRMA and CTU-UHB (CTG.md 1.1)
HANDHELD_QUANTUM_BPM = 1.0
HANDHELD_AVERAGE_S = 3.0
DOPPLER_JITTER_BPM = 0.35  # autocorrelation never times a beat exactly
SHOWN_BPM = (50.0, 240.0)  # what a device shows at all; beyond it shows nothing

# A log-normal whose 90th percentile is six times its median: CTU-UHB losses have 2.2 s and 12.8 s.
GAP_LOG_SD = 1.3
LONGEST_GAP_S = 400.0
# Gamma shapes under 1 put many short runs of signal together and leave long ones whole: losses come in bursts.
RUN_SHAPE = 0.35

Stretches = list[tuple[float, float]]


def counted(rng: np.random.Generator, heart_bpm: FloatArray, *, handheld: bool) -> FloatArray:
    """What the device makes of one heart, in bpm at the working rate, shape (n,)."""
    jittered = heart_bpm + rng.normal(0, DOPPLER_JITTER_BPM, len(heart_bpm))
    return averaged(jittered) if handheld else held_beats(jittered)


def held_beats(rate_bpm: FloatArray) -> FloatArray:
    """The rate as a monitor sends it, shape (n,): each beat's value is repeated until the next beat."""
    beat = np.floor(np.cumsum(rate_bpm) / (60 * WORK_RATE_HZ))
    is_new = np.concatenate(([True], np.diff(beat) > 0))
    return rate_bpm[np.maximum.accumulate(np.where(is_new, np.arange(len(rate_bpm)), 0))]


def averaged(rate_bpm: FloatArray) -> FloatArray:
    """The rate as a handheld Doppler shows it, shape (n,): the mean of the last three seconds."""
    width = int(HANDHELD_AVERAGE_S * WORK_RATE_HZ)
    padded = np.concatenate((np.full(width - 1, rate_bpm[0]), rate_bpm))
    return np.asarray(np.convolve(padded, np.full(width, 1 / width), mode="valid"), dtype=np.float64)


def miscounts(rng: np.random.Generator, duration_s: float, per_hour: float) -> Stretches:
    """Stretches of 2 to 9 s in which the device counts half or twice the beats."""
    starts_s = np.sort(rng.uniform(0, duration_s, rng.poisson(per_hour * duration_s / 3600)))
    return [(float(start_s), float(start_s + rng.uniform(2, 9))) for start_s in starts_s]


def miscounted(rate_bpm: FloatArray, stretches: Stretches) -> FloatArray:
    """The rate halved in these stretches, or doubled where it is too slow to be halved, shape (n,)."""
    wrong = np.where(rate_bpm >= 2 * SHOWN_BPM[0], rate_bpm / 2, rate_bpm * 2)
    return np.where(during(len(rate_bpm), stretches), wrong, rate_bpm)


def quantised(rate_bpm: FloatArray, quantum_bpm: float) -> FloatArray:
    """Whole multiples of the quantum; NaN for what no device shows, shape (n,)."""
    shown = (rate_bpm >= SHOWN_BPM[0]) & (rate_bpm <= SHOWN_BPM[1])
    return np.where(shown, np.round(rate_bpm / quantum_bpm) * quantum_bpm, np.nan)


def lost(
    rng: np.random.Generator, n: int, *, rate_hz: float, fraction: float, burst_s: float, search_s: float
) -> NDArray[np.bool_]:
    """True where the signal is lost, shape (n,): the search at the start, then bursts of gaps.

    Exactly round(fraction x samples after the search) are lost after the search, in gaps with a median near
    `burst_s`.
    """
    mask = np.ones(n, dtype=np.bool_)
    first = min(n, round(search_s * rate_hz))
    left = n - first
    wanted = round(fraction * left)
    if wanted == left:
        return mask
    gaps = _gap_lengths(rng, wanted, rate_hz, burst_s)
    weights = rng.gamma(RUN_SHAPE, size=len(gaps) + 1) + 1e-6
    edges = np.round(np.cumsum(weights) / weights.sum() * (left - wanted)).astype(np.int64)
    mask[first:] = False
    gap_starts = first + edges[:-1] + np.concatenate(([0], np.cumsum(gaps)))[:-1] if len(gaps) else []
    for start, length in zip(gap_starts, gaps, strict=True):
        mask[start : start + length] = True
    return mask


def _gap_lengths(rng: np.random.Generator, wanted: int, rate_hz: float, burst_s: float) -> NDArray[np.int64]:
    """Lengths in samples of gaps that add up to `wanted`."""
    if wanted == 0:
        return np.zeros(0, dtype=np.int64)
    longest_s = max(LONGEST_GAP_S, 4 * burst_s)
    # Each gap has at least one sample, so `wanted` draws are always enough.
    draws_s = np.minimum(rng.lognormal(np.log(burst_s), GAP_LOG_SD, wanted), longest_s)
    lengths = np.maximum(1, np.round(draws_s * rate_hz)).astype(np.int64)
    count = int(np.searchsorted(np.cumsum(lengths), wanted)) + 1
    lengths = lengths[:count]
    lengths[-1] -= lengths.sum() - wanted
    return lengths
