"""Who signs in: users of the seed, and what belongs to an account (revision 007_accounts)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import (
    OWN_TABLE,
    Base,
    SeedDateTime,
    UtcDateTime,
    ascii_digest,
    ascii_text,
    exact_text,
    seed_enum,
    text_enum,
)


class Role(StrEnum):
    """What a user is to the portal."""

    ADMIN = "admin"
    DOCTOR = "doctor"
    PATIENT = "patient"


class Language(StrEnum):
    """The languages of the portal."""

    ENGLISH = "en"
    INDONESIAN = "id"


class User(Base):
    """A person with an account, or pre-registered without a password (empty `password_hash`)."""

    __tablename__ = "users"
    __table_args__ = (
        UniqueConstraint("email", name="email"),
        UniqueConstraint("email_lower", name="uq_users_email_lower"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    email: Mapped[str] = mapped_column(String(255))
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[Role] = mapped_column(seed_enum(Role))
    photo_url: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(SeedDateTime)

    # Of ours. `email_lower` is what people sign in with; NULL where an adopted address collides with another.
    email_lower: Mapped[str | None] = mapped_column(exact_text(255))
    language: Mapped[Language | None] = mapped_column(text_enum(Language))
    deactivated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    password_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_active(self) -> bool:
        """Whether this account may sign in at all."""
        return self.deactivated_at is None

    @property
    def has_password(self) -> bool:
        """False for a pre-registered patient who has not activated her account."""
        return bool(self.password_hash)


class BrowserSession(Base):
    """One signed-in browser. The cookie holds the key, we hold its hash: ending the row kills every copy."""

    __tablename__ = "browser_sessions"
    __table_args__ = (
        UniqueConstraint("key_hash"),
        Index("ix_browser_sessions_user_id", "user_id"),
        OWN_TABLE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    key_hash: Mapped[str] = mapped_column(ascii_digest())
    user_agent: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="raise")


class TokenPurpose(StrEnum):
    """What a mailed or printed token may do."""

    RESET = "reset"
    ACTIVATE = "activate"


class AccountToken(Base):
    """A single-use token for one account, stored hashed."""

    __tablename__ = "account_tokens"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index("ix_account_tokens_user_id", "user_id"),
        OWN_TABLE,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    purpose: Mapped[TokenPurpose] = mapped_column(text_enum(TokenPurpose))
    token_hash: Mapped[str] = mapped_column(ascii_digest())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="raise")


class ThrottleCounter(Base):
    """How often something was tried within one minute; the key is a hash, so no address is kept."""

    __tablename__ = "throttle_counters"
    __table_args__ = (OWN_TABLE,)

    key_hash: Mapped[str] = mapped_column(ascii_digest(), primary_key=True)
    window: Mapped[str] = mapped_column(ascii_text(16), primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
