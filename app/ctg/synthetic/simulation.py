"""From a scenario and a seed to a Trace, with what was put into it."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from app.ctg.synthetic import device
from app.ctg.synthetic.fetus import FetalRate, fetal_rate
from app.ctg.synthetic.mother import contractions, maternal_rate, toco
from app.ctg.synthetic.scenario import Scenario
from app.ctg.synthetic.waves import WORK_RATE_HZ, Wave, during
from app.ctg.trace import FloatArray, Trace

MHR_QUANTUM_BPM = 1.0  # a pulse oximeter's whole beats
MHR_LOSS = 0.01

# One stream of random numbers for each part, so that a new parameter of one part leaves the others as they were.
_STREAMS = ("mother", "contractions", "toco", "fetus 1", "fetus 2", "device 1", "device 2", "device mother")


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """A synthetic Trace and its truth; all times in seconds from the start.

    `baseline_bpm` has one value for each sample of the trace. Events are those of the first fetus, drawn
    whether or not the signal was lost there; a `Wave` is longer than what a reader would measure, since it
    begins where the rate leaves the baseline at all.
    """

    trace: Trace
    baseline_bpm: FloatArray
    accelerations: tuple[Wave, ...]
    decelerations: tuple[Wave, ...]
    contractions: tuple[Wave, ...]
    miscounts: tuple[tuple[float, float], ...]


def simulate(scenario: Scenario, *, seed: int, start: datetime | None = None) -> Trace:
    """The recording of this scenario and seed: equal arguments give equal bytes, `start` changes no sample."""
    return simulate_with_truth(scenario, seed=seed, start=start).trace


def simulate_with_truth(scenario: Scenario, *, seed: int, start: datetime | None = None) -> Simulation:
    """As `simulate`, with the baseline and the events that were drawn into it.

    Raises
    ------
    ValueError
        When `seed` is negative or `start` has no time zone.
    """
    streams = {
        name: np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, index])))
        for index, name in enumerate(_STREAMS)
    }
    samples = round(scenario.duration_s * scenario.rate_hz)
    step = round(WORK_RATE_HZ / scenario.rate_hz)
    n = samples * step
    waves = contractions(streams["contractions"], n / WORK_RATE_HZ, scenario.contractions_per_10min)
    maternal = maternal_rate(streams["mother"], n, scenario.maternal_bpm, waves)
    first = fetal_rate(streams["fetus 1"], n, scenario, scenario, waves)
    wrong = device.miscounts(streams["device 1"], scenario.duration_s, scenario.artefacts_per_hour)
    fhr2: FloatArray | None = None
    if scenario.twin is not None:
        second = fetal_rate(streams["fetus 2"], n, scenario, scenario.twin, waves)
        fhr2 = _recorded(streams["device 2"], scenario, second, maternal, capture=[], miscounts=[])
    baseline = np.ascontiguousarray(first.baseline_bpm[::step])
    baseline.flags.writeable = False
    movements_s = [wave.start_s for wave in first.accelerations]
    trace = Trace(
        start=start,
        rate_hz=scenario.rate_hz,
        fhr1=_recorded(
            streams["device 1"], scenario, first, maternal, capture=list(scenario.maternal_capture), miscounts=wrong
        ),
        fhr2=fhr2,
        toco=toco(streams["toco"], n, waves, movements_s)[::step] if scenario.with_toco else None,
        mhr=_recorded_pulse(streams["device mother"], scenario, maternal) if scenario.with_mhr else None,
    )
    return Simulation(
        trace=trace,
        baseline_bpm=baseline,
        accelerations=first.accelerations,
        decelerations=first.decelerations,
        contractions=tuple(waves),
        miscounts=tuple(wrong),
    )


def _recorded(
    rng: np.random.Generator,
    scenario: Scenario,
    fetus: FetalRate,
    maternal_bpm: FloatArray,
    *,
    capture: device.Stretches,
    miscounts: device.Stretches,
) -> FloatArray:
    """The fetal channel in bpm with NaN for loss, at the rate of the scenario."""
    handheld = scenario.integer_values
    own = device.counted(rng, fetus.rate_bpm, handheld=handheld)
    # A device changes over to the other heart at once: it never counts an average of the two.
    mothers = device.counted(rng, maternal_bpm, handheld=handheld)
    rate = np.where(during(len(own), capture), mothers, own)
    rate = device.miscounted(rate, miscounts)[:: round(WORK_RATE_HZ / scenario.rate_hz)]
    quantum = device.HANDHELD_QUANTUM_BPM if handheld else device.CLINIC_QUANTUM_BPM
    gone = device.lost(
        rng,
        len(rate),
        rate_hz=scenario.rate_hz,
        fraction=scenario.loss_fraction,
        burst_s=scenario.loss_burst_s,
        search_s=scenario.search_s,
    )
    return np.where(gone, np.nan, device.quantised(rate, quantum))


def _recorded_pulse(rng: np.random.Generator, scenario: Scenario, maternal_bpm: FloatArray) -> FloatArray:
    """The mother's channel in whole bpm with NaN for loss, at the rate of the scenario."""
    rate = device.averaged(maternal_bpm)[:: round(WORK_RATE_HZ / scenario.rate_hz)]
    gone = device.lost(rng, len(rate), rate_hz=scenario.rate_hz, fraction=MHR_LOSS, burst_s=4.0, search_s=0.0)
    return np.where(gone, np.nan, device.quantised(rate, MHR_QUANTUM_BPM))
