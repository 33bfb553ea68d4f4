"""A patient's own access log: her record only, everybody but herself unless she asks, newest first, page by page."""

import pytest
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
