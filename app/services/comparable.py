"""With which other recordings of the same woman one can be compared: the one before it, and all there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from sqlalchemy import and_, case, or_
from sqlalchemy.orm import Session

from app.models import MonitoringSession, PregnancyInfo
from app.models.base import NO_TIME
from app.services import her_sessions, pregnancies, pregnancy_then

# More than a reader looks through; the newest of the same pregnancy are always among them.
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """Another recording, the gestation at its start, and whether it is of the same pregnancy."""

    recording: MonitoringSession
    gestation_days: int | None
    is_same_pregnancy: bool


def previous(session: Session, recording: MonitoringSession, *, zone: tzinfo) -> MonitoringSession | None:
    """The newest recording of the same pregnancy that began before this one; of any where nobody knows the pregnancy.

    None where there is none, and where nobody knows when this one began.
    """
    if recording.woman_id is None or recording.began_at == NO_TIME:
        return None
    pregnancy = pregnancy_then.among(pregnancies.all_of(session, recording.woman_id), recording, zone)
    statement = (
        her_sessions.of(recording.woman_id)
        .where(
            MonitoringSession.start_time > NO_TIME,
            or_(
                MonitoringSession.start_time < recording.start_time,
                # Two within one second: any order will do, as long as it is one.
                and_(
                    MonitoringSession.start_time == recording.start_time,
                    MonitoringSession.public_id < recording.public_id,
                ),
            ),
        )
        .order_by(MonitoringSession.start_time.desc(), MonitoringSession.public_id.desc())
        .limit(1)
    )
    if pregnancy is not None:
        statement = statement.where(her_sessions.recorded_in(pregnancy, zone))
    return session.scalars(statement).one_or_none()


def choices(session: Session, recording: MonitoringSession, *, zone: tzinfo) -> Sequence[Choice]:
    """Her other recordings: those of the same pregnancy first, each group newest first. Three statements."""
    if recording.woman_id is None:
        return []
    hers = pregnancies.all_of(session, recording.woman_id)
    pregnancy = pregnancy_then.among(hers, recording, zone)
    newest_first = (MonitoringSession.start_time.desc(), MonitoringSession.public_id.desc())
    others = her_sessions.of(recording.woman_id).where(MonitoringSession.id != recording.id).limit(SHOWN)
    if pregnancy is None:
        others = others.order_by(*newest_first)
    else:
        is_of_another = case((her_sessions.recorded_in(pregnancy, zone), 0), else_=1)
        others = others.order_by(is_of_another, *newest_first)
    found = session.scalars(others).all()
    chosen = [_choice(one, hers, pregnancy, zone) for one in found]
    return sorted(chosen, key=lambda choice: not choice.is_same_pregnancy)


def _choice(
    one: MonitoringSession, hers: Sequence[PregnancyInfo], pregnancy: PregnancyInfo | None, zone: tzinfo
) -> Choice:
    its = pregnancy_then.among(hers, one, zone)
    return Choice(
        one, pregnancy_then.days_in(its, one, zone), is_same_pregnancy=pregnancy is not None and its is pregnancy
    )
