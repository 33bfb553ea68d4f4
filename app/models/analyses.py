"""Computed analyses, versioned: what a program found, and from which samples (011_analyses)."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import OWN_TABLE, Base, UtcDateTime, ascii_digest, ascii_text
from app.models.recordings import session_id


class SessionAnalysis(Base):
    """One run of one engine version over one fetal channel; append-only, the newest is shown to clinicians."""

    __tablename__ = "session_analyses"
    __table_args__ = (
        UniqueConstraint("session_id", "fetus", "engine_version", "input_digest", name="uq_session_analyses_run"),
        OWN_TABLE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(
        session_id(), ForeignKey("fetal_monitoring_sessions.id", ondelete="RESTRICT")
    )
    fetus: Mapped[int] = mapped_column(SmallInteger)
    engine_version: Mapped[str] = mapped_column(ascii_text(20))
    # Over the samples and every other input (gestation, maternal pulse), so that equal inputs give one row.
    input_digest: Mapped[str] = mapped_column(ascii_digest())
    is_interpretable: Mapped[bool] = mapped_column(Boolean)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime)
