"""The curve of a recording wherever its samples are kept: our waveforms, readings of the older system, its records."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Text, and_, case, func, select, type_coerce
from sqlalchemy.orm import Session

from app.ctg.bpm_data import curve_of_bpm_data
from app.ctg.findings import Reason
from app.ctg.formats import ParseError
from app.ctg.formats.notes import note
from app.ctg.handheld import Curve, are_measured, curve_of_seconds
from app.ctg.stretch import Stretch
from app.models import HeartRateReading, MonitoringSession, Record
from app.models.base import NO_TIME, TOO_LATE
from app.services import readings, waveforms
from app.services.readings import whole_second

# A clock that was never set begins at 1970; such a time is none, and would make a recording of fifty years.
FIRST_USABLE = datetime(1970, 1, 2, tzinfo=UTC)

# The phone that stored the values and the server that stored the recording may disagree by so much without a word.
SAME_START = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a curve before any of its samples is read; `version` names the samples, for an ETag."""

    version: str
    start: datetime | None
    duration_s: float


def are_readings(monitoring_session: MonitoringSession) -> bool:
    """Whether its values are kept as readings, one a second, and not as a waveform of ours."""
    return monitoring_session.rate_hz is None


def facts(session: Session, monitoring_session: MonitoringSession) -> Facts | None:
    """The facts of a session's curve; None when no value is stored. One statement for readings, none for a waveform.

    CorruptWaveform where what is said of a waveform cannot be: nothing is drawn then, however little of it.
    """
    duration_s = monitoring_session.duration_s
    if duration_s is not None:
        # One that is still being received is another one with each sample.
        version = monitoring_session.trace_digest or f"receiving:{monitoring_session.sample_count}"
        return Facts(version, monitoring_session.began_at, duration_s)
    if not are_readings(monitoring_session):
        waveforms.check_shape(monitoring_session)
    is_dated = and_(HeartRateReading.timestamp >= FIRST_USABLE, HeartRateReading.timestamp < TOO_LATE)
    dated = case((is_dated, HeartRateReading.timestamp))
    row = session.execute(
        select(
            func.count().label("stored"),
            func.max(HeartRateReading.id).label("newest_id"),
            func.count(dated).label("dated"),
            func.count(case((is_dated, whole_second(HeartRateReading.timestamp))).distinct()).label("seconds"),
            func.min(dated).label("first"),
            func.max(dated).label("last"),
        ).where(HeartRateReading.session_id == monitoring_session.id)
    ).one()
    if not row.dated:
        return None
    # SQLite keeps the fraction of a second with which the original may have written a time there.
    first, last = row.first.replace(microsecond=0), row.last.replace(microsecond=0)
    lasts_s = (last - first).total_seconds() + 1 if are_measured(row.dated, row.seconds) else row.dated
    return Facts(f"readings:{row.stored}:{row.newest_id}", first, float(lasts_s))


def read(session: Session, monitoring_session: MonitoringSession) -> Curve:
    """The whole curve of a session.

    Raises
    ------
    ParseError
        When no value is stored, or the values make no curve, with the reason.
    CorruptWaveform
        When stored chunks do not give a waveform back.
    """
    if not are_readings(monitoring_session):
        return Curve(waveforms.read_trace(session, monitoring_session), ())
    stored = readings.read(session, monitoring_session.id)
    dated = stored.instant_s >= FIRST_USABLE.timestamp()
    instant_s = stored.instant_s[dated]
    first_s = int(instant_s.min()) if len(instant_s) else 0
    origin = datetime.fromtimestamp(first_s, UTC)
    curve = curve_of_seconds(instant_s - first_s, stored.bpm[dated], stored.quality[dated], origin=origin)
    notes = list(curve.notes)
    if len(instant_s) < len(dated):
        notes.append(note("values_without_time", count=len(dated) - len(instant_s)))
    notes += _apart(origin, monitoring_session.began_at)
    return replace(curve, notes=tuple(notes))


def read_stretch(session: Session, monitoring_session: MonitoringSession, start_s: float, end_s: float) -> Stretch:
    """What a picture of the window from `start_s` to `end_s` needs: its samples and one on each side.

    Of a waveform only the window is read. Readings are all read: what one of them is drawn as, a second or a part of
    one, depends on how many there are. Errors are those of `read`.
    """
    if are_readings(monitoring_session):
        return Stretch.around(read(session, monitoring_session).trace, start_s, end_s)
    return waveforms.read_stretch(session, monitoring_session, start_s, end_s)


def digest(session: Session, monitoring_session: MonitoringSession) -> str | None:
    """What names the samples that a signed reading speaks of; None where there is no curve to be read."""
    if not are_readings(monitoring_session):
        return monitoring_session.trace_digest
    try:
        return read(session, monitoring_session).trace.digest()
    except ParseError:
        return None


def read_record(session: Session, record: Record) -> Curve:
    """The curve of a record of the older system; ParseError, with the reason, where its text holds none."""
    # As text: what cannot be decoded is the reason why there is no curve, and no error of the page.
    text = session.scalar(select(type_coerce(Record.bpm_data, Text)).where(Record.id == record.id))
    curve = curve_of_bpm_data(text, start=record.start_time)
    return replace(curve, trace=replace(curve.trace, start=None)) if record.start_time == NO_TIME else curve


def _apart(first: datetime, stated: datetime) -> list[Reason]:
    """A note where the values and the recording do not agree on when it began."""
    if stated == NO_TIME or abs(first - stated) <= SAME_START:
        return []
    return [note("begins_apart", minutes=round(abs(first - stated).total_seconds() / 60))]
