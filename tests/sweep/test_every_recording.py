"""Every public recording goes through the upload service: stored and analysed whole, or refused with a true reason."""

import sys
import zlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor, ActorRole
from app.ctg.findings import Analysis
from app.ctg.formats import ParseError, SourceFile, read_recording
from app.models import (
    Base,
    MonitoringSession,
    MonitoringType,
    Patient,
    SessionAnalysis,
    SessionFile,
    StoredFilePart,
    WaveformChunk,
)
from app.services import recordings, transaction, waveforms
from tests.data import data_folder
from tests.make import Make
from tests.sweep.finished import Finished
from tests.sweep.recordings import ARCHIVE_SAMPLE, Recording, every_recording
from tests.sweep_sample import SAMPLE_STEP, is_full, swept

ZONE = ZoneInfo("Asia/Jakarta")
# What the uploader states; files that say when they were recorded keep their own start.
STATED_START = datetime(2026, 3, 1, 8, 0, tzinfo=ZONE)
STORES_RECORDINGS = (MonitoringSession, SessionAnalysis, SessionFile, StoredFilePart, WaveformChunk)
EXPECTED_COUNT = 3 + 367 + 156 + ARCHIVE_SAMPLE


@pytest.mark.sweep
def test_every_recording_is_stored_and_analysed_or_refused_with_a_true_reason(
    session: Session, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    everything = every_recording(data_folder())
    assert len(everything) == EXPECTED_COUNT
    doctor = Actor(role=ActorRole.DOCTOR, user_id=make.doctor().id, is_validated=True)
    patient_id = make.patient().id
    finished = Finished(session.get_bind().dialect.name) if is_full() else None
    wanted = swept(everything)
    problems = {}
    for number, recording in enumerate(wanted, start=1):
        if finished is not None and recording.name in finished.names:
            continue
        try:
            check(session, doctor, patient_id, recording)
        except Exception as error:  # Whatever went wrong, the others are tried too.
            problems[recording.name] = f"{type(error).__name__}: {error}"
        else:
            if finished is not None:
                finished.add(recording.name)
        if number % SAMPLE_STEP == 0 or number == len(wanted):
            with capsys.disabled():
                sys.stdout.write(f"\n  {number} of {len(wanted)} recordings, {len(problems)} with a problem")
                sys.stdout.flush()
    assert not problems


def test_a_broken_off_sweep_goes_on_where_it_stopped(tmp_path: Path) -> None:
    path = tmp_path / "build" / "state.json"
    finished = Finished("sqlite", path)
    assert not finished.names
    finished.add("a.fhr")
    finished.add("b.fhr")
    Finished("mysql", path).add("c.fhr")
    assert Finished("sqlite", path).names == {"a.fhr", "b.fhr"}
    assert Finished("mysql", path).names == {"c.fhr"}


def check(session: Session, doctor: Actor, patient_id: int, recording: Recording) -> None:
    """None when the recording went where it belongs; AssertionError names what is missing."""
    session.rollback()  # What the one before has read.
    files = recording.load()
    if recording.refused_as is None:
        check_stored(session, doctor, patient_id, files)
    else:
        check_refused(session, doctor, patient_id, files, recording.refused_as)


def check_stored(session: Session, doctor: Actor, patient_id: int, files: Sequence[SourceFile]) -> None:
    """Each byte and each sample can be read back, and each fetus has its analysis."""
    row = upload(session, doctor, patient_id, files)
    parsed = read_recording(files, zone=ZONE).trace
    expected = parsed.starting(parsed.start or STATED_START)
    stored = waveforms.read_trace(session, row)
    assert (stored.start, stored.rate_hz) == (expected.start, expected.rate_hz)
    channels = dict(stored.channels())
    assert channels.keys() == dict(expected.channels()).keys()
    for name, values in expected.channels():
        assert np.array_equal(channels[name], values, equal_nan=True), f"{name} differs"
    assert row.trace_digest == expected.digest() == stored.digest()
    assert read_files(session, row) == [(file.name, file.content) for file in files]
    documents = session.scalars(select(SessionAnalysis.document).where(SessionAnalysis.session_id == row.id)).all()
    found = [Analysis.from_document(document) for document in documents]
    assert [analysis.fetus for analysis in found] == list(range(1, expected.fetus_count + 1))


def check_refused(
    session: Session, doctor: Actor, patient_id: int, files: Sequence[SourceFile], refused_as: str
) -> None:
    """The reason is the true one, and nothing at all was kept."""
    before = row_counts(session)
    session.rollback()
    with pytest.raises(ParseError) as refusal:
        upload(session, doctor, patient_id, files)
    assert refusal.value.code == refused_as
    assert refusal.value.place.file == files[0].name
    assert row_counts(session) == before


def upload(session: Session, doctor: Actor, patient_id: int, files: Sequence[SourceFile]) -> MonitoringSession:
    """The session that the service made, read anew after its commit."""
    with transaction.unit_of_work(session):
        stored = recordings.store(
            session,
            doctor,
            session.get_one(Patient, patient_id),
            files,
            monitoring_type=MonitoringType.CLINIC,
            started_at=STATED_START,
            zone=ZONE,
            fetuses=1,
            movement=None,
            maternal_bpm=None,
            device_name="",
            notes="",
        )
        assert stored.is_new
    session.expunge_all()
    return session.get_one(MonitoringSession, stored.monitoring_session.id)


def read_files(session: Session, row: MonitoringSession) -> list[tuple[str, bytes]]:
    """Name and content of each stored file of a session, in the order in which they were sent."""
    files = session.execute(
        select(SessionFile.name, SessionFile.sha256)
        .where(SessionFile.session_id == row.id)
        .order_by(SessionFile.position)
    ).all()
    parts = select(StoredFilePart.content).order_by(StoredFilePart.part_no)
    return [
        (name, b"".join(map(zlib.decompress, session.scalars(parts.where(StoredFilePart.sha256 == digest)))))
        for name, digest in files
    ]


def row_counts(session: Session) -> dict[str, int]:
    """How many rows each table has that an upload writes to."""
    tables: Sequence[type[Base]] = STORES_RECORDINGS
    return {table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}
