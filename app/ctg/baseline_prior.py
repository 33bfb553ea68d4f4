"""How likely each sample is part of the baseline, from how steadily the rate runs around it.

First half of Boudet et al., Comput Biol Med 114:103468 (2019), as restated in CTG.md 2.2.
"""

import numpy as np

from app.ctg.resampling import ENGINE_RATE_HZ
from app.ctg.trace import FloatArray

SAMPLES_PER_MIN = 60 * ENGINE_RATE_HZ
# Frequencies are in cycles per minute; scipy wants them as a share of the Nyquist frequency.
NYQUIST_CPM = SAMPLES_PER_MIN / 2
REFLECTED_SAMPLES = 3

# Bands of the slope, the envelope's own upper limit in each, and the logistic weights (CTG.md 2.2).
BANDS_CPM = ((1.0, 3.0), (3.0, 7.0))
ENVELOPE_CPM = (2.0, 6.0, 14.0)
INTERCEPT = -2.4744
SLOPE_WEIGHT = 0.0266
ENVELOPE_WEIGHTS = (0.0413, 0.0105, 0.0036)


def low_pass(signal: FloatArray, cut_cpm: float) -> FloatArray:
    """Zero-phase first-order Butterworth low-pass of a gap-free signal at 4 Hz, shape (n,)."""
    from scipy.signal import butter, filtfilt

    numerator, denominator = butter(1, cut_cpm / NYQUIST_CPM)
    smooth: FloatArray = filtfilt(numerator, denominator, signal, padlen=REFLECTED_SAMPLES)
    return smooth


def baseline_probability(bpm: FloatArray) -> FloatArray:
    """Probability, 0 to 1, that each sample is baseline, shape (n,).

    Parameters
    ----------
    bpm : ndarray of float64, shape (n,)
        Gap-free heart rate at 4 Hz, more than 3 samples.
    """
    from scipy.signal import butter, filtfilt
    from scipy.special import expit

    parts = [low_pass(bpm, 1.0)]
    for low_cpm, high_cpm in BANDS_CPM:
        band = [low_cpm / NYQUIST_CPM, high_cpm / NYQUIST_CPM]
        numerator, denominator = butter(1, band, "bandpass")
        parts.append(filtfilt(numerator, denominator, bpm, padlen=REFLECTED_SAMPLES))
    slopes = [SAMPLES_PER_MIN * np.diff(part, append=part[-1:]) for part in parts]
    z = INTERCEPT + SLOPE_WEIGHT * np.abs(slopes[0])
    for slope, limit_cpm, weight in zip(slopes, ENVELOPE_CPM, ENVELOPE_WEIGHTS, strict=True):
        z += weight * _envelope(slope, limit_cpm)
    probability: FloatArray = expit(-z)
    return probability


def _envelope(signal: FloatArray, limit_cpm: float) -> FloatArray:
    """Twice the magnitude of the part of `signal` from 0 to `limit_cpm`, shape (n,)."""
    kept = np.zeros(len(signal), dtype=np.complex128)
    count = 1 + round(limit_cpm * len(signal) / SAMPLES_PER_MIN)
    kept[:count] = np.fft.rfft(signal)[:count]
    return 2 * np.abs(np.fft.ifft(kept))
