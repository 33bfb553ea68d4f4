"""Two recordings at one scale: which window of each an address asks for, and links that move one or both."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for

from app.charts.strip import BPM_PER_CM, SPEEDS_CM_MIN, TimeAxis
from app.models import MonitoringSession
from app.services.traces import Facts
from app.web.monitoring.segment import Segment
from app.web.monitoring.session_view import session_view
from app.web.monitoring.strip_view import DEFAULT_RANGE, RANGES, TILE_S, StripView

# Where the address says from when on each is shown.
STARTS = ("start_s", "other_start_s")
BOTH = (0, 1)


@dataclass(frozen=True, slots=True)
class Moves:
    """The words on the four links that move a window."""

    back: str
    start: str
    end: str
    forward: str


@dataclass(frozen=True, slots=True)
class Pair:
    """The views of two recordings, as long and at the same scale; `names` says in the address which they are."""

    names: Mapping[str, Any]
    views: tuple[StripView, StripView]

    def url(self, **changes: Any) -> str:
        """The address of the page with these views and `changes`; None leaves a value to its default."""
        first, second = self.views
        shown = first.arguments() | {STARTS[1]: second.arguments()[STARTS[0]]}
        return url_for("monitoring.compare", **self.names, **(shown | changes))

    def scale(self) -> dict[str, Any]:
        """What the address says of the scale, to be kept when another recording is chosen."""
        return {name: value for name, value in self.views[0].arguments().items() if name not in (STARTS[0], "minutes")}

    def moves(self, words: Moves, *, of: tuple[int, ...] = BOTH) -> list[Segment]:
        """Links that move these of the two windows, each as far as its recording goes."""
        moved = [self.views[number] for number in of]
        to = {
            words.back: [max(0.0, view.start_s - TILE_S) for view in moved],
            words.start: [0.0 for _ in moved],
            words.end: [_last_start_s(view) for view in moved],
            words.forward: [max(view.start_s, min(view.start_s + TILE_S, _last_start_s(view))) for view in moved],
        }
        here = [view.start_s for view in moved]
        return [
            Segment(label, None if places == here else self._url_from(of, places), is_current=False)
            for label, places in to.items()
        ]

    def speeds(self, unit: str) -> list[Segment]:
        """Links to each paper speed; both windows become as long as fits at that speed."""
        return [
            Segment(
                f"{speed} {unit}" if speed == SPEEDS_CM_MIN[0] else str(speed),
                self.url(speed_cm_min=speed, minutes=None),
                is_current=speed == self.views[0].scale.speed_cm_min,
            )
            for speed in SPEEDS_CM_MIN
        ]

    def scales(self, unit: str) -> list[Segment]:
        """Links to each scale of the heart rate axis."""
        return [
            Segment(
                f"{bpm} {unit}" if bpm == BPM_PER_CM[0] else str(bpm),
                self.url(bpm_per_cm=bpm),
                is_current=bpm == self.views[0].scale.bpm_per_cm,
            )
            for bpm in BPM_PER_CM
        ]

    def ranges(self, unit: str) -> list[Segment]:
        """Links to each range of the heart rate axis."""
        return [
            Segment(
                f"{low}–{high} {unit}" if name == DEFAULT_RANGE else f"{low}–{high}",
                self.url(range=name),
                is_current=name == self.views[0].range,
            )
            for name, (low, high) in RANGES.items()
        ]

    def times(self, *, clock: str, elapsed: str) -> list[Segment]:
        """Links to times of the day, and to minutes from the start of each recording."""
        return [
            Segment(label, self.url(time=time.value), is_current=time is self.views[0].time)
            for time, label in ((TimeAxis.CLOCK, clock), (TimeAxis.ELAPSED, elapsed))
        ]

    def _url_from(self, of: tuple[int, ...], places: list[float]) -> str:
        changed = (replace(self.views[number], start_s=place) for number, place in zip(of, places, strict=True))
        starts = {STARTS[number]: view.arguments()[STARTS[0]] for number, view in zip(of, changed, strict=True)}
        return self.url(**starts)


def pair(recordings: tuple[MonitoringSession, MonitoringSession], facts: tuple[Facts | None, Facts | None]) -> Pair:
    """The views that the address asks for; 400 for anything that is none. As long as the longer one needs."""
    asked = request.args.to_dict()
    others = {name: value for name, value in asked.items() if name != STARTS[0]}
    if STARTS[1] in asked:
        others[STARTS[0]] = asked[STARTS[1]]
    first, second = session_view(recordings[0], facts[0], asked), session_view(recordings[1], facts[1], others)
    minutes = max(first.minutes, second.minutes)
    return Pair(
        {"public_id": recordings[0].public_id, "other_id": recordings[1].public_id},
        (replace(first, minutes=minutes), replace(second, minutes=minutes)),
    )


def _last_start_s(view: StripView) -> float:
    """Where the last window begins that is full."""
    return max(0.0, view.duration_s - view.minutes * 60.0)
