"""The maternity unit and what patients told it (015_unit), and what this database is (009_recordings)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import OWN_TABLE, Base, UtcDateTime, ascii_text, text_enum
from app.models.patients import Patient
from app.models.recordings import Movement, session_id
from app.models.users import User


class Unit(Base):
    """The one unit that this instance serves; without a row patient pages show DOPPLY_EMERGENCY_PHONE alone."""

    __tablename__ = "unit"
    __table_args__ = (OWN_TABLE,)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(255))
    phone: Mapped[str] = mapped_column(String(40))
    # Said to patients only when the unit has set it.
    reading_within_days: Mapped[int | None] = mapped_column(SmallInteger)
    speed_cm_min: Mapped[int] = mapped_column(SmallInteger)
    bpm_per_cm: Mapped[int] = mapped_column(SmallInteger)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))


class MessageOutcome(StrEnum):
    """How a message to the unit was closed."""

    REACHED = "reached"
    CAME_IN = "came_in"
    NOT_REACHED = "not_reached"
    MISTAKE = "mistake"


class UnitMessage(Base):
    """A patient's answer that worried her: it stays open on the unit list until someone writes its outcome."""

    __tablename__ = "unit_messages"
    __table_args__ = (Index("ix_unit_messages_closed_at_created_at", "closed_at", "created_at"), OWN_TABLE)

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id", ondelete="RESTRICT"))
    session_id: Mapped[str | None] = mapped_column(
        session_id(), ForeignKey("fetal_monitoring_sessions.id", ondelete="RESTRICT")
    )
    movement: Mapped[Movement] = mapped_column(text_enum(Movement))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    outcome: Mapped[MessageOutcome | None] = mapped_column(text_enum(MessageOutcome))
    note: Mapped[str | None] = mapped_column(String(255))

    patient: Mapped[Patient] = relationship(lazy="raise")
    closed_by: Mapped[User | None] = relationship(lazy="raise")


class InstallationKind(StrEnum):
    """What a database holds; an instance refuses the other kind."""

    REAL = "real"
    DEMO = "demo"


class Installation(Base):
    """What this database is: one row, written when it was made.

    Data step of 009_recordings: one row (1, real, zone). `legacy_time_zone` is the zone of the seed's naive columns:
    UTC in a fresh database, DOPPLY_LEGACY_TIME_ZONE in one that had rows.
    """

    __tablename__ = "installation"
    __table_args__ = (OWN_TABLE,)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    kind: Mapped[InstallationKind] = mapped_column(text_enum(InstallationKind))
    legacy_time_zone: Mapped[str] = mapped_column(ascii_text(64))
