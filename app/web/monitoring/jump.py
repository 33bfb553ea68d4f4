"""The place in a recording that a reader types: a time of the day, or minutes from the start."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

from flask import request
from flask_babel import gettext

from app.charts.strip import TimeAxis
from app.web import current
from app.web.i18n import datetime_local, duration_words
from app.web.monitoring.strip_view import StripView

# A colon, or the point that Indonesian writes times with.
CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.]([0-5]\d))?", re.ASCII)
MINUTES = re.compile(r"(\d{1,5})(?:\s*min)?", re.ASCII)
LONGEST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Jump:
    """What was typed, and the sentence that refuses it; both empty where nothing was."""

    typed: str = ""
    problem: str = ""


def jump(view: StripView, start: datetime | None) -> float | Jump:
    """Seconds from the start to the place that the address asks for with `at`, or what to say beside the field."""
    typed = " ".join(request.args.get("at", "").split())
    if not typed:
        return Jump()
    if view.time is TimeAxis.ELAPSED:
        # On a page that counts from the start, 1:05 is an hour and five minutes from it.
        start = None
    found = place(typed, view.duration_s, start, current.settings().time_zone)
    return Jump(typed[:LONGEST_SHOWN], _problem(typed, view, start)) if found is None else found


def _problem(typed: str, view: StripView, start: datetime | None) -> str:
    """Why there is no such place: it is no time, or none of this recording's."""
    if MINUTES.fullmatch(typed) is None and CLOCK.fullmatch(typed) is None:
        return str(
            gettext("Enter hours and minutes from the start such as 1:05, or minutes such as 25.")
            if start is None
            else gettext("Enter a time such as 08:30, or minutes from the start such as 25.")
        )
    if start is None or MINUTES.fullmatch(typed) is not None:
        return str(gettext("The recording ends after %(length)s.", length=duration_words(view.duration_s)))
    end = start + timedelta(seconds=view.duration_s)
    return str(
        gettext("The recording runs from %(begin)s to %(end)s.", begin=datetime_local(start), end=datetime_local(end))
    )


def place(typed: str, duration_s: float, start: datetime | None, zone: tzinfo) -> float | None:
    """Seconds from the start to the first such time in the recording; None where it is not in it or is no time.

    Without a `start` hours and minutes are counted from it.
    """
    clock, minutes = CLOCK.fullmatch(typed), MINUTES.fullmatch(typed)
    if minutes is not None:
        seconds = float(minutes[1]) * 60
        return seconds if seconds <= duration_s else None
    if clock is None:
        return None
    if start is None:
        seconds = int(clock[1]) * 3600.0 + int(clock[2]) * 60 + int(clock[3] or 0)
        return seconds if seconds <= duration_s else None
    wanted = time(int(clock[1]), int(clock[2]), int(clock[3] or 0))
    first_day = start.astimezone(zone).date()
    for day in range(int(duration_s // 86400) + 2):
        instant = datetime.combine(first_day + timedelta(days=day), wanted, zone).astimezone(UTC)
        seconds = (instant - start).total_seconds()
        # The minute in which it began is in it, although that minute is older than the first sample.
        if clock[3] is None and -60 < seconds < 0:
            seconds = 0.0
        if 0 <= seconds <= duration_s:
            return seconds
    return None
