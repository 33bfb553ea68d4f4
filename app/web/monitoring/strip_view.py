"""Which stretch of a recording is looked at and at which scale, and the addresses of that place and of others."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from flask import url_for

from app.charts import StripScale
from app.charts.strip import BPM_PER_CM, RANGES_BPM, SPEEDS_CM_MIN, TimeAxis
from app.web.monitoring.segment import Segment

# About 30 cm of paper, which is what a desk's screen is wide.
MINUTES_AT_SPEED = {1: 30, 2: 15, 3: 10}
# A shorter recording lies on as much paper, so that one of a minute is not a stamp.
MIN_MINUTES = 10
# A window of the viewer, which is a picture of its own, and how far a step along the recording goes.
TILE_S = 600
RANGES = {f"{low}-{high}": (low, high) for low, high in RANGES_BPM}
# Left out of addresses, so that one view has one.
DEFAULT_RANGE, DEFAULT_TIME = next(iter(RANGES)), TimeAxis.CLOCK.value


@dataclass(frozen=True, slots=True)
class Address:
    """The endpoints of a recording's page, pictures, samples and print, and what names the recording in each."""

    page: str
    picture: str
    overview: str
    samples: str
    pdf: str
    recording: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StripView:
    """A window of `minutes` from `start_s` into a recording of `duration_s`, on paper of `scale`.

    `shown_s` are begin and end of what is framed.
    """

    address: Address
    duration_s: float
    start_s: float
    minutes: int
    scale: StripScale
    time: TimeAxis = TimeAxis.CLOCK
    shown_s: tuple[float, float] | None = None

    @property
    def paper_s(self) -> int:
        """Length of the paper: full minutes, and ten of them for a shorter recording."""
        return max(MIN_MINUTES, ceil(self.duration_s / 60)) * 60

    @property
    def last_start_s(self) -> int:
        """Where the last ten minutes' window begins."""
        return max(0, ceil(self.duration_s / TILE_S) - 1) * TILE_S

    @property
    def range(self) -> str:
        """The range of the heart rate axis as addresses have it."""
        return f"{self.scale.low_bpm}-{self.scale.high_bpm}"

    def page_url(self, **changes: Any) -> str:
        """The address of the page with this view and `changes`; None leaves a value to its default."""
        arguments = self.arguments() | changes
        if arguments["minutes"] == min(MINUTES_AT_SPEED[arguments["speed_cm_min"]], self.paper_s // 60):
            arguments["minutes"] = None
        return url_for(self.address.page, **self.address.recording, **_short(arguments))

    def place_url(self, start_s: float, **changes: Any) -> str:
        """The address of the page with this place in sight, with a script or without."""
        return self.places(**changes).url(start_s)

    def places(self, **changes: Any) -> "Places":
        """The addresses of the page with any place in sight; quick, because a day has many of them."""
        return Places(self.page_url(start_s=None, **changes))

    def picture_url(self, **changes: Any) -> str:
        """The address of the picture of this view with `changes`."""
        return url_for(self.address.picture, **self.address.recording, **_short(self.arguments() | changes))

    def pdf_url(self, **changes: Any) -> str:
        """The address of this view for paper, with `changes`."""
        return url_for(self.address.pdf, **self.address.recording, **_short(self.arguments() | changes))

    def whole_pdf_url(self) -> str:
        """The address of the whole recording for paper."""
        return self.pdf_url(start_s=0, minutes=max(1, ceil(self.duration_s / 60)))

    def overview_url(self) -> str:
        """The address of the whole recording at a glance."""
        return url_for(self.address.overview, **self.address.recording, **_short({"time": self.time.value}))

    def samples_url(self) -> str:
        """The address of the samples of ten minutes; the first one's place is to be added as `start_s`."""
        return url_for(self.address.samples, **self.address.recording)

    def url_showing(self, start_s: float, end_s: float | None = None) -> str:
        """The address of the page with this stretch in sight and framed."""
        end_s = start_s if end_s is None else end_s
        begin_s = max(0.0, start_s - 60) // 60 * 60
        return f"{self.page_url(start_s=_plain(begin_s), shown=_framed(start_s, end_s))}#{anchor(start_s)}"

    def moves(self, *, back: str, start: str, end: str, forward: str) -> list[Segment]:
        """Links along the recording, with these labels; without address where there is nowhere to go."""
        places = (
            (back, max(0.0, self.start_s - TILE_S), self.start_s > 0),
            (start, 0.0, self.start_s > 0),
            (end, self.last_start_s, self.start_s < self.last_start_s),
            (forward, min(self.start_s + TILE_S, self.last_start_s), self.start_s < self.last_start_s),
        )
        return [
            Segment(label, self.place_url(place) if is_possible else None, is_current=False)
            for label, place, is_possible in places
        ]

    def speeds(self, unit: str) -> list[Segment]:
        """Links to each paper speed; the window becomes as long as fits at that speed."""
        return [
            Segment(
                f"{speed} {unit}" if speed == SPEEDS_CM_MIN[0] else str(speed),
                self._rescaled_url(speed_cm_min=speed, minutes=None),
                is_current=speed == self.scale.speed_cm_min,
            )
            for speed in SPEEDS_CM_MIN
        ]

    def scales(self, unit: str) -> list[Segment]:
        """Links to each scale of the heart rate axis."""
        return [
            Segment(
                f"{bpm} {unit}" if bpm == BPM_PER_CM[0] else str(bpm),
                self._rescaled_url(bpm_per_cm=bpm),
                is_current=bpm == self.scale.bpm_per_cm,
            )
            for bpm in BPM_PER_CM
        ]

    def ranges(self, unit: str) -> list[Segment]:
        """Links to each range of the heart rate axis."""
        return [
            Segment(
                f"{low}–{high} {unit}" if name == DEFAULT_RANGE else f"{low}–{high}",
                self._rescaled_url(range=name),
                is_current=name == self.range,
            )
            for name, (low, high) in RANGES.items()
        ]

    def times(self, *, clock: str, elapsed: str) -> list[Segment]:
        """Links to times of the day, and to minutes from the start of the recording."""
        return [
            Segment(label, self._rescaled_url(time=time.value), is_current=time is self.time)
            for time, label in ((TimeAxis.CLOCK, clock), (TimeAxis.ELAPSED, elapsed))
        ]

    def _rescaled_url(self, **changes: Any) -> str:
        """The address of this place at another scale; what is framed stays framed."""
        shown = None if self.shown_s is None else _framed(*self.shown_s)
        return self.place_url(self.start_s, shown=shown, **changes)

    def kept_by_a_form(self) -> dict[str, Any]:
        """What a form that asks for another place of this recording sends along, and this place if that is none."""
        return {name: value for name, value in _short(self.arguments()).items() if name != "minutes"}

    def arguments(self) -> dict[str, Any]:
        """What an address or a form says of this view, beside what is framed."""
        return {
            "start_s": _plain(self.start_s),
            "minutes": self.minutes,
            "speed_cm_min": self.scale.speed_cm_min,
            "bpm_per_cm": self.scale.bpm_per_cm,
            "range": self.range,
            "time": self.time.value,
        }


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses of a page of which only the place differs; `page_url` says everything else of the view."""

    page_url: str

    def url(self, start_s: float) -> str:
        """The address with this place in sight, with a script or without."""
        return f"{with_start(self.page_url, start_s)}#{anchor(start_s)}"


def with_start(url: str, start_s: float) -> str:
    """An address of ours that says no place yet, with this one."""
    return f"{url}{'&' if '?' in url else '?'}start_s={_plain(start_s)}"


def anchor(start_s: float) -> str:
    """The name on the page of the window that holds this place: it is scrolled to where no script does it."""
    return f"at-{int(start_s // TILE_S) * TILE_S}"


def _framed(begin_s: float, end_s: float) -> str:
    """A stretch as addresses have it."""
    return f"{_plain(round(begin_s, 1))}-{_plain(round(end_s, 1))}"


def _short(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is the same in most addresses."""
    defaults = {"range": DEFAULT_RANGE, "time": DEFAULT_TIME}
    return {name: value for name, value in arguments.items() if defaults.get(name) != value}


def _plain(seconds: float) -> float:
    """A whole number of seconds without its `.0`, so that one view has one address."""
    return int(seconds) if seconds == int(seconds) else seconds
