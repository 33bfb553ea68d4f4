"""The exact samples of ten minutes for the cursor of the strip: a reader's values come from these, not from pixels."""

import json
from bisect import bisect_left
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import numpy as np
from flask import Response, request

from app.ctg.quality import is_missing
from app.ctg.stretch import Stretch
from app.ctg.trace import ChannelName, FloatArray
from app.services.traces import Facts
from app.web import current
from app.web.i18n import zone_name
from app.web.monitoring.drawing import CACHE_CONTROL
from app.web.monitoring.strip_address import start_s
from app.web.monitoring.strip_view import TILE_S

# Raise it when the same samples give another document.
FORMAT_VERSION = "2"
# A heart rate of 0 is loss; uterine activity of 0 is a value.
HEART_RATES: tuple[ChannelName, ...] = ("fhr1", "fhr2", "mhr")


def samples_response(facts: Facts, read: Callable[[float, float], Stretch]) -> Response:
    """The samples of the ten minutes from the address' `start_s` as JSON, or 304 before `read` is asked for them."""
    begin_s = start_s(request.args, facts.duration_s)
    response = Response(mimetype="application/json")
    response.headers["Cache-Control"] = CACHE_CONTROL
    identity = (FORMAT_VERSION, facts.version, facts.start, current.settings().time_zone.key, begin_s)
    tag = sha256(repr(identity).encode()).hexdigest()
    response.set_etag(tag)
    # Weakly, because compression makes a tag weak: it names the samples in either encoding.
    if request.if_none_match.contains_weak(tag):
        response.status_code = 304
    else:
        response.set_data(json.dumps(document(read(begin_s, begin_s + TILE_S), begin_s), separators=(",", ":")))
    return response


def document(stretch: Stretch, begin_s: float) -> dict[str, Any]:
    """The channels of the ten minutes from `begin_s`, null where there is no signal, and when the first sample was.

    `first_s` is the time of the first sample in the recording, `clock_s` the seconds from midnight of the unit's zone
    to it, None when nobody knows; `device_rate_hz` is how many values a second the device sent. `clock` says the same
    of each stretch in which clocks run evenly: the time of its first sample in the recording, the seconds from midnight
    to it and the name of the zone. They are two where clocks are changed, and none when nobody knows.
    """
    part = stretch.part.between(begin_s - stretch.first_s, begin_s + TILE_S - stretch.first_s)
    start = None if stretch.start is None else part.start
    first_s = begin_s if not len(part) else _first_s(stretch, begin_s)
    return {
        "first_s": first_s,
        "clock_s": None if start is None else _since_midnight_s(start),
        "zone": "" if start is None else zone_name(start),
        "clock": [] if start is None else _clock(start, first_s, part.rate_hz, len(part)),
        "rate_hz": part.rate_hz,
        "device_rate_hz": part.device_rate_hz,
        **{name: _values(name, values) for name, values in part.channels() if name != "quality"},
    }


def _first_s(stretch: Stretch, begin_s: float) -> float:
    """When the first sample at or after `begin_s` was, counted from the first of the recording."""
    rate_hz = stretch.part.rate_hz
    return float(stretch.first_s + max(0, np.ceil((begin_s - stretch.first_s) * rate_hz - 1e-9)) / rate_hz)


def _clock(start: datetime, first_s: float, rate_hz: float, count: int) -> list[tuple[float, float, str]]:
    """Where in `count` samples, the first of which is that of `first_s`, the clock is set anew, and to what."""
    zone = current.settings().time_zone

    def instant(index: int) -> datetime:
        return start + timedelta(seconds=index / rate_hz)

    def offset(index: int) -> timedelta | None:
        return instant(index).astimezone(zone).utcoffset()

    last = offset(max(0, count - 1))
    # Clocks are changed twice a year, and never twice in ten minutes.
    changed = bisect_left(range(count), True, key=lambda index: offset(index) == last)
    return [
        (first_s + index / rate_hz, _since_midnight_s(instant(index)), zone_name(instant(index)))
        for index in sorted({0, changed})
    ]


def _since_midnight_s(instant: datetime) -> float:
    local = instant.astimezone(current.settings().time_zone)
    return timedelta(
        hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond
    ).total_seconds()


def _values(name: ChannelName, values: FloatArray) -> list[float | None]:
    lost = is_missing(values) if name in HEART_RATES else np.isnan(values)
    return [None if is_lost else value for value, is_lost in zip(values.tolist(), lost.tolist(), strict=True)]
