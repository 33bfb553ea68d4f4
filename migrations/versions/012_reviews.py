"""The doctor's word: drafts, signed readings, attempts to reach the patient, releases to her.

The way down loses them. What an old application shows of a reading is in fetal_monitoring_results and stays.

Revision ID: 012_reviews
Revises: 011_analyses
"""

import sqlalchemy as sa

from migrations import steps
from migrations.columns import OWN_TABLE, digest, instant, number, refers, session_id, vocabulary

revision = "012_reviews"
down_revision = "011_analyses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    steps.create_table(
        "review_drafts",
        sa.Column("session_id", session_id(), nullable=False),
        sa.Column("author_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", instant(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "author_id", name="pk_review_drafts"),
        refers("review_drafts", "session_id", "fetal_monitoring_sessions.id"),
        refers("review_drafts", "author_id", "users.id"),
        **OWN_TABLE,
    )

    steps.create_table(
        "reviews",
        number(),
        sa.Column("session_id", session_id(), nullable=False),
        sa.Column("fetus", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", instant(), nullable=False),
        sa.Column("amends_id", sa.Integer(), nullable=True),
        sa.Column("amendment_reason", sa.Text(), nullable=True),
        sa.Column("is_interpretable", sa.Boolean(), nullable=False),
        sa.Column("uninterpretable_reason", vocabulary(), nullable=True),
        sa.Column("baseline_bpm", sa.SmallInteger(), nullable=True),
        sa.Column("variability", vocabulary(), nullable=True),
        sa.Column("accelerations", vocabulary(), nullable=True),
        sa.Column("decelerations", vocabulary(), nullable=True),
        sa.Column("contractions_per_10_min", sa.SmallInteger(), nullable=True),
        sa.Column("impression", vocabulary(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("trace_digest", digest(), nullable=False),
        sa.Column("speed_cm_min", sa.SmallInteger(), nullable=False),
        sa.Column("bpm_per_cm", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.UniqueConstraint("session_id", "fetus", "version", name="uq_reviews_session_id_fetus_version"),
        sa.UniqueConstraint("amends_id", name="uq_reviews_amends_id"),
        refers("reviews", "session_id", "fetal_monitoring_sessions.id"),
        refers("reviews", "author_id", "users.id"),
        refers("reviews", "amends_id", "reviews.id"),
        **OWN_TABLE,
    )

    steps.create_table(
        "contact_attempts",
        number(),
        sa.Column("session_id", session_id(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", instant(), nullable=False),
        sa.Column("outcome", vocabulary(), nullable=False),
        sa.Column("note", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contact_attempts"),
        refers("contact_attempts", "session_id", "fetal_monitoring_sessions.id"),
        refers("contact_attempts", "made_by_id", "users.id"),
        **OWN_TABLE,
    )
    steps.create_index("ix_contact_attempts_session_id", "contact_attempts", ["session_id"])

    steps.create_table(
        "releases",
        number(),
        sa.Column("session_id", session_id(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("released_by_id", sa.Integer(), nullable=False),
        sa.Column("released_at", instant(), nullable=False),
        sa.Column("kind", vocabulary(), nullable=False),
        sa.Column("language", vocabulary(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("reason", vocabulary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_releases"),
        refers("releases", "session_id", "fetal_monitoring_sessions.id"),
        refers("releases", "review_id", "reviews.id"),
        refers("releases", "released_by_id", "users.id"),
        **OWN_TABLE,
    )
    steps.create_index("ix_releases_session_id", "releases", ["session_id"])


def downgrade() -> None:
    steps.drop_table("releases")
    steps.drop_table("contact_attempts")
    steps.drop_table("reviews")
    steps.drop_table("review_drafts")
