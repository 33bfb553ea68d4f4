"""Recordings: an id that may be shown, exact times, state in the queue, origin; pregnancies: dated estimates.

`installation` says what this database is, and in which zone the seed's naive times are. That is written down
before it is used, so that a run which was cut goes on with the same zone.

Each session of the original is marked `is_carried_over` and gets a random `public_id`, and `started_at` and
`received_at` from its own columns; what is no date there (0000-00-00) leaves them empty. It stays out of the
queue (`review_state` carried_over), unless it began within the week before the newest one and nobody has
written a result or a note of a doctor for it. The newest is taken by start_time or created_at, whichever is
earlier, and one of the future is passed over: a clock that was ahead must not take the others out of the queue. A
session of the future may have begun at any time, so it is taken for one of that week. The rows are read and written in
one transaction, so a run that was cut has decided about all of them or about none.

The way down loses these: exact times, files' origin, movements, how a pregnancy was dated, and how far a recording
has come. The next way up takes every recording for one of the original's (`is_carried_over`). The seed's columns stay,
and so do two things until the way down from the first revision: `installation`, because times read in another zone are
wrong by hours, and `waiting_sessions`, the recordings without an outcome, which wait in the queue again after the way
up, however old they are. One that was signed and not released waits to be read anew.

Revision ID: 009_recordings
Revises: 008_access
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations import steps
from migrations.columns import OWN_TABLE, ascii_text, digest, instant, session_id, vocabulary
from migrations.legacy_time import as_naive, as_utc, latest_possible, legacy_time_zone

revision = "009_recordings"
down_revision = "008_access"
branch_labels = None
depends_on = None

SESSIONS = "fetal_monitoring_sessions"
WAITING = "waiting_sessions"
PUBLIC_ID_BYTES = 16  # 22 URL-safe characters
STILL_TO_READ = timedelta(days=7)
SESSION_COLUMNS = (
    "public_id",
    "started_at",
    "received_at",
    "uploaded_by_id",
    "pregnancy_id",
    "review_state",
    "is_carried_over",
    "due_at",
    "movement",
    "maternal_bpm",
    "device_name",
    "format_id",
    "format_notes",
    "content_sha256",
    "is_possible_mix_up",
    "rate_hz",
    "sample_count",
    "fetus_count",
    "time_is_estimated",
    "trace_digest",
    "loss_fraction",
)
SESSION_CONSTRAINTS = (
    steps.Unique("uq_fetal_monitoring_sessions_public_id", ("public_id",)),
    steps.Unique("uq_fetal_monitoring_sessions_patient_id_content_sha256", ("patient_id", "content_sha256")),
    steps.Reference("fk_fetal_monitoring_sessions_uploaded_by_id", "uploaded_by_id", "users"),
    steps.Reference("fk_fetal_monitoring_sessions_pregnancy_id", "pregnancy_id", "pregnancy_info"),
)
SESSION_INDEXES = {
    "ix_fetal_monitoring_sessions_patient_id_start_time": ["patient_id", "start_time"],
    "ix_fetal_monitoring_sessions_start_time": ["start_time"],
    "ix_fetal_monitoring_sessions_review_state_received_at": ["review_state", "received_at"],
    "ix_fetal_monitoring_sessions_content_sha256": ["content_sha256"],
}
DATED_BY = steps.Reference("fk_pregnancy_info_dated_by_id", "dated_by_id", "users")


def upgrade() -> None:
    _record_the_zone()

    steps.add_columns(
        "pregnancy_info",
        sa.Column("dating_method", vocabulary(), nullable=True),
        sa.Column("dated_at", instant(), nullable=True),
        sa.Column("dated_by_id", sa.Integer(), nullable=True),
    )
    steps.add_constraints("pregnancy_info", DATED_BY)

    steps.add_columns(
        SESSIONS,
        sa.Column("public_id", ascii_text(22), nullable=True),
        sa.Column("started_at", instant(), nullable=True),
        sa.Column("received_at", instant(), nullable=True),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("pregnancy_id", sa.Integer(), nullable=True),
        sa.Column("review_state", vocabulary(), server_default="to_review", nullable=False),
        sa.Column("is_carried_over", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("due_at", instant(), nullable=True),
        sa.Column("movement", vocabulary(), nullable=True),
        sa.Column("maternal_bpm", sa.SmallInteger(), nullable=True),
        sa.Column("device_name", sa.String(100), nullable=True),
        sa.Column("format_id", ascii_text(20), nullable=True),
        sa.Column("format_notes", sa.JSON(), nullable=True),
        sa.Column("content_sha256", digest(), nullable=True),
        sa.Column("is_possible_mix_up", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("rate_hz", sa.Double(), nullable=True),
        sa.Column("sample_count", sa.Integer(), nullable=True),
        sa.Column("fetus_count", sa.SmallInteger(), nullable=True),
        sa.Column("time_is_estimated", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("trace_digest", digest(), nullable=True),
        sa.Column("loss_fraction", sa.Double(), nullable=True),
    )
    _fill_from_the_seed()
    steps.drop_table(WAITING)
    steps.make_required(SESSIONS, "public_id", ascii_text(22))
    steps.add_constraints(SESSIONS, *SESSION_CONSTRAINTS)
    for name, columns in SESSION_INDEXES.items():
        steps.create_index(name, SESSIONS, columns)
    steps.drop_superseded_index("patient_id", SESSIONS)

    steps.create_index("ix_records_patient_id_start_time", "records", ["patient_id", "start_time"])
    steps.drop_superseded_index("patient_id", "records")


def downgrade() -> None:
    if "review_state" in steps.column_names(SESSIONS):
        _remember_what_waits()
    steps.restore_superseded_index("patient_id", "records")
    steps.drop_index("ix_records_patient_id_start_time", "records")

    steps.restore_superseded_index("patient_id", SESSIONS)
    for name in SESSION_INDEXES:
        steps.drop_index(name, SESSIONS)
    steps.drop_constraints(SESSIONS, *SESSION_CONSTRAINTS)
    steps.drop_columns(SESSIONS, *SESSION_COLUMNS)

    steps.drop_constraints("pregnancy_info", DATED_BY)
    steps.drop_columns("pregnancy_info", "dating_method", "dated_at", "dated_by_id")


def _remember_what_waits() -> None:
    steps.create_table(
        WAITING,
        sa.Column("session_id", session_id(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name=f"pk_{WAITING}"),
        **OWN_TABLE,
    )
    op.execute(
        f"INSERT INTO {WAITING} (session_id) SELECT id FROM {SESSIONS} "  # noqa: S608
        f"WHERE review_state IN ('to_review', 'signed') AND id NOT IN (SELECT session_id FROM {WAITING})"
    )


def _record_the_zone() -> None:
    steps.create_table(
        "installation",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", vocabulary(), nullable=False),
        sa.Column("legacy_time_zone", ascii_text(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_installation"),
        **OWN_TABLE,
    )
    connection = op.get_bind()
    if not connection.scalar(sa.text("SELECT COUNT(*) FROM installation")):
        connection.execute(
            sa.text("INSERT INTO installation (id, kind, legacy_time_zone) VALUES (1, 'real', :zone)"),
            {"zone": legacy_time_zone(connection).key},
        )


def _fill_from_the_seed() -> None:
    connection = op.get_bind()
    zone = legacy_time_zone(connection)
    sessions = sa.table(
        SESSIONS,
        sa.column("id"),
        sa.column("public_id"),
        # Without a type, so that the driver's own value comes where MariaDB holds no date.
        sa.column("start_time"),
        sa.column("created_at"),
        sa.column("doctor_notes"),
        sa.column("started_at", instant()),
        sa.column("received_at", instant()),
        sa.column("review_state"),
        sa.column("is_carried_over", sa.Boolean()),
    )
    columns = (sessions.c.id, sessions.c.start_time, sessions.c.created_at, sessions.c.doctor_notes)
    # A row without a `public_id` has not been looked at yet: that makes the step safe to repeat.
    rows = connection.execute(sa.select(*columns).where(sessions.c.public_id.is_(None))).all()
    if not rows:
        return
    with_a_result = set(connection.scalars(sa.text("SELECT session_id FROM fetal_monitoring_results")))
    latest = latest_possible()
    newest = _newest(rows, latest)
    waited = _what_waited()

    def is_still_to_read(row: sa.Row[Any]) -> bool:
        if row.id in waited:
            return True
        began = as_naive(row.start_time) or as_naive(row.created_at)
        if began is None:
            return False
        is_recent = began > latest or (newest is not None and newest - began <= STILL_TO_READ)
        return is_recent and row.id not in with_a_result and not row.doctor_notes

    connection.execute(
        sessions.update()
        .where(sessions.c.id == sa.bindparam("key"))
        .values(
            public_id=sa.bindparam("public"),
            started_at=sa.bindparam("started"),
            received_at=sa.bindparam("received"),
            review_state=sa.bindparam("state"),
            is_carried_over=True,
        ),
        [
            {
                "key": row.id,
                "public": secrets.token_urlsafe(PUBLIC_ID_BYTES),
                "started": as_utc(row.start_time, zone),
                "received": as_utc(row.created_at, zone),
                "state": "to_review" if is_still_to_read(row) else "carried_over",
            }
            for row in rows
        ],
    )


def _what_waited() -> set[str]:
    if not steps.has_table(WAITING):
        return set()
    return set(op.get_bind().scalars(sa.select(sa.column("session_id")).select_from(sa.table(WAITING))))


def _newest(rows: Sequence[sa.Row[Any]], latest: datetime) -> datetime | None:
    """When the newest session until `latest` began, naive; None where no row has such a date."""
    newest = None
    for row in rows:
        times = [time for time in (as_naive(row.start_time), as_naive(row.created_at)) if time is not None]
        if times and min(times) <= latest and (newest is None or min(times) > newest):
            newest = min(times)
    return newest
