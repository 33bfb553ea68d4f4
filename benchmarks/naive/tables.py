"""The tables that come to mind first: a row for each sample or value, a key that counts up, an index by session."""

from datetime import datetime

from sqlalchemy import DateTime, Float, Index, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class NaiveBase(DeclarativeBase):
    """Apart from the portal's own tables; made and dropped with the database that is measured."""


class NaiveSample(NaiveBase):
    """One sample of a monitor, four a second."""

    __tablename__ = "naive_samples"
    __table_args__ = (Index("ix_naive_samples_session_id", "session_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(String(50))
    timestamp: Mapped[datetime] = mapped_column(DateTime)
    fhr_bpm: Mapped[float | None] = mapped_column(Float)
    toco: Mapped[float | None] = mapped_column(Float)
    quality: Mapped[float | None] = mapped_column(Float)


class NaiveReading(NaiveBase):
    """One value of a handheld, one a second, in the order in which they came in from everywhere."""

    __tablename__ = "naive_readings"
    __table_args__ = (Index("ix_naive_readings_session_id", "session_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(String(50))
    timestamp: Mapped[datetime] = mapped_column(DateTime)
    bpm: Mapped[int]
    signal_quality: Mapped[float | None] = mapped_column(Float)
