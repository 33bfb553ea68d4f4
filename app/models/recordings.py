"""Monitoring sessions of the seed with the columns of 009_recordings, and their bytes (010_waveforms)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    Boolean,
    Double,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.ctg.trace import is_possible
from app.models.base import (
    OWN_TABLE,
    Base,
    SeedDateTime,
    SeedJson,
    UtcDateTime,
    as_patient_id,
    ascii_digest,
    ascii_text,
    exact_text,
    medium_blob,
    seed_enum,
    text_enum,
)
from app.models.patients import Patient
from app.models.users import User


def session_id() -> String:
    """The seed's session key: any text up to 50 characters, compared byte by byte since 006_utf8mb4."""
    return exact_text(50)


class MonitoringType(StrEnum):
    """Where a session was recorded."""

    CLINIC = "clinic"
    HOME = "home"


class Movement(StrEnum):
    """The answer to "Is your baby moving as usual?"."""

    AS_USUAL = "as_usual"
    LESS = "less"
    CHANGED = "changed"
    NOT_SURE = "not_sure"

    @property
    def is_a_worry(self) -> bool:
        """Whether the emergency card comes first and no number is shown."""
        return self is not Movement.AS_USUAL


class ReviewState(StrEnum):
    """How far a session has come; it leaves the queue only with an outcome."""

    TO_REVIEW = "to_review"
    SIGNED = "signed"
    RELEASED = "released"
    # Came with an older database: listed, but not waiting to be read.
    CARRIED_OVER = "carried_over"


class MonitoringSession(Base):
    """One recording. `doctor_id` is its owner; `public_id` is the only id that pages and programs see.

    Data step of 009_recordings: each existing row is `is_carried_over` and gets a random `public_id` and, from the
    seed's columns, `started_at` = start_time and `received_at` = created_at, both NULL where that is no date; its
    `review_state` is `to_review` in the last week of that database where nobody had looked at it, else `carried_over`.
    """

    __tablename__ = "fetal_monitoring_sessions"
    __table_args__ = (
        UniqueConstraint("public_id", name="uq_fetal_monitoring_sessions_public_id"),
        UniqueConstraint("patient_id", "content_sha256", name="uq_fetal_monitoring_sessions_patient_id_content_sha256"),
        Index("ix_fetal_monitoring_sessions_patient_id_start_time", "patient_id", "start_time"),
        Index("ix_fetal_monitoring_sessions_woman_id_start_time", "woman_id", "start_time"),
        Index("ix_fetal_monitoring_sessions_start_time", "start_time"),
        Index("ix_fetal_monitoring_sessions_review_state_received_at", "review_state", "received_at"),
        Index("ix_fetal_monitoring_sessions_content_sha256", "content_sha256"),
    )

    id: Mapped[str] = mapped_column(session_id(), primary_key=True)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    doctor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    monitoring_type: Mapped[MonitoringType] = mapped_column(seed_enum(MonitoringType))
    gestational_age: Mapped[int]
    start_time: Mapped[datetime] = mapped_column(SeedDateTime)
    end_time: Mapped[datetime | None] = mapped_column(SeedDateTime(is_optional=True))
    notes: Mapped[str | None] = mapped_column(Text)
    doctor_notes: Mapped[str | None] = mapped_column(Text)
    shared_with_doctor: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime] = mapped_column(SeedDateTime)
    updated_at: Mapped[datetime] = mapped_column(SeedDateTime)

    # 009_recordings
    public_id: Mapped[str] = mapped_column(ascii_text(22))
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    pregnancy_id: Mapped[int | None] = mapped_column(ForeignKey("pregnancy_info.id", ondelete="RESTRICT"))
    review_state: Mapped[ReviewState] = mapped_column(text_enum(ReviewState), server_default=ReviewState.TO_REVIEW)
    is_carried_over: Mapped[bool] = mapped_column(Boolean, server_default="0")
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    movement: Mapped[Movement | None] = mapped_column(text_enum(Movement))
    maternal_bpm: Mapped[int | None] = mapped_column(SmallInteger)
    device_name: Mapped[str | None] = mapped_column(String(100))
    format_id: Mapped[str | None] = mapped_column(ascii_text(20))
    format_notes: Mapped[list[dict[str, object]] | None] = mapped_column(JSON(none_as_null=True))
    content_sha256: Mapped[str | None] = mapped_column(ascii_digest())
    is_possible_mix_up: Mapped[bool] = mapped_column(Boolean, server_default="0")
    # Summary of the waveform, so that lists and ETags read no sample.
    rate_hz: Mapped[float | None] = mapped_column(Double)
    sample_count: Mapped[int | None] = mapped_column(Integer)
    fetus_count: Mapped[int | None] = mapped_column(SmallInteger)
    time_is_estimated: Mapped[bool] = mapped_column(Boolean, server_default="0")
    trace_digest: Mapped[str | None] = mapped_column(ascii_digest())
    loss_fraction: Mapped[float | None] = mapped_column(Double)

    # 016_one_current: her current record, where `patient_id` may be one of an older database that gave way to it.
    woman_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"), default=as_patient_id)

    # 019_strip_storage: what the whole recording says for a picture of a part: the names of its channels with a space
    # between, and its highest uterine activity in the device's units.
    channels: Mapped[str | None] = mapped_column(ascii_text(40))
    toco_peak: Mapped[float | None] = mapped_column(Double)

    patient: Mapped[Patient | None] = relationship(foreign_keys=[woman_id], lazy="raise")
    owner: Mapped[User | None] = relationship(foreign_keys=[doctor_id], lazy="raise")

    @property
    def began_at(self) -> datetime:
        """Start of the recording with its fraction where we know it, NO_TIME where the original wrote no date."""
        return self.started_at or self.start_time

    @property
    def duration_s(self) -> float | None:
        """Length in seconds, None when no waveform of ours is stored or its facts are those of none."""
        if self.sample_count is None or self.rate_hz is None or not is_possible(self.sample_count, self.rate_hz):
            return None
        return self.sample_count / self.rate_hz


class ReadingClassification(StrEnum):
    """The seed's label of one handheld value; kept, never shown as a finding."""

    NORMAL = "normal"
    BRADYCARDIA = "bradycardia"
    TACHYCARDIA = "tachycardia"
    IRREGULAR = "irregular"


class HeartRateReading(Base):
    """One value of a handheld Doppler (the seed), about one a second."""

    __tablename__ = "fetal_heart_rate_readings"
    # It holds all that is drawn, so that no row is looked up beside it (019_strip_storage).
    __table_args__ = (
        Index(
            "ix_fetal_heart_rate_readings_to_draw",
            *("session_id", "timestamp", "id", "bpm", "signal_quality"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(
        session_id(), ForeignKey("fetal_monitoring_sessions.id", ondelete="RESTRICT")
    )
    timestamp: Mapped[datetime] = mapped_column(SeedDateTime)
    bpm: Mapped[int]
    signal_quality: Mapped[float | None] = mapped_column(Float)
    classification: Mapped[ReadingClassification] = mapped_column(seed_enum(ReadingClassification))
    created_at: Mapped[datetime] = mapped_column(SeedDateTime)


class OverallClassification(StrEnum):
    """The seed's overall class."""

    NORMAL = "normal"
    CONCERNING = "concerning"
    ABNORMAL = "abnormal"


class RiskLevel(StrEnum):
    """The seed's risk level."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class MonitoringResult(Base):
    """What old patient apps show; filled from the first signed reading only, never by a program alone."""

    __tablename__ = "fetal_monitoring_results"
    __table_args__ = (UniqueConstraint("session_id", name="session_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(
        session_id(), ForeignKey("fetal_monitoring_sessions.id", ondelete="RESTRICT")
    )
    overall_classification: Mapped[OverallClassification] = mapped_column(seed_enum(OverallClassification))
    average_bpm: Mapped[float] = mapped_column(Float)
    baseline_variability: Mapped[float | None] = mapped_column(Float)
    findings: Mapped[list[str] | None] = mapped_column(SeedJson)
    recommendations: Mapped[list[str] | None] = mapped_column(SeedJson)
    risk_level: Mapped[RiskLevel] = mapped_column(seed_enum(RiskLevel))
    created_at: Mapped[datetime] = mapped_column(SeedDateTime)


class StoredFile(Base):
    """The bytes of an uploaded file, stored once by their SHA-256 (010_waveforms)."""

    __tablename__ = "stored_files"
    __table_args__ = (OWN_TABLE,)

    sha256: Mapped[str] = mapped_column(ascii_digest(), primary_key=True)
    byte_count: Mapped[int]
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StoredFilePart(Base):
    """One part of a stored file, compressed; small enough for any packet limit."""

    __tablename__ = "stored_file_parts"
    __table_args__ = (OWN_TABLE,)

    sha256: Mapped[str] = mapped_column(
        ascii_digest(), ForeignKey("stored_files.sha256", ondelete="RESTRICT"), primary_key=True
    )
    part_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(medium_blob())


class SessionFile(Base):
    """Which files a session came from, under the names that the uploader's device gave them."""

    __tablename__ = "session_files"
    __table_args__ = (OWN_TABLE,)

    session_id: Mapped[str] = mapped_column(
        session_id(), ForeignKey("fetal_monitoring_sessions.id", ondelete="RESTRICT"), primary_key=True
    )
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(ascii_digest(), ForeignKey("stored_files.sha256", ondelete="RESTRICT"))
    name: Mapped[str] = mapped_column(String(255))


class WaveformChunk(Base):
    """Five minutes of one channel of a session; see `app.ctg.waveform_codec` for the bytes."""

    __tablename__ = "waveform_chunks"
    __table_args__ = (OWN_TABLE,)

    session_id: Mapped[str] = mapped_column(
        session_id(), ForeignKey("fetal_monitoring_sessions.id", ondelete="RESTRICT"), primary_key=True
    )
    channel: Mapped[str] = mapped_column(ascii_text(10), primary_key=True)
    chunk_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first_sample: Mapped[int]
    sample_count: Mapped[int]
    encoding: Mapped[str] = mapped_column(ascii_text(20))
    scale: Mapped[int] = mapped_column(SmallInteger)
    payload: Mapped[bytes] = mapped_column(medium_blob())
