"""Accelerations and decelerations as knots: seconds from the start of the recording, bpm off the baseline.

Shapes follow the definitions restated in CTG.md 2.3 (FIGO 2015, NICHD 2008).
"""

import numpy as np

from app.ctg.synthetic.waves import Wave

Path = list[tuple[float, float]]

PRETERM_WEEKS = 32  # below this an acceleration is 10 bpm and 10 s
LOWEST_NADIR_BPM = 62.0

# Knots that come closer than this draw a corner that no heart makes.
_MIN_LEG_S = 2.0


def acceleration(rng: np.random.Generator, at_s: float, gestation_weeks: int) -> Path:
    """One acceleration: 10 to 20 s up, an uneven top, a slower way down; smaller and shorter before 32 weeks."""
    preterm = gestation_weeks < PRETERM_WEEKS
    height = rng.uniform(11, 14.5) if preterm else 18 + 12 * rng.beta(1.3, 2.2)
    rise_s = rng.uniform(5, 9) if preterm else rng.uniform(8, 17)
    top_s = rng.uniform(4, 8) if preterm else rng.uniform(6, 32)
    fall_s = rng.uniform(6, 10) if preterm else rng.uniform(9, 22)
    path = [(at_s, 0.0), (at_s + rise_s, height)]
    path += _uneven(rng, at_s + rise_s, top_s, height, low=0.72, high=1.0)
    return [*path, (path[-1][0] + fall_s, 0.0)]


def early(rng: np.random.Generator, contraction: Wave, depth_bpm: float) -> Path:
    """A mirror of the contraction: shallow, gradual, nadir at its peak."""
    nadir_s = contraction.peak_s + rng.uniform(-3, 4)
    # Gradual means 30 s or more from onset to nadir.
    fall_s = max(31.0, contraction.peak_s - contraction.start_s + rng.uniform(-2, 4))
    back_s = max(30.0, contraction.end_s - contraction.peak_s + rng.uniform(-4, 4))
    return [(nadir_s - fall_s, 0.0), (nadir_s, -depth_bpm), (nadir_s + back_s, 0.0)]


def late(rng: np.random.Generator, contraction: Wave, depth_bpm: float) -> Path:
    """Gradual, begins over 20 s after the contraction, nadir 20 to 40 s after its peak, back after its end."""
    onset_s = max(contraction.start_s + 22, contraction.peak_s + rng.uniform(-14, -4))
    nadir_s = max(onset_s + 32, contraction.peak_s + rng.uniform(22, 38))
    back_s = max(nadir_s + rng.uniform(38, 65), contraction.end_s + 15)
    return [(onset_s, 0.0), (nadir_s, -depth_bpm), (back_s, 0.0)]


def variable(rng: np.random.Generator, contraction: Wave, depth_bpm: float) -> Path:
    """Steep flanks, an uneven floor, often a shoulder before and after; its place and shape vary."""
    onset_s = contraction.peak_s + rng.uniform(-25, 4)
    path = [(onset_s, 0.0)]
    if rng.random() < 0.7:
        path = [(onset_s - rng.uniform(16, 24), 0.0), (onset_s - rng.uniform(6, 9), rng.uniform(6, 13)), *path]
    fall_s = rng.uniform(6, 15)
    path.append((onset_s + fall_s, -depth_bpm))
    path += _uneven(rng, onset_s + fall_s, rng.uniform(6, 34), -depth_bpm, low=0.66, high=0.93)
    back_s = path[-1][0] + rng.uniform(6, 14)
    path.append((back_s, 0.0))
    if rng.random() < 0.7:
        path += [(back_s + rng.uniform(6, 10), rng.uniform(6, 14)), (back_s + rng.uniform(20, 34), 0.0)]
    return path


def prolonged(rng: np.random.Generator, onset_s: float, depth_bpm: float) -> Path:
    """Over 3 minutes long: a fall within a minute, a restless floor, a slow return and a small overshoot."""
    fall_s = rng.uniform(28, 55)
    path = [(onset_s, 0.0), (onset_s + 0.55 * fall_s, -0.55 * depth_bpm), (onset_s + fall_s, -depth_bpm)]
    path += _uneven(rng, onset_s + fall_s, rng.uniform(130, 190), -depth_bpm, low=0.8, high=1.0)
    floor_end_s, floor = path[-1]
    half_s, back_s = floor_end_s + rng.uniform(35, 55), floor_end_s + rng.uniform(80, 120)
    over_s = back_s + rng.uniform(25, 45)
    return [*path, (half_s, 0.4 * floor), (back_s, 0.0), (over_s, 6.0), (over_s + rng.uniform(60, 120), 0.0)]


def _uneven(rng: np.random.Generator, from_s: float, length_s: float, value: float, *, low: float, high: float) -> Path:
    """Knots every few seconds that leave and approach `value` by a share of it between low and high."""
    path: Path = []
    at_s = from_s
    while (at_s := at_s + rng.uniform(3, 8)) < from_s + length_s - _MIN_LEG_S:
        path.append((at_s, value * rng.uniform(low, high)))
    return [*path, (from_s + max(length_s, _MIN_LEG_S), value * rng.uniform(low, high))]
