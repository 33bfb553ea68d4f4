"""In which pregnancy a recording was made, and how old that was: the same for sessions and records."""

from collections.abc import Sequence
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
    found = among(pregnancies.all_of(session, recording.woman_id), recording, zone)
    return found or pregnancies.current(session, recording.woman_id)


def among(hers: Sequence[PregnancyInfo], recording: MonitoringSession | Record, zone: tzinfo) -> PregnancyInfo | None:
    """Of her pregnancies the one that was found when it came, or that its day lies in."""
    if isinstance(recording, MonitoringSession) and recording.pregnancy_id is not None:
        return next((one for one in hers if one.id == recording.pregnancy_id), None)
    return pregnancies.containing_in(hers, recording.began_at.astimezone(zone).date())


def gestation_days(session: Session, recording: MonitoringSession | Record, zone: tzinfo) -> int | None:
    """Days of gestation at its start; None when nobody knows when that was or how old the pregnancy was."""
    return days_in(pregnancy_of(session, recording, zone), recording, zone)


def days_in(pregnancy: PregnancyInfo | None, recording: MonitoringSession | Record, zone: tzinfo) -> int | None:
    """As `gestation_days`, in a pregnancy that is known already."""
    if recording.began_at == NO_TIME:
        return None
    return pregnancies.gestation_on(pregnancy, recording.began_at.astimezone(zone).date())
