"""In which pregnancy a recording was made, and how old that was: the same for sessions and records."""

from datetime import tzinfo

from sqlalchemy.orm import Session

from app.models import MonitoringSession, PregnancyInfo, Record
from app.models.base import NO_TIME
from app.services import pregnancies


def pregnancy_of(session: Session, recording: MonitoringSession | Record, zone: tzinfo) -> PregnancyInfo | None:
    """The pregnancy that was found when it came, or that its day lies in; else her current one."""
    if isinstance(recording, MonitoringSession) and recording.pregnancy_id is not None:
        return session.get(PregnancyInfo, recording.pregnancy_id)
    if recording.woman_id is None:
        return None
    found = pregnancies.containing(session, recording.woman_id, recording.began_at.astimezone(zone).date())
    return found or pregnancies.current(session, recording.woman_id)


def gestation_days(session: Session, recording: MonitoringSession | Record, zone: tzinfo) -> int | None:
    """Days of gestation at its start; None when nobody knows when that was or how old the pregnancy was."""
    return days_in(pregnancy_of(session, recording, zone), recording, zone)


def days_in(pregnancy: PregnancyInfo | None, recording: MonitoringSession | Record, zone: tzinfo) -> int | None:
    """As `gestation_days`, in a pregnancy that is known already."""
    if recording.began_at == NO_TIME:
        return None
    return pregnancies.gestation_on(pregnancy, recording.began_at.astimezone(zone).date())
