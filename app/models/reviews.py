"""The doctor's word: drafts, signed reviews, contact attempts and releases (012_reviews)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.append_only import append_only
from app.models.base import OWN_TABLE, Base, UtcDateTime, ascii_digest, text_enum
from app.models.recordings import session_id
from app.models.users import Language, User


class Impression(StrEnum):
    """The reader's own summary; never filled in by a program."""

    NO_CONCERN = "no_concern"
    SUSPICIOUS = "suspicious"
    PATHOLOGICAL = "pathological"


class Uninterpretable(StrEnum):
    """Why a recording cannot be read."""

    TOO_SHORT = "too_short"
    SIGNAL_LOSS = "signal_loss"
    MATERNAL_RATE = "maternal_rate"
    ARTEFACT = "artefact"
    WRONG_PATIENT = "wrong_patient"
    OTHER = "other"


class Variability(StrEnum):
    """Baseline variability as read by eye."""

    ABSENT = "absent"
    REDUCED = "reduced"
    USUAL = "usual"
    INCREASED = "increased"
    SINUSOIDAL = "sinusoidal"
    NOT_ASSESSED = "not_assessed"


class Accelerations(StrEnum):
    """Accelerations as read by eye."""

    NONE = "none"
    ONE = "one"
    TWO_OR_MORE = "two_or_more"
    NOT_ASSESSED = "not_assessed"


class Decelerations(StrEnum):
    """Decelerations as read by eye."""

    NONE = "none"
    EARLY = "early"
    VARIABLE = "variable"
    LATE = "late"
    PROLONGED = "prolonged"
    UNCLASSIFIED = "unclassified"
    NOT_ASSESSED = "not_assessed"


class ReviewDraft(Base):
    """A reading in progress: exactly what its author typed, one per session and author."""

    __tablename__ = "review_drafts"
    __table_args__ = (OWN_TABLE,)

    session_id: Mapped[str] = mapped_column(
        session_id(), ForeignKey("fetal_monitoring_sessions.id", ondelete="RESTRICT"), primary_key=True
    )
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"), primary_key=True)
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


@append_only
class Review(Base):
    """A signed reading of one fetal channel. Rows are never changed: an amendment is a new row with a reason."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("session_id", "fetus", "version", name="uq_reviews_session_id_fetus_version"),
        UniqueConstraint("amends_id", name="uq_reviews_amends_id"),
        OWN_TABLE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(
        session_id(), ForeignKey("fetal_monitoring_sessions.id", ondelete="RESTRICT")
    )
    fetus: Mapped[int] = mapped_column(SmallInteger)
    version: Mapped[int] = mapped_column(SmallInteger)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("reviews.id", ondelete="RESTRICT"))
    amendment_reason: Mapped[str | None] = mapped_column(Text)
    is_interpretable: Mapped[bool] = mapped_column(Boolean)
    uninterpretable_reason: Mapped[Uninterpretable | None] = mapped_column(text_enum(Uninterpretable))
    baseline_bpm: Mapped[int | None] = mapped_column(SmallInteger)
    variability: Mapped[Variability | None] = mapped_column(text_enum(Variability))
    accelerations: Mapped[Accelerations | None] = mapped_column(text_enum(Accelerations))
    decelerations: Mapped[Decelerations | None] = mapped_column(text_enum(Decelerations))
    contractions_per_10_min: Mapped[int | None] = mapped_column(SmallInteger)
    impression: Mapped[Impression | None] = mapped_column(text_enum(Impression))
    comment: Mapped[str] = mapped_column(Text)
    plan: Mapped[str] = mapped_column(Text)
    # What the reader saw: the samples, and the scale of the strip (the same trace reads differently at another).
    trace_digest: Mapped[str] = mapped_column(ascii_digest())
    speed_cm_min: Mapped[int] = mapped_column(SmallInteger)
    bpm_per_cm: Mapped[int] = mapped_column(SmallInteger)

    author: Mapped[User] = relationship(lazy="raise")


class ContactOutcome(StrEnum):
    """How an attempt to reach the patient by voice ended; a failed one counts."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    OTHER = "other"


@append_only
class ContactAttempt(Base):
    """One logged attempt to reach the patient about a recording; append-only."""

    __tablename__ = "contact_attempts"
    __table_args__ = (Index("ix_contact_attempts_session_id", "session_id"), OWN_TABLE)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(
        session_id(), ForeignKey("fetal_monitoring_sessions.id", ondelete="RESTRICT")
    )
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[ContactOutcome] = mapped_column(text_enum(ContactOutcome))
    note: Mapped[str] = mapped_column(String(255))

    made_by: Mapped[User] = relationship(lazy="raise")


class ReleaseKind(StrEnum):
    """What the patient is told."""

    MESSAGE = "message"
    PLEASE_CALL = "please_call"
    NOT_READABLE = "not_readable"


@append_only
class Release(Base):
    """A reading given to the patient in plain words; append-only, the newest is what she sees."""

    __tablename__ = "releases"
    __table_args__ = (Index("ix_releases_session_id", "session_id"), OWN_TABLE)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(
        session_id(), ForeignKey("fetal_monitoring_sessions.id", ondelete="RESTRICT")
    )
    review_id: Mapped[int] = mapped_column(ForeignKey("reviews.id", ondelete="RESTRICT"))
    released_by_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    released_at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[ReleaseKind] = mapped_column(text_enum(ReleaseKind))
    # Of our own sentences around the message; in which language the message is written nobody is asked.
    language: Mapped[Language] = mapped_column(text_enum(Language))
    message: Mapped[str] = mapped_column(Text)
    reason: Mapped[Uninterpretable | None] = mapped_column(text_enum(Uninterpretable))

    review: Mapped[Review] = relationship(lazy="raise")
    released_by: Mapped[User] = relationship(lazy="raise")
