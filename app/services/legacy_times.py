"""How far the times of what came with an older database can be trusted."""

from datetime import tzinfo

from sqlalchemy.orm import Session

from app.models import MonitoringSession, Record
from app.models.base import LEGACY_TIMES_CERTAIN_FROM, NO_TIME, legacy_zone


def zone(session: Session) -> tzinfo:
    """The zone of the original's naive columns in this database."""
    return legacy_zone(session.get_bind().dialect)


def is_uncertain(session: Session, row: MonitoringSession | Record) -> bool:
    """Whether the times of this recording may be hours off; one without any time is not uncertain but unknown."""
    if isinstance(row, MonitoringSession) and not row.is_carried_over:
        return False
    return row.start_time != NO_TIME and row.start_time.astimezone(zone(session)).date() < LEGACY_TIMES_CERTAIN_FROM
