"""Accounts: unique addresses whatever their case, signed-in browsers, mailed tokens, throttling.

`email_lower` is filled for every address that no other one equals in lower case. Where an adopted database
holds A@x and a@x, both stay without one until an administrator has settled whose it is: none is dropped.
The way down loses sign-ins and open tokens, which are renewed by signing in; the seed's columns stay.

Revision ID: 007_accounts
Revises: 006_utf8mb4
"""

from collections import Counter

import sqlalchemy as sa
from alembic import op

from migrations import steps
from migrations.columns import OWN_TABLE, ascii_text, digest, exact_text, instant, number, refers, vocabulary

revision = "007_accounts"
down_revision = "006_utf8mb4"
branch_labels = None
depends_on = None

NEW_COLUMNS = ("email_lower", "language", "deactivated_at", "password_changed_at")
ONE_ADDRESS_ONE_USER = steps.Unique("uq_users_email_lower", ("email_lower",))


def upgrade() -> None:
    steps.add_columns(
        "users",
        sa.Column("email_lower", exact_text(255), nullable=True),
        sa.Column("language", vocabulary(), nullable=True),
        sa.Column("deactivated_at", instant(), nullable=True),
        sa.Column("password_changed_at", instant(), nullable=True),
    )
    _fill_email_lower()
    steps.add_constraints("users", ONE_ADDRESS_ONE_USER)

    steps.create_table(
        "browser_sessions",
        number(),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key_hash", digest(), nullable=False),
        sa.Column("user_agent", sa.String(255), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("last_used_at", instant(), nullable=False),
        sa.Column("ended_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_browser_sessions"),
        sa.UniqueConstraint("key_hash", name="uq_browser_sessions_key_hash"),
        refers("browser_sessions", "user_id", "users.id"),
        **OWN_TABLE,
    )
    steps.create_index("ix_browser_sessions_user_id", "browser_sessions", ["user_id"])

    steps.create_table(
        "account_tokens",
        number(),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("purpose", vocabulary(), nullable=False),
        sa.Column("token_hash", digest(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("expires_at", instant(), nullable=False),
        sa.Column("used_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_account_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_account_tokens_token_hash"),
        refers("account_tokens", "user_id", "users.id"),
        **OWN_TABLE,
    )
    steps.create_index("ix_account_tokens_user_id", "account_tokens", ["user_id"])

    steps.create_table(
        "throttle_counters",
        sa.Column("key_hash", digest(), nullable=False),
        sa.Column("window", ascii_text(16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("expires_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", "window", name="pk_throttle_counters"),
        **OWN_TABLE,
    )
    steps.create_index("ix_throttle_counters_expires_at", "throttle_counters", ["expires_at"])


def downgrade() -> None:
    steps.drop_table("throttle_counters")
    steps.drop_table("account_tokens")
    steps.drop_table("browser_sessions")
    steps.drop_constraints("users", ONE_ADDRESS_ONE_USER)
    steps.drop_columns("users", *NEW_COLUMNS)


def _fill_email_lower() -> None:
    connection = op.get_bind()
    lowered = {
        row.id: row.email.strip().lower() for row in connection.execute(sa.text("SELECT id, email FROM users")).all()
    }
    count = Counter(lowered.values())
    users = sa.table("users", sa.column("id"), sa.column("email_lower"))
    unique = [{"key": user_id, "address": address} for user_id, address in lowered.items() if count[address] == 1]
    if unique:
        connection.execute(
            users.update()
            .where(users.c.id == sa.bindparam("key"), users.c.email_lower.is_(None))
            .values(email_lower=sa.bindparam("address")),
            unique,
        )
