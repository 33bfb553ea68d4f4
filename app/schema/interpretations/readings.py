"""The values of the original's sessions, one row each: told for each session, with the ids of the rows."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby

from app.ctg.handheld import are_measured
from app.ctg.quality import MAX_RATE_BPM
from app.schema.interpretations.look import Look, Row, spans
from app.schema.interpretations.times import NO_TIME_KIND, is_time, shifts, wrong_clocks
from app.schema.report import Kind, Line

TABLE = "fetal_heart_rate_readings"

SIGNAL_LOSS = Kind(
    "reading_signal_loss",
    "a bpm of 0 is signal loss, never a rate",
    "/monitoring/sessions/<public id>, gaps in the strip",
)
NO_RATE = Kind(
    "reading_no_rate",
    "a value that no heart has is signal loss",
    "/monitoring/sessions/<public id>, gaps in the strip",
)
SAME_SECOND = Kind(
    "reading_same_second",
    "several values of one second share it in the order in which they were stored; an equal one is drawn once",
    "/monitoring/sessions/<public id>, beside the strip",
)
NOT_MEASURED = Kind(
    "reading_times_not_measured",
    "too many values with the same times to have been measured then: drawn one a second, the time axis is estimated",
    "/monitoring/sessions/<public id>, beside the strip",
)
QUALITY = Kind(
    "reading_quality",
    "a signal quality outside 0 to 1: that session's quality is left out",
    "/monitoring/sessions/<public id>, beside the strip",
)


def readings(look: Look) -> Iterator[Line]:
    """One line for each session and way of reading, with the ids of its rows."""
    if not look.has(TABLE):
        return
    # By the bytes of the id, so that what belongs together comes together, whatever the column's collation.
    exact = "session_id" if look.connection.dialect.name == "sqlite" else "CAST(session_id AS BINARY)"
    query = (
        f"SELECT id, session_id, {look.text('timestamp')} AS time, bpm, signal_quality "  # noqa: S608
        f"FROM {TABLE} ORDER BY {exact}, timestamp, id"
    )
    for session_id, rows in groupby(look.rows(query), key=lambda row: str(row["session_id"])):
        yield from _of_session(look, session_id, rows)


def _of_session(look: Look, session_id: str, rows: Iterator[Row]) -> Iterator[Line]:
    found: dict[Kind, list[int]] = defaultdict(list)
    count = seconds = 0
    before = None
    for row in rows:
        count += 1
        seconds += row["time"] != before
        for kind in _kinds(look, row, before):
            found[kind].append(row["id"])
        before = row["time"]
    if not are_measured(count, seconds):
        del found[SAME_SECOND]
        yield Line(NOT_MEASURED, TABLE, session_id, f"{count} values in {seconds} different seconds")
    for kind, ids in found.items():
        told = f"{len(ids)} of {count} values: ids {spans(sorted(ids))}"
        yield Line(kind, TABLE, session_id, told)


def _kinds(look: Look, row: Row, before: str | None) -> Iterator[Kind]:
    if row["bpm"] == 0:
        yield SIGNAL_LOSS
    elif not 0 < row["bpm"] <= MAX_RATE_BPM:
        yield NO_RATE
    if row["signal_quality"] is not None and not 0 <= row["signal_quality"] <= 1:
        yield QUALITY
    if row["time"] == before:
        yield SAME_SECOND
    if not is_time(row["time"]):
        yield NO_TIME_KIND
    else:
        yield from wrong_clocks(look, row["time"])
    yield from shifts(look.zone, row["time"])


READERS = (readings,)
