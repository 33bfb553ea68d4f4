"""Patients, doctors and pregnancies of the seed, with the columns of 008_access, 009_recordings and 016_one_current."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Boolean, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship, remote

from app.models.base import Base, SeedDate, SeedDateTime, SeedJson, UtcDateTime, text_enum
from app.models.users import User


class PatientSurplus(StrEnum):
    """Why a record is not the one that its account sees."""

    SAME_ACCOUNT = "same_account"
    # It may be another woman's: a record of its own for the doctors who follow it.
    BIRTH_DATE_DIFFERS = "birth_date_differs"


class Patient(Base):
    """A pregnant woman's record; her name and address for mail are her user's.

    An older database may hold several for one account. One of them is current: it alone has `current_user_id`, which
    is its `user_id`. What was written on a record with `superseded_by_id` is hers too.
    """

    __tablename__ = "patients"
    __table_args__ = (UniqueConstraint("current_user_id", name="uq_patients_current_user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    birth_date: Mapped[date | None] = mapped_column(SeedDate)
    address: Mapped[str | None] = mapped_column(String(255))
    medical_note: Mapped[str | None] = mapped_column(Text)
    age: Mapped[int | None]
    gender: Mapped[str | None] = mapped_column(String(10))
    phone: Mapped[str | None] = mapped_column(String(20))

    # 016_one_current
    current_user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    superseded_reason: Mapped[PatientSurplus | None] = mapped_column(text_enum(PatientSurplus))

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="raise")

    @property
    def record_number(self) -> str:
        """The number people read to one another, `R-00417`."""
        return f"R-{self.id:05d}"


class Doctor(Base):
    """What makes a user a doctor or midwife who may work: an administrator's validation."""

    __tablename__ = "doctors"
    __table_args__ = (UniqueConstraint("doctor_id", name="doctor_id"),)

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


class PregnancySurplus(StrEnum):
    """Why a pregnancy is not the current one."""

    # Written before the current one, and of the same pregnancy: what it says still counts (services/pregnancies.py).
    SAME_PREGNANCY = "same_pregnancy"
    # The same, and a doctor who saw what it says has since written what stands.
    SETTLED = "settled"
    EARLIER_PREGNANCY = "earlier_pregnancy"


class PregnancyInfo(Base):
    """One pregnancy with its dated estimate; `gestational_age` in weeks is kept filled for old readers only.

    A woman's current pregnancy alone has `current_patient_id`: her current record, also where `patient_id` is one that
    gave way to it. One with `superseded_by_id` is the same pregnancy written twice, so what is known of a pregnancy
    stands on several rows: `services.pregnancies.known_of` reads them together, and so does whoever shows or counts it.
    """

    __tablename__ = "pregnancy_info"
    __table_args__ = (UniqueConstraint("current_patient_id", name="uq_pregnancy_info_current_patient_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    gestational_age: Mapped[int]
    last_menstrual_period: Mapped[date | None] = mapped_column(SeedDate)
    expected_due_date: Mapped[date | None] = mapped_column(SeedDate)
    is_high_risk: Mapped[bool] = mapped_column(Boolean)
    complications: Mapped[list[str] | None] = mapped_column(SeedJson)
    created_at: Mapped[datetime] = mapped_column(SeedDateTime)
    updated_at: Mapped[datetime] = mapped_column(SeedDateTime)

    # 009_recordings: `expected_due_date` is the estimate; these say where it comes from.
    dating_method: Mapped[DatingMethod | None] = mapped_column(text_enum(DatingMethod))
    dated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dated_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))

    # 016_one_current
    current_patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("pregnancy_info.id", ondelete="RESTRICT"))
    superseded_reason: Mapped[PregnancySurplus | None] = mapped_column(text_enum(PregnancySurplus))

    gave_way: Mapped[list["PregnancyInfo"]] = relationship(
        primaryjoin=lambda: PregnancyInfo.id == foreign(remote(PregnancyInfo.superseded_by_id)),
        order_by=lambda: (PregnancyInfo.created_at.desc(), PregnancyInfo.id.desc()),
        # With every row, in one statement for all of them: a due date or a risk that is not loaded would look unknown.
        lazy="selectin",
        join_depth=1,
        viewonly=True,
    )
    """Rows of the same pregnancy that gave way to this one, newest first."""
