"""From an empty database to a patient who reads what her doctor wrote, in a real browser on a real server."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import journey
from tests.browser.reader import DESK, PHONE, Reader
from tests.browser.server import Server
from tests.data import data_folder

DOCTOR_NAME, PATIENT_NAME = "Ratna Dewi", "Sekar Ayu"


@pytest.fixture
def record() -> Path:
    """The header of a CTU-UHB record, its signals beside it."""
    return data_folder() / "ctu_uhb" / "dev" / "1001.hea"


def test_a_recording_goes_from_upload_to_the_patients_page(server: Server, chromium: Browser, record: Path) -> None:
    travel(server, chromium, record, has_scripts=True)


@pytest.mark.sweep
def test_the_same_without_a_script(sqlite_server: Server, chromium: Browser, record: Path) -> None:
    travel(sqlite_server, chromium, record, has_scripts=False)


def travel(server: Server, chromium: Browser, record: Path, *, has_scripts: bool) -> None:
    """Every step of the journey, and no complaint in any browser or in the server's log."""
    doctor = Reader(chromium, server.address, DESK, has_scripts=has_scripts)
    patient = Reader(chromium, server.address, PHONE, has_scripts=has_scripts)
    admin = Reader(chromium, server.address, DESK, has_scripts=has_scripts)
    journey.make_admin(server)
    journey.register(doctor, name=DOCTOR_NAME, email=journey.DOCTOR, role="a doctor or midwife")
    assert doctor.page.url.endswith("/auth/waiting")
    doctor.inspect()
    admin.sign_in(journey.ADMIN)
    journey.set_unit(admin)
    journey.validate(admin, DOCTOR_NAME)
    journey.register(
        patient,
        name=PATIENT_NAME,
        email=journey.PATIENT,
        role="pregnant, and want to send recordings",
        birth_date="1996-04-17",
    )
    journey.ask_for_access(doctor)
    journey.accept(patient, DOCTOR_NAME)
    journey.upload(doctor, record)
    journey.see_strip(doctor)
    if has_scripts:
        journey.type_on_after_a_new_sign_in(doctor)
    journey.save_draft(doctor)
    journey.sign(doctor)
    doctor.open("/")
    doctor.inspect()
    doctor.page.go_back()
    journey.release(doctor)
    journey.read(patient, DOCTOR_NAME)
    for person in (doctor, patient, admin):
        assert person.complaints == []
        person.page.context.close()
    assert "Traceback" not in server.log.read_text()
