"""Waves drawn through knots, and noise with a chosen spectrum: what everything synthetic is made of."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.ctg.trace import FloatArray

# The model runs at the rate of clinic monitors; slower devices take every second or fourth value.
WORK_RATE_HZ = 4.0

Knots = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Wave:
    """One thing that happened: seconds from the start, and height above (below: negative) what lay under it."""

    start_s: float
    peak_s: float
    end_s: float
    height: float

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s


def draw(knots: Knots, into: FloatArray) -> None:
    """Nothing; adds to `into`, shape (n,), half-cosines from knot to knot, each knot (seconds, value)."""
    times_s, values = (np.array(column) for column in zip(*knots, strict=True))
    first = max(0, int(np.ceil(times_s[0] * WORK_RATE_HZ)))
    last = min(len(into), int(np.floor(times_s[-1] * WORK_RATE_HZ)) + 1)
    if first >= last:
        return
    at_s = np.arange(first, last) / WORK_RATE_HZ
    leg = np.clip(np.searchsorted(times_s, at_s, side="right") - 1, 0, len(times_s) - 2)
    share = (at_s - times_s[leg]) / (times_s[leg + 1] - times_s[leg])
    into[first:last] += values[leg] + (values[leg + 1] - values[leg]) * (0.5 - 0.5 * np.cos(np.pi * share))


def wave_of(knots: Knots) -> Wave:
    """The wave of these knots; its peak is the knot farthest from zero."""
    peak_s, height = max(knots, key=lambda knot: abs(knot[1]))
    return Wave(start_s=knots[0][0], peak_s=peak_s, end_s=knots[-1][0], height=height)


def noise(rng: np.random.Generator, n: int, density: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """Gaussian noise of mean 0 and standard deviation 1 in the long run, shape (n,).

    `density` is the power per cycle per minute at frequencies in cycles per minute, in any unit. The noise is
    cut out of a longer one, so that its end does not lead back to its beginning.
    """
    size = 1 << int(np.ceil(np.log2(max(2 * n, 4096))))
    frequency_cpm = np.arange(size // 2 + 1, dtype=np.float64) * (60 * WORK_RATE_HZ / size)
    power = np.zeros(len(frequency_cpm))
    power[1:] = density(frequency_cpm[1:])
    spectrum = np.sqrt(power) * np.fft.rfft(rng.standard_normal(size))
    spectrum /= np.sqrt(2 * power.sum() / size)
    return np.fft.irfft(spectrum, size)[:n]


def band(low_cpm: float, high_cpm: float) -> Callable[[FloatArray], FloatArray]:
    """A density for `noise` that is even between two frequencies and nothing elsewhere."""
    return lambda frequency_cpm: ((frequency_cpm >= low_cpm) & (frequency_cpm <= high_cpm)).astype(np.float64)


def inside(n: int, stretches: Iterable[tuple[float, float]], edge_s: float) -> FloatArray:
    """1 inside the stretches (start and end in seconds), 0 outside, with soft edges, shape (n,)."""
    level = np.zeros(n)
    for start_s, end_s in stretches:
        edge = min(edge_s, (end_s - start_s) / 3)
        draw([(start_s, 0.0), (start_s + edge, 1.0), (end_s - edge, 1.0), (end_s, 0.0)], level)
    return np.minimum(level, 1.0)


def during(n: int, stretches: Iterable[tuple[float, float]]) -> NDArray[np.bool_]:
    """True inside the stretches (start and end in seconds), shape (n,)."""
    mask = np.zeros(n, dtype=np.bool_)
    for start_s, end_s in stretches:
        mask[int(np.ceil(start_s * WORK_RATE_HZ)) : int(np.ceil(end_s * WORK_RATE_HZ))] = True
    return mask
