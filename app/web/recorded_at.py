"""When something was recorded, and in words where the older system left doubt about that."""

from flask_babel import gettext

from app.models import MonitoringSession, Record
from app.services import legacy_times
from app.web import current
from app.web.i18n import datetime_local


def recorded_at(row: MonitoringSession | Record) -> str:
    """22 Nov 2026, 08:14 WIB; followed by "(time uncertain)" where it may be hours off."""
    began_at = row.began_at if isinstance(row, MonitoringSession) else row.start_time
    return with_doubt(datetime_local(began_at), row)


def with_doubt(when: str, row: MonitoringSession | Record) -> str:
    """`when` as it is, or with "(time uncertain)" after it."""
    return str(gettext("%(when)s (time uncertain)", when=when)) if is_doubtful(row) else when


def is_doubtful(row: MonitoringSession | Record) -> bool:
    """Whether the page has to say why (templates/_recorded_at.html)."""
    return legacy_times.is_uncertain(current.database(), row)
