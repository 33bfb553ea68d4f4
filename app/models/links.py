"""Who may see whom: doctor-patient links with access (008_access) and care status (the seed), kept apart."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, SeedDateTime, UtcDateTime, text_enum
from app.models.patients import Patient
from app.models.users import User


class AccessState(StrEnum):
    """Whether a link opens the record; only `live`, not expired, of a validated doctor does."""

    REQUESTED = "requested"
    LIVE = "live"
    DECLINED = "declined"
    ENDED = "ended"


class AccessBasis(StrEnum):
    """Why a link became live."""

    ACCEPTED = "accepted"
    CLINIC_CONSENT = "clinic_consent"
    CARRIED_OVER = "carried_over"
    UNIT_COVER = "unit_cover"


class CareStatus(StrEnum):
    """The care status of the seed; old databases hold other texts too, so the column stays free text."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DISCHARGED = "discharged"


class DoctorPatient(Base):
    """One row per doctor and patient; `status` is the care status and never decides access.

    Data step of 008_access: a validated doctor's row with status active, inactive, discharged or NULL becomes
    live and carried_over, any other requested; `status` keeps its text.

    `decided_*` is the last decision about access, a take-over for the unit apart, which nobody decides and which ends
    at `access_expires_at`. A request newer than that decision waits for an answer, also beside a take-over.
    """

    __tablename__ = "doctor_patient"
    __table_args__ = (Index("ix_doctor_patient_patient_id_access_state", "patient_id", "access_state"),)

    doctor_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="CASCADE"), primary_key=True)
    assigned_at: Mapped[datetime] = mapped_column(SeedDateTime)
    updated_at: Mapped[datetime | None] = mapped_column(SeedDateTime(is_optional=True))
    status: Mapped[str | None] = mapped_column(String(50))
    note: Mapped[str | None] = mapped_column(Text)

    # 008_access
    access_state: Mapped[AccessState] = mapped_column(text_enum(AccessState), server_default=AccessState.REQUESTED)
    access_basis: Mapped[AccessBasis | None] = mapped_column(text_enum(AccessBasis))
    access_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    access_reason: Mapped[str | None] = mapped_column(String(255))
    requested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))

    doctor: Mapped[User] = relationship(foreign_keys=[doctor_id], lazy="raise")
    patient: Mapped[Patient] = relationship(lazy="raise")


class PatientStatusHistory(Base):
    """One change of a care status (the seed); append-only."""

    __tablename__ = "patient_status_history"

    id: Mapped[int] = mapped_column(primary_key=True)
    doctor_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    old_status: Mapped[str | None] = mapped_column(String(50))
    new_status: Mapped[str] = mapped_column(String(50))
    notes: Mapped[str | None] = mapped_column(Text)
    changed_by: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    changed_at: Mapped[datetime] = mapped_column(SeedDateTime)
