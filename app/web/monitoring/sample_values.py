"""The exact samples of ten minutes for the cursor of the strip: a reader's values come from these, not from pixels."""

import json
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
FORMAT_VERSION = "1"
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
    to it, None when nobody knows; `device_rate_hz` is how many values a second the device sent.
    """
    part = stretch.part.between(begin_s - stretch.first_s, begin_s + TILE_S - stretch.first_s)
    start = None if stretch.start is None else part.start
    first_s = begin_s if not len(part) else _first_s(stretch, begin_s)
    return {
        "first_s": first_s,
        "clock_s": None if start is None else _since_midnight_s(start),
        "zone": "" if start is None else zone_name(start),
        "rate_hz": part.rate_hz,
        "device_rate_hz": part.device_rate_hz,
        **{name: _values(name, values) for name, values in part.channels() if name != "quality"},
    }


def _first_s(stretch: Stretch, begin_s: float) -> float:
    """When the first sample at or after `begin_s` was, counted from the first of the recording."""
    rate_hz = stretch.part.rate_hz
    return float(stretch.first_s + max(0, np.ceil((begin_s - stretch.first_s) * rate_hz - 1e-9)) / rate_hz)


def _since_midnight_s(instant: datetime) -> float:
    local = instant.astimezone(current.settings().time_zone)
    return timedelta(
        hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond
    ).total_seconds()


def _values(name: ChannelName, values: FloatArray) -> list[float | None]:
    lost = is_missing(values) if name in HEART_RATES else np.isnan(values)
    return [None if is_lost else value for value, is_lost in zip(values.tolist(), lost.tolist(), strict=True)]
