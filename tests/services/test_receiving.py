"""A waveform that came in pieces is the one that came at once, and is never half compacted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.ctg.stretch import Stretch, peak
from app.ctg.trace import Trace
from app.models import MonitoringSession, WaveformChunk
from app.services import readings, receiving, traces, waveforms
from app.services.errors import Conflict, NotFound
from app.services.readings import Readings
from tests import older
from tests.make import Make
from tests.services.readings import writing
from tests.services.uploads import as_doctor, csv_file, store

RATE_HZ = 4.0
# Two seconds, a chunk and a half, one sample, and so on to 26 minutes.
LENGTHS = [8, 1792, 1, 1199, 1200, 2000, 40]


class Killed(Exception):
    """The process ended here."""


def trace(channel: str = "toco") -> Trace:
    """A heart rate with loss, and another channel that has its peak in the middle."""
    count = sum(LENGTHS)
    number = np.arange(count)
    fhr1 = np.where(number % 97 == 3, np.nan, 140 + number % 13 / 4)
    other = np.where(number % 50 == 0, np.nan, number % 60 / 2)
    other[3100] = 99.5
    return Trace(start=None, rate_hz=RATE_HZ, fhr1=fhr1, **{channel: other})  # type: ignore[arg-type]


def receive(session: Session, row: MonitoringSession, whole: Trace, lengths: list[int]) -> int:
    """As many pieces as there are lengths; how many samples they are."""
    first = 0
    for length in lengths:
        with writing(session):
            receiving.append(session, row, whole.part(first, first + length), first_sample=first)
        first += length
    return first


def numbers(session: Session) -> list[int]:
    """Of the first channel's chunks."""
    query = select(WaveformChunk.chunk_no).where(WaveformChunk.channel == "fhr1").order_by(WaveformChunk.chunk_no)
    return list(session.scalars(query))


def test_pieces_are_the_recording_that_they_are_pieces_of(session: Session, make: Make) -> None:
    row, whole = make.monitoring_session(make.patient()), trace()
    stored = receive(session, row, whole, LENGTHS)
    assert traces.digest(session, row) is None
    assert len(numbers(session)) > stored / RATE_HZ / 300 + 1

    with writing(session):
        assert receiving.compact(session, row).digest() == whole.digest()

    assert numbers(session) == list(range(6))
    session.expire_all()
    assert waveforms.read_trace(session, row).digest() == whole.digest() == row.trace_digest
    assert (row.sample_count, row.channels, row.toco_peak) == (stored, "fhr1 toco", 99.5)
    assert row.end_time is not None
    assert (row.end_time - row.start_time).total_seconds() == int(stored / RATE_HZ)
    with writing(session):
        assert receiving.compact(session, row).digest() == whole.digest()


def test_what_is_stored_of_it_is_what_an_upload_stores(session: Session, make: Make) -> None:
    row = make.monitoring_session(make.patient())
    uploaded = store(
        session, as_doctor(make.doctor()), make.patient(), csv_file(24, toco=[5.0] * 5760)
    ).monitoring_session
    whole = waveforms.read_trace(session, uploaded)
    receive(session, row, whole, [1000, 4760])
    with writing(session):
        receiving.compact(session, row)

    def chunks(of: MonitoringSession) -> list[Any]:
        columns = [column for column in WaveformChunk.__table__.columns if column.name != "session_id"]
        query = select(*columns).where(WaveformChunk.session_id == of.id).order_by("channel", "chunk_no")
        return [tuple(found) for found in session.execute(query)]

    assert chunks(row) == chunks(uploaded)
    names = waveforms.summary(whole)
    assert {name: getattr(row, name) for name in names} == {name: getattr(uploaded, name) for name in names} == names


@pytest.mark.parametrize(("start_s", "end_s"), [(0, 60), (449, 451), (300, 900), (740, 2000), (5000, 6000), (0, 0)])
def test_a_window_of_what_has_come_so_far(session: Session, make: Make, start_s: float, end_s: float) -> None:
    row = make.monitoring_session(make.patient())
    come = trace().part(0, receive(session, row, trace(), LENGTHS[:4]))
    stretch, expected = traces.read_stretch(session, row, start_s, end_s), Stretch.around(come, start_s, end_s)
    assert stretch.part.digest() == expected.part.digest()
    assert (stretch.first_s, stretch.recording_s) == (expected.first_s, expected.recording_s)
    assert stretch.toco_peak == peak(come)


def test_each_piece_makes_another_version_that_nobody_can_sign(session: Session, make: Make) -> None:
    row = make.monitoring_session(make.patient())
    receive(session, row, trace(), [8])
    before = traces.facts(session, row)
    with writing(session):
        receiving.append(session, row, trace().part(8, 10), first_sample=8)
    after = traces.facts(session, row)
    assert before is not None
    assert after is not None
    assert before.version != after.version
    assert after.duration_s == 2.5
    assert traces.digest(session, row) is None


@contextmanager
def killed_before(session: Session, count: int) -> Iterator[None]:
    """Killed inside instead of the statement after so many."""
    seen = 0

    def note(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen > count:
            raise Killed

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_killed_anywhere_it_is_in_pieces_or_whole(session: Session, make: Make) -> None:
    row, whole = make.monitoring_session(make.patient()), trace()
    receive(session, row, whole, LENGTHS)
    in_pieces = numbers(session)
    for count in range(20):
        session.commit()
        try:
            with writing(session), killed_before(session, count):
                receiving.compact(session, row)
        except Killed:
            session.expire_all()
            assert numbers(session) == in_pieces
            assert traces.digest(session, row) is None
            assert waveforms.read_trace(session, row).digest() == whole.digest()
            continue
        break
    # Lock, read, delete, write, summarise.
    assert count >= 5
    assert numbers(session) == list(range(6))
    assert row.trace_digest == whole.digest()


def refused(session: Session, row: MonitoringSession, piece: Trace, first_sample: int) -> str:
    before = session.scalar(select(func.count()).select_from(WaveformChunk))
    with pytest.raises(Conflict) as caught, writing(session):
        receiving.append(session, row, piece, first_sample=first_sample)
    assert session.scalar(select(func.count()).select_from(WaveformChunk)) == before
    return caught.value.code


def test_what_does_not_follow_is_refused(session: Session, make: Make) -> None:
    row, whole = make.monitoring_session(make.patient()), trace()
    receive(session, row, whole, [8])
    assert refused(session, row, whole.part(0, 8), 0) == "piece_out_of_order"
    assert refused(session, row, whole.part(12, 16), 12) == "piece_out_of_order"
    assert refused(session, row, trace("mhr").part(8, 16), 8) == "piece_differs"
    with writing(session):
        receiving.compact(session, row)
    assert refused(session, row, whole.part(8, 16), 8) == "recording_complete"


def test_that_times_are_estimated_is_kept_and_may_not_change(session: Session, make: Make) -> None:
    row, measured = make.monitoring_session(make.patient()), trace()
    whole = replace(measured, time_is_estimated=True)
    receive(session, row, whole, LENGTHS[:2])
    assert refused(session, row, measured.part(1800, 1900), 1800) == "piece_differs"
    assert traces.read_stretch(session, row, 0, 60).part.time_is_estimated

    with writing(session):
        found = receiving.compact(session, row)
    assert (found.time_is_estimated, row.time_is_estimated) == (True, True)
    assert found.digest() == whole.part(0, 1800).digest()


def test_an_empty_piece_is_none(session: Session, make: Make) -> None:
    row = make.monitoring_session(make.patient())
    with writing(session):
        receiving.append(session, row, trace().part(0, 0), first_sample=0)
    with pytest.raises(NotFound), writing(session):
        receiving.compact(session, row)


def test_a_session_has_readings_or_a_waveform_and_never_both(session: Session, make: Make) -> None:
    of_readings = older.session_of(session, make.patient(), older.values(1))
    assert refused(session, of_readings, trace().part(0, 8), 0) == "kept_as_readings"
    of_pieces = make.monitoring_session(make.patient())
    receive(session, of_pieces, trace(), [8])
    with pytest.raises(Conflict) as caught, writing(session):
        readings.write(session, of_pieces, Readings(np.array([0]), np.array([140.0]), np.array([1.0])))
    assert caught.value.code == "kept_as_waveform"
    assert not readings.are_stored(session, of_pieces)
