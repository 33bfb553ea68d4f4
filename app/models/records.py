"""The seed's older store of recordings and its notifications; new recordings go to `fetal_monitoring_sessions`."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, SeedDateTime, seed_enum


class RecordSource(StrEnum):
    """Where a record was made."""

    CLINIC = "clinic"
    SELF = "self"


class Record(Base):
    """A recording of the original application, with its samples as JSON in one of several shapes."""

    __tablename__ = "records"
    __table_args__ = (
        Index("ix_records_id", "id"),
        Index("ix_records_patient_id_start_time", "patient_id", "start_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    doctor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    source: Mapped[RecordSource] = mapped_column(seed_enum(RecordSource))
    bpm_data: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    start_time: Mapped[datetime] = mapped_column(SeedDateTime)
    end_time: Mapped[datetime | None] = mapped_column(SeedDateTime(is_optional=True))
    classification: Mapped[str | None] = mapped_column(String(255))
    notes: Mapped[str | None] = mapped_column(Text)
    shared_with: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))


class NotificationStatus(StrEnum):
    """Whether its receiver has seen it."""

    UNREAD = "unread"
    READ = "read"


class Notification(Base):
    """A patient's note to a doctor that a record was shared (the seed)."""

    __tablename__ = "notifications"
    __table_args__ = (Index("ix_notifications_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    to_doctor_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    record_id: Mapped[int] = mapped_column(ForeignKey("records.id", ondelete="RESTRICT"))
    status: Mapped[NotificationStatus] = mapped_column(seed_enum(NotificationStatus))
