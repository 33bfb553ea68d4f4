"""The fetus: baseline, behavioural states, variability, accelerations and decelerations."""

from dataclasses import dataclass

import numpy as np

from app.ctg.synthetic import fetal_events
from app.ctg.synthetic.scenario import Scenario, Twin
from app.ctg.synthetic.waves import WORK_RATE_HZ, Wave, band, draw, inside, noise, wave_of
from app.ctg.trace import FloatArray

# Median over minutes of (max - min) of `_variability` as monitors show it, measured over many seeds: clinic
# monitors come out a little above the bandwidth asked for, handhelds a little below.
BANDWIDTH_PER_SD = 4.2
QUIET_SHARE = 0.45  # of the variability of the active state; states 1F against 2F and 4F of Nijhuis 1982
STATE_S = (20 * 60.0, 40 * 60.0)
PRETERM_STATE_S = (10 * 60.0, 20 * 60.0)
STATES_FORM_WEEKS = 36
LOWEST_HOUR = 4.0  # the daily minimum lies between two and six in the morning (Patrick 1982, AJOG 144:533)

SINUSOIDAL_CPM, SINUSOIDAL_AMPLITUDE_BPM = 4.0, 6.0  # 3 to 5 a minute, 5 to 15 bpm high (CTG.md 2.6)
SINUSOIDAL_VARIABILITY = 0.08  # what is left of the usual one: "smooth"

LOWEST_BPM, HIGHEST_BPM = 50.0, 230.0


@dataclass(frozen=True, slots=True)
class FetalRate:
    """The heart itself, before any device: rate and baseline in bpm at the working rate, and what was put in."""

    rate_bpm: FloatArray
    baseline_bpm: FloatArray
    accelerations: tuple[Wave, ...]
    decelerations: tuple[Wave, ...]


def fetal_rate(
    rng: np.random.Generator, n: int, scenario: Scenario, fetus: Scenario | Twin, contractions: list[Wave]
) -> FetalRate:
    """The rate of one fetus; decelerations of `scenario` go to the first fetus only."""
    duration_s = n / WORK_RATE_HZ
    activity = _activity(rng, n, scenario)
    sinus = inside(n, [scenario.sinusoidal] if scenario.sinusoidal else [], edge_s=30)
    drops = _decelerations(rng, duration_s, scenario, contractions) if fetus is scenario else []
    down = np.zeros(n)
    for path in drops:
        draw(path, down)
    # Steep drops must stay above the rate at which Doppler units stop counting.
    down = np.maximum(down, min(0.0, fetal_events.LOWEST_NADIR_BPM - fetus.baseline_bpm))

    taken = [(path[0][0] - 5, path[-1][0] + 5) for path in drops]
    taken += [scenario.sinusoidal] if scenario.sinusoidal else []
    rises = _accelerations(
        rng,
        n,
        gestation_weeks=scenario.gestation_weeks,
        per_30min=fetus.accelerations_per_30min,
        activity=activity,
        taken=taken,
    )
    up = np.zeros(n)
    for path in rises:
        draw(path, up)

    level = _baseline(rng, n, scenario, fetus.baseline_bpm, activity)
    amplitude = fetus.variability_bpm / BANDWIDTH_PER_SD * (QUIET_SHARE + (1 - QUIET_SHARE) * activity)
    amplitude *= 1 + (SINUSOIDAL_VARIABILITY - 1) * sinus
    if scenario.decelerations in {"late", "prolonged"}:
        amplitude *= 1 - 0.35 * np.clip(-down / 20, 0, 1)
    elif scenario.decelerations == "variable":
        amplitude *= 1 + 0.4 * np.clip(-down / 30, 0, 1)
    rate = level + up + down + amplitude * _variability(rng, n) + sinus * _sinusoid(rng, n)
    return FetalRate(
        rate_bpm=np.clip(rate, LOWEST_BPM, HIGHEST_BPM),
        baseline_bpm=level,
        accelerations=tuple(wave_of(path) for path in rises),
        decelerations=tuple(wave_of(path) for path in drops),
    )


def _activity(rng: np.random.Generator, n: int, scenario: Scenario) -> FloatArray:
    """1 while active and 0 while quiet, shape (n,); a cycling fetus is met somewhere in its active state."""
    if scenario.behaviour != "cycling":
        return np.full(n, 1.0 if scenario.behaviour == "active" else 0.0)
    state_s = STATE_S if scenario.gestation_weeks >= STATES_FORM_WEEKS else PRETERM_STATE_S
    active: list[tuple[float, float]] = []
    at_s = -rng.uniform(0, 0.6) * state_s[0]
    while at_s < n / WORK_RATE_HZ:
        end_s = at_s + rng.uniform(*state_s)
        active.append((at_s, end_s))
        at_s = end_s + rng.uniform(*state_s)
    return inside(n, active, edge_s=25)


def _baseline(
    rng: np.random.Generator, n: int, scenario: Scenario, mean_bpm: float, activity: FloatArray
) -> FloatArray:
    """The baseline in bpm, shape (n,): wanders by about 2 bpm, 3 lower in quiet states, daily swing."""
    hour = scenario.clock_hour_at_start + np.arange(n) / WORK_RATE_HZ / 3600
    daily = -scenario.diurnal_amplitude_bpm * np.cos(2 * np.pi * (hour - LOWEST_HOUR) / 24)
    wander = 1.8 * noise(rng, n, lambda cpm: np.where(cpm < 0.35, 1 / np.maximum(cpm, 0.02), 0.0))
    state = np.where(scenario.behaviour == "cycling", -3.0 * (1 - activity), 0.0)
    return np.asarray(mean_bpm + daily + wander + state, dtype=np.float64)


def _variability(rng: np.random.Generator, n: int) -> FloatArray:
    """Variability of a bandwidth of about BANDWIDTH_PER_SD, shape (n,).

    A 1/f fall that steepens above 8 cycles a minute and a rise at 3 to 5, the long-term oscillation; shares of
    the bands 0.4-2, 2-6, 6-15 and 15-40 cpm are those of quiet minutes of CTU-UHB and FHRMA. Its strength
    comes and goes over minutes, and brief dips of the active heart break its symmetry.
    """

    def density(cpm: FloatArray) -> FloatArray:
        fall = np.where(cpm >= 0.35, 1 / cpm, 0.0) / (1 + (cpm / 8) ** 2)
        return np.asarray(fall * (1 + 0.5 * np.exp(-0.5 * ((cpm - 4) / 0.9) ** 2)), dtype=np.float64)

    swing = np.exp(0.34 * noise(rng, n, band(0.1, 1.0)))
    dips = np.zeros(n)
    minutes = n / WORK_RATE_HZ / 60
    for at_s in rng.uniform(0, minutes * 60, rng.poisson(0.5 * minutes)):
        length_s = rng.uniform(3, 9)
        draw([(at_s, 0.0), (at_s + 0.4 * length_s, -rng.uniform(0.6, 2.0)), (at_s + length_s, 0.0)], dips)
    return noise(rng, n, density) * swing + dips


def _sinusoid(rng: np.random.Generator, n: int) -> FloatArray:
    """The sinusoidal rhythm in bpm, shape (n,): even waves, hardly changing in rate or height."""
    cpm = SINUSOIDAL_CPM + rng.uniform(-0.6, 0.6) + 0.12 * noise(rng, n, band(0.05, 0.5))
    height = SINUSOIDAL_AMPLITUDE_BPM * (1 + 0.1 * noise(rng, n, band(0.05, 0.5)))
    return height * np.sin(2 * np.pi * np.cumsum(cpm) / (60 * WORK_RATE_HZ))


def _accelerations(
    rng: np.random.Generator,
    n: int,
    *,
    gestation_weeks: int,
    per_30min: float,
    activity: FloatArray,
    taken: list[tuple[float, float]],
) -> list[fetal_events.Path]:
    """Accelerations at uneven intervals while active, none where something else has its place."""
    found: list[fetal_events.Path] = []
    if per_30min == 0:
        return found
    mean_s = 1800 / per_30min
    at_s = rng.uniform(0.1, 0.8) * mean_s
    while at_s < n / WORK_RATE_HZ - 30:
        path = fetal_events.acceleration(rng, at_s, gestation_weeks)
        free = all(path[-1][0] <= start_s or path[0][0] >= end_s for start_s, end_s in taken)
        if free and activity[int(at_s * WORK_RATE_HZ)] > 0.9:
            found.append(path)
        at_s = max(at_s + mean_s * rng.gamma(4, 1 / 4), path[-1][0] + 6)
    return found


def _decelerations(
    rng: np.random.Generator, duration_s: float, scenario: Scenario, contractions: list[Wave]
) -> list[fetal_events.Path]:
    """The decelerations of the kind asked for, deeper where the contraction is stronger."""
    kind, typical_bpm = scenario.decelerations, scenario.deceleration_depth_bpm
    if kind == "none":
        return []
    if kind == "prolonged":
        return [fetal_events.prolonged(rng, duration_s * rng.uniform(0.5, 0.58), typical_bpm)]
    shape = {"early": fetal_events.early, "late": fetal_events.late, "variable": fetal_events.variable}[kind]
    strongest = max((wave.height for wave in contractions), default=1.0)
    found: list[fetal_events.Path] = []
    for wave in contractions:
        depth_bpm = typical_bpm * (0.75 + 0.35 * wave.height / strongest + rng.uniform(-0.25, 0.2))
        path = shape(rng, wave, depth_bpm)
        clear = path[0][0] < duration_s and not (found and found[-1][-1][0] > path[0][0])
        if rng.random() < scenario.deceleration_share and clear:
            found.append(path)
    return found
