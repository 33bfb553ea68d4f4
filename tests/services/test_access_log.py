"""A patient's own access log: her record only, everybody but herself unless she asks, newest first, page by page."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from app.access.actor import JOB
from app.models import Patient
from app.services import access_log, audit, transaction
from app.services.access_log import PAGE_SIZE
from tests.make import Make
from tests.services.uploads import as_doctor, as_patient


@pytest.fixture
def patient(make: Make) -> Patient:
    return make.patient()


def test_it_speaks_of_her_record_only(session: Session, make: Make, patient: Patient) -> None:
    doctor, other = make.doctor(name="Ratna Dewi"), make.patient()
    with transaction.unit_of_work(session):
        for subject in (patient.id, other.id, None):
            audit.record(session, as_doctor(doctor), "session:read", patient_id=subject, object_id="abc")
        audit.record(session, as_patient(patient), "patient:read", patient_id=patient.id)
        audit.record(session, as_patient(patient), "link:decide", patient_id=patient.id)
        audit.record(session, JOB, "session:flag_mix_up", patient_id=patient.id)
    page = access_log.page(session, patient, includes_own=False)
    assert [(entry.name, entry.role, entry.act) for entry in page.entries] == [
        ("", "job", "session:flag_mix_up"),
        ("Ratna Dewi", "doctor", "session:read"),
    ]
    own = access_log.page(session, patient, includes_own=True)
    assert [(entry.act, entry.is_own) for entry in own.entries] == [
        ("session:flag_mix_up", False),
        ("patient:read", True),
        ("session:read", False),
    ]


def test_pages_follow_one_another_without_a_gap(session: Session, make: Make, patient: Patient) -> None:
    doctor = as_doctor(make.doctor())
    with transaction.unit_of_work(session):
        for number in range(PAGE_SIZE + 1):
            audit.record(session, doctor, "session:read", patient_id=patient.id, object_id=number)
    first = access_log.page(session, patient, includes_own=False)
    assert first.older_than is not None
    second = access_log.page(session, patient, includes_own=False, older_than=first.older_than)
    assert [int(entry.object_id) for entry in (*first.entries, *second.entries)] == list(range(PAGE_SIZE, -1, -1))
    assert second.older_than is None


def test_the_pieces_of_one_look_at_a_recording_are_one_entry(session: Session, make: Make, patient: Patient) -> None:
    ratna, budi = as_doctor(make.doctor(name="Ratna")), as_doctor(make.doctor(name="Budi"))
    began = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    looks = [
        *((ratna, minute, "session:read", "a") for minute in (0, 0, 8, 16)),
        (ratna, 16, "analysis:read", "a"),
        (budi, 17, "session:read", "a"),
        (ratna, 18, "session:read", "b"),
        (ratna, 40, "session:read", "b"),
        (ratna, 41, "review:write", "b"),
    ]
    for actor, minute, act, name in looks:
        with time_machine.travel(began + timedelta(minutes=minute), tick=False), transaction.unit_of_work(session):
            audit.record(session, actor, act, patient_id=patient.id, object_type="session", object_id=name)

    page = access_log.page(session, patient, includes_own=False)

    minutes = [int((entry.at - began).total_seconds() / 60) for entry in page.entries]
    # Each with the time at which it began; after more than ten minutes it is another look.
    assert [(entry.name, entry.object_id, minute) for entry, minute in zip(page.entries, minutes, strict=True)] == [
        ("Ratna", "b", 41),
        ("Ratna", "b", 40),
        ("Ratna", "b", 18),
        ("Budi", "a", 17),
        ("Ratna", "a", 0),
    ]
