"""What an older Dopply left behind: sessions with readings of a handheld, and records."""

import json
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app.models import (
    HeartRateReading,
    MonitoringSession,
    MonitoringType,
    Patient,
    ReadingClassification,
    Record,
    RecordSource,
    ReviewState,
    User,
)

# After the day from which its times are certain.
BEGAN = datetime(2025, 7, 10, 1, 30, tzinfo=UTC)


def values(minutes: float, bpm: int = 140) -> list[tuple[int, int]]:
    """One value a second that wanders by 2 bpm around `bpm`."""
    return [(second, bpm + second * 7 % 5 - 2) for second in range(int(minutes * 60))]


def session_of(
    session: Session,
    patient: Patient,
    readings: Iterable[tuple[int, int]] = (),
    *,
    began: datetime = BEGAN,
    doctor: User | None = None,
    state: ReviewState = ReviewState.CARRIED_OVER,
    **given: Any,
) -> MonitoringSession:
    """A session with readings as (second after its start, bpm), stored in this order."""
    row = MonitoringSession(
        id=f"sesi-{secrets.token_hex(8)}",
        public_id=secrets.token_urlsafe(16),
        patient_id=patient.id,
        doctor_id=None if doctor is None else doctor.id,
        start_time=began,
        review_state=state,
        is_carried_over=True,
        created_at=began,
        updated_at=began,
        **{
            "started_at": began,
            "received_at": began + timedelta(minutes=1),
            "monitoring_type": MonitoringType.HOME,
            "gestational_age": 31,
            "shared_with_doctor": True,
            **given,
        },
    )
    session.add(row)
    session.flush()
    add_readings(session, row, readings)
    session.commit()
    return row


def add_readings(session: Session, row: MonitoringSession, readings: Iterable[tuple[int, int]]) -> None:
    """More values of a session."""
    rows = [
        {
            "session_id": row.id,
            "timestamp": row.start_time + timedelta(seconds=second),
            "bpm": bpm,
            "signal_quality": None,
            "classification": ReadingClassification.NORMAL,
            "created_at": row.start_time,
        }
        for second, bpm in readings
    ]
    if rows:
        session.execute(insert(HeartRateReading), rows)


def record_of(
    session: Session,
    patient: Patient,
    bpm_data: Any = None,
    *,
    began: datetime = BEGAN,
    as_text: str | None = None,
    **given: Any,
) -> Record:
    """A record; `as_text` is what stands in its column when that is no JSON of ours."""
    row = Record(
        patient_id=patient.id,
        bpm_data=bpm_data,
        start_time=began,
        **{"source": RecordSource.SELF, "classification": None, "notes": None, **given},
    )
    session.add(row)
    session.flush()
    if as_text is not None:
        session.execute(
            text("UPDATE records SET bpm_data = :text WHERE id = :record_id"), {"text": as_text, "record_id": row.id}
        )
    session.commit()
    return row


def timed(readings: Iterable[tuple[float, int | None]]) -> list[dict[str, Any]]:
    """`bpm_data` of objects with time and bpm."""
    return [{"time": time, "bpm": bpm} for time, bpm in readings]


def encoded_twice(document: Any) -> str:
    """JSON of a text that holds JSON, as a column keeps it."""
    return json.dumps(json.dumps(document))
