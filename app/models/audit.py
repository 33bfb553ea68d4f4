"""The audit trail: one append-only, hash-chained row per act (013_audit)."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import OWN_TABLE, Base, UtcDateTime, ascii_digest, ascii_text

# SQLite increments only a column that is exactly INTEGER.
BigId = BigInteger().with_variant(Integer(), "sqlite")


class AuditEvent(Base):
    """Who did what to whose record, when and from where; no clinical value.

    No foreign keys: the trail must outlive what it speaks of. `position` is its place in the chain, without
    gaps; `hash` covers every other column and the hash of the row before.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_subject_patient_id_position", "subject_patient_id", "position"),
        Index("ix_audit_events_actor_id_position", "actor_id", "position"),
        OWN_TABLE,
    )

    position: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None]
    actor_role: Mapped[str] = mapped_column(ascii_text(20))
    act: Mapped[str] = mapped_column(ascii_text(60))
    subject_patient_id: Mapped[int | None]
    object_type: Mapped[str] = mapped_column(ascii_text(40))
    object_id: Mapped[str] = mapped_column(String(64))
    detail: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(ascii_text(45))
    request_id: Mapped[str] = mapped_column(ascii_text(32))
    previous_hash: Mapped[str] = mapped_column(ascii_digest())
    hash: Mapped[str] = mapped_column(ascii_digest())


class AuditHead(Base):
    """The end of the chain; its single row is locked last in a transaction, so that page views do not queue.

    Data step of 013_audit: one row (1, 0, 64 zeros).
    """

    __tablename__ = "audit_head"
    __table_args__ = (OWN_TABLE,)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(ascii_digest())
