"""The values of a handheld Doppler, from arrays and into arrays: through objects each row takes ten times as long."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from itertools import chain

import numpy as np
from sqlalchemy import func, select, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import BigInteger

from app.ctg.handheld import IntArray
from app.ctg.trace import FloatArray
from app.models import HeartRateReading, MonitoringSession
from app.models.base import NO_TIME, TOO_LATE, legacy_zone
from app.services.clock import utc_now
from app.services.errors import Conflict

# MariaDB and MySQL count seconds from the year 0.
_YEAR_0_TO_1970_S = 62_167_219_200

_DAY_S = 86_400
_SECONDS = [f"{second:02d}.000000" for second in range(60)]

# An hour of readings is one row of the answer. Its text stays far below the length at which a server cuts it, and where
# one was cut all the same, as MySQL does until it is told not to, the values do not count up and are read row by row.
_PACKED = text(
    "SELECT COUNT(*), GROUP_CONCAT(COALESCE(TO_SECONDS(timestamp), 0), ' ', bpm, ' ', COALESCE(signal_quality, 'nan') "
    "ORDER BY timestamp, id SEPARATOR ' ') FROM fetal_heart_rate_readings WHERE session_id = :session_id "
    "GROUP BY TO_SECONDS(timestamp) DIV 3600 ORDER BY TO_SECONDS(timestamp) DIV 3600"
)
_COLUMNS = 3

# The seed's label of a value, by the range that holds for every term; a second without a rate is none of the others.
_LABEL = (
    "CASE WHEN {bpm} = 0 THEN 'irregular' WHEN {bpm} < 110 THEN 'bradycardia' WHEN {bpm} > 160 THEN 'tachycardia' "
    "ELSE 'normal' END"
)
_INSERT = (
    "INSERT INTO fetal_heart_rate_readings (session_id, timestamp, bpm, signal_quality, classification, created_at) "
)
_INSERT_TOGETHER = text(
    _INSERT + "SELECT :session_id, DATE_ADD('1970-01-01', INTERVAL given.shown_s SECOND), "  # noqa: S608 - no value is in it
    "given.bpm, given.quality, "
    f"{_LABEL.format(bpm='given.bpm')}, DATE_ADD('1970-01-01', INTERVAL :now_s SECOND) "
    "FROM JSON_TABLE(:rows, '$[*]' COLUMNS "
    "(shown_s BIGINT PATH '$[0]', bpm INT PATH '$[1]', quality FLOAT PATH '$[2]')) AS given"
)
# Some 400 kB of text: far below the packet that a server takes.
_ROWS_AT_ONCE = 20_000
# SQLite begins and ends a statement in the time in which it stores a row; it takes 999 values in one.
_ROWS_A_STATEMENT = 100


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """All stored values of one session, in the order of their times and, of equal ones, as they were stored.

    Attributes
    ----------
    instant_s : ndarray of int64, shape (n,)
        Whole seconds since 1970 in UTC; the instant of NO_TIME where the original wrote no date.
    bpm : ndarray of float64, shape (n,)
        As stored.
    quality : ndarray of float64, shape (n,)
        Signal quality as stored, NaN where none is.
    """

    instant_s: IntArray
    bpm: FloatArray
    quality: FloatArray


class whole_second(GenericFunction[int]):  # noqa: N801 - used as a function
    """Seconds from 1970 (SQLite) or from the year 0 on the clock that a column of the seed shows; NULL for no date."""

    type = BigInteger()
    inherit_cache = True


@compiles(whole_second)
def _to_seconds(element: whole_second, compiler: SQLCompiler, **given: object) -> str:
    return f"TO_SECONDS({compiler.process(element.clauses, **given)})"


@compiles(whole_second, "sqlite")
def _strftime(element: whole_second, compiler: SQLCompiler, **given: object) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **given)}) AS INTEGER)"


def read(session: Session, session_id: str) -> Readings:
    """Every value of a session; empty where there is none."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    values = _rows(session, session_id) if on_sqlite else _packed(session, session_id)
    shown_s = values[:, 0].astype(np.int64)
    if not on_sqlite:
        shown_s -= _YEAR_0_TO_1970_S
    instant_s = instants(shown_s, legacy_zone(session.get_bind().dialect))
    return Readings(instant_s, values[:, 1], values[:, 2])


def write(session: Session, monitoring_session: MonitoringSession, stored: Readings) -> None:
    """Store further values of a session that is kept as readings.

    Raises
    ------
    Conflict
        kept_as_waveform: a session has one truth.
    ValueError
        When a rate is no whole number, which is all that the original's column holds. A lost one is NaN.
    """
    row = locked(session, monitoring_session)
    if row.rate_hz is not None:
        raise Conflict("kept_as_waveform")
    bpm = np.nan_to_num(stored.bpm, nan=0.0)
    if (bpm != np.rint(bpm)).any():
        raise ValueError("a heart rate is no whole number")
    shown_s = _shown(np.append(stored.instant_s, int(utc_now().timestamp())), legacy_zone(session.get_bind().dialect))
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = _insert_in_statements if on_sqlite else _insert_together
    insert(session, row.id, replace(stored, instant_s=shown_s[:-1], bpm=bpm.astype(np.int64)), int(shown_s[-1]))


def are_stored(session: Session, monitoring_session: MonitoringSession) -> bool:
    """Whether a session has any."""
    found = select(HeartRateReading.id).where(HeartRateReading.session_id == monitoring_session.id).limit(1)
    return session.scalar(found) is not None


def locked(session: Session, monitoring_session: MonitoringSession) -> MonitoringSession:
    """The session as it is now, to be kept as readings or as a waveform by nobody else until the transaction ends."""
    query = select(MonitoringSession).where(MonitoringSession.id == monitoring_session.id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _insert_in_statements(session: Session, session_id: str, shown: Readings, now_s: int) -> None:
    """Rows into SQLite, which takes NaN for NULL, many in each statement."""
    *times, now = _as_text(np.append(shown.instant_s, now_s))
    given = list(chain.from_iterable(zip(times, shown.bpm.tolist(), shown.quality.tolist(), strict=True)))
    values = _COLUMNS * _ROWS_A_STATEMENT
    statements = [(session_id, now, *given[begin : begin + values]) for begin in range(0, len(given), values)]
    connection = session.connection()
    whole, rest = divmod(len(times), _ROWS_A_STATEMENT)
    if whole:
        connection.exec_driver_sql(_insert_of(_ROWS_A_STATEMENT), statements[:whole])
    if rest:
        connection.exec_driver_sql(_insert_of(rest), statements[-1])


@lru_cache(maxsize=_ROWS_A_STATEMENT)
def _insert_of(count: int) -> str:
    """A statement for so many rows of one session, all stored at one time: ?1 and ?2, then three values a row."""
    rows = (
        f"(?1, ?{time}, ?{time + 1}, ?{time + 2}, {_LABEL.format(bpm=f'?{time + 1}')}, ?2)"
        for time in range(3, 3 + _COLUMNS * count, _COLUMNS)
    )
    return f"{_INSERT}VALUES {', '.join(rows)}"


def _insert_together(session: Session, session_id: str, shown: Readings, now_s: int) -> None:
    """Thousands of rows in one statement, which is a table of JSON."""
    quality = np.where(np.isnan(shown.quality), None, shown.quality).tolist()  # type: ignore[call-overload]
    rows = list(zip(shown.instant_s.tolist(), shown.bpm.tolist(), quality, strict=True))
    for begin in range(0, len(rows), _ROWS_AT_ONCE):
        part = json.dumps(rows[begin : begin + _ROWS_AT_ONCE], separators=(",", ":"))
        session.execute(_INSERT_TOGETHER, {"session_id": session_id, "rows": part, "now_s": now_s})


def _as_text(shown_s: IntArray) -> list[str]:
    """Times as SQLite keeps them; what is the same in a minute's is written once."""
    minutes, of_each = np.unique(shown_s // 60, return_inverse=True)
    begins = [f"{minute}:".replace("T", " ") for minute in minutes.astype("datetime64[m]").astype(str).tolist()]
    seconds = (shown_s % 60).tolist()
    return [begins[minute] + _SECONDS[second] for minute, second in zip(of_each.tolist(), seconds, strict=True)]


def _shown(instant_s: IntArray, zone: tzinfo) -> IntArray:
    """What clocks of this zone show at these instants, in seconds since 1970 on them, shape (n,)."""
    minutes, of_each = np.unique(instant_s // 60, return_inverse=True)
    offsets_s = [_seconds(datetime.fromtimestamp(minute * 60, zone)) for minute in minutes.tolist()]
    found: IntArray = instant_s + np.array(offsets_s, dtype=np.int64)[of_each]
    return found


def instants(shown_s: IntArray, zone: tzinfo) -> IntArray:
    """The instants at which clocks of this zone show these times, in seconds since 1970, shape (n,).

    A zone changes its offset between two minutes, so that each minute is looked up once. What is no time, or later
    than any, is the instant of NO_TIME.
    """
    first, last = datetime(1, 1, 2, tzinfo=UTC).timestamp(), TOO_LATE.timestamp() + _DAY_S
    is_time = (shown_s >= first) & (shown_s < last)
    minutes, of_each = np.unique(np.where(is_time, shown_s // 60, 0), return_inverse=True)
    shown = (datetime.fromtimestamp(minute * 60, UTC).replace(tzinfo=zone) for minute in minutes.tolist())
    offsets_s = np.array([_seconds(moment) for moment in shown], dtype=np.int64)
    found = shown_s - offsets_s[of_each]
    return np.where(is_time & (found < TOO_LATE.timestamp()), found, int(NO_TIME.timestamp()))


def _seconds(moment: datetime) -> int:
    """By how much its clock is ahead of UTC."""
    offset = moment.utcoffset()
    return 0 if offset is None else round(offset.total_seconds())


def _rows(session: Session, session_id: str) -> FloatArray:
    """Second, bpm and quality of each value, shape (n, 3), through the driver's own tuples."""
    second = func.coalesce(whole_second(HeartRateReading.timestamp), 0)
    query = (
        select(second, HeartRateReading.bpm, HeartRateReading.signal_quality)
        .where(HeartRateReading.session_id == session_id)
        .order_by(HeartRateReading.timestamp, HeartRateReading.id)
    )
    found = session.connection().execute(query).cursor
    rows = [] if found is None else found.fetchall()
    values = np.array(list(chain.from_iterable(rows)), dtype=np.float64)
    return values.reshape(-1, _COLUMNS)


def _packed(session: Session, session_id: str) -> FloatArray:
    """The same, an hour in a row of the answer."""
    rows = session.execute(_PACKED, {"session_id": session_id}).all()
    hours = [np.fromstring(packed, sep=" ") for _, packed in rows]
    if any(len(hour) != _COLUMNS * count for hour, (count, _) in zip(hours, rows, strict=True)):
        return _rows(session, session_id)
    return np.concatenate([np.empty(0), *hours]).reshape(-1, _COLUMNS)
