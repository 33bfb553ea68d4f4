from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.ctg.formats import SourceFile
from app.ctg.stretch import Stretch
from app.ctg.waveform_codec import CorruptWaveform
from app.extensions import db
from app.models import WaveformChunk
from app.services import waveforms
from app.services.errors import NotFound
from tests.make import Make
from tests.recordings import csv_bytes, steady_bpm
from tests.services.uploads import START, as_doctor, csv_file, store

WINDOWS = [(0, 60), (299.5, 300.25), (600, 1200), (1100, 9000), (1440, 2000), (5000, 6000), (0, 0)]


@pytest.mark.parametrize(("start_s", "end_s"), WINDOWS)
def test_a_window_is_the_same_stretch_of_the_whole(session: Session, make: Make, start_s: float, end_s: float) -> None:
    row = store(session, as_doctor(make.doctor()), make.patient(), csv_file(24, toco=[7.0] * 5760)).monitoring_session
    whole = waveforms.read_trace(session, row)

    window = waveforms.read_trace(session, row, start_s, end_s)

    expected = whole.between(start_s, end_s)
    np.testing.assert_array_equal(window.fhr1, expected.fhr1)
    assert [name for name, _ in window.channels()] == ["fhr1", "toco"]
    assert len(window) == 0 or window.start == expected.start


@pytest.mark.parametrize(("start_s", "end_s"), WINDOWS)
def test_a_stretch_is_that_of_the_whole_recording(session: Session, make: Make, start_s: float, end_s: float) -> None:
    toco = [7.0] * 100 + [99.5] + [1 / 3] * 5659
    row = store(session, as_doctor(make.doctor()), make.patient(), csv_file(24, toco=toco)).monitoring_session
    expected = Stretch.around(waveforms.read_trace(session, row), start_s, end_s)
    assert row.channels == "fhr1 toco"
    for channels in ("fhr1 toco", None):
        # Without, it was stored by a program that was a revision behind.
        row.channels = channels
        stretch = waveforms.read_stretch(session, row, start_s, end_s)
        assert stretch.part.digest() == expected.part.digest()
        assert (stretch.part.start, stretch.first_s) == (expected.part.start, expected.first_s)
        assert (stretch.recording_s, stretch.toco_peak) == (expected.recording_s, expected.toco_peak)


@pytest.mark.parametrize("toco", [None, [5.0] * 480])
def test_channels_are_known_without_their_column(session: Session, make: Make, toco: list[float] | None) -> None:
    row = store(session, as_doctor(make.doctor()), make.patient(), csv_file(2, toco=toco)).monitoring_session
    expected = {"fhr1"} if toco is None else {"fhr1", "toco"}
    assert waveforms.stored_channels(session, row) == expected
    row.channels = None
    assert waveforms.stored_channels(session, row) == expected
    assert waveforms.stored_channels(session, make.monitoring_session(make.patient())) == set()


def test_only_the_chunks_of_the_window_are_read(session: Session, make: Make, app: Flask) -> None:
    row = store(session, as_doctor(make.doctor()), make.patient(), csv_file(24)).monitoring_session
    with app.app_context():
        engine = db.engine
    bounds: list[list[object]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_rest: object) -> None:
        if "waveform_chunks" in statement:
            bounds.append(list(parameters.values() if isinstance(parameters, dict) else parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        waveforms.read_trace(session, row, 310, 890)
        # The samples after the window are the first ones of the next chunk.
        waveforms.read_stretch(session, row, 320, 900)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert bounds == [[row.id, 1, 2], [row.id, 1, 3]]


def test_slow_and_odd_rates_come_back(session: Session, make: Make) -> None:
    values = steady_bpm(700)
    file = SourceFile("slow.csv", csv_bytes(values, rate_hz=1.0))
    row = store(session, as_doctor(make.doctor()), make.patient(), file).monitoring_session

    trace = waveforms.read_trace(session, row, 290, 310)

    assert trace.rate_hz == 1.0
    assert trace.fhr1.tolist() == values[290:310]
    assert trace.start is not None
    assert (trace.start - START).total_seconds() == 290


def test_a_lost_chunk_is_an_error_and_never_a_shorter_recording(session: Session, make: Make) -> None:
    row = store(session, as_doctor(make.doctor()), make.patient(), csv_file(12)).monitoring_session
    session.delete(session.get_one(WaveformChunk, (row.id, "fhr1", 1)))
    session.commit()

    with pytest.raises(CorruptWaveform):
        waveforms.read_trace(session, row)


def test_a_session_without_samples_has_none_to_read(session: Session, make: Make) -> None:
    row = make.monitoring_session(make.patient())

    with pytest.raises(NotFound):
        waveforms.read_trace(session, row)
    row.channels = "fhr1"
    with pytest.raises(NotFound):
        waveforms.read_stretch(session, row, 0, 60)
