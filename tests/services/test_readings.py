"""Readings as arrays are what the rows say, one by one."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import HeartRateReading, MonitoringSession, ReadingClassification
from app.models.base import NO_TIME
from app.services import readings, traces
from app.services.clock import utc_now
from app.services.errors import Conflict
from app.services.readings import Readings
from tests import legacy_zone, older
from tests.make import Make
from tests.services.readings import writing
from tests.services.uploads import as_doctor, csv_file, store

QUALITIES = (None, 0.5, 0.1, 1.0, 0.0)


def read_one_by_one(session: Session, row: MonitoringSession) -> list[tuple[float, int, float | None]]:
    rows = session.scalars(
        select(HeartRateReading)
        .where(HeartRateReading.session_id == row.id)
        .order_by(HeartRateReading.timestamp, HeartRateReading.id)
    )
    return [(reading.timestamp.timestamp(), reading.bpm, reading.signal_quality) for reading in rows]


def read_at_once(session: Session, row: MonitoringSession) -> list[tuple[float, int, float | None]]:
    found = readings.read(session, row.id)
    qualities = [None if np.isnan(quality) else quality for quality in found.quality.tolist()]
    return list(zip(found.instant_s.tolist(), found.bpm.tolist(), qualities, strict=True))


def add(session: Session, row: MonitoringSession, instants: list[datetime]) -> None:
    session.execute(
        insert(HeartRateReading),
        [
            {
                "session_id": row.id,
                "timestamp": instant,
                "bpm": 130 + number % 20,
                "signal_quality": QUALITIES[number % len(QUALITIES)],
                "classification": ReadingClassification.NORMAL,
                "created_at": older.BEGAN,
            }
            for number, instant in enumerate(instants)
        ],
    )
    session.commit()


def some_hours() -> list[datetime]:
    """Out of order, several in one second, an hour without any, over midnight."""
    seconds = [0, 3600, 5, 5, 5, 7, 4, 9000, 9001, 80_000, 80_000, *range(100, 700)]
    return [older.BEGAN + timedelta(seconds=second) for second in seconds]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Jakarta", "Asia/Kolkata", "Europe/Berlin"])
def test_arrays_hold_what_the_rows_say(app: Flask, session: Session, make: Make, zone: str) -> None:
    patient = make.patient()
    with app.app_context(), legacy_zone.recorded(db.engine, zone):
        row = older.session_of(session, patient)
        add(session, row, some_hours())
        assert read_at_once(session, row) == read_one_by_one(session, row)
        session.rollback()


@pytest.mark.parametrize("night", [datetime(2025, 3, 30, tzinfo=UTC), datetime(2025, 10, 26, tzinfo=UTC)])
def test_nights_in_which_the_clocks_change(app: Flask, session: Session, make: Make, night: datetime) -> None:
    patient = make.patient()
    with app.app_context(), legacy_zone.recorded(db.engine, "Europe/Berlin"):
        row = older.session_of(session, patient)
        add(session, row, [night + timedelta(minutes=minute, seconds=minute % 60) for minute in range(240)])
        found = read_at_once(session, row)
        assert found == read_one_by_one(session, row)
        assert len(found) == 240
        session.rollback()


def test_what_is_no_time_is_one_instant(session: Session, make: Make) -> None:
    row = older.session_of(session, make.patient())
    add(session, row, [older.BEGAN, NO_TIME, datetime(9999, 12, 31, 10, tzinfo=UTC)])
    if session.get_bind().dialect.name != "sqlite":
        session.execute(text("SET SESSION sql_mode = ''"))
        session.execute(
            text(
                "UPDATE fetal_heart_rate_readings SET timestamp = '0000-00-00 00:00:00' WHERE timestamp < '1971-01-01'"
            )
        )
        session.commit()
    assert read_at_once(session, row) == read_one_by_one(session, row)
    session.connection().invalidate()
    session.rollback()


def test_a_server_that_cuts_long_texts_loses_no_value(session: Session, make: Make) -> None:
    if session.get_bind().dialect.name == "sqlite":
        pytest.skip("SQLite packs nothing")
    row = older.session_of(session, make.patient())
    add(session, row, some_hours())
    session.execute(text("SET SESSION group_concat_max_len = 1024"))
    assert read_at_once(session, row) == read_one_by_one(session, row)
    session.connection().invalidate()
    session.rollback()


def values(instants: list[datetime]) -> Readings:
    """Each tenth second without a rate."""
    number = np.arange(len(instants))
    return Readings(
        instant_s=np.array([int(instant.timestamp()) for instant in instants], dtype=np.int64),
        bpm=np.where(number % 10 == 9, np.nan, 105.0 + number % 60),
        quality=np.array([QUALITIES[place % len(QUALITIES)] for place in number.tolist()], dtype=np.float64),
    )


@pytest.mark.parametrize("zone", ["UTC", "Asia/Jakarta", "Europe/Berlin"])
def test_what_is_written_at_once_is_what_rows_would_hold(
    app: Flask, session: Session, make: Make, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # More than one statement on MariaDB.
    monkeypatch.setattr(readings, "_ROWS_AT_ONCE", 300)
    patient = make.patient()
    with app.app_context(), legacy_zone.recorded(db.engine, zone):
        row = older.session_of(session, patient)
        given, before = values(some_hours()), utc_now().replace(microsecond=0)
        with writing(session):
            readings.write(session, row, given)
        stored = session.scalars(select(HeartRateReading).order_by(HeartRateReading.id)).all()
        assert [reading.timestamp.timestamp() for reading in stored] == given.instant_s.tolist()
        assert [reading.bpm for reading in stored] == np.nan_to_num(given.bpm).astype(int).tolist()
        assert [reading.signal_quality for reading in stored] == [
            None if np.isnan(quality) else quality for quality in given.quality.tolist()
        ]
        (stored_at,) = {reading.created_at for reading in stored}
        assert before <= stored_at <= utc_now()
        assert {(reading.bpm, reading.classification.value) for reading in stored} >= {
            (0, "irregular"),
            (109, "bradycardia"),
            (110, "normal"),
            (160, "normal"),
            (161, "tachycardia"),
        }
        assert read_at_once(session, row) == read_one_by_one(session, row)
        session.rollback()


def test_a_rate_with_a_fraction_is_not_rounded_into_the_column_of_whole_ones(session: Session, make: Make) -> None:
    row = older.session_of(session, make.patient())
    half = Readings(np.array([0]), np.array([140.5]), np.array([np.nan]))
    with pytest.raises(ValueError, match="no whole number"), writing(session):
        readings.write(session, row, half)
    assert not readings.are_stored(session, row)


def test_a_session_that_is_kept_as_a_waveform_takes_no_reading(session: Session, make: Make) -> None:
    row = store(session, as_doctor(make.doctor()), make.patient(), csv_file(1)).monitoring_session
    with pytest.raises(Conflict) as caught, writing(session):
        readings.write(session, row, values([older.BEGAN]))
    assert caught.value.code == "kept_as_waveform"
    assert not readings.are_stored(session, row)


def test_no_readings_are_empty_arrays(session: Session, make: Make) -> None:
    assert read_at_once(session, older.session_of(session, make.patient())) == []


def test_readings_are_read_from_one_stretch_of_an_index_that_holds_them(session: Session, make: Make) -> None:
    """So that a session takes as long among ten millions as among thousands."""
    row = older.session_of(session, make.patient(), older.values(30))
    for other in range(3):
        older.session_of(session, make.patient(), older.values(30, bpm=120 + other))
    statements: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if "fetal_heart_rate_readings" in statement:
            statements.append((statement, parameters))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        readings.read(session, row.id)
        traces.facts(session, row)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(statements) == 2
    on_sqlite = engine.dialect.name == "sqlite"
    for statement, parameters in statements:
        explain = "EXPLAIN QUERY PLAN " if on_sqlite else "EXPLAIN "
        plan = session.connection().exec_driver_sql(explain + statement, parameters).mappings().all()
        if on_sqlite:
            (search,) = [step["detail"] for step in plan if step["detail"].startswith("SEARCH")]
            assert search.endswith("USING COVERING INDEX ix_fetal_heart_rate_readings_to_draw (session_id=?)")
        else:
            assert plan[0]["key"] == "ix_fetal_heart_rate_readings_to_draw"
            assert "Using index" in plan[0]["Extra"]


def test_each_minute_of_a_year_has_the_instant_that_its_zone_says() -> None:
    zone = ZoneInfo("Europe/Berlin")
    minutes = np.arange(0, 366 * 24 * 60, 7, dtype=np.int64)
    shown_s = int(datetime(2025, 1, 1, tzinfo=UTC).timestamp()) + minutes * 60 + 59
    expected = [datetime.fromtimestamp(second, UTC).replace(tzinfo=zone).timestamp() for second in shown_s.tolist()]
    assert readings.instants(shown_s, zone).tolist() == expected
