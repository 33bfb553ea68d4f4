"""The place in a recording that a reader types: a time of the day, or minutes from the start.

What the cursor reads out is understood, too, with its parts of a second and its zone.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from flask import request
from flask_babel import gettext

from app.charts.strip import TimeAxis
from app.web import current
from app.web.i18n import datetime_local, duration_words, zone_name
from app.web.monitoring.strip_view import StripView

# A colon, or the point that Indonesian writes times with.
_REST = r"[:.]([0-5]\d)(?:[:.]([0-5]\d(?:[.,]\d{1,2})?))?"
CLOCK = re.compile(rf"([01]?\d|2[0-3]){_REST}", re.ASCII)
# From the start: always with hours, as on the axis, so that 3:40 cannot be three minutes.
ELAPSED = re.compile(rf"(\d{{1,3}}){_REST}(?:\s*(?:h|jam))?", re.ASCII)
MINUTES = re.compile(r"(\d{1,5})(?:\s*(?:min|menit))?", re.ASCII)
LONGEST_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Jump:
    """What was typed, and the sentence that refuses it; both empty where nothing was."""

    typed: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Refusals:
    """The sentences that refuse a place: it is no time, is after the end, or no time of the day in the recording.

    Where time is counted from the start there are no `times` of the day.
    """

    form: str
    length: str
    times: str


def jump(view: StripView, start: datetime | None) -> float | Jump:
    """Seconds from the start to the place that the address asks for with `at`, or what to say beside the field."""
    typed = " ".join(request.args.get("at", "").split())
    if not typed:
        return Jump()
    started = None if view.time is TimeAxis.ELAPSED else start
    read = typed if started is None else _without_zone(typed, started, view.duration_s)
    found = place(read, view.duration_s, started, current.settings().time_zone)
    return Jump(typed[:LONGEST_SHOWN], _problem(read, view, started)) if found is None else found


def refusals(view: StripView, start: datetime | None) -> Refusals:
    """What can be said of a place that is not in this recording; the page's script says the same."""
    length = str(gettext("The recording ends after %(length)s.", length=duration_words(view.duration_s)))
    if start is None or view.time is TimeAxis.ELAPSED:
        form = gettext("Enter hours and minutes from the start such as 1:05, or minutes such as 25.")
        return Refusals(str(form), length, "")
    end = start + timedelta(seconds=view.duration_s)
    return Refusals(
        str(gettext("Enter a time such as 08:30, or minutes from the start such as 25.")),
        length,
        str(
            gettext(
                "The recording runs from %(begin)s to %(end)s.", begin=datetime_local(start), end=datetime_local(end)
            )
        ),
    )


def _problem(typed: str, view: StripView, start: datetime | None) -> str:
    """Why there is no such place: it is no time, or none of this recording's."""
    said = refusals(view, start)
    if MINUTES.fullmatch(typed) is not None:
        return said.length
    if start is None:
        return said.form if ELAPSED.fullmatch(typed) is None else said.length
    return said.form if CLOCK.fullmatch(typed) is None else said.times


def zones(start: datetime, duration_s: float) -> list[str]:
    """The names of the zone at both ends of a recording, which differ after a change of the clock."""
    return list(dict.fromkeys((zone_name(start), zone_name(start + timedelta(seconds=duration_s)))))


def _without_zone(typed: str, start: datetime, duration_s: float) -> str:
    """What was typed without the zone that stands behind each time of the page."""
    for zone in zones(start, duration_s):
        typed = typed.removesuffix(f" {zone}")
    return typed


def place(typed: str, duration_s: float, start: datetime | None, zone: tzinfo) -> float | None:
    """Seconds from the start to the first such time in the recording; None where it is not in it or is no time.

    Without a `start` hours and minutes are counted from it.
    """
    minutes, parts = MINUTES.fullmatch(typed), (ELAPSED if start is None else CLOCK).fullmatch(typed)
    if minutes is not None:
        seconds = float(minutes[1]) * 60
        return seconds if seconds <= duration_s else None
    if parts is None:
        return None
    of_minute_s = float((parts[3] or "0").replace(",", "."))
    if start is None:
        seconds = int(parts[1]) * 3600 + int(parts[2]) * 60 + of_minute_s
        return seconds if seconds <= duration_s else None
    wanted = time(int(parts[1]), int(parts[2]), int(of_minute_s), round(of_minute_s % 1 * 1e6))
    first_day = start.astimezone(zone).date()
    for day in range(int(duration_s // 86400) + 2):
        instant = datetime.combine(first_day + timedelta(days=day), wanted, zone).astimezone(UTC)
        seconds = (instant - start).total_seconds()
        # The minute in which it began is in it, although that minute is older than the first sample.
        if parts[3] is None and -60 < seconds < 0:
            seconds = 0.0
        if 0 <= seconds <= duration_s:
            return seconds
    return None
