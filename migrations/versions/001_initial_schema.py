"""People: users, patients, doctors, and which doctor follows which patient.

Revision ID: 001_initial_schema
Revises:
"""

import sqlalchemy as sa

from migrations import steps

revision = "001_initial_schema"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    steps.create_table(
        "users",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("email", sa.String(255), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("role", sa.Enum("admin", "doctor", "patient"), nullable=False),
        sa.Column("photo_url", sa.String(255), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("email", name="email"),
    )
    steps.create_index("ix_users_id", "users", ["id"])

    steps.create_table(
        "patients",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("address", sa.String(255), nullable=True),
        sa.Column("medical_note", sa.Text(), nullable=True),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("gender", sa.String(10), nullable=True),
        sa.Column("phone", sa.String(20), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="RESTRICT"),
    )
    steps.create_index("ix_patients_id", "patients", ["id"])

    steps.create_table(
        "doctors",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("doctor_id", sa.Integer(), nullable=False),
        sa.Column("is_valid", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("doctor_id", name="doctor_id"),
        sa.ForeignKeyConstraint(["doctor_id"], ["users.id"], ondelete="RESTRICT"),
    )
    steps.create_index("ix_doctors_id", "doctors", ["id"])

    steps.create_table(
        "doctor_patient",
        sa.Column("doctor_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("patient_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("assigned_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=True),
        sa.Column("status", sa.String(50), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("status_updated_at", sa.DateTime(), nullable=True),
        sa.Column("status_updated_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("doctor_id", "patient_id"),
        sa.ForeignKeyConstraint(["doctor_id"], ["users.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["patient_id"], ["patients.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["status_updated_by"], ["users.id"], ondelete="RESTRICT"),
    )


def downgrade() -> None:
    # 009_recordings leaves these for its next way up; without the tables of this revision nobody needs them.
    steps.drop_table("waiting_sessions")
    steps.drop_table("installation")
    steps.drop_table("doctor_patient")
    steps.drop_table("doctors")
    steps.drop_table("patients")
    steps.drop_table("users")
