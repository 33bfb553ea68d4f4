"""What a picture of ten minutes needs to know of the whole recording, and readings of a session beside each other.

`channels` names what was recorded and `toco_peak` is the highest uterine activity: both are filled for each waveform
that is stored. Readings get an index that holds all that is drawn of them, in the order in which it is drawn: those of
one session are read from one stretch of it, however many sessions were recorded at the same time. It takes the place
of the one by session and time.

The way down loses both columns; the way up fills them again from the samples.

Revision ID: 019_strip_storage
Revises: 018_indexes
"""

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations import steps
from migrations.columns import ascii_text
from migrations.waveform_peaks import highest

revision = "019_strip_storage"
down_revision = "018_indexes"
branch_labels = None
depends_on = None

SESSIONS = "fetal_monitoring_sessions"
READINGS = "fetal_heart_rate_readings"
READINGS_IN_TIME = "ix_fetal_heart_rate_readings_session_id_timestamp"
READINGS_TO_DRAW = "ix_fetal_heart_rate_readings_to_draw"

# In the order in which a trace has them.
CHANNELS = ("fhr1", "fhr2", "toco", "mhr", "quality")
# Of a day each, their uterine activity fits into a few tens of megabytes.
SESSIONS_AT_ONCE = 50


def upgrade() -> None:
    steps.add_columns(
        SESSIONS,
        sa.Column("channels", ascii_text(40), nullable=True),
        sa.Column("toco_peak", sa.Double(), nullable=True),
    )
    _fill_from_the_samples()
    # First the new one: the foreign key needs an index that begins with its column.
    steps.create_index(READINGS_TO_DRAW, READINGS, ["session_id", "timestamp", "id", "bpm", "signal_quality"])
    steps.drop_index(READINGS_IN_TIME, READINGS)


def downgrade() -> None:
    steps.create_index(READINGS_IN_TIME, READINGS, ["session_id", "timestamp"])
    steps.drop_index(READINGS_TO_DRAW, READINGS)
    steps.drop_columns(SESSIONS, "channels", "toco_peak")


def _fill_from_the_samples() -> None:
    connection = op.get_bind()
    sessions = sa.table(
        SESSIONS, sa.column("id"), sa.column("sample_count"), sa.column("channels"), sa.column("toco_peak", sa.Double())
    )
    # One without `channels` has not been looked at yet: that makes the step safe to repeat.
    waiting = connection.scalars(
        sa.select(sessions.c.id)
        .where(sessions.c.sample_count.is_not(None), sessions.c.channels.is_(None))
        .order_by(sessions.c.id)
    ).all()
    change = (
        sessions.update()
        .where(sessions.c.id == sa.bindparam("key"))
        .values(channels=sa.bindparam("names"), toco_peak=sa.bindparam("peak"))
    )
    for begin in range(0, len(waiting), SESSIONS_AT_ONCE):
        keys = waiting[begin : begin + SESSIONS_AT_ONCE]
        names = _channels(connection, keys)
        peaks = _toco_peaks(connection, keys)
        changes = [{"key": key, "names": " ".join(names[key]), "peak": peaks.get(key)} for key in keys if key in names]
        if changes:
            connection.execute(change, changes)


def _channels(connection: sa.Connection, keys: Sequence[str]) -> dict[str, list[str]]:
    """The channels of these sessions; each has a first chunk, an empty one at least."""
    chunks = sa.table("waveform_chunks", sa.column("session_id"), sa.column("channel"), sa.column("chunk_no"))
    found = defaultdict(list)
    rows = connection.execute(
        sa.select(chunks.c.session_id, chunks.c.channel).where(
            chunks.c.session_id.in_(keys), chunks.c.chunk_no == 0, chunks.c.channel.in_(CHANNELS)
        )
    )
    for row in sorted(rows, key=lambda row: CHANNELS.index(row.channel)):
        found[row.session_id].append(row.channel)
    return dict(found)


def _toco_peaks(connection: sa.Connection, keys: Sequence[str]) -> dict[str, float | None]:
    """The highest uterine activity of those of these sessions that have the channel."""
    names = ("session_id", "channel", "encoding", "scale", "sample_count", "payload")
    chunks = sa.table("waveform_chunks", *map(sa.column, names))
    rows = defaultdict(list)
    for row in connection.execute(sa.select(chunks).where(chunks.c.session_id.in_(keys), chunks.c.channel == "toco")):
        rows[row.session_id].append(row)
    return {key: highest(found) for key, found in rows.items()}
