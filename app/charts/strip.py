"""The values a strip is drawn from: what, how large, for whom and with which words."""

from dataclasses import dataclass, field
from datetime import tzinfo
from enum import StrEnum
from math import isfinite

from app.ctg.findings import Analysis, EventKind
from app.ctg.trace import Trace

# Part of every ETag: raise it when the same input gives another picture.
RENDERER_VERSION = "2"

# The second fetus is drawn this much higher so that twins can be told apart (SAFETY.md, rule 6).
SECOND_FETUS_OFFSET_BPM = 20.0

# Longer recordings are shown as a row of windows, each a picture of its own.
MAX_MINUTES = 240.0

SPEEDS_CM_MIN = (1, 2, 3)
BPM_PER_CM = (20, 30)


class Audience(StrEnum):
    """For whom a picture is drawn; a patient's holds nothing that was computed."""

    CLINICIAN = "clinician"
    PATIENT = "patient"


@dataclass(frozen=True, slots=True)
class StripScale:
    """The physical scale in print: paper speed, bpm per centimetre and the range of the axis."""

    speed_cm_min: int = 1
    bpm_per_cm: int = 20
    low_bpm: int = 50
    high_bpm: int = 210

    def __post_init__(self) -> None:
        if self.speed_cm_min not in SPEEDS_CM_MIN:
            raise ValueError(f"speed_cm_min {self.speed_cm_min!r} is not one of {SPEEDS_CM_MIN}")
        if self.bpm_per_cm not in BPM_PER_CM:
            raise ValueError(f"bpm_per_cm {self.bpm_per_cm!r} is not one of {BPM_PER_CM}")
        if not 0 <= self.low_bpm < self.high_bpm <= 300:
            raise ValueError(f"{self.low_bpm} to {self.high_bpm} bpm is no range of a heart rate axis")


@dataclass(frozen=True, slots=True)
class StripLabels:
    """Every word that can stand in the picture, in English; callers pass translations."""

    title: str = "Fetal heart rate strip"
    fhr_bpm: str = "FHR bpm"
    uterine_activity: str = "Uterine activity"
    cm_per_min: str = "cm/min"
    bpm_per_cm: str = "bpm/cm"
    minute: str = "min"
    signal_loss: str = "signal loss"
    loss: str = "loss"
    no_signal: str = "no signal"
    end_of_recording: str = "end of recording"
    time_is_estimated: str = "time axis estimated"
    demo: str = "DEMO – synthetic data"
    fetus_1: str = "1"
    fetus_2: str = "2 (+20 bpm)"
    maternal_rate: str = "maternal rate"
    computed: str = "computed:"
    baseline: str = "baseline"
    bradycardia: str = "bradycardia"
    tachycardia: str = "tachycardia"
    possible_maternal: str = "possibly maternal"
    acceleration: str = "acceleration"
    deceleration: str = "deceleration"
    contraction: str = "contraction"
    months: tuple[str, ...] = (
        *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
        *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    )

    def __post_init__(self) -> None:
        if len(self.months) != 12:
            raise ValueError(f"a year has 12 months, not {len(self.months)}")

    def event(self, kind: EventKind) -> str:
        """The word for a kind of event that is drawn."""
        return str(getattr(self, kind))


@dataclass(frozen=True, slots=True)
class StripCaption:
    """What the caption needs beside the recording: the zone clock times are shown in, device and words.

    `advice` is what a patient must read beside a heart rate, and whom to call: it is drawn into her picture, which
    can be kept and shown without its page. A no-break space keeps a number on one line.
    """

    zone: tzinfo
    zone_name: str
    device: str | None = None
    labels: StripLabels = field(default_factory=StripLabels)
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Strip:
    """One picture: `minutes` of `trace` from `start_s` on.

    `trace` is the whole recording, so that a window knows its neighbours and where the recording ends.
    `analyses` holds at most one analysis a fetus; a patient's picture ignores them.

    Raises
    ------
    ValueError
        When the window starts before the recording or its length is not within (0, MAX_MINUTES].
    """

    trace: Trace
    caption: StripCaption
    start_s: float = 0.0
    minutes: float = 30.0
    scale: StripScale = field(default_factory=StripScale)
    audience: Audience = Audience.CLINICIAN
    analyses: tuple[Analysis, ...] = ()
    is_demo: bool = False

    def __post_init__(self) -> None:
        if not (isfinite(self.start_s) and self.start_s >= 0):
            raise ValueError(f"start_s {self.start_s!r} is not a time in the recording")
        if not 0 < self.minutes <= MAX_MINUTES:
            raise ValueError(f"minutes {self.minutes!r} is not within 0 to {MAX_MINUTES:g}")

    @property
    def window_s(self) -> float:
        """Length of the window in seconds."""
        return self.minutes * 60.0

    @property
    def end_s(self) -> float:
        """End of the window in seconds from the recording's start; it may lie behind the recording's end."""
        return self.start_s + self.window_s

    @property
    def shown_analyses(self) -> tuple[Analysis, ...]:
        """What was computed and may be drawn: nothing for a patient."""
        return self.analyses if self.audience is Audience.CLINICIAN else ()

    @property
    def shown_advice(self) -> tuple[str, ...]:
        """The sentences over a patient's picture; a clinician's has none."""
        return self.caption.advice if self.audience is Audience.PATIENT else ()
