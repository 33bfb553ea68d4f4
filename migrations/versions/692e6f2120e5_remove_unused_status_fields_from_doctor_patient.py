"""Who changed a status, and when, goes: patient_status_history has both.

Revision ID: 692e6f2120e5
Revises: 004_fetal_monitoring
"""

import sqlalchemy as sa
from alembic import op

from migrations import steps

revision = "692e6f2120e5"
down_revision = "004_fetal_monitoring"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if not steps.on_sqlite():
        # The server has named the constraint, so it is found by its column.
        steps.drop_foreign_keys("doctor_patient", ["status_updated_by"])
        steps.drop_index("status_updated_by", "doctor_patient")
    steps.drop_columns("doctor_patient", "status_updated_by", "status_updated_at")


def downgrade() -> None:
    steps.add_columns("doctor_patient", sa.Column("status_updated_at", sa.DateTime(), nullable=True))
    if not steps.on_sqlite():
        steps.add_columns("doctor_patient", sa.Column("status_updated_by", sa.Integer(), nullable=True))
        steps.create_index("status_updated_by", "doctor_patient", ["status_updated_by"])
        steps.create_foreign_key(None, "doctor_patient", ["status_updated_by"], "users")
    elif "status_updated_by" not in steps.column_names("doctor_patient"):
        # A batch operation wants a name for the foreign key; the original had none.
        op.execute(
            "ALTER TABLE doctor_patient ADD COLUMN status_updated_by INTEGER REFERENCES users (id) ON DELETE RESTRICT"
        )
