"""The newest recordings of one patient, for her page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased, joinedload

from app.models import MonitoringSession, PregnancyInfo
from app.services import pregnancies

# More stand in the list of all recordings.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class ShownRecording:
    """A recording with its owner, and the gestation at its start."""

    recording: MonitoringSession
    gestation_days: int | None


def newest(
    session: Session, patient_id: int, *, pregnancy: PregnancyInfo | None, zone: tzinfo
) -> Sequence[ShownRecording]:
    """The newest recordings with their owners, newest first; `pregnancy` is of those without one. One statement."""
    own = aliased(PregnancyInfo)
    found = session.execute(
        select(MonitoringSession, own)
        .outerjoin(own, own.id == MonitoringSession.pregnancy_id)
        .where(MonitoringSession.woman_id == patient_id)
        .options(joinedload(MonitoringSession.owner))
        .order_by(MonitoringSession.start_time.desc(), MonitoringSession.public_id.desc())
        .limit(SHOWN)
    )
    return [
        ShownRecording(
            recording, pregnancies.gestation_on(its_own or pregnancy, recording.began_at.astimezone(zone).date())
        )
        for recording, its_own in found
    ]
