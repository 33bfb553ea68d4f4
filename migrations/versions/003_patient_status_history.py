"""The history of each patient's care status.

Revision ID: 003_patient_status_history
Revises: 002_records_notifications
"""

import sqlalchemy as sa

from migrations import steps

revision = "003_patient_status_history"
down_revision = "002_records_notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    steps.create_table(
        "patient_status_history",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("doctor_id", sa.Integer(), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("old_status", sa.String(50), nullable=True),
        sa.Column("new_status", sa.String(50), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["doctor_id"], ["users.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], ondelete="RESTRICT"),
    )


def downgrade() -> None:
    steps.drop_table("patient_status_history")
