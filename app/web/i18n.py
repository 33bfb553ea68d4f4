"""Which language and zone a page speaks, and how dates, weeks and durations read in it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import has_request_context, request, session
from flask_babel import format_date, format_datetime, format_decimal, format_time, gettext, ngettext

from app.models import Language
from app.models.base import NO_TIME
from app.web import current, signed_in

# Indonesian names of the three zones; elsewhere the zone's own abbreviation is used.
ZONE_NAMES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def select_locale() -> str:
    """The account's language, else the one chosen on this browser, else the browser's own."""
    if not has_request_context():
        return Language.ENGLISH.value
    asked = request.args.get("lang")
    if asked in set(Language):
        session["language"] = asked
        return str(asked)
    if session.get("language") in set(Language):
        return str(session["language"])
    person = signed_in.person()
    if person is not None and person.language is not None:
        return person.language.value
    return request.accept_languages.best_match(list(Language)) or Language.ENGLISH.value


def select_time_zone() -> str:
    """The unit's zone."""
    return current.settings().time_zone.key


def zone_name(instant: datetime) -> str:
    """The short name of the unit's zone at `instant`, such as WIB."""
    zone: ZoneInfo = current.settings().time_zone
    return ZONE_NAMES.get(zone.key) or instant.astimezone(zone).tzname() or zone.key


def zone_names(begin: datetime, end: datetime) -> tuple[str, str]:
    """What stands behind the first time of a range and behind its last: the first is empty where they are the same."""
    first, last = zone_name(begin), zone_name(end)
    return ("" if first == last else first), last


def datetime_local(instant: datetime) -> str:
    """22 Nov 2026, 08:14 WIB; in words where the original wrote no date."""
    if instant == NO_TIME:
        return str(gettext("time not known"))
    return f"{format_datetime(instant, 'd MMM y, HH:mm')} {zone_name(instant)}"


def date_local(day: date | datetime) -> str:
    """22 Nov 2026; an instant is taken in the unit's zone."""
    if day == NO_TIME:
        return str(gettext("date not known"))
    if isinstance(day, datetime):
        return str(format_datetime(day, "d MMM y"))
    return str(format_date(day, "d MMM y"))


def time_local(instant: datetime) -> str:
    """08:14 in the unit's zone."""
    return str(format_time(instant, "HH:mm"))


def clock_local(instant: datetime) -> str:
    """08:14:31 in the unit's zone, for places in a recording."""
    return str(format_time(instant, "HH:mm:ss"))


def gestation(days: int | None) -> str:
    """31w4d, the clinicians' form; a dash when nobody has dated the pregnancy."""
    return "–" if days is None else f"{days // 7}w{days % 7}d"


def gestation_words(days: int) -> str:
    """31 weeks and 4 days."""
    weeks = ngettext("%(num)d week", "%(num)d weeks", days // 7)
    rest = ngettext("%(num)d day", "%(num)d days", days % 7)
    return str(gettext("%(weeks)s and %(days)s", weeks=weeks, days=rest))


def duration_words(seconds: float) -> str:
    """42 min, 1 h 5 min or 40 s; whole units, cut and not rounded up."""
    whole = int(seconds)
    if whole < 60:
        return str(gettext("%(seconds)d s", seconds=whole))
    if whole < 3600:
        return str(gettext("%(minutes)d min", minutes=whole // 60))
    return str(gettext("%(hours)d h %(minutes)d min", hours=whole // 3600, minutes=whole % 3600 // 60))


def stretch_words(seconds: float) -> str:
    """3 min 27 s: how long something in a recording lasts, because rules ask whether it is 3 or 5 minutes.

    To the nearest second, but never up to a minute that it does not reach.
    """
    whole = int(seconds + 0.5)
    if whole > seconds and whole % 60 == 0:
        whole -= 1
    if whole < 60:
        return str(gettext("%(seconds)d s", seconds=whole))
    if whole < 3600:
        return str(gettext("%(minutes)d min %(seconds)d s", minutes=whole // 60, seconds=whole % 60))
    return str(
        gettext(
            "%(hours)d h %(minutes)d min %(seconds)d s",
            hours=whole // 3600,
            minutes=whole % 3600 // 60,
            seconds=whole % 60,
        )
    )


def elapsed_words(seconds: float) -> str:
    """0:03:40: a place in a recording counted from its start, always with hours, as on the axis and to be typed."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole % 3600 // 60:02d}:{whole % 60:02d}"


def percent(fraction: float | None) -> str:
    """12 %; 0 % and 100 % only when it is nothing and everything."""
    if fraction is None:
        return "–"
    if 0 < fraction < 0.01:
        return "< 1 %"
    if 0.99 < fraction < 1:
        return "> 99 %"
    return f"{format_decimal(round(fraction * 100))} %"
