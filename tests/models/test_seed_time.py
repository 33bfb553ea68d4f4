"""The seed's naive columns hold times of one recorded zone; the code sees aware UTC and nothing else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import create_engine, func, literal, select, text
from sqlalchemy.orm import Session

from app.database import engine_options, prepare_engine
from app.extensions import db
from app.models import MonitoringSession, PregnancyInfo, User
from app.models.base import NO_TIME, legacy_zone
from app.services import pregnancies
from tests import legacy_zone as legacy
from tests.make import Make

ZONE = "Asia/Jakarta"
INSTANT = datetime(2026, 3, 1, 20, 15, 30, tzinfo=UTC)
NAIVE = "2026-03-02 03:15:30"  # The next day in Jakarta.


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A database session on a database whose naive times are Jakarta's."""
    with app.app_context():
        engine = db.engine
    with legacy.recorded(engine, ZONE), Session(engine, expire_on_commit=False) as session:
        yield session


def stored(session: Session, sql: str, **values: object) -> str:
    """What an old reader sees: the column without our type."""
    return str(session.execute(text(sql), values).scalar_one())[:19]


def test_what_we_write_an_old_reader_reads_in_its_own_zone(session: Session, make: Make) -> None:
    recording = make.monitoring_session(make.patient())
    recording.start_time = INSTANT + timedelta(milliseconds=900)
    session.commit()
    sql = "SELECT start_time FROM fetal_monitoring_sessions WHERE id = :id"
    assert stored(session, sql, id=recording.id) == NAIVE


def test_what_an_old_writer_wrote_is_read_as_utc(session: Session, make: Make) -> None:
    recording = make.monitoring_session(make.patient())
    values = {"naive": NAIVE + ".000000" if session.get_bind().dialect.name == "sqlite" else NAIVE, "id": recording.id}
    session.execute(text("UPDATE fetal_monitoring_sessions SET start_time = :naive WHERE id = :id"), values)
    session.commit()
    session.expire_all()
    assert recording.start_time == INSTANT
    assert recording.start_time.tzinfo is UTC


def test_queries_compare_instants(session: Session, make: Make) -> None:
    recording = make.monitoring_session(make.patient())
    recording.start_time = INSTANT
    session.commit()
    second = timedelta(seconds=1)
    column = MonitoringSession.start_time
    for condition, expected in (
        (column == INSTANT, 1),
        (column == INSTANT.astimezone(ZoneInfo("Asia/Jayapura")), 1),
        (column < INSTANT + second, 1),
        (column < INSTANT, 0),
        (column.between(INSTANT - second, INSTANT + second), 1),
        (column > literal(INSTANT - second, MonitoringSession.start_time.type), 1),
        (column > INSTANT + second, 0),
    ):
        assert session.scalar(select(func.count()).select_from(MonitoringSession).where(condition)) == expected
    assert session.scalar(select(func.max(column))) == INSTANT


def test_our_own_columns_stay_utc(session: Session, make: Make) -> None:
    recording = make.monitoring_session(make.patient())
    recording.started_at = INSTANT
    session.commit()
    sql = "SELECT started_at FROM fetal_monitoring_sessions WHERE id = :id"
    assert stored(session, sql, id=recording.id) == "2026-03-01 20:15:30"


def test_a_database_that_is_upgraded_later_is_read_in_its_zone_at_once(tmp_path: Path) -> None:
    """The portal was started before the database was adopted; its connections are kept."""
    url = f"sqlite:///{tmp_path / 'later.db'}"
    engine = create_engine(url, **engine_options(url))
    prepare_engine(engine)
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    assert legacy_zone(engine.dialect) is UTC
    with create_engine(url).begin() as other:
        other.execute(text("CREATE TABLE installation (id INTEGER, legacy_time_zone VARCHAR(64))"))
        other.execute(text("INSERT INTO installation VALUES (1, 'Asia/Makassar')"))
        other.execute(text("CREATE TABLE moments (at DATETIME)"))
        other.execute(text("INSERT INTO moments VALUES ('2026-03-02 03:15:30.000000')"))
    with engine.connect() as connection:
        at = text("SELECT at FROM moments").columns(at=MonitoringSession.start_time.type)
        assert connection.execute(at).scalar_one() == datetime(2026, 3, 1, 19, 15, 30, tzinfo=UTC)
    engine.dispose()


@pytest.mark.parametrize("end", ["9999-12-31 23:59:59", "9999-12-31 10:00:00", "9999-02-01 00:00:00"])
def test_the_end_of_the_calendar_is_no_time(session: Session, make: Make, end: str) -> None:
    recording = make.monitoring_session(make.patient())
    recording.started_at = None
    session.commit()
    naive = end + ".000000" if session.get_bind().dialect.name == "sqlite" else end
    sql = text("UPDATE fetal_monitoring_sessions SET start_time = :naive, end_time = :naive WHERE id = :id")
    session.execute(sql, {"naive": naive, "id": recording.id})
    session.commit()
    session.expire_all()
    assert (recording.began_at, recording.end_time) == (NO_TIME, None)


def test_the_end_of_the_calendar_is_no_day(session: Session, make: Make) -> None:
    """A due date counted from such a last period would run out of the calendar."""
    pregnancy = make.pregnancy(make.patient())
    session.commit()
    session.execute(text("UPDATE pregnancy_info SET expected_due_date = NULL, last_menstrual_period = '9999-12-31'"))
    session.commit()
    session.expire_all()
    assert pregnancies.known_of(session.get_one(PregnancyInfo, pregnancy.id)).due_date is None


def test_zero_dates_of_mysql_crash_nothing(session: Session, make: Make) -> None:
    if session.get_bind().dialect.name == "sqlite":
        pytest.skip("SQLite has no zero dates")
    patient = make.patient()
    recording = make.monitoring_session(patient)
    recording.started_at = None
    pregnancy = make.pregnancy(patient)
    session.commit()
    session.execute(text("SET SESSION sql_mode = ''"))
    zero = "0000-00-00 00:00:00"
    for sql in (
        "UPDATE fetal_monitoring_sessions SET start_time = :zero, end_time = :zero",
        "UPDATE users SET created_at = :zero",
        "UPDATE patients SET birth_date = :zero",
        "UPDATE pregnancy_info SET expected_due_date = :zero, last_menstrual_period = '2026-02-00'",
    ):
        session.execute(text(sql), {"zero": zero})
    session.commit()
    session.connection().invalidate()
    session.rollback()
    session.expire_all()
    assert (recording.began_at, recording.end_time) == (NO_TIME, None)
    assert session.get_one(User, patient.user_id).created_at == NO_TIME
    assert patient.birth_date is None
    found = session.get_one(PregnancyInfo, pregnancy.id)
    assert (found.expected_due_date, found.last_menstrual_period) == (None, None)
