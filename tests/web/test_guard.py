"""Deny by default: what a view forgets to say is answered with no."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.access import Permission
from app.extensions import db
from app.models import AuditEvent
from app.services import guarded
from app.web import current
from app.web.guard import public, requires
from tests.conftest import make_settings
from tests.make import Make
from tests.page import Browser


@pytest.fixture
def careless(app: Flask, database_url: str) -> Iterator[Flask]:
    """The application with views whose authors forgot something."""
    careless = create_app(make_settings(database_url))

    @careless.get("/unmarked")
    def unmarked() -> str:
        return "secret"

    @careless.post("/unmarked-post")
    def unmarked_post() -> str:
        return "secret"

    @careless.get("/forgets-the-loader/<int:patient_id>")
    @requires(Permission.PATIENT_READ)
    def forgets_the_loader(patient_id: int) -> str:
        return f"secret {patient_id}"

    @careless.get("/asks-for-something-else/<int:patient_id>")
    @requires(Permission.REVIEW_WRITE)
    def asks_for_something_else(patient_id: int) -> str:
        guarded.patient(current.database(), current.actor(), patient_id, Permission.PATIENT_READ)
        return f"secret {patient_id}"

    @careless.get("/remembers/<int:patient_id>")
    @requires(Permission.PATIENT_READ)
    def remembers(patient_id: int) -> str:
        guarded.patient(current.database(), current.actor(), patient_id, Permission.PATIENT_READ)
        return f"hers {patient_id}"

    @careless.get("/open")
    @public
    def for_everybody() -> str:
        return "open"

    yield careless
    with careless.app_context():
        db.engine.dispose()


def refusals(session: Session) -> list[tuple[str | None, int | None]]:
    session.rollback()
    rows = session.scalars(select(AuditEvent).where(AuditEvent.act == "refused").order_by(AuditEvent.position))
    return [(row.actor_role, row.subject_patient_id) for row in rows]


def test_an_unmarked_route_answers_no_to_everybody(careless: Flask, make: Make) -> None:
    for person in (None, make.patient().user, make.doctor(on_unit_cover=True), make.admin()):
        visitor = Browser(careless)
        if person is not None:
            visitor.sign_in(person)
        assert "secret" not in visitor.get("/unmarked", status=403).text
        visitor.post("/unmarked-post", status=403)


def test_a_view_that_never_asked_about_the_patient_answers_no(careless: Flask, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    visitor = Browser(careless).sign_in(doctor)
    assert "secret" not in visitor.get(f"/forgets-the-loader/{patient.id}", status=403).text
    assert "secret" not in visitor.get(f"/asks-for-something-else/{patient.id}", status=403).text
    assert visitor.client.get(f"/remembers/{patient.id}").text == f"hers {patient.id}"


def test_what_is_public_is_open(careless: Flask) -> None:
    assert Browser(careless).client.get("/open").text == "open"


def test_an_anonymous_visitor_is_sent_to_sign_in_and_back(browser: Browser) -> None:
    page = browser.get("/patients?q=a%26b", status=303)
    assert page.location == "/auth/sign-in?next=/patients?q%3Da%2526b"


def test_after_a_post_of_unknown_origin_she_is_not_sent_back_to_it(browser: Browser) -> None:
    assert browser.post("/auth/sign-out").location == "/auth/sign-in"


@pytest.mark.parametrize(
    ("referrer", "location"),
    [
        ("http://localhost/monitoring/upload?patient=7", "/auth/sign-in?next=/monitoring/upload?patient%3D7"),
        ("http://elsewhere.example/monitoring/upload", "/auth/sign-in"),
        ("http://localhost.example/monitoring/upload", "/auth/sign-in"),
        ("nonsense", "/auth/sign-in"),
        ("", "/auth/sign-in"),
    ],
)
def test_after_a_post_she_is_sent_back_to_the_page_of_its_form(browser: Browser, referrer: str, location: str) -> None:
    answer = browser.post("/monitoring/upload", headers={"Referer": referrer})
    assert answer.location == location


def test_a_signed_in_person_without_the_permission_is_refused_and_it_is_written_down(
    browser: Browser, make: Make, session: Session
) -> None:
    browser.sign_in(make.patient().user)
    page = browser.get("/admin/users", status=403)
    assert page.heading == "You may not open this page"
    assert refusals(session) == [("patient", None)]


def test_not_hers_and_not_there_look_the_same_and_both_are_written_down(
    browser: Browser, make: Make, session: Session
) -> None:
    doctor, stranger = make.doctor(), make.patient()
    browser.sign_in(doctor)
    not_hers = browser.get(f"/patients/{stranger.id}", status=404)
    not_there = browser.get("/patients/987654", status=404)
    assert not_hers.words.split("number:")[0] == not_there.words.split("number:")[0]
    assert refusals(session) == [("doctor", stranger.id), ("doctor", None)]


def test_revoking_acts_on_the_next_request(browser: Browser, make: Make, session: Session) -> None:
    doctor, patient = make.doctor(), make.patient()
    link = make.link(doctor, patient)
    browser.sign_in(doctor).get(f"/patients/{patient.id}")
    session.delete(link)
    session.commit()
    browser.get(f"/patients/{patient.id}", status=404)


def test_a_post_without_a_token_changes_nothing(browser: Browser, make: Make) -> None:
    browser.sign_in(make.admin())
    browser.post("/admin/unit", {"csrf_token": "", "name": "A", "phone": "119"}, status=400)
    browser.post("/admin/unit", {"csrf_token": "forged", "name": "A", "phone": "119"}, status=400)
