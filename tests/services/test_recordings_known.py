"""The same content twice: one recording for one patient, a possible mix-up between two."""

from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.ctg.formats import SourceFile
from app.extensions import db
from app.models import (
    AuditEvent,
    MonitoringSession,
)
from app.services.recordings import StoredRecording
from tests.make import Make
from tests.recordings import steady_bpm, wfdb_bytes
from tests.services.uploads import as_doctor, as_patient, csv_file, store, stored_counts


def test_the_same_content_is_the_same_recording_whatever_the_file_is_called(session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    first = store(session, as_doctor(doctor), patient, csv_file(name="a.csv"))

    second = store(session, as_doctor(doctor), patient, csv_file(name="copy of a.csv"))

    assert not second.is_new
    assert second.monitoring_session.id == first.monitoring_session.id
    assert stored_counts(session)[:2] == [1, 1]


def test_the_order_of_the_files_does_not_matter(session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    header, signal = wfdb_bytes(steady_bpm(960))
    files = [SourceFile("1001.hea", header), SourceFile("1001.dat", signal)]

    first = store(session, as_doctor(doctor), patient, *files)
    second = store(session, as_doctor(doctor), patient, *reversed(files))

    assert (first.is_new, second.is_new) == (True, False)


def test_the_same_content_for_another_patient_is_kept_apart_and_flagged_without_a_name(
    session: Session, make: Make
) -> None:
    hers, other = make.patient(name="Maria Hutapea"), make.patient(name="Siti Rahayu")
    first = store(session, as_patient(hers), hers, csv_file()).monitoring_session

    second = store(session, as_patient(other), other, csv_file()).monitoring_session

    assert second.id != first.id
    assert (first.is_possible_mix_up, second.is_possible_mix_up) == (True, True)
    assert stored_counts(session)[:3] == [2, 1, 1]
    flags = session.scalars(select(AuditEvent).where(AuditEvent.act == "session:flag_mix_up")).all()
    assert {flag.subject_patient_id for flag in flags} == {hers.id, other.id}
    assert {(flag.actor_id, flag.actor_role) for flag in flags} == {(None, "job")}


@pytest.mark.parametrize("_round", range(3))
def test_a_race_of_two_uploads_of_one_file_stores_one(app: Flask, session: Session, make: Make, _round: int) -> None:
    doctor, patient = make.doctor(), make.patient()
    barrier = Barrier(2)
    stored: list[StoredRecording] = []

    def upload() -> None:
        with app.app_context():
            engine = db.engine
        with Session(engine, expire_on_commit=False) as own:
            barrier.wait(timeout=60)
            stored.append(store(own, as_doctor(doctor), patient, csv_file(minutes=3)))

    threads = [Thread(target=upload) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(one.is_new for one in stored) == [False, True]
    assert len({one.monitoring_session.id for one in stored}) == 1
    assert stored_counts(session)[:2] == [1, 1]


def test_a_race_of_two_patients_with_one_file_flags_both(app: Flask, session: Session, make: Make) -> None:
    patients = [make.patient(), make.patient()]
    barrier = Barrier(2)

    def upload(number: int) -> None:
        with app.app_context():
            engine = db.engine
        with Session(engine, expire_on_commit=False) as own:
            barrier.wait(timeout=60)
            store(own, as_patient(patients[number]), patients[number], csv_file(minutes=3))

    threads = [Thread(target=upload, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert session.scalars(select(MonitoringSession.is_possible_mix_up)).all() == [True, True]
