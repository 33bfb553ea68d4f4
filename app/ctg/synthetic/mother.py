"""The mother: her contractions as the toco shows them, and her pulse."""

import numpy as np

from app.ctg.synthetic.waves import WORK_RATE_HZ, Wave, band, draw, inside, noise
from app.ctg.trace import FloatArray

CONTRACTION_S = (50.0, 90.0)  # FIGO 2015 draws bells of 45 to 120 s (CTG.md 2.6)
CONTRACTION_HEIGHT = (28.0, 75.0)  # toco units above the tone
TONE = (10.0, 15.0)
TOCO_QUANTUM, TOCO_MAX = 0.5, 127.0  # as FHRMA files store it (CTG.md 1.1)
BREATHS_CPM = (14.0, 19.0)
SHIFTS_PER_MIN = 0.25  # the mother coughs, speaks, moves


def contractions(rng: np.random.Generator, duration_s: float, per_10min: float) -> list[Wave]:
    """Contractions in order of time; heights in toco units above the tone.

    Intervals differ by a quarter either way; one contraction ends before the next begins.
    """
    found: list[Wave] = []
    if per_10min == 0:
        return found
    mean_s = 600 / per_10min
    strength = rng.uniform(*CONTRACTION_HEIGHT)
    peak_s = mean_s * rng.uniform(0.3, 0.8)
    while peak_s < duration_s:
        interval_s = mean_s * rng.uniform(0.75, 1.25)
        length_s = min(rng.uniform(*CONTRACTION_S), 0.72 * mean_s)
        # The belt shows a steeper rise than fall.
        start_s = peak_s - length_s * rng.uniform(0.42, 0.48)
        height = float(np.clip(strength * rng.uniform(0.6, 1.3), 20, 95))
        found.append(Wave(start_s, peak_s, start_s + length_s, height))
        peak_s += interval_s
    return found


def toco(rng: np.random.Generator, n: int, waves: list[Wave], movements_s: list[float]) -> FloatArray:
    """Uterine activity in toco units at the working rate, shape (n,): tone, bells, breathing, movements of both."""
    time_s = np.arange(n) / WORK_RATE_HZ
    tone = rng.uniform(*TONE) + 1.2 * noise(rng, n, band(0.02, 0.3))
    bells = np.zeros(n)
    for wave in waves:
        first = max(0, int((wave.peak_s - wave.duration_s) * WORK_RATE_HZ))
        last = max(first, int((wave.peak_s + 1.2 * wave.duration_s) * WORK_RATE_HZ))
        off_s = time_s[first:last] - wave.peak_s
        # 2.4 standard deviations each side leave 6 % of the height at the stated start and end.
        width_s = np.where(off_s < 0, wave.peak_s - wave.start_s, wave.end_s - wave.peak_s) / 2.4
        bells[first:last] += wave.height * np.exp(-0.5 * (off_s / width_s) ** 2)
    # Bells of the belt are never clean: muscle tone and pushing ride on the top.
    ripple = 1 + 0.05 * noise(rng, n, band(1.5, 10)) + 0.02 * noise(rng, n, band(10, 30))
    breath_cpm = rng.uniform(*BREATHS_CPM) + 0.8 * noise(rng, n, band(0.05, 1))
    breathing = np.sin(2 * np.pi * np.cumsum(breath_cpm) / (60 * WORK_RATE_HZ))
    depth = rng.uniform(0.4, 1.1) * np.exp(0.7 * noise(rng, n, band(0.1, 2)))
    # Small uneven rises between contractions: an irritable uterus, a belt that settles.
    unrest = rng.uniform(0.5, 1.3) * noise(rng, n, band(0.3, 4))
    bumps = np.zeros(n)
    minutes = n / WORK_RATE_HZ / 60
    hers_s = rng.uniform(0, 60 * minutes, rng.poisson(SHIFTS_PER_MIN * minutes)).tolist()
    for at_s in [*movements_s, *hers_s]:
        length_s = rng.uniform(2, 12)
        height = rng.uniform(2, 11)
        draw([(at_s, 0.0), (at_s + 0.4 * length_s, height), (at_s + length_s, 0.0)], bumps)
    signal = tone + bells * ripple + depth * breathing + unrest + bumps + rng.normal(0, 0.35, n)
    return np.clip(np.round(signal / TOCO_QUANTUM) * TOCO_QUANTUM, 0, TOCO_MAX)


def maternal_rate(rng: np.random.Generator, n: int, mean_bpm: float, waves: list[Wave]) -> FloatArray:
    """The mother's pulse in bpm at the working rate, shape (n,).

    An adult's variability: slow waves, some at six cycles a minute, and breathing; it rises a little with each
    contraction while the fetal rate falls or stays, which is how a reader tells them apart. Calmer than the
    pulses of the FHRMA false-signal set, which are of women in labour: a minute is 11 bpm wide, theirs 14.
    """
    slow = 3.0 * noise(rng, n, lambda cpm: np.where(cpm < 3, 1 / np.maximum(cpm, 0.15), 0.0))
    mayer = 1.4 * noise(rng, n, band(4.5, 7.5))
    breathing = 1.5 * noise(rng, n, band(*BREATHS_CPM))
    effort = inside(n, [(wave.start_s, wave.end_s) for wave in waves], edge_s=20)
    return mean_bpm + slow + mayer + breathing + rng.uniform(5, 12) * effort
