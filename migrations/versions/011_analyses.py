"""Computed analyses, one row for each run of one engine version. The way down loses them; they can be rerun.

Revision ID: 011_analyses
Revises: 010_waveforms
"""

import sqlalchemy as sa

from migrations import steps
from migrations.columns import OWN_TABLE, ascii_text, digest, instant, number, refers, session_id

revision = "011_analyses"
down_revision = "010_waveforms"
branch_labels = None
depends_on = None


def upgrade() -> None:
    steps.create_table(
        "session_analyses",
        number(),
        sa.Column("session_id", session_id(), nullable=False),
        sa.Column("fetus", sa.SmallInteger(), nullable=False),
        sa.Column("engine_version", ascii_text(20), nullable=False),
        sa.Column("input_digest", digest(), nullable=False),
        sa.Column("is_interpretable", sa.Boolean(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("computed_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_session_analyses"),
        sa.UniqueConstraint("session_id", "fetus", "engine_version", "input_digest", name="uq_session_analyses_run"),
        refers("session_analyses", "session_id", "fetal_monitoring_sessions.id"),
        **OWN_TABLE,
    )


def downgrade() -> None:
    steps.drop_table("session_analyses")
