"""Patients, doctors and pregnancies of the seed, with the columns of 008_access and 009_recordings."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Boolean, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, SeedDate, SeedDateTime, UtcDateTime, text_enum
from app.models.users import User


class Patient(Base):
    """A pregnant woman's record; her name and address for mail are her user's."""

    __tablename__ = "patients"
    __table_args__ = (Index("ix_patients_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    birth_date: Mapped[date | None] = mapped_column(SeedDate)
    address: Mapped[str | None] = mapped_column(String(255))
    medical_note: Mapped[str | None] = mapped_column(Text)
    age: Mapped[int | None]
    gender: Mapped[str | None] = mapped_column(String(10))
    phone: Mapped[str | None] = mapped_column(String(20))

    user: Mapped[User] = relationship(lazy="raise")

    @property
    def record_number(self) -> str:
        """The number people read to one another, `R-00417`."""
        return f"R-{self.id:05d}"


class Doctor(Base):
    """What makes a user a doctor or midwife who may work: an administrator's validation."""

    __tablename__ = "doctors"
    __table_args__ = (UniqueConstraint("doctor_id", name="doctor_id"), Index("ix_doctors_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    doctor_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    is_valid: Mapped[bool] = mapped_column(Boolean)

    # 008_access
    on_unit_cover: Mapped[bool] = mapped_column(Boolean, server_default=false())

    user: Mapped[User] = relationship(lazy="raise")


class DatingMethod(StrEnum):
    """How the age of a pregnancy was estimated."""

    LMP = "lmp"
    ULTRASOUND = "ultrasound"
    OVULATION = "ovulation"
    EDD = "edd"


class PregnancyInfo(Base):
    """One pregnancy with its dated estimate; `gestational_age` in weeks is kept filled for old readers only."""

    __tablename__ = "pregnancy_info"
    __table_args__ = (Index("ix_pregnancy_info_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    gestational_age: Mapped[int]
    last_menstrual_period: Mapped[date | None] = mapped_column(SeedDate)
    expected_due_date: Mapped[date | None] = mapped_column(SeedDate)
    is_high_risk: Mapped[bool] = mapped_column(Boolean)
    complications: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(SeedDateTime)
    updated_at: Mapped[datetime] = mapped_column(SeedDateTime)

    # 009_recordings: `expected_due_date` is the estimate; these say where it comes from.
    dating_method: Mapped[DatingMethod | None] = mapped_column(text_enum(DatingMethod))
    dated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dated_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
