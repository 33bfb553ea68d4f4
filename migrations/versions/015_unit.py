"""The maternity unit and what patients told it. The way down loses both.

Revision ID: 015_unit
Revises: 014_outbox
"""

import sqlalchemy as sa

from migrations import steps
from migrations.columns import OWN_TABLE, instant, number, refers, session_id, vocabulary

revision = "015_unit"
down_revision = "014_outbox"
branch_labels = None
depends_on = None


def upgrade() -> None:
    steps.create_table(
        "unit",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("reading_within_days", sa.SmallInteger(), nullable=True),
        sa.Column("speed_cm_min", sa.SmallInteger(), nullable=False),
        sa.Column("bpm_per_cm", sa.SmallInteger(), nullable=False),
        sa.Column("updated_at", instant(), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
        refers("unit", "updated_by_id", "users.id"),
        **OWN_TABLE,
    )

    steps.create_table(
        "unit_messages",
        number(),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("session_id", session_id(), nullable=True),
        sa.Column("movement", vocabulary(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("closed_at", instant(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", vocabulary(), nullable=True),
        sa.Column("note", sa.String(255), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_unit_messages"),
        refers("unit_messages", "patient_id", "patients.id"),
        refers("unit_messages", "session_id", "fetal_monitoring_sessions.id"),
        refers("unit_messages", "closed_by_id", "users.id"),
        **OWN_TABLE,
    )
    steps.create_index("ix_unit_messages_closed_at_created_at", "unit_messages", ["closed_at", "created_at"])


def downgrade() -> None:
    steps.drop_table("unit_messages")
    steps.drop_table("unit")
