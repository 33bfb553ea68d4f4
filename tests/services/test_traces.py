"""Curves of what the older system stored, on the database at hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.ctg.formats import ParseError
from app.ctg.stretch import Stretch
from app.extensions import db
from app.models.base import NO_TIME
from app.services import traces
from tests import legacy_zone, older
from tests.ctg.formats.helpers import NAN, same
from tests.make import Make
from tests.older import BEGAN
from tests.services.uploads import START, as_doctor, csv_file, store
from tests.statements import counted


def test_readings_are_a_curve_in_the_order_of_their_times(session: Session, make: Make) -> None:
    row = older.session_of(session, make.patient(), [(4, 141), (0, 140), (1, 0), (4, 141)])

    curve = traces.read(session, row)

    assert same(curve.trace.fhr1, [140, NAN, NAN, NAN, 141])
    assert curve.trace.start == BEGAN
    assert [note.code for note in curve.notes] == ["values_repeated", "times_to_the_second", "seconds_empty"]


@pytest.mark.parametrize(
    "readings",
    [
        [(0, 140)],
        [(0, 140), (7, 141)],
        [(0, 140), (1, 140), (1, 150), (2, 0)],
        [(5, 140 + index % 3) for index in range(90)],
        older.values(3),
    ],
    ids=["one", "gap", "shared", "all at once", "minutes"],
)
def test_the_facts_are_those_of_the_curve_and_read_no_sample(
    session: Session, make: Make, readings: list[tuple[int, int]]
) -> None:
    row = older.session_of(session, make.patient(), readings)

    with counted(session) as statements:
        facts = traces.facts(session, row)
    trace = traces.read(session, row).trace

    assert facts is not None
    assert (facts.start, facts.duration_s) == (trace.start, trace.duration_s)
    assert len(statements) == 1


def test_a_further_value_is_another_version(session: Session, make: Make) -> None:
    row = older.session_of(session, make.patient(), [(0, 140)])
    before = traces.facts(session, row)
    older.add_readings(session, row, [(0, 140)])

    after = traces.facts(session, row)

    assert before is not None
    assert after is not None
    assert before.version != after.version


def test_a_session_without_values_has_no_curve(session: Session, make: Make) -> None:
    row = older.session_of(session, make.patient())
    assert traces.facts(session, row) is None
    assert traces.digest(session, row) is None
    with pytest.raises(ParseError) as caught:
        traces.read(session, row)
    assert caught.value.code == "no_values"


@pytest.mark.parametrize("none", [NO_TIME, datetime(9999, 12, 31, 10, tzinfo=UTC)])
def test_a_time_that_is_none_hides_no_other_value(session: Session, make: Make, none: datetime) -> None:
    row = older.session_of(session, make.patient(), [(0, 140), (1, 141)])
    unset = int((none - BEGAN).total_seconds())
    older.add_readings(session, row, [(unset, 150), (unset + 1, 151)])

    curve, facts = traces.read(session, row), traces.facts(session, row)

    assert same(curve.trace.fhr1, [140, 141])
    assert curve.notes[-1].to_document() == {"code": "values_without_time", "values": {"count": 2}}
    assert facts is not None
    assert (facts.start, facts.duration_s) == (BEGAN, 2)


@pytest.mark.parametrize(
    "readings", [[(0, 140), (7, 141), (7, 151)], older.values(3)], ids=["two in a second", "minutes"]
)
def test_a_window_of_readings_is_that_of_the_whole_curve(
    session: Session, make: Make, readings: list[tuple[int, int]]
) -> None:
    row = older.session_of(session, make.patient(), readings)
    expected = Stretch.around(traces.read(session, row).trace, 2, 60)
    stretch = traces.read_stretch(session, row, 2, 60)
    assert stretch.part.digest() == expected.part.digest()
    assert (stretch.first_s, stretch.recording_s, stretch.start) == (
        expected.first_s,
        expected.recording_s,
        expected.start,
    )


def test_values_that_begin_apart_from_their_session_say_so(session: Session, make: Make) -> None:
    row = older.session_of(session, make.patient(), [(7 * 3600, 140)])
    curve = traces.read(session, row)
    assert curve.trace.start == BEGAN + timedelta(hours=7)
    assert curve.notes[-1].to_document() == {"code": "begins_apart", "values": {"minutes": 420}}


def test_times_are_read_in_the_zone_of_the_older_system(app: Flask, session: Session, make: Make) -> None:
    patient = make.patient()
    with app.app_context(), legacy_zone.recorded(db.engine, "Asia/Jakarta"):
        row = older.session_of(session, patient, [(0, 140), (1, 141)])
        stored = session.scalar(text("SELECT min(timestamp) FROM fetal_heart_rate_readings"))
        assert str(stored)[:19] == "2025-07-10 08:30:00"
        assert traces.read(session, row).trace.start == BEGAN
        session.rollback()


def test_a_waveform_of_ours_is_read_as_before(session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    row = store(session, as_doctor(doctor), patient, csv_file(2)).monitoring_session

    curve, facts = traces.read(session, row), traces.facts(session, row)

    assert (curve.notes, curve.trace.rate_hz, curve.trace.start) == ((), 4.0, START)
    assert facts == traces.Facts(row.trace_digest or "", START, 120.0)
    assert traces.digest(session, row) == curve.trace.digest() == row.trace_digest
    assert traces.read_stretch(session, row, 0, 10).part.digest() == curve.trace.part(0, 101).digest()


SHAPES: list[tuple[str, dict[str, Any], list[float]]] = [
    ("numbers", {"bpm_data": [140, 0, 141]}, [140, NAN, 141]),
    ("timed", {"bpm_data": older.timed([(0, 140), (1, None), (3, 141)])}, [140, NAN, NAN, 141]),
    (
        "with quality and class",
        {
            "bpm_data": [
                {"time": 0, "bpm": 140, "signal_quality": 0.5, "classification": "normal"},
                {"time": 1, "bpm": 141, "signal_quality": None, "classification": "normal"},
            ]
        },
        [140, 141],
    ),
    ("encoded twice", {"as_text": older.encoded_twice([140, 141])}, [140, 141]),
    ("timed, encoded twice", {"as_text": older.encoded_twice(older.timed([(0, 140), (1, 141)]))}, [140, 141]),
]


@pytest.mark.parametrize(("given", "rates"), [shape[1:] for shape in SHAPES], ids=[shape[0] for shape in SHAPES])
def test_each_shape_of_a_record_is_a_curve(
    session: Session, make: Make, given: dict[str, Any], rates: list[float]
) -> None:
    record = older.record_of(session, make.patient(), **given)
    curve = traces.read_record(session, record)
    assert same(curve.trace.fhr1, rates)
    assert curve.trace.start == BEGAN


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"bpm_data": None}, "no_values"),
        ({"bpm_data": []}, "no_values"),
        ({"as_text": "null"}, "no_values"),
        ({"bpm_data": {"a": 1}}, "json_shape"),
        ({"bpm_data": ["fast"]}, "value_text"),
    ],
)
def test_a_record_without_a_curve_says_why(session: Session, make: Make, given: dict[str, Any], code: str) -> None:
    record = older.record_of(session, make.patient(), **given)
    with pytest.raises(ParseError) as caught:
        traces.read_record(session, record)
    assert caught.value.code == code


def test_what_is_no_json_is_no_crash(session: Session, make: Make) -> None:
    """SQLite keeps any text in a column of JSON."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("this database refuses it")
    record = older.record_of(session, make.patient(), as_text="[140, 141")
    with pytest.raises(ParseError) as caught:
        traces.read_record(session, record)
    assert caught.value.code == "json_unreadable"


@pytest.mark.parametrize("began", [NO_TIME, datetime(9999, 12, 31, 10, tzinfo=UTC)])
def test_a_record_without_a_start_has_minutes_and_no_clock(session: Session, make: Make, began: datetime) -> None:
    record = older.record_of(session, make.patient(), [140], began=began)
    session.expire_all()
    assert traces.read_record(session, record).trace.start is None
