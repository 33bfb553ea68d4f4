"""Notifications that say what, when and in which direction, and that somebody owns until an outcome is written.

One of the original tells a doctor that a record was shared with him: that is its kind and direction, its owner is
that doctor, and when it was sent nobody knows. One to an account of another role is owned by nobody: a patient cannot
settle it. A notification need no longer be about a record.

The way down loses what the new columns say. A notification without a record stays, and as long as there is one
`record_id` may stay empty: no row of the original's tables is ever deleted. The way up calls its kind unknown.

Revision ID: 017_notifications
Revises: 016_one_current
"""

import sqlalchemy as sa
from alembic import op

from migrations import steps
from migrations.columns import instant, session_id, vocabulary

revision = "017_notifications"
down_revision = "016_one_current"
branch_labels = None
depends_on = None

TABLE = "notifications"
NEW_COLUMNS = (
    "kind",
    "direction",
    "message",
    "created_at",
    "session_id",
    "owner_id",
    "due_at",
    "outcome",
    "outcome_at",
    "outcome_by_id",
)
REFERENCES = (
    steps.Reference("fk_notifications_session_id", "session_id", "fetal_monitoring_sessions"),
    steps.Reference("fk_notifications_owner_id", "owner_id", "users"),
    steps.Reference("fk_notifications_outcome_by_id", "outcome_by_id", "users"),
)


def upgrade() -> None:
    steps.add_columns(
        TABLE,
        # Without a value a row has not been looked at yet: that makes the data step safe to repeat.
        sa.Column("kind", vocabulary(), nullable=True),
        sa.Column("direction", vocabulary(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("created_at", instant(), nullable=True),
        sa.Column("session_id", session_id(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_at", instant(), nullable=True),
        sa.Column("outcome", vocabulary(), nullable=True),
        sa.Column("outcome_at", instant(), nullable=True),
        sa.Column("outcome_by_id", sa.Integer(), nullable=True),
    )
    op.execute(
        "UPDATE notifications SET direction = 'to_doctor', owner_id = "
        "(SELECT users.id FROM users WHERE users.id = notifications.to_doctor_id AND users.role = 'doctor'), "
        "kind = CASE WHEN record_id IS NULL THEN 'unknown' ELSE 'record_shared' END WHERE kind IS NULL"
    )
    steps.make_required(TABLE, "kind", vocabulary())
    steps.make_required(TABLE, "direction", vocabulary())
    steps.make_optional(TABLE, "record_id", sa.Integer())
    steps.add_constraints(TABLE, *REFERENCES)


def downgrade() -> None:
    steps.drop_constraints(TABLE, *REFERENCES)
    steps.drop_columns(TABLE, *NEW_COLUMNS)
    if not op.get_bind().scalar(sa.text("SELECT COUNT(*) FROM notifications WHERE record_id IS NULL")):
        steps.make_required(TABLE, "record_id", sa.Integer())
