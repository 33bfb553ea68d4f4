"""Naive times of the original that say less than they seem to."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from app.models.base import LEGACY_TIMES_CERTAIN_FROM, TOO_LATE
from app.schema.interpretations.look import Look, Row
from app.schema.report import Kind, Line

# As these columns are read: text, in which an earlier time is smaller.
CERTAIN_FROM = LEGACY_TIMES_CERTAIN_FROM.isoformat()

TIME_UNCERTAIN = Kind(
    "time_uncertain",
    f"a time before {CERTAIN_FROM}, which may be UTC: read in the zone of this database, shown as uncertain",
    "beside the time, wherever it stands",
)
NO_TIME_KIND = Kind(
    "time_none",
    "no date (0000-00-00 or out of the calendar): kept, shown as unknown",
    "where the time would stand",
)
TIME_AHEAD = Kind(
    "time_ahead",
    "a time that has not come yet, of a clock that was ahead: kept, shown as it stands",
    "where the time stands",
)
TIME_TWICE = Kind(
    "time_ambiguous",
    "a local time that this zone had twice or never: read with the offset before the clock was changed",
    "where the time stands",
)

# Readings are told session by session, in readings.py.
TIMES = {
    "users": (("id",), ("created_at",)),
    "doctor_patient": (("doctor_id", "patient_id"), ("assigned_at", "updated_at")),
    "records": (("id",), ("start_time", "end_time")),
    "patient_status_history": (("id",), ("changed_at",)),
    "fetal_monitoring_sessions": (("id",), ("start_time", "end_time", "created_at", "updated_at")),
    "fetal_monitoring_results": (("id",), ("created_at",)),
    "pregnancy_info": (("id",), ("created_at", "updated_at")),
}
DAYS = {"patients": ("birth_date",), "pregnancy_info": ("last_menstrual_period", "expected_due_date")}


def times(look: Look) -> Iterator[Line]:
    """Rows with a time that is uncertain, of the future, ambiguous or none."""
    for table, (keys, columns) in TIMES.items():
        if look.has(table):
            texts = ", ".join(f"{look.text(column)} AS {column}" for column in columns)
            query = f"SELECT {', '.join(keys)}, {texts} FROM {table} ORDER BY {', '.join(keys)}"  # noqa: S608
            for row in look.rows(query):
                yield from _of_row(look, table, row, keys, columns)


def days(look: Look) -> Iterator[Line]:
    """Rows with a day that is none."""
    for table, columns in DAYS.items():
        if look.has(table):
            texts = ", ".join(f"{look.text(column)} AS {column}" for column in columns)
            for row in look.rows(f"SELECT id, {texts} FROM {table} ORDER BY id"):  # noqa: S608
                none = [f"{name} {row[name]}" for name in columns if row[name] is not None and not is_time(row[name])]
                if none:
                    yield Line(NO_TIME_KIND, table, row["id"], ", ".join(none))


def is_date(text: str) -> bool:
    """Whether this is a date of the calendar, with a time of day or without."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_time(text: str) -> bool:
    """Whether this is a date, with a time or without, that is shown as one: the last year of the calendar is not."""
    return is_date(text) and datetime.fromisoformat(text).year < TOO_LATE.year


def wrong_clocks(look: Look, text: str) -> Iterator[Kind]:
    """TIME_UNCERTAIN where it may be UTC, TIME_AHEAD where it is of the future."""
    if text < CERTAIN_FROM:
        yield TIME_UNCERTAIN
    elif text > look.latest:
        yield TIME_AHEAD


def shifts(zone: ZoneInfo | None, text: str) -> Iterator[Kind]:
    """TIME_TWICE where the zone had this local time twice or never."""
    if zone is not None and _changes_clocks(zone) and is_date(text):
        naive = datetime.fromisoformat(text)
        if naive.replace(tzinfo=zone).utcoffset() != naive.replace(tzinfo=zone, fold=1).utcoffset():
            yield TIME_TWICE


@lru_cache(maxsize=1)
def _changes_clocks(zone: ZoneInfo) -> bool:
    """Whether the zone has changed its clocks since the original can have been in use."""
    months = [datetime(year, month, 1, tzinfo=zone) for year in range(2020, 2031) for month in range(1, 13)]
    return len({month.utcoffset() for month in months}) > 1


def _of_row(look: Look, table: str, row: Row, keys: tuple[str, ...], columns: tuple[str, ...]) -> Iterator[Line]:
    key = row[keys[0]] if len(keys) == 1 else [row[name] for name in keys]
    told: dict[Kind, list[str]] = {}
    for name in columns:
        text = row[name]
        if text is None:
            continue
        kinds = [*wrong_clocks(look, text), *shifts(look.zone, text)] if is_time(text) else [NO_TIME_KIND]
        for kind in kinds:
            told.setdefault(kind, []).append(f"{name} {text}")
    for kind, found in told.items():
        yield Line(kind, table, key, ", ".join(found))


READERS = (times, days)
