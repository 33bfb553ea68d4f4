"""Which sessions of a woman count where her recordings are set side by side, and which of them one pregnancy has."""

from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import ColumnElement, Select, and_, or_, select

from app.models import MonitoringSession, PregnancyInfo
from app.services import pregnancies
from app.services.gestation import DAYS_PER_WEEK, LAST_WEEK, last_period_of


def of(woman_id: int) -> Select[MonitoringSession]:
    """Her sessions, wherever an older database had written them: the one place to leave some out."""
    return select(MonitoringSession).where(MonitoringSession.woman_id == woman_id)


def recorded_in(pregnancy: PregnancyInfo, zone: tzinfo) -> ColumnElement[bool]:
    """The SQL condition that a session was found to be of this pregnancy when it came, or that its day lies in it."""
    is_stated = MonitoringSession.pregnancy_id == pregnancy.id
    due_date = pregnancies.due_date_of(pregnancy)
    if due_date is None:
        return is_stated
    begins = last_period_of(due_date)
    ends = begins + timedelta(days=LAST_WEEK * DAYS_PER_WEEK + 1)
    return or_(
        is_stated,
        and_(
            MonitoringSession.pregnancy_id.is_(None),
            MonitoringSession.start_time >= _midnight(begins, zone),
            MonitoringSession.start_time < _midnight(ends, zone),
        ),
    )


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)
