"""What a synthetic recording is to show, as plain numbers that a clinician can read."""

from dataclasses import dataclass
from typing import Literal

Behaviour = Literal["active", "quiet", "cycling"]
DecelerationKind = Literal["none", "early", "late", "variable", "prolonged"]
Stretch = tuple[float, float]

RATES_HZ = (1.0, 2.0, 4.0)
MIN_DURATION_S, MAX_DURATION_S = 10.0, 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Twin:
    """The second fetus: what differs from the first one; it has no decelerations."""

    baseline_bpm: float = 150.0
    variability_bpm: float = 12.0
    accelerations_per_30min: float = 6.0

    def __post_init__(self) -> None:
        _require_fetus(self.baseline_bpm, self.variability_bpm, self.accelerations_per_30min)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One recording to be simulated; the defaults are a term fetus, awake, on a clinic monitor without toco.

    Attributes
    ----------
    duration_s : float
        Length of the recording in seconds.
    rate_hz : float
        1, 2 or 4 samples per second. Clinic monitors send 4, handheld Dopplers 1.
    integer_values : bool
        Whole bpm from a slow average, as a handheld Doppler sends; otherwise quarters of a bpm, beat by beat.
    gestation_weeks : int
        Before 32 weeks accelerations are 10 bpm and 10 s, before 36 weeks behavioural states are shorter.
    baseline_bpm, variability_bpm : float
        Baseline, and the bandwidth (CTG.md 2.4) of a minute of baseline while the fetus is active.
    accelerations_per_30min : float
        Mean number while the fetus is active; a quiet fetus has none.
    behaviour : {"active", "quiet", "cycling"}
        One state throughout, or active and quiet in turns of 20 to 40 minutes.
    diurnal_amplitude_bpm, clock_hour_at_start : float
        Daily swing of the baseline, lowest at four in the morning, and the hour of the first sample.
    contractions_per_10min : float
        Mean number of contractions; decelerations follow them even when toco is not recorded.
    decelerations : {"none", "early", "late", "variable", "prolonged"}
        "prolonged" is a single one past the middle, the others go with contractions.
    deceleration_share : float
        Share of the contractions that have one, 0 to 1.
    deceleration_depth_bpm : float
        Typical depth; single ones differ by a quarter either way.
    sinusoidal : Stretch or None
        Seconds from and to which the rate is a sinusoidal rhythm (CTG.md 2.6).
    loss_fraction, loss_burst_s : float
        Share of samples lost after the search, and the median length in seconds of one loss.
    search_s : float
        Seconds at the start during which the probe has not found the heart.
    artefacts_per_hour : float
        Short stretches in which the device halves or doubles the rate.
    maternal_bpm : float
        The mother's mean pulse.
    maternal_capture : tuple of Stretch
        Seconds from and to which the fetal channel shows the mother's pulse instead.
    with_toco, with_mhr : bool
        Whether the recording has these channels.
    twin : Twin or None
        The second fetus, recorded as `fhr2`.
    """

    duration_s: float = 1800.0
    rate_hz: float = 4.0
    integer_values: bool = False
    gestation_weeks: int = 38
    baseline_bpm: float = 138.0
    variability_bpm: float = 12.0
    accelerations_per_30min: float = 6.0
    behaviour: Behaviour = "active"
    diurnal_amplitude_bpm: float = 0.0
    clock_hour_at_start: float = 12.0
    contractions_per_10min: float = 0.0
    decelerations: DecelerationKind = "none"
    deceleration_share: float = 0.8
    deceleration_depth_bpm: float = 30.0
    sinusoidal: Stretch | None = None
    loss_fraction: float = 0.02
    loss_burst_s: float = 2.0
    search_s: float = 0.0
    artefacts_per_hour: float = 0.0
    maternal_bpm: float = 82.0
    maternal_capture: tuple[Stretch, ...] = ()
    with_toco: bool = False
    with_mhr: bool = False
    twin: Twin | None = None

    def __post_init__(self) -> None:
        _require_fetus(self.baseline_bpm, self.variability_bpm, self.accelerations_per_30min)
        if self.rate_hz not in RATES_HZ:
            raise ValueError(f"rate_hz {self.rate_hz!r} is not one of {RATES_HZ}")
        _require("duration_s", self.duration_s, MIN_DURATION_S, MAX_DURATION_S)
        _require("gestation_weeks", self.gestation_weeks, 20, 43)
        _require("diurnal_amplitude_bpm", self.diurnal_amplitude_bpm, 0, 15)
        _require("clock_hour_at_start", self.clock_hour_at_start, 0, 24)
        # Seven in ten minutes already leaves hardly any rest between contractions of a minute.
        _require("contractions_per_10min", self.contractions_per_10min, 0, 7)
        _require("deceleration_share", self.deceleration_share, 0, 1)
        _require("deceleration_depth_bpm", self.deceleration_depth_bpm, 10, 90)
        _require("loss_fraction", self.loss_fraction, 0, 1)
        _require("loss_burst_s", self.loss_burst_s, 0.5, 120)
        _require("search_s", self.search_s, 0, self.duration_s)
        _require("artefacts_per_hour", self.artefacts_per_hour, 0, 120)
        _require("maternal_bpm", self.maternal_bpm, 45, 150)
        for start_s, end_s in (*self.maternal_capture, *((self.sinusoidal,) if self.sinusoidal else ())):
            if not 0 <= start_s < end_s:
                raise ValueError(f"stretch {start_s:g} to {end_s:g} s is empty or starts before the recording")


def _require_fetus(baseline_bpm: float, variability_bpm: float, accelerations_per_30min: float) -> None:
    _require("baseline_bpm", baseline_bpm, 60, 210)
    _require("variability_bpm", variability_bpm, 1, 40)
    # One a minute is the most that still reads as separate accelerations.
    _require("accelerations_per_30min", accelerations_per_30min, 0, 30)


def _require(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name} {value!r} is outside {low:g} to {high:g}")
