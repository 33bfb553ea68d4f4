"""The unit list in the browser: what stands on it, and what never does."""

import re

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import DoctorPatient, MessageOutcome, Movement, Patient, UnitMessage
from app.services.clock import utc_now
from tests.make import Make
from tests.page import Browser

LIST = "/monitoring/unit"


def worried(make: Make, session: Session, *, name: str = "Ayu Lestari") -> tuple[Patient, UnitMessage]:
    patient = make.patient(name=name)
    message = UnitMessage(patient_id=patient.id, movement=Movement.LESS, created_at=utc_now())
    session.add(message)
    session.commit()
    return patient, message


def test_it_says_whom_to_call_and_why(browser: Browser, make: Make, session: Session) -> None:
    patient, _message = worried(make, session)
    make.monitoring_session(patient)
    page = browser.sign_in(make.doctor(on_unit_cover=True)).get(LIST)
    for words in ("Ayu Lestari", "12 Mar 1994", patient.record_number, "0812 000 000", "moving less than usual"):
        assert words in page.words
    assert "1 recording that nobody is to read" in page.words
    assert "nobody" in page.words


def test_it_shows_no_strip_and_no_number_of_a_recording(browser: Browser, make: Make) -> None:
    patient = make.patient()
    recording = make.monitoring_session(patient)
    page = browser.sign_in(make.doctor(on_unit_cover=True)).get(LIST)
    assert not page.soup.select("main img, main svg")
    assert recording.public_id not in page.text
    assert recording.id not in page.text
    assert not re.search(r"\bbpm\b|\d+\s*%", page.words)


def test_nothing_waits(browser: Browser, make: Make) -> None:
    assert "Nothing waits here" in browser.sign_in(make.doctor(on_unit_cover=True)).get(LIST).words


def test_taking_over_opens_the_record_and_she_can_end_it(app: Flask, make: Make, session: Session) -> None:
    patient, _message = worried(make, session)
    doctor = make.doctor(on_unit_cover=True)
    browser = Browser(app).sign_in(doctor)
    browser.get(f"/patients/{patient.id}", status=404)
    form = f"{LIST}/{patient.id}/take-over"
    answer = browser.submit(form, reason="Night duty")
    assert answer.location == f"/patients/{patient.id}"
    assert "until" in browser.follow(answer).words
    assert f"{doctor.name} has taken over until" in browser.get(LIST).words
    herself = Browser(app).sign_in(patient.user)
    assert doctor.name in herself.get("/links").words
    herself.submit("/links", to=f"/links/{doctor.id}/{patient.id}/end")
    browser.get(f"/patients/{patient.id}", status=404)


def test_taking_over_needs_a_reason(browser: Browser, make: Make, session: Session) -> None:
    patient, _message = worried(make, session)
    browser.sign_in(make.doctor(on_unit_cover=True))
    form = f"{LIST}/{patient.id}/take-over"
    for reason in ("", "   ", "x" * 256, "a\u0000b"):
        assert browser.submit(form, status=422, reason=reason).errors
    assert session.scalars(select(DoctorPatient)).all() == []


def test_a_form_of_another_patient_stores_nothing(browser: Browser, make: Make, session: Session) -> None:
    patient, message = worried(make, session)
    other, other_message = worried(make, session, name="Dewi Sari")
    browser.sign_in(make.doctor(on_unit_cover=True))
    fields = browser.get(f"{LIST}/{other.id}/take-over").form()
    browser.post(f"{LIST}/{patient.id}/take-over", {**fields, "reason": "Night duty"}, status=409)
    fields = browser.get(f"{LIST}/messages/{other_message.id}/close").form()
    wrong = {**fields, "outcome": "reached", "note": "Reached."}
    browser.post(f"{LIST}/messages/{message.id}/close", wrong, status=409)
    assert session.scalars(select(DoctorPatient)).all() == []
    assert [found.closed_at for found in session.scalars(select(UnitMessage))] == [None, None]


def test_nobody_takes_over_a_patient_who_is_not_on_the_list(browser: Browser, make: Make, session: Session) -> None:
    patient = make.patient()
    browser.sign_in(make.doctor(on_unit_cover=True))
    browser.get(f"{LIST}/{patient.id}/take-over", status=404)
    browser.post(f"{LIST}/{patient.id}/take-over", {"reason": "Curious"}, status=404)
    browser.post(f"{LIST}/{patient.id + 1000}/take-over", {"reason": "Curious"}, status=404)
    assert session.scalars(select(DoctorPatient)).all() == []


def test_closing_a_message_needs_its_outcome_and_words(browser: Browser, make: Make, session: Session) -> None:
    _patient, message = worried(make, session)
    browser.sign_in(make.doctor(on_unit_cover=True))
    form = f"{LIST}/messages/{message.id}/close"
    assert not browser.get(form).soup.select("input[checked]")
    assert len(browser.submit(form, status=422).errors) == 2
    browser.submit(form, status=422, outcome="fine", note="Reached.")
    browser.submit(form, outcome="reached", note="She is on her way.")
    session.refresh(message)
    assert message.outcome is MessageOutcome.REACHED
    assert "Nothing waits here" in browser.get(LIST).words


def test_a_message_that_somebody_closed_is_closed_once(app: Flask, make: Make, session: Session) -> None:
    _patient, message = worried(make, session)
    path = f"{LIST}/messages/{message.id}/close"
    first = Browser(app).sign_in(make.doctor(on_unit_cover=True))
    second = Browser(app).sign_in(make.doctor(on_unit_cover=True))
    fields = {**second.get(path).form(), "outcome": "mistake", "note": "A mistake."}
    first.submit(path, outcome="reached", note="Reached.")
    second.post(path, fields, status=409)
    second.get(path, status=409)
    session.refresh(message)
    assert message.outcome is MessageOutcome.REACHED


def test_only_doctors_on_unit_cover_come_here(app: Flask, make: Make, session: Session) -> None:
    patient, message = worried(make, session)
    linked = make.doctor()
    make.link(linked, patient)
    for person in (linked, make.doctor(is_valid=False), patient.user, make.admin()):
        visitor = Browser(app).sign_in(person)
        visitor.get(LIST, status=403)
        visitor.post(f"{LIST}/{patient.id}/take-over", {"reason": "Curious"}, status=403)
        visitor.post(f"{LIST}/messages/{message.id}/close", {"outcome": "mistake", "note": "no"}, status=403)
    session.refresh(message)
    assert message.closed_at is None


def test_a_place_that_no_page_links_to_is_refused(browser: Browser, make: Make) -> None:
    browser.sign_in(make.doctor(on_unit_cover=True))
    for place in ("x", "1", "1.x", "9" * 25 + ".1", "1." + "9" * 28, "\u0661.\u0661"):
        browser.get(LIST, status=400, query_string={"after": place})
    browser.get(LIST, query_string={"after": "0.0"})


def test_her_readers_are_named_and_who_reads_already_opens_the_record(browser: Browser, make: Make) -> None:
    cover, patient = make.doctor(name="dr. Cover", on_unit_cover=True), make.patient()
    make.link(make.doctor(name="dr. Reader"), patient)
    Browser(browser.app).sign_in(patient.user).post("/monitoring/upload/movement", {"movement": "less"})
    page = browser.sign_in(cover).get("/monitoring/unit")
    assert "dr. Reader" in page.words
    assert "nobody" not in page.one("main table").get_text()
    assert "Take over" in page.words
    make.link(cover, patient)
    page = browser.get("/monitoring/unit")
    assert "dr. Cover" in page.one("main table").get_text()
    assert "Take over" not in page.words
    assert page.one(f'main a[href="/patients/{patient.id}"]')
