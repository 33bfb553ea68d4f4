"""The view of a strip that an address or a form asks for; 400 for anything that is no view."""

import re
from collections.abc import Mapping
from math import ceil

from flask import abort, request

from app.charts import StripScale
from app.charts.strip import BPM_PER_CM, MAX_MINUTES, SPEEDS_CM_MIN, Audience, Frame, TimeAxis
from app.models import Unit
from app.services.unit import DEFAULT_BPM_PER_CM, DEFAULT_SPEED_CM_MIN
from app.web.monitoring.strip_view import (
    DEFAULT_RANGE,
    DEFAULT_TIME,
    MIN_MINUTES,
    MINUTES_AT_SPEED,
    RANGES,
    Address,
    StripView,
)

SECONDS = r"\d{1,8}(?:\.\d{1,6})?"
# Our own addresses hold the end of a recording to the last bit of a float.
PLACE = re.compile(r"\d{1,8}(?:\.\d{1,20})?", re.ASCII)
STRETCH = re.compile(rf"({SECONDS})-({SECONDS})", re.ASCII)


def strip_view(
    address: Address,
    duration_s: float,
    unit: Unit | None,
    asked: Mapping[str, str] | None = None,
    *,
    longest_min: int = int(MAX_MINUTES),
) -> StripView:
    """The view that the address, or the form `asked`, asks for; 400 for anything that is no view.

    Where it says nothing, the unit's scale from the start.
    """
    asked = request.args if asked is None else asked
    speed = _number(asked, "speed_cm_min", SPEEDS_CM_MIN, DEFAULT_SPEED_CM_MIN if unit is None else unit.speed_cm_min)
    bpm_per_cm = _number(asked, "bpm_per_cm", BPM_PER_CM, DEFAULT_BPM_PER_CM if unit is None else unit.bpm_per_cm)
    whole = max(MIN_MINUTES, ceil(duration_s / 60))
    low_bpm, high_bpm = RANGES[_word(asked, "range", RANGES, DEFAULT_RANGE)]
    return StripView(
        address=address,
        duration_s=duration_s,
        start_s=start_s(asked, duration_s),
        minutes=_number(asked, "minutes", range(1, longest_min + 1), min(MINUTES_AT_SPEED[speed], whole)),
        scale=StripScale(speed_cm_min=speed, bpm_per_cm=bpm_per_cm, low_bpm=low_bpm, high_bpm=high_bpm),
        time=TimeAxis(_word(asked, "time", tuple(TimeAxis), DEFAULT_TIME)),
        shown_s=_shown_s(asked, duration_s),
    )


def frame(audience: Audience) -> Frame:
    """What the picture that is asked for has around its panels; 400 for a piece of one where the whole has to stand.

    Only a full picture carries the advice that a patient must read beside a heart rate.
    """
    asked = Frame(_word(request.args, "frame", tuple(Frame), Frame.FULL.value))
    if audience is Audience.PATIENT and asked is not Frame.FULL:
        abort(400)
    return asked


def start_s(asked: Mapping[str, str], duration_s: float) -> float:
    """The place in the recording that is asked for, its start where none is."""
    text = asked.get("start_s", "0")
    if PLACE.fullmatch(text) is None or float(text) > duration_s:
        abort(400)
    return float(text)


def _number(asked: Mapping[str, str], name: str, allowed: tuple[int, ...] | range, default: int) -> int:
    text = asked.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) in allowed):
        abort(400)
    return int(text)


def _word(asked: Mapping[str, str], name: str, allowed: Mapping[str, object] | tuple[str, ...], default: str) -> str:
    text = asked.get(name, default)
    if text not in allowed:
        abort(400)
    return text


def _shown_s(asked: Mapping[str, str], duration_s: float) -> tuple[float, float] | None:
    text = asked.get("shown")
    if text is None:
        return None
    match = STRETCH.fullmatch(text)
    # A second of grace: an event may end behind the last sample by a part of one.
    if match is None or not float(match[1]) <= float(match[2]) <= duration_s + 1:
        abort(400)
    return float(match[1]), float(match[2])
