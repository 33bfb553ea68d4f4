"""The zone of the naive times that an adopted database of the original holds."""

import os
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa
from alembic.util import CommandError


def legacy_time_zone(connection: sa.Connection) -> ZoneInfo:
    """DOPPLY_LEGACY_TIME_ZONE where there are rows of the original, else UTC."""
    has_rows = connection.scalar(sa.text("SELECT COUNT(*) FROM users"))
    name = os.environ.get("DOPPLY_LEGACY_TIME_ZONE") or "UTC"
    try:
        return ZoneInfo(name if has_rows else "UTC")
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CommandError(f"DOPPLY_LEGACY_TIME_ZONE={name!r} is not the name of a time zone.") from error


def as_utc(naive: datetime, zone: ZoneInfo) -> datetime:
    """The instant, naive in UTC as our columns keep it."""
    return naive.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
