"""A patient's own pages: whom to call comes first, sentences instead of numbers, and who has looked."""

import ast
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.access import Permission, is_about_a_patient
from app.models import AccessState, Patient, ReleaseKind, ReviewState, Unit, User
from app.services import audit, transaction
from app.services.access_log import PAGE_SIZE
from app.services.clock import utc_now
from app.services.patient_recordings import SHOWN
from app.web.patients.access_log import ACTS
from tests.conftest import NOON
from tests.make import ZONE, Make
from tests.page import Browser, squeeze
from tests.rules.tree import parsed, python_files
from tests.services.readings import SUSPICIOUS, call, give, recording, sign
from tests.services.uploads import as_doctor

pytestmark = pytest.mark.usefixtures("noon")

TODAY = NOON.astimezone(ZONE).date()


@pytest.fixture
def patient(make: Make) -> Patient:
    make.unit()
    return make.patient(name="Siti Aminah")


@pytest.fixture
def hers(browser: Browser, patient: Patient) -> Browser:
    return browser.sign_in(patient.user)


def test_the_way_to_her_page(hers: Browser, patient: Patient) -> None:
    assert hers.get("/", status=303).location == "/patients/mine"
    assert hers.get("/patients/mine", status=303).location == f"/patients/{patient.id}"


@pytest.mark.parametrize("path", ["/patients/{id}", "/links", "/patients/{id}/access-log"])
def test_whom_to_call_comes_first(hers: Browser, patient: Patient, path: str) -> None:
    page = hers.get(path.format(id=patient.id))
    first = page.one(".columns__content").find(True)
    assert first is not None
    assert first["class"] == ["emergency"]
    assert page.one(".emergency__phone")["href"] == "tel:0215550100"


def test_weeks_are_words(hers: Browser, make: Make, patient: Patient) -> None:
    make.pregnancy(patient, due=TODAY + timedelta(days=280 - 33 * 7 - 2))
    assert "Siti Aminah 33 weeks and 2 days" in hers.get(f"/patients/{patient.id}").words


@pytest.mark.parametrize("shift", [-29, 281])
def test_no_week_is_counted_outside_a_pregnancy(hers: Browser, make: Make, patient: Patient, shift: int) -> None:
    make.pregnancy(patient, due=TODAY + timedelta(days=shift))
    assert "week" not in hers.get(f"/patients/{patient.id}").words


def test_recordings_are_sentences_without_a_number_or_a_picture(hers: Browser, make: Make, patient: Patient) -> None:
    row = make.monitoring_session(patient)
    page = hers.get(f"/patients/{patient.id}")
    entry = squeeze(page.one(".recordings li"))
    assert "Your recording is saved. Nobody has checked it yet." in entry
    assert page.one(f'.recordings a[href="/monitoring/sessions/{row.public_id}"]')
    assert "Finding a heartbeat does not mean your baby is well." in page.words
    # Not in the page's source: an identifier has any three letters in a row sooner or later.
    assert "bpm" not in page.soup.get_text()
    assert not page.soup.select("main img, main svg")
    assert page.soup.select('main a[href="/monitoring/upload"]')


def test_who_opened_it_is_said(app: Flask, session: Session, make: Make, hers: Browser, patient: Patient) -> None:
    doctor = make.doctor(name="Ratna Dewi")
    make.link(doctor, patient)
    row = make.monitoring_session(patient, owner=doctor)
    Browser(app).sign_in(doctor).get(f"/monitoring/sessions/{row.public_id}")
    assert "Dr Ratna Dewi opened it at" in hers.get(f"/patients/{patient.id}").words


def test_more_recordings_than_the_page_shows_are_a_link_away(hers: Browser, make: Make, patient: Patient) -> None:
    for _number in range(SHOWN + 1):
        make.monitoring_session(patient)
    page = hers.get(f"/patients/{patient.id}")
    assert len(page.soup.select(".recordings li")) == SHOWN
    assert page.one('main a[href="/monitoring/sessions"]')


NOBODY = "Nobody is assigned to read your recordings."


def test_she_is_told_when_nobody_is_assigned(hers: Browser, session: Session, make: Make, patient: Patient) -> None:
    path = f"/patients/{patient.id}"
    make.doctor(is_valid=False, on_unit_cover=True)
    make.link(make.doctor(), patient, state=AccessState.REQUESTED)
    make.link(make.doctor(is_valid=False), patient)
    make.link(make.doctor(), patient, expires_at=utc_now() - timedelta(seconds=1))
    assert NOBODY in hers.get(path).words
    cover = make.doctor(on_unit_cover=True)
    assert NOBODY not in hers.get(path).words
    cover.deactivated_at = utc_now()
    session.commit()
    assert NOBODY in hers.get(path).words
    make.link(make.doctor(), patient)
    assert NOBODY not in hers.get(path).words


def test_how_soon_is_said_only_when_the_unit_says_so(
    hers: Browser, session: Session, make: Make, patient: Patient
) -> None:
    make.link(make.doctor(name="Ratna Dewi"), patient)
    path = f"/patients/{patient.id}"
    assert "working day" not in hers.get(path).words

    session.get_one(Unit, 1).reading_within_days = 2
    session.commit()
    assert "Ratna Dewi usually reads within 2 working days." in hers.get(path).words


def test_nothing_computed_of_hers_is_named(hers: Browser, session: Session, make: Make, patient: Patient) -> None:
    row = make.monitoring_session(patient)
    row.review_state, row.loss_fraction = ReviewState.SIGNED, 0.873
    session.commit()
    words = hers.get(f"/patients/{patient.id}").words
    for word in ("87", "87.3", "0.873", "loss", "signed", "risk", "normal", "baseline"):
        assert not re.search(rf"\b{word}\b", words, re.IGNORECASE), word


def test_a_request_is_decided_on_her_page(hers: Browser, session: Session, make: Make, patient: Patient) -> None:
    doctor = make.doctor(name="Dr <i>Ratna</i>")
    make.link(doctor, patient, state=AccessState.REQUESTED)
    assert "Dr <i>Ratna</i> asks to see your record" in hers.get(f"/patients/{patient.id}").words
    hers.submit(f"/patients/{patient.id}", to=f"/links/{doctor.id}/{patient.id}/decline")
    assert "asks to see" not in hers.get(f"/patients/{patient.id}").words


def test_she_sees_who_looked_and_what_they_did(app: Flask, make: Make, hers: Browser, patient: Patient) -> None:
    doctor, stranger = make.doctor(name="Ratna Dewi"), make.doctor(name="Stranger One")
    make.link(doctor, patient)
    Browser(app).sign_in(doctor).get(f"/patients/{patient.id}")
    Browser(app).sign_in(stranger).get(f"/patients/{patient.id}", status=404)
    path = f"/patients/{patient.id}/access-log"
    words = hers.get(path).words
    assert "Ratna Dewi, doctor or midwife opened the record" in words
    assert "somebody without access tried to open something of the record and was refused" in words
    assert "Stranger One" not in words
    assert "Siti Aminah, patient" not in words
    assert "Siti Aminah, patient opened this list" in hers.get(f"{path}?own=1").words


def test_another_patients_name_stays_with_the_administrator(
    app: Flask, make: Make, hers: Browser, patient: Patient
) -> None:
    other, once = make.patient(name="Dewi Lestari"), make.doctor(name="Ratna Dewi")
    make.link(once, patient, state=AccessState.ENDED)
    for user in (other.user, once):
        Browser(app).sign_in(user).get(f"/patients/{patient.id}", status=404)
    words = hers.get(f"/patients/{patient.id}/access-log").words
    assert "somebody without access tried to open" in words
    assert "Dewi Lestari" not in words
    assert "Ratna Dewi, doctor or midwife tried to open" in words
    trail = Browser(app).sign_in(make.admin()).get(f"/admin/audit?patient={patient.record_number}").words
    assert "Dewi Lestari" in trail
    assert "searched the audit trail for this record" in hers.get(f"/patients/{patient.id}/access-log").words


def test_the_log_goes_on_on_a_second_page(session: Session, make: Make, hers: Browser, patient: Patient) -> None:
    doctor = as_doctor(make.doctor())
    with transaction.unit_of_work(session):
        for number in range(PAGE_SIZE + 1):
            audit.record(session, doctor, "session:read", patient_id=patient.id, object_id=number)
    first = hers.get(f"/patients/{patient.id}/access-log?own=0")
    assert len(first.soup.select(".timeline li")) == PAGE_SIZE
    second = hers.get(str(first.one("a[rel=next]")["href"]))
    assert len(second.soup.select(".timeline li")) == 1


@pytest.mark.parametrize("position", ["x", "-1", "9" * 19, ""])
def test_a_position_that_is_none_is_refused(hers: Browser, patient: Patient, position: str) -> None:
    hers.get(f"/patients/{patient.id}/access-log?older={position}", status=400)


def test_the_log_is_hers_alone(app: Flask, make: Make, patient: Patient) -> None:
    doctor = make.doctor()
    make.link(doctor, patient)
    users: list[tuple[User, int]] = [(make.patient().user, 404), (doctor, 403), (make.admin(), 403)]
    for user, status in users:
        Browser(app).sign_in(user).get(f"/patients/{patient.id}/access-log", status=status)


def acts_on_a_record() -> set[str]:
    """Every act that code of ours writes of a patient, and every permission that it asks for by name."""
    acts = {permission.value for permission in Permission if is_about_a_patient(permission)}
    for path in python_files("app"):
        for call_ in (node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)):
            name = getattr(call_.func, "attr", getattr(call_.func, "id", ""))
            if name == "requires":
                continue
            acts |= {
                Permission[node.attr].value
                for argument in call_.args
                for node in ast.walk(argument)
                if isinstance(node, ast.Attribute) and node.attr in Permission.__members__
            }
            if name == "record" and any(keyword.arg == "patient_id" for keyword in call_.keywords):
                acts |= {
                    node.value
                    for node in ast.walk(call_.args[2])
                    if isinstance(node, ast.Constant) and isinstance(node.value, str)
                }
    return acts


def test_every_act_on_a_record_has_words() -> None:
    acts = acts_on_a_record()
    # A decision is followed by the row that says which.
    assert acts - set(ACTS) == {"link:decide"}
    assert {"refused", "audit:search", "session:store", "queue:read"} <= acts


def test_a_word_to_call_stands_right_under_the_card(browser: Browser, session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    assert read.patient is not None
    review = sign(session, doctor, read, SUSPICIOUS)
    call(session, doctor, read)
    give(session, doctor, read, review, kind=ReleaseKind.PLEASE_CALL, message="")
    for _ in range(3):
        make.monitoring_session(read.patient)
    page = browser.sign_in(read.patient.user).get(f"/patients/{read.patient.id}")
    notice = page.one("main .notice--call")
    assert squeeze(notice).startswith("Please call")
    assert f"/monitoring/sessions/{read.public_id}" in str(notice)
    before = page.text[page.text.index('id="emergency-title"') : page.text.index("notice--call")]
    assert "<h1" not in before
