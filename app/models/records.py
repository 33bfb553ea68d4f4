"""The seed's older store of recordings, and its notifications with the columns of 017_notifications.

New recordings go to `fetal_monitoring_sessions`.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, SeedDateTime, SeedJson, UtcDateTime, as_patient_id, exact_text, seed_enum, text_enum
from app.models.patients import Patient
from app.models.users import User


class RecordSource(StrEnum):
    """Where a record was made."""

    CLINIC = "clinic"
    SELF = "self"


class Record(Base):
    """A recording of the original application, with its samples as JSON in one of several shapes."""

    __tablename__ = "records"
    __table_args__ = (
        Index("ix_records_patient_id_start_time", "patient_id", "start_time"),
        Index("ix_records_woman_id_start_time", "woman_id", "start_time"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    doctor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    source: Mapped[RecordSource] = mapped_column(seed_enum(RecordSource))
    # Read as text by app.services.traces alone: it may be long, or no JSON at all.
    bpm_data: Mapped[Any] = mapped_column(SeedJson, nullable=True, deferred=True, deferred_raiseload=True)
    start_time: Mapped[datetime] = mapped_column(SeedDateTime)
    end_time: Mapped[datetime | None] = mapped_column(SeedDateTime(is_optional=True))
    classification: Mapped[str | None] = mapped_column(String(255))
    notes: Mapped[str | None] = mapped_column(Text)
    shared_with: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))

    # 016_one_current: her current record, where `patient_id` may be one that gave way to it.
    woman_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"), default=as_patient_id)

    patient: Mapped[Patient | None] = relationship(foreign_keys=[woman_id], lazy="raise")
    doctor: Mapped[User | None] = relationship(foreign_keys=[doctor_id], lazy="raise")
    receiver: Mapped[User | None] = relationship(foreign_keys=[shared_with], lazy="raise")

    @property
    def began_at(self) -> datetime:
        """Start of the recording; NO_TIME where the original wrote none."""
        return self.start_time


class NotificationStatus(StrEnum):
    """Whether its receiver has seen it."""

    UNREAD = "unread"
    READ = "read"


class NotificationKind(StrEnum):
    """What a notification is about."""

    RECORD_SHARED = "record_shared"
    # It came through a way down of the schema, which has dropped what it said.
    UNKNOWN = "unknown"


class NotificationDirection(StrEnum):
    """Which of its two people it is for."""

    TO_DOCTOR = "to_doctor"
    TO_PATIENT = "to_patient"


class Notification(Base):
    """News between a patient and a doctor, which somebody owns until an outcome is written.

    `from_patient_id` and `to_doctor_id` are the two in both directions: the seed's names, from when there was one.
    Data step of 017_notifications: a row of the seed is a shared record, sent nobody knows when, owned by its
    doctor, or by nobody where that account is no doctor's.
    """

    __tablename__ = "notifications"
    __table_args__ = (Index("ix_notifications_to_doctor_id_status", "to_doctor_id", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    to_doctor_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    record_id: Mapped[int | None] = mapped_column(ForeignKey("records.id", ondelete="RESTRICT"))
    status: Mapped[NotificationStatus] = mapped_column(seed_enum(NotificationStatus))

    # 017_notifications
    kind: Mapped[NotificationKind] = mapped_column(text_enum(NotificationKind))
    direction: Mapped[NotificationDirection] = mapped_column(text_enum(NotificationDirection))
    message: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    session_id: Mapped[str | None] = mapped_column(
        exact_text(50), ForeignKey("fetal_monitoring_sessions.id", ondelete="RESTRICT")
    )
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # How it ended, in one word of its kind.
    outcome: Mapped[str | None] = mapped_column(String(20))
    outcome_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
