"""Indexes for the questions that are asked, and none that repeats a primary key.

The way down makes the repeating ones again, because the original's schema has them.

Revision ID: 018_indexes
Revises: 017_notifications
"""

from migrations import steps

revision = "018_indexes"
down_revision = "017_notifications"
branch_labels = None
depends_on = None

TABLES_WITH_A_SECOND_INDEX_ON_ID = (
    "users",
    "patients",
    "doctors",
    "records",
    "notifications",
    "fetal_monitoring_sessions",
    "fetal_heart_rate_readings",
    "fetal_monitoring_results",
    "pregnancy_info",
)
READINGS_IN_TIME = "ix_fetal_heart_rate_readings_session_id_timestamp"
NEWS_FOR_A_DOCTOR = "ix_notifications_to_doctor_id_status"


def upgrade() -> None:
    steps.create_index(READINGS_IN_TIME, "fetal_heart_rate_readings", ["session_id", "timestamp"])
    steps.drop_superseded_index("session_id", "fetal_heart_rate_readings")
    steps.create_index(NEWS_FOR_A_DOCTOR, "notifications", ["to_doctor_id", "status"])
    steps.drop_superseded_index("to_doctor_id", "notifications")
    for table in TABLES_WITH_A_SECOND_INDEX_ON_ID:
        steps.drop_index(f"ix_{table}_id", table)


def downgrade() -> None:
    for table in TABLES_WITH_A_SECOND_INDEX_ON_ID:
        steps.create_index(f"ix_{table}_id", table, ["id"])
    steps.restore_superseded_index("to_doctor_id", "notifications")
    steps.drop_index(NEWS_FOR_A_DOCTOR, "notifications")
    steps.restore_superseded_index("session_id", "fetal_heart_rate_readings")
    steps.drop_index(READINGS_IN_TIME, "fetal_heart_rate_readings")
