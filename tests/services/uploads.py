"""Short ways to upload in tests of the use cases."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor, ActorRole
from app.ctg.formats import SourceFile
from app.models import (
    MonitoringSession,
    MonitoringType,
    Patient,
    SessionAnalysis,
    SessionFile,
    StoredFile,
    StoredFilePart,
    User,
    WaveformChunk,
)
from app.services import recordings, transaction
from app.services.clock import utc_now
from app.services.recordings import StoredRecording
from tests.recordings import csv_bytes, steady_bpm

ZONE = ZoneInfo("Asia/Jakarta")
START = datetime(2026, 3, 2, 1, 14, tzinfo=UTC)
STORED_TABLES = (MonitoringSession, StoredFile, StoredFilePart, SessionFile, WaveformChunk, SessionAnalysis)


def as_doctor(user: User) -> Actor:
    """This doctor, validated."""
    return Actor(role=ActorRole.DOCTOR, user_id=user.id, is_validated=True)


def as_patient(patient: Patient) -> Actor:
    """This patient."""
    return Actor(role=ActorRole.PATIENT, user_id=patient.user_id, patient_id=patient.id)


def csv_file(minutes: float = 1, *, bpm: float = 140.0, name: str = "a.csv", **channels: Any) -> SourceFile:
    """A CSV recording at 4 Hz without a start."""
    return SourceFile(name, csv_bytes(steady_bpm(int(minutes * 240), bpm), **channels))


def store(
    session: Session,
    actor: Actor,
    patient: Patient,
    *files: SourceFile,
    started_at: datetime | None = START,
    **given: Any,
) -> StoredRecording:
    """Store in a unit of work of its own, with the answers of an ordinary clinic upload unless `given`."""
    stated: dict[str, Any] = {
        "monitoring_type": MonitoringType.CLINIC,
        "zone": ZONE,
        "fetuses": 1,
        "movement": None,
        "maternal_bpm": 80,
        "device_name": "",
        "notes": "",
    }
    with transaction.unit_of_work(session):
        return recordings.store(session, actor, patient, files, started_at=started_at, **(stated | given))


def stored_counts(session: Session) -> list[int]:
    """How many rows each of STORED_TABLES has."""
    session.rollback()
    return [session.execute(select(func.count()).select_from(table)).scalar_one() for table in STORED_TABLES]


def analysed_again(session: Session, row: MonitoringSession, document: dict[str, Any]) -> None:
    """Another stored run of the first fetus, which gave this document."""
    session.add(
        SessionAnalysis(
            session_id=row.id,
            fetus=1,
            engine_version=document["engine_version"],
            input_digest="f" * 64,
            is_interpretable=True,
            document=document,
            computed_at=utc_now(),
        )
    )
    session.commit()
