"""Recordings of the first kind, and the notices that tell a doctor about them.

Revision ID: 002_records_notifications
Revises: 001_initial_schema
"""

import sqlalchemy as sa

from migrations import steps

revision = "002_records_notifications"
down_revision = "001_initial_schema"
branch_labels = None
depends_on = None


def upgrade() -> None:
    steps.create_table(
        "records",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("doctor_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.Enum("clinic", "self"), nullable=False),
        sa.Column("bpm_data", sa.JSON(), nullable=True),
        sa.Column("start_time", sa.DateTime(), nullable=False),
        sa.Column("end_time", sa.DateTime(), nullable=True),
        sa.Column("classification", sa.String(255), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("shared_with", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["doctor_id"], ["users.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["shared_with"], ["users.id"], ondelete="RESTRICT"),
    )
    steps.create_index("ix_records_id", "records", ["id"])

    steps.create_table(
        "notifications",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("from_patient_id", sa.Integer(), nullable=False),
        sa.Column("to_doctor_id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.Enum("unread", "read"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["from_patient_id"], ["patients.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["to_doctor_id"], ["users.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], ondelete="RESTRICT"),
    )
    steps.create_index("ix_notifications_id", "notifications", ["id"])


def downgrade() -> None:
    steps.drop_table("notifications")
    steps.drop_table("records")
