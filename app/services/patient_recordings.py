"""The newest recordings of one patient, for her page: sessions, and records of the older system."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models import MonitoringSession, PregnancyInfo, Record
from app.services import pregnancies, pregnancy_then

# More stand in the lists of all recordings.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class ShownRecording:
    """A recording, a session with its owner, and the gestation at its start."""

    recording: MonitoringSession | Record
    gestation_days: int | None


def newest(
    session: Session, patient_id: int, *, pregnancy: PregnancyInfo | None, zone: tzinfo
) -> Sequence[ShownRecording]:
    """The newest recordings, newest first; `pregnancy` is of those that lie in none of hers. Four statements."""
    sessions = session.scalars(
        select(MonitoringSession)
        .where(MonitoringSession.woman_id == patient_id)
        .options(joinedload(MonitoringSession.owner))
        .order_by(MonitoringSession.start_time.desc(), MonitoringSession.public_id.desc())
        .limit(SHOWN)
    ).all()
    records = session.scalars(
        select(Record)
        .where(Record.woman_id == patient_id)
        .order_by(Record.start_time.desc(), Record.id.desc())
        .limit(SHOWN)
    ).all()
    found: list[MonitoringSession | Record] = [*sessions, *records]
    shown = sorted(found, key=lambda one: one.start_time, reverse=True)[:SHOWN]
    hers = pregnancies.all_of(session, patient_id)
    return [
        ShownRecording(one, pregnancy_then.days_in(pregnancy_then.among(hers, one, zone) or pregnancy, one, zone))
        for one in shown
    ]
