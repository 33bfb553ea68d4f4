"""Which stretch of a recording is looked at and at which scale: read from the address, and written into links."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, isfinite
from typing import Any

from flask import abort, request, url_for

from app.charts import StripScale
from app.charts.strip import BPM_PER_CM, MAX_MINUTES, SPEEDS_CM_MIN
from app.models import Unit
from app.services.unit import DEFAULT_BPM_PER_CM, DEFAULT_SPEED_CM_MIN
from app.web.monitoring.segment import Segment

# About 30 cm of paper, which is what a desk's screen is wide.
MINUTES_AT_SPEED = {1: 30, 2: 15, 3: 10}
MIN_MINUTES = 10
STEP_S = 600.0


@dataclass(frozen=True, slots=True)
class Address:
    """The endpoints of a recording's page and picture, and what names the recording in both."""

    page: str
    picture: str
    recording: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StripView:
    """A window of `minutes` from `start_s` into a recording of `duration_s`, on paper of `scale`."""

    address: Address
    duration_s: float
    start_s: float
    minutes: int
    scale: StripScale

    @property
    def last_start_s(self) -> float:
        """Where the last full window begins."""
        return max(0.0, self.duration_s - self.minutes * 60.0)

    def page_url(self, **changes: Any) -> str:
        """The address of the page with this view and `changes`; None leaves a value to its default."""
        return url_for(self.address.page, **self.address.recording, **(self.arguments() | changes))

    def picture_url(self) -> str:
        """The address of the picture of this view."""
        return url_for(self.address.picture, **self.address.recording, **self.arguments())

    def url_showing(self, start_s: float) -> str:
        """The address of the page on which `start_s` stands a quarter into the window."""
        begin = min(max(0.0, start_s - self.minutes * 15.0), self.last_start_s)
        return self.page_url(start_s=_plain(begin // 60 * 60)) + "#strip"

    def moves(self, *, back: str, start: str, end: str, forward: str) -> list[Segment]:
        """Links that move the window, with these labels; without address where there is nowhere to go."""
        places = (
            (back, max(0.0, self.start_s - STEP_S), self.start_s > 0),
            (start, 0.0, self.start_s > 0),
            (end, self.last_start_s, self.start_s < self.last_start_s),
            (forward, min(self.start_s + STEP_S, self.last_start_s), self.start_s < self.last_start_s),
        )
        return [
            Segment(label, self.page_url(start_s=_plain(place)) if is_possible else None, is_current=False)
            for label, place, is_possible in places
        ]

    def speeds(self, unit: str) -> list[Segment]:
        """Links to each paper speed; the window becomes as long as fits at that speed."""
        return [
            Segment(
                f"{speed} {unit}" if speed == SPEEDS_CM_MIN[0] else str(speed),
                self.page_url(speed_cm_min=speed, minutes=None),
                is_current=speed == self.scale.speed_cm_min,
            )
            for speed in SPEEDS_CM_MIN
        ]

    def scales(self, unit: str) -> list[Segment]:
        """Links to each scale of the heart rate axis."""
        return [
            Segment(
                f"{bpm} {unit}" if bpm == BPM_PER_CM[0] else str(bpm),
                self.page_url(bpm_per_cm=bpm),
                is_current=bpm == self.scale.bpm_per_cm,
            )
            for bpm in BPM_PER_CM
        ]

    def arguments(self) -> dict[str, Any]:
        """What the address of this view says of it."""
        return {
            "start_s": _plain(self.start_s),
            "minutes": self.minutes,
            "speed_cm_min": self.scale.speed_cm_min,
            "bpm_per_cm": self.scale.bpm_per_cm,
        }


def strip_view(
    address: Address, duration_s: float, unit: Unit | None, asked: Mapping[str, str] | None = None
) -> StripView:
    """The view that the address, or the form `asked`, asks for; 400 for anything that is no view.

    Where it says nothing, the unit's scale from the start.
    """
    asked = request.args if asked is None else asked
    speed = _choice(asked, "speed_cm_min", SPEEDS_CM_MIN, DEFAULT_SPEED_CM_MIN if unit is None else unit.speed_cm_min)
    bpm_per_cm = _choice(asked, "bpm_per_cm", BPM_PER_CM, DEFAULT_BPM_PER_CM if unit is None else unit.bpm_per_cm)
    whole = max(MIN_MINUTES, ceil(duration_s / 60))
    minutes = _choice(asked, "minutes", range(1, int(MAX_MINUTES) + 1), min(MINUTES_AT_SPEED[speed], whole))
    return StripView(
        address=address,
        duration_s=duration_s,
        start_s=_start_s(asked, duration_s),
        minutes=minutes,
        scale=StripScale(speed_cm_min=speed, bpm_per_cm=bpm_per_cm),
    )


def _choice(asked: Mapping[str, str], name: str, allowed: tuple[int, ...] | range, default: int) -> int:
    text = asked.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) in allowed):
        abort(400)
    return int(text)


def _start_s(asked: Mapping[str, str], duration_s: float) -> float:
    try:
        start_s = float(asked.get("start_s", "0"))
    except ValueError:
        abort(400)
    if not isfinite(start_s) or not 0 <= start_s <= duration_s:
        abort(400)
    return start_s


def _plain(seconds: float) -> float:
    """A whole number of seconds without its `.0`, so that one view has one address."""
    return int(seconds) if seconds == int(seconds) else seconds
