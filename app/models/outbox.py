"""Mail that waits to be sent, and the leases of background jobs (014_outbox)."""

from datetime import datetime

from sqlalchemy import Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import OWN_TABLE, Base, UtcDateTime, ascii_text


class OutgoingMail(Base):
    """One message, written in the transaction that caused it and sent afterwards by `flask jobs run`.

    `body` is emptied when the message is sent: it may hold a token.
    """

    __tablename__ = "outgoing_mails"
    __table_args__ = (Index("ix_outgoing_mails_sent_at_try_after", "sent_at", "try_after"), OWN_TABLE)

    id: Mapped[int] = mapped_column(primary_key=True)
    to_address: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(255))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    try_after: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(SmallInteger)
    last_error: Mapped[str | None] = mapped_column(String(255))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    given_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JobLease(Base):
    """Who runs a job until when, and when it last succeeded."""

    __tablename__ = "job_leases"
    __table_args__ = (OWN_TABLE,)

    name: Mapped[str] = mapped_column(ascii_text(40), primary_key=True)
    holder: Mapped[str] = mapped_column(ascii_text(40))
    leased_until: Mapped[datetime] = mapped_column(UtcDateTime)
    last_success_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
