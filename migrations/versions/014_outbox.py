"""Mail that waits to be sent, and the leases of background jobs. The way down loses unsent mail.

Revision ID: 014_outbox
Revises: 013_audit
"""

import sqlalchemy as sa

from migrations import steps
from migrations.columns import OWN_TABLE, ascii_text, instant, number

revision = "014_outbox"
down_revision = "013_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    steps.create_table(
        "outgoing_mails",
        number(),
        sa.Column("to_address", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", instant(), nullable=False),
        sa.Column("try_after", instant(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("last_error", sa.String(255), nullable=True),
        sa.Column("sent_at", instant(), nullable=True),
        sa.Column("given_up_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing_mails"),
        **OWN_TABLE,
    )
    steps.create_index("ix_outgoing_mails_sent_at_try_after", "outgoing_mails", ["sent_at", "try_after"])

    steps.create_table(
        "job_leases",
        sa.Column("name", ascii_text(40), nullable=False),
        sa.Column("holder", ascii_text(40), nullable=False),
        sa.Column("leased_until", instant(), nullable=False),
        sa.Column("last_success_at", instant(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_job_leases"),
        **OWN_TABLE,
    )


def downgrade() -> None:
    steps.drop_table("job_leases")
    steps.drop_table("outgoing_mails")
