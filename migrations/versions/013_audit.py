"""The audit trail and the end of its chain. The way down loses the trail: back it up first.

There are no foreign keys, because the trail must outlive what it speaks of.

Revision ID: 013_audit
Revises: 012_reviews
"""

import sqlalchemy as sa
from alembic import op

from migrations import steps
from migrations.columns import OWN_TABLE, ascii_text, digest, instant

revision = "013_audit"
down_revision = "012_reviews"
branch_labels = None
depends_on = None

GENESIS_HASH = "0" * 64


def upgrade() -> None:
    steps.create_table(
        "audit_events",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", instant(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_role", ascii_text(20), nullable=False),
        sa.Column("act", ascii_text(60), nullable=False),
        sa.Column("subject_patient_id", sa.Integer(), nullable=True),
        sa.Column("object_type", ascii_text(40), nullable=False),
        sa.Column("object_id", sa.String(64), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("address", ascii_text(45), nullable=False),
        sa.Column("request_id", ascii_text(32), nullable=False),
        sa.Column("previous_hash", digest(), nullable=False),
        sa.Column("hash", digest(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_audit_events"),
        **OWN_TABLE,
    )
    steps.create_index(
        "ix_audit_events_subject_patient_id_position", "audit_events", ["subject_patient_id", "position"]
    )
    steps.create_index("ix_audit_events_actor_id_position", "audit_events", ["actor_id", "position"])

    steps.create_table(
        "audit_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", digest(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
        **OWN_TABLE,
    )
    connection = op.get_bind()
    if not connection.scalar(sa.text("SELECT COUNT(*) FROM audit_head")):
        connection.execute(
            sa.text("INSERT INTO audit_head (id, position, hash) VALUES (1, 0, :hash)"), {"hash": GENESIS_HASH}
        )


def downgrade() -> None:
    steps.drop_table("audit_head")
    steps.drop_table("audit_events")
