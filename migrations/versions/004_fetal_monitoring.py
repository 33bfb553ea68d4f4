"""Monitoring sessions with their readings and results, and what is known about each pregnancy.

Revision ID: 004_fetal_monitoring
Revises: 003_patient_status_history
"""

import sqlalchemy as sa

from migrations import steps

revision = "004_fetal_monitoring"
down_revision = "003_patient_status_history"
branch_labels = None
depends_on = None


def upgrade() -> None:
    steps.create_table(
        "fetal_monitoring_sessions",
        sa.Column("id", sa.String(50), nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=True),
        sa.Column("doctor_id", sa.Integer(), nullable=True),
        sa.Column("monitoring_type", sa.Enum("clinic", "home"), nullable=False),
        sa.Column("gestational_age", sa.Integer(), nullable=False),
        sa.Column("start_time", sa.DateTime(), nullable=False),
        sa.Column("end_time", sa.DateTime(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("doctor_notes", sa.Text(), nullable=True),
        sa.Column("shared_with_doctor", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["doctor_id"], ["users.id"], ondelete="RESTRICT"),
    )
    steps.create_index("ix_fetal_monitoring_sessions_id", "fetal_monitoring_sessions", ["id"])

    steps.create_table(
        "fetal_heart_rate_readings",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("session_id", sa.String(50), nullable=False),
        sa.Column("timestamp", sa.DateTime(), nullable=False),
        sa.Column("bpm", sa.Integer(), nullable=False),
        sa.Column("signal_quality", sa.Float(), nullable=True),
        sa.Column(
            "classification",
            sa.Enum("normal", "bradycardia", "tachycardia", "irregular"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["session_id"], ["fetal_monitoring_sessions.id"], ondelete="RESTRICT"),
    )
    steps.create_index("ix_fetal_heart_rate_readings_id", "fetal_heart_rate_readings", ["id"])

    steps.create_table(
        "fetal_monitoring_results",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("session_id", sa.String(50), nullable=False),
        sa.Column("overall_classification", sa.Enum("normal", "concerning", "abnormal"), nullable=False),
        sa.Column("average_bpm", sa.Float(), nullable=False),
        sa.Column("baseline_variability", sa.Float(), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=True),
        sa.Column("recommendations", sa.JSON(), nullable=True),
        sa.Column("risk_level", sa.Enum("low", "medium", "high"), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("session_id", name="session_id"),
        sa.ForeignKeyConstraint(["session_id"], ["fetal_monitoring_sessions.id"], ondelete="RESTRICT"),
    )
    steps.create_index("ix_fetal_monitoring_results_id", "fetal_monitoring_results", ["id"])

    steps.create_table(
        "pregnancy_info",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("patient_id", sa.Integer(), nullable=False),
        sa.Column("gestational_age", sa.Integer(), nullable=False),
        sa.Column("last_menstrual_period", sa.Date(), nullable=True),
        sa.Column("expected_due_date", sa.Date(), nullable=True),
        sa.Column("is_high_risk", sa.Boolean(), nullable=False),
        sa.Column("complications", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], ondelete="RESTRICT"),
    )
    steps.create_index("ix_pregnancy_info_id", "pregnancy_info", ["id"])


def downgrade() -> None:
    steps.drop_table("pregnancy_info")
    steps.drop_table("fetal_monitoring_results")
    steps.drop_table("fetal_heart_rate_readings")
    steps.drop_table("fetal_monitoring_sessions")
