"""Uploaded files by their digest, and the samples of each session in chunks. The way down loses both.

Revision ID: 010_waveforms
Revises: 009_recordings
"""

import sqlalchemy as sa

from migrations import steps
from migrations.columns import OWN_TABLE, ascii_text, digest, instant, medium_blob, refers, session_id

revision = "010_waveforms"
down_revision = "009_recordings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    steps.create_table(
        "stored_files",
        sa.Column("sha256", digest(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.Column("stored_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_stored_files"),
        **OWN_TABLE,
    )
    steps.create_table(
        "stored_file_parts",
        sa.Column("sha256", digest(), nullable=False),
        sa.Column("part_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", medium_blob(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "part_no", name="pk_stored_file_parts"),
        refers("stored_file_parts", "sha256", "stored_files.sha256"),
        **OWN_TABLE,
    )
    steps.create_table(
        "session_files",
        sa.Column("session_id", session_id(), nullable=False),
        sa.Column("position", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("sha256", digest(), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "position", name="pk_session_files"),
        refers("session_files", "session_id", "fetal_monitoring_sessions.id"),
        refers("session_files", "sha256", "stored_files.sha256"),
        **OWN_TABLE,
    )
    steps.create_table(
        "waveform_chunks",
        sa.Column("session_id", session_id(), nullable=False),
        sa.Column("channel", ascii_text(10), nullable=False),
        sa.Column("chunk_no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_sample", sa.Integer(), nullable=False),
        sa.Column("sample_count", sa.Integer(), nullable=False),
        sa.Column("encoding", ascii_text(20), nullable=False),
        sa.Column("scale", sa.SmallInteger(), nullable=False),
        sa.Column("payload", medium_blob(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "channel", "chunk_no", name="pk_waveform_chunks"),
        refers("waveform_chunks", "session_id", "fetal_monitoring_sessions.id"),
        **OWN_TABLE,
    )


def downgrade() -> None:
    steps.drop_table("waveform_chunks")
    steps.drop_table("session_files")
    steps.drop_table("stored_file_parts")
    steps.drop_table("stored_files")
