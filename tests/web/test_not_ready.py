"""Without the unit's phone a patient is shown whom to call and nothing else; with it, her pages."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Movement, UnitMessage
from tests.make import Make
from tests.page import Browser

SENTENCE = "This portal is not ready: the unit's phone is missing."


def pages_of(make: Make, browser: Browser) -> list[str]:
    patient = make.patient()
    recording = make.monitoring_session(patient)
    make.link(make.doctor(), patient)
    browser.sign_in(patient.user)
    return [
        "/patients/mine",
        f"/patients/{patient.id}",
        f"/patients/{patient.id}/access-log",
        "/links",
        "/monitoring/sessions",
        f"/monitoring/sessions/{recording.public_id}",
        f"/monitoring/sessions/{recording.public_id}/strip.svg",
        "/monitoring/upload",
        "/monitoring/upload/call",
    ]


def test_every_page_of_hers_shows_whom_to_call_and_nothing_else(browser: Browser, make: Make) -> None:
    make.no_unit()
    for path in pages_of(make, browser):
        page = browser.get(path, status=503)
        assert page.heading == SENTENCE
        assert page.one("main .emergency__phone")["href"] == "tel:119"
        assert "Emergency number" in page.words
        page.one("main .emergency").decompose()
        assert page.words == SENTENCE


def test_her_account_and_the_way_out_stay(browser: Browser, make: Make) -> None:
    make.no_unit()
    browser.sign_in(make.patient().user)
    for path in ("/account", "/account/password"):
        assert SENTENCE not in browser.get(path).words
    browser.post("/auth/sign-out")


def test_what_worries_her_is_taken_all_the_same(browser: Browser, session: Session, make: Make) -> None:
    make.no_unit()
    patient = make.patient()
    browser.sign_in(patient.user)
    browser.post("/monitoring/upload/movement", {"movement": Movement.LESS.value})
    assert session.scalars(select(UnitMessage.patient_id)).all() == [patient.id]


def test_the_unit_opens_her_pages(browser: Browser, make: Make) -> None:
    for path in pages_of(make, browser)[:5]:
        page = browser.get(path, status=303 if path.endswith("mine") else 200)
        assert SENTENCE not in page.text


@pytest.mark.parametrize("path", ["/monitoring/queue", "/patients", "/monitoring/sessions", "/links"])
def test_a_doctor_works_without_it(browser: Browser, make: Make, path: str) -> None:
    make.no_unit()
    browser.sign_in(make.doctor()).get(path)
