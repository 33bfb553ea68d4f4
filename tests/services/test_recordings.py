"""Storing a recording: its bytes, samples, start, owner, due time and analysis, or nothing of it."""

import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.ctg.formats import ParseError, SourceFile
from app.database import begin_writing_after_reading
from app.extensions import db
from app.models import (
    AuditEvent,
    MonitoringSession,
    MonitoringType,
    Patient,
    PregnancyInfo,
    ReviewState,
    SessionAnalysis,
    SessionFile,
    StoredFilePart,
)
from app.services import analyses, clock, recordings, transaction, unit, waveforms
from app.services.clock import utc_now
from app.services.errors import Refused
from tests.conftest import NOON
from tests.data import data_folder
from tests.make import Make
from tests.recordings import csv_bytes, steady_bpm, wfdb_bytes
from tests.services.uploads import START, STORED_TABLES, ZONE, as_doctor, as_patient, csv_file, store, stored_counts


def test_a_recording_is_stored_with_its_bytes_samples_summary_and_analysis(session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    file = csv_file(minutes=12, toco=[10.0] * 2880)

    stored = store(
        session, as_doctor(doctor), patient, file, maternal_bpm=77, device_name="Sonicaid", notes="after tea"
    )

    row = session.get_one(MonitoringSession, stored.monitoring_session.id)
    assert stored.is_new
    assert (row.patient_id, row.doctor_id, row.uploaded_by_id) == (patient.id, doctor.id, doctor.id)
    assert (row.format_id, row.rate_hz, row.sample_count, row.fetus_count) == ("csv", 4.0, 2880, 1)
    assert (row.began_at, row.end_time) == (START, START + timedelta(minutes=12))
    assert (row.maternal_bpm, row.device_name, row.notes) == (77, "Sonicaid", "after tea")
    assert (row.loss_fraction, row.review_state, row.is_possible_mix_up) == (0.0, ReviewState.TO_REVIEW, False)
    assert len(row.public_id) == 22
    trace = waveforms.read_trace(session, row)
    assert trace.digest() == row.trace_digest
    assert trace.start == START
    (analysis,) = analyses.newest(session, row)
    assert analysis.is_interpretable
    assert analysis.input_digest == row.trace_digest
    parts = session.scalars(select(StoredFilePart.content).order_by(StoredFilePart.part_no)).all()
    assert b"".join(map(zlib.decompress, parts)) == file.content
    assert session.scalars(select(SessionFile.name)).all() == ["a.csv"]
    assert session.scalars(select(AuditEvent.act)).all() == ["session:store"]


def test_a_large_file_is_kept_in_parts(session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    values = steady_bpm(4000)
    content = csv_bytes(values).replace(b"\n", b" " * 400 + b"\n")

    store(session, as_doctor(doctor), patient, SourceFile("wide.csv", content))

    parts = session.execute(select(StoredFilePart.part_no, StoredFilePart.content).order_by("part_no")).all()
    assert [number for number, _ in parts] == [0, 1]
    assert b"".join(zlib.decompress(part) for _, part in parts) == content


def test_the_statements_of_an_upload_do_not_grow_with_the_recording(session: Session, make: Make, app: Flask) -> None:
    doctor, patient = make.doctor(), make.patient()
    with app.app_context():
        engine = db.engine
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        store(session, as_doctor(doctor), patient, csv_file(minutes=1))
        short = [statement.split()[0] for statement in statements]
        statements.clear()
        store(session, as_doctor(doctor), patient, csv_file(minutes=32, toco=[5.0] * 7680))
        long = [statement.split()[0] for statement in statements]
    finally:
        event.remove(engine, "before_cursor_execute", count)

    assert long == short
    assert long.count("INSERT") == 7  # File, parts, session, file name, chunks, analysis, audit.
    # Same content and pregnancy, before writing and again then; unit, other patients, the audit chain's head.
    assert long.count("SELECT") == 7
    assert long.count("UPDATE") == 1  # The audit chain's head.


BAD_FILES = {
    "empty": [SourceFile("a.csv", b"")],
    "binary": [SourceFile("a.bin", bytes(range(256)) * 40)],
    "text": [SourceFile("a.csv", b"time_s,fhr_bpm\n0,140\n0.25,abc\n")],
    "infinity": [SourceFile("a.csv", b"time_s,fhr_bpm\n0,140\n0.25,inf\n")],
    "negative": [SourceFile("a.csv", b"time_s,fhr_bpm\n0,140\n0.25,-3\n")],
    "duplicate time": [SourceFile("a.csv", b"time_s,fhr_bpm\n0,140\n0,141\n0.25,140\n")],
    "header that lies": [
        SourceFile("1001.hea", wfdb_bytes(steady_bpm(960))[0].replace(b" 960", b" 961")),
        SourceFile("1001.dat", wfdb_bytes(steady_bpm(960))[1]),
    ],
    "truncated": [
        SourceFile("1001.hea", wfdb_bytes(steady_bpm(960))[0]),
        SourceFile("1001.dat", wfdb_bytes(steady_bpm(960))[1][:-7]),
    ],
    "no signal file": [SourceFile("1001.hea", wfdb_bytes(steady_bpm(960))[0])],
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_nothing_is_stored_of_a_bad_file(session: Session, make: Make, name: str) -> None:
    doctor, patient = make.doctor(), make.patient()

    with pytest.raises(ParseError):
        store(session, as_doctor(doctor), patient, *BAD_FILES[name])

    assert stored_counts(session) == [0] * len(STORED_TABLES)


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize(
    ("started_at", "code"),
    [
        (None, "start_needed"),
        (datetime(1969, 12, 31, tzinfo=UTC), "start_too_early"),
        (NOON + timedelta(hours=1), "start_in_future"),
    ],
)
def test_a_start_that_no_clock_showed_is_refused(
    session: Session, make: Make, started_at: datetime | None, code: str
) -> None:
    doctor, patient = make.doctor(), make.patient()

    with pytest.raises(Refused) as refused:
        store(session, as_doctor(doctor), patient, csv_file(), started_at=started_at)

    assert refused.value.code == code
    assert stored_counts(session) == [0] * len(STORED_TABLES)


@pytest.mark.usefixtures("noon")
def test_a_clock_a_little_ahead_is_accepted(session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    soon = utc_now() + timedelta(minutes=5)

    assert store(session, as_doctor(doctor), patient, csv_file(), started_at=soon).is_new


def test_the_start_of_the_file_counts_and_a_stated_one_is_noted(session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    start = utc_now().replace(microsecond=0) - timedelta(days=3)
    dated = SourceFile("dated.csv", csv_bytes(steady_bpm(240), start=start))

    own = store(session, as_doctor(doctor), patient, dated, started_at=START).monitoring_session
    stated = store(
        session, as_doctor(doctor), patient, csv_file(), started_at=start - timedelta(days=400)
    ).monitoring_session

    assert own.began_at == start
    assert _note_codes(own) == []
    assert stated.began_at == start - timedelta(days=400)
    assert _note_codes(stated) == ["start_stated", "start_long_ago"]


def test_the_owner_is_the_uploading_doctor_else_her_longest_reader_else_nobody(session: Session, make: Make) -> None:
    patient, alone = make.patient(), make.patient()
    longest, newer, uploader = make.doctor(), make.doctor(), make.doctor()
    for doctor, days in ((newer, 1), (longest, 9), (uploader, 5)):
        link = make.link(doctor, patient)
        link.assigned_at = link.decided_at = link.requested_at = utc_now() - timedelta(days=days)
    session.commit()

    by_doctor = store(session, as_doctor(uploader), patient, csv_file(bpm=130)).monitoring_session
    by_herself = store(session, as_patient(patient), patient, csv_file(bpm=140)).monitoring_session
    by_lonely = store(session, as_patient(alone), alone, csv_file(bpm=150)).monitoring_session

    assert by_doctor.doctor_id == uploader.id
    assert by_herself.doctor_id == longest.id
    assert by_lonely.doctor_id is None


def test_it_is_due_when_the_unit_promises_and_else_after_two_working_days(session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    friday = datetime(2026, 11, 20, 3, tzinfo=UTC)
    with clock.at(friday):
        usual = store(session, as_doctor(doctor), patient, csv_file(bpm=130)).monitoring_session
        unit.save(session, as_doctor(doctor), name="Unit", phone="021", reading_within_days=5)
        session.commit()
        promised = store(session, as_doctor(doctor), patient, csv_file(bpm=140)).monitoring_session

    assert usual.due_at == datetime(2026, 11, 24, 3, tzinfo=UTC)
    assert promised.due_at == datetime(2026, 11, 27, 3, tzinfo=UTC)


def test_gestation_is_that_of_the_day_of_the_recording(session: Session, make: Make) -> None:
    doctor, dated, undated = make.doctor(), make.patient(), make.patient()
    pregnancy = make.pregnancy(dated, due=(START + timedelta(days=280 - 31 * 7 - 4)).date())

    known = store(session, as_doctor(doctor), dated, csv_file(bpm=130)).monitoring_session
    unknown = store(session, as_doctor(doctor), undated, csv_file(bpm=140)).monitoring_session
    before = store(
        session, as_doctor(doctor), dated, csv_file(bpm=150), started_at=START - timedelta(days=500)
    ).monitoring_session

    assert (known.gestational_age, known.pregnancy_id) == (31, pregnancy.id)
    assert (unknown.gestational_age, unknown.pregnancy_id) == (0, None)
    assert (before.gestational_age, before.pregnancy_id) == (0, None)


def test_an_analysis_that_crashes_loses_nothing_of_the_upload(
    session: Session, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor, patient = make.doctor(), make.patient()

    def crash(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(analyses, "analyse", crash)
    stored = store(session, as_doctor(doctor), patient, csv_file())

    assert stored.is_new
    assert analyses.newest(session, stored.monitoring_session) == []
    assert len(waveforms.read_trace(session, stored.monitoring_session)) == 240


def test_what_was_dated_while_a_recording_was_read_counts(session: Session, make: Make, app: Flask) -> None:
    doctor, patient = make.doctor(), make.patient()
    pregnancy_id = make.pregnancy(patient, due=(START + timedelta(days=140)).date()).id
    session.rollback()
    prepared = recordings.prepare(
        session, patient, [csv_file(minutes=12)], started_at=START, zone=ZONE, fetuses=1, maternal_bpm=None
    )
    with app.app_context(), Session(db.engine) as other, transaction.unit_of_work(other):
        other.get_one(PregnancyInfo, pregnancy_id).expected_due_date = (START + timedelta(days=70)).date()

    begin_writing_after_reading(session)
    row = recordings.store_prepared(
        session,
        as_doctor(doctor),
        patient,
        prepared,
        monitoring_type=MonitoringType.CLINIC,
        movement=None,
        device_name="",
        notes="",
    ).monitoring_session
    transaction.commit(session)

    assert prepared.gestation_days == 140
    assert (row.pregnancy_id, row.gestational_age) == (pregnancy_id, 30)
    dated_before = make.patient()
    make.pregnancy(dated_before, due=(START + timedelta(days=70)).date())
    store(session, as_doctor(doctor), dated_before, csv_file(minutes=12), maternal_bpm=None)
    assert len(set(session.scalars(select(SessionAnalysis.input_digest)))) == 1


def test_preparing_a_recording_stores_and_locks_nothing(session: Session, make: Make, app: Flask) -> None:
    patient = make.patient()
    given: dict[str, Any] = {"started_at": START, "zone": ZONE, "fetuses": 1, "maternal_bpm": None}

    recordings.prepare(session, patient, [csv_file()], **given)

    with app.app_context(), Session(db.engine) as other, transaction.unit_of_work(other):
        other.get_one(Patient, patient.id).phone = "0812 111 111"
    session.rollback()
    assert session.scalars(select(MonitoringSession)).all() == []


def test_twins_are_stored_and_analysed_apart(session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    file = csv_file(minutes=12, bpm=130, fhr2_bpm=steady_bpm(2880, 150))

    row = store(session, as_doctor(doctor), patient, file, fetuses=2).monitoring_session

    trace = waveforms.read_trace(session, row)
    assert (row.fetus_count, trace.fetus_count) == (2, 2)
    assert [analysis.fetus for analysis in analyses.newest(session, row)] == [1, 2]
    assert [analysis.baseline_bpm for analysis in analyses.newest(session, row)] == [130, 150]
    assert len(analyses.newest_ids(session, row)) == 2


def test_a_real_ctu_uhb_record_is_stored_and_analysed(session: Session, make: Make) -> None:
    folder = data_folder() / "ctu_uhb"
    header = sorted(folder.rglob("*.hea"))[0]
    files = [SourceFile(path.name, path.read_bytes()) for path in (header, header.with_suffix(".dat"))]
    doctor, patient = make.doctor(), make.patient()

    row = store(session, as_doctor(doctor), patient, *files).monitoring_session

    assert (row.format_id, row.rate_hz) == ("wfdb", 4.0)
    assert row.duration_s is not None
    assert row.duration_s > 1800
    assert waveforms.read_trace(session, row).digest() == row.trace_digest
    (analysis,) = analyses.newest(session, row)
    assert analysis.engine_version
    assert 0 < analysis.loss_fraction < 1


def _note_codes(row: MonitoringSession) -> list[object]:
    return [note["code"] for note in row.format_notes or []]
