"""The values a strip is drawn from: what, how large, for whom and with which words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from enum import StrEnum
from math import isfinite

from app.ctg.findings import Analysis, EventKind
from app.ctg.stretch import Stretch

# Part of every ETag: raise it when the same input gives another picture.
RENDERER_VERSION = "7"

# The second fetus is drawn this much higher so that twins can be told apart (SAFETY.md, rule 6).
SECOND_FETUS_OFFSET_BPM = 20.0

# Longer recordings are shown as a row of windows, each a picture of its own.
MAX_MINUTES = 240.0

SPEEDS_CM_MIN = (1, 2, 3)
BPM_PER_CM = (20, 30)
RANGES_BPM = ((50, 210), (30, 240))


class Audience(StrEnum):
    """For whom a picture is drawn; a patient's holds nothing that was computed."""

    CLINICIAN = "clinician"
    PATIENT = "patient"


class Frame(StrEnum):
    """What stands around the panels.

    A full picture stands alone: margins, caption, axis numbers, clock and legend. A tile is exactly as wide as its
    time: tiles laid side by side are one strip. An axis is the piece to their left, with numbers and names.
    """

    FULL = "full"
    TILE = "tile"
    AXIS = "axis"


class TimeAxis(StrEnum):
    """Whether time is that of the clock or counted from the start of the recording."""

    CLOCK = "clock"
    ELAPSED = "elapsed"


class MarkKind(StrEnum):
    """What a person or a device noted at a time of the recording."""

    MOVEMENT = "movement"
    EVENT = "event"
    ANNOTATION = "annotation"


@dataclass(frozen=True, slots=True)
class StripMark:
    """Something noted at `start_s` of the recording, or from there to `end_s`: what, in few words, and by whom.

    Nothing in it is computed. Events and annotations are numbered in the order of time over the whole recording,
    and their words stand beneath the paper, so that none covers the trace; of a movement only its arrow is drawn.

    Raises
    ------
    ValueError
        When a time is negative or no number, or the end lies before the start.
    """

    kind: MarkKind
    start_s: float
    text: str = ""
    who: str = ""
    end_s: float | None = None

    def __post_init__(self) -> None:
        end_s = self.start_s if self.end_s is None else self.end_s
        if not (isfinite(end_s) and 0 <= self.start_s <= end_s):
            raise ValueError(f"{self.start_s!r} to {self.end_s!r} s is no time in a recording")

    @property
    def last_s(self) -> float:
        """Where it ends; where it begins when it has no length."""
        return self.start_s if self.end_s is None else self.end_s


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
        if (self.low_bpm, self.high_bpm) not in RANGES_BPM:
            raise ValueError(f"{self.low_bpm} to {self.high_bpm} bpm is not one of {RANGES_BPM}")


@dataclass(frozen=True, slots=True)
class StripLabels:
    """Every word that can stand in the picture, in English; callers pass translations."""

    title: str = "Fetal heart rate strip"
    fhr_bpm: str = "FHR bpm"
    uterine_activity: str = "Uterine activity"
    cm_per_min: str = "cm/min"
    bpm_per_cm: str = "bpm/cm"
    minute: str = "min"
    hour: str = "h"
    signal_loss: str = "signal loss"
    loss: str = "loss"
    no_signal: str = "no signal"
    end_of_recording: str = "end of recording"
    time_is_estimated: str = "time axis estimated"
    demo: str = "DEMO – synthetic data"
    fetus_1: str = "1"
    fetus_2: str = "2 (+20 bpm)"
    maternal_rate: str = "maternal rate"
    movement: str = "movement noted"
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

    `zone_name` is its name at the window's end, and `begin_zone_name` that at its beginning where it is another one:
    in a night in which clocks are changed.
    `advice` is what a patient must read beside a heart rate, and whom to call: it is drawn into her picture, which
    can be kept and shown without its page. A no-break space keeps a number on one line.
    """

    zone: tzinfo
    zone_name: str
    device: str | None = None
    labels: StripLabels = field(default_factory=StripLabels)
    advice: tuple[str, ...] = ()
    begin_zone_name: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """One picture: `minutes` of a recording from `start_s` on.

    `stretch` holds the samples of the window with their neighbours on each side (`Stretch.around`), so that lines run
    on across its edges as in the next picture; more samples do no harm. It knows where the recording ends and how high
    its uterine activity is. `analyses` holds at most one analysis a fetus, and `marks` those of the whole recording;
    a patient's picture ignores analyses, and of the marks all but movements.

    Raises
    ------
    ValueError
        When the window starts before the recording, its length is not within (0, MAX_MINUTES], or a patient's
        picture is not a full one: only that carries the advice she must read beside a heart rate.
    """

    stretch: Stretch
    caption: StripCaption
    start_s: float = 0.0
    minutes: float = 30.0
    scale: StripScale = field(default_factory=StripScale)
    audience: Audience = Audience.CLINICIAN
    analyses: tuple[Analysis, ...] = ()
    is_demo: bool = False
    frame: Frame = Frame.FULL
    time: TimeAxis = TimeAxis.CLOCK
    marks: tuple[StripMark, ...] = ()

    def __post_init__(self) -> None:
        if not (isfinite(self.start_s) and self.start_s >= 0):
            raise ValueError(f"start_s {self.start_s!r} is not a time in the recording")
        if not 0 < self.minutes <= MAX_MINUTES:
            raise ValueError(f"minutes {self.minutes!r} is not within 0 to {MAX_MINUTES:g}")
        if self.audience is Audience.PATIENT and self.frame is not Frame.FULL:
            raise ValueError(f"a patient's picture is a full one, not {self.frame}")

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

    @property
    def shown_marks(self) -> tuple[StripMark, ...]:
        """What was noted in the whole recording and may be drawn, by time."""
        return marks_for(self.marks, self.audience)


def marks_for(marks: Sequence[StripMark], audience: Audience) -> tuple[StripMark, ...]:
    """The marks that this audience sees, by time: a patient no words of a clinician, which only a release gives."""
    if not marks:
        return ()
    shown = (mark for mark in marks if audience is Audience.CLINICIAN or mark.kind is MarkKind.MOVEMENT)
    return tuple(sorted(shown, key=lambda mark: (mark.start_s, mark.last_s, mark.kind, mark.text, mark.who)))
