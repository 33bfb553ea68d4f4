"""The zone of the naive times that an original database holds: asked for once, before the first change."""

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import sqlalchemy as sa
from alembic.util import CommandError

VARIABLE = "DOPPLY_LEGACY_TIME_ZONE"
EXAMPLE = "Asia/Jakarta for a server in western Indonesia"
# Files in the folder of the zones that are not the name of one: what they say differs from server to server.
NOT_ZONES = {"localtime", "posixrules", "Factory"}
# Whatever holds a time of the original refers to a row of one of these, or is one.
TABLES_WITH_TIMES = ("users", "records", "fetal_monitoring_sessions")
# More than any zone is ahead of UTC: what was written down just now in whichever zone is not of the future.
MOST_AHEAD = timedelta(days=1)


def legacy_time_zone(connection: sa.Connection) -> ZoneInfo:
    """The zone that `installation` has; before it has one, DOPPLY_LEGACY_TIME_ZONE where there are rows, else UTC.

    CommandError where there are rows and the variable is missing or is not the name of a zone.
    """
    recorded = _recorded_zone(connection)
    if recorded is not None:
        return _zone(recorded)
    if not _has_rows(connection):
        return ZoneInfo("UTC")
    name = os.environ.get(VARIABLE, "")
    if not name:
        raise CommandError(
            f"This database has rows, and their times name no zone. Nothing was changed. Set {VARIABLE} to the zone "
            f"of the server that wrote them ({EXAMPLE}; UTC where this Dopply has made the database; a backup that "
            "Dopply made of it later has the zone in its table `installation`) and run this again."
        )
    if name not in available_timezones() - NOT_ZONES:
        raise CommandError(f"{VARIABLE}={name!r} is not the name of a time zone, as {EXAMPLE}. Nothing was changed.")
    return ZoneInfo(name)


def as_utc(value: object, zone: ZoneInfo) -> datetime | None:
    """The instant, naive in UTC as our columns keep it; None for what is no date, as MariaDB's 0000-00-00.

    `value` is what the driver gives: a datetime, or text on SQLite and where MariaDB holds no date. Of an hour that
    a zone has twice it is the first; one that a zone skips is read with the offset before.
    """
    naive = as_naive(value)
    try:
        return None if naive is None else naive.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return None


def as_naive(value: object) -> datetime | None:
    """The date and time as they stand in the column, or None for what is no date."""
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError:
        return None


def as_day(value: object) -> date | None:
    """The day that a DATE column holds, or None for what is no day, as MariaDB's 0000-00-00."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def latest_possible() -> datetime:
    """The latest time, naive, that a clock which is right can have shown by now, in whatever zone."""
    return datetime.now(UTC).replace(tzinfo=None) + MOST_AHEAD


def _recorded_zone(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("installation"):
        return None
    name: str | None = connection.scalar(sa.text("SELECT legacy_time_zone FROM installation"))
    return name


def _has_rows(connection: sa.Connection) -> bool:
    present = sa.inspect(connection).get_table_names()
    return any(
        connection.execute(sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)).first() is not None
        for name in TABLES_WITH_TIMES
        if name in present
    )


def _zone(recorded: str) -> ZoneInfo:
    try:
        return ZoneInfo(recorded)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CommandError(
            f"installation.legacy_time_zone={recorded!r} is not the name of a time zone, as {EXAMPLE}."
        ) from error
