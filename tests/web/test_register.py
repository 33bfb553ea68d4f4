"""Registration: patients and doctors only, one answer for known and unknown addresses."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from app.extensions import db
from app.models import AuditEvent, Doctor, Language, OutgoingMail, Patient, Role, User
from app.services.clock import utc_now
from tests.conftest import make_settings
from tests.make import Make
from tests.page import Browser

PATH = "/auth/register"
PATIENT: dict[str, Any] = {
    "language": "id",
    "role": "patient",
    "name": "Siti Rahma",
    "email": "Siti.Rahma@example.org",
    "password": "seven purple otters",
    "birth_date": "1994-03-12",
    "phone": "0812 555 0101",
}
DOCTOR: dict[str, Any] = {
    **PATIENT,
    "role": "doctor",
    "email": "budi@example.org",
    "name": "Budi",
    "birth_date": "",
    "phone": "",
}


@pytest.fixture
def mailing_app(app: Flask, database_url: str) -> Iterator[Flask]:
    """The same instance where mail leaves the machine."""
    url = "smtp://mail.example.org?from=unit@example.org&portal=https://portal.example.org"
    mailing = create_app(replace(make_settings(database_url), mail_url=url))
    yield mailing
    with mailing.app_context():
        db.engine.dispose()


def test_a_patient_registers_and_can_sign_in_at_once(browser: Browser, session: Session) -> None:
    page = browser.submit(PATH, **PATIENT)
    assert page.location == "/auth/sign-in"
    assert "your account is made: sign in" in browser.follow(page).words
    browser.submit("/auth/sign-in", email=PATIENT["email"], password=PATIENT["password"])
    user = session.scalars(select(User)).one()
    patient = session.scalars(select(Patient)).one()
    assert (user.name, user.email, user.email_lower) == (
        "Siti Rahma",
        "Siti.Rahma@example.org",
        "siti.rahma@example.org",
    )
    assert (user.role, user.language) == (Role.PATIENT, Language.INDONESIAN)
    assert (patient.user_id, patient.birth_date, patient.phone) == (user.id, date(1994, 3, 12), "0812 555 0101")


def test_a_doctor_registers_and_waits_for_validation(browser: Browser, session: Session) -> None:
    browser.submit(PATH, **DOCTOR)
    assert session.scalars(select(Doctor.is_valid)).all() == [False]
    assert session.scalars(select(Patient)).all() == []
    browser.submit("/auth/sign-in", email=DOCTOR["email"], password=DOCTOR["password"])
    assert browser.get("/", status=303).location == "/auth/waiting"


def test_registering_as_admin_is_refused(browser: Browser, session: Session) -> None:
    """In the original anyone could post role=admin and was one."""
    page = browser.submit(PATH, status=422, **{**DOCTOR, "role": "admin"})
    assert page.errors == ["Not a valid choice."]
    assert session.scalar(select(func.count()).select_from(User)) == 0


def test_an_id_in_the_body_changes_nothing(browser: Browser, make: Make, session: Session) -> None:
    admin = make.admin()
    browser.submit(PATH, **DOCTOR, id=str(admin.id), user_id=str(admin.id), is_valid="1", is_admin="1")
    made = session.scalars(select(User).where(User.id != admin.id)).one()
    assert made.role is Role.DOCTOR
    assert session.scalars(select(Doctor.is_valid)).all() == [False]


def test_the_language_of_the_page_is_chosen_beforehand(browser: Browser) -> None:
    assert browser.get(PATH + "?lang=id").form()["language"] == "id"
    assert browser.get(PATH + "?lang=en").form()["language"] == "en"


def test_language_comes_first(browser: Browser) -> None:
    fields = [str(field["name"]) for field in browser.get(PATH).soup.select("main form [name]")]
    assert list(dict.fromkeys(fields)) == [
        "csrf_token",
        "language",
        "role",
        "name",
        "email",
        "password",
        "birth_date",
        "phone",
    ]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("language", "fr", "Not a valid choice."),
        ("role", "", "Choose who you are."),
        ("name", "  ", "Enter your name."),
        ("name", "x" * 256, "Use at most 255 characters."),
        ("name", "Siti\u202e", "Remove the characters that cannot be shown."),
        ("email", "", "Enter your e-mail address."),
        ("email", "siti", "Enter an e-mail address such as name@example.org."),
        ("email", "sitï@example.org", "Enter an e-mail address such as name@example.org."),
        ("email", "a@b.org, c@d.org", "Enter an e-mail address such as name@example.org."),
        ("email", "a" * 250 + "@example.org", "Use at most 255 characters."),
        ("password", "", "Choose a password."),
        ("password", "nine char", "Use at least 10 characters."),
        ("password", "x1" * 65, "Use at most 128 characters."),
        ("password", "Password123", "Many people use this password, so it is easily guessed. Choose another one."),
        ("password", "SitiRahma94", "This password is your own name or e-mail address. Choose another one."),
        ("birth_date", "", "Enter your birth date."),
        ("birth_date", "12.03.1994", "Enter the date as year, month and day: 2026-11-22."),
        ("birth_date", "9999-12-31", "Check the birth date."),
        ("birth_date", "1894-03-12", "Check the birth date."),
        ("phone", "call me", "Enter a phone number with digits, spaces, + ( ) and - only."),
        ("phone", "0" * 21, "Use at most 20 characters."),
    ],
)
def test_what_cannot_be_used_is_named(browser: Browser, session: Session, field: str, value: str, message: str) -> None:
    page = browser.submit(PATH, status=422, **{**PATIENT, field: value})
    assert page.errors == [message]
    assert session.scalar(select(func.count()).select_from(User)) == 0


def test_a_doctor_may_not_give_an_impossible_birth_date_either(browser: Browser) -> None:
    assert browser.submit(PATH, status=422, **{**DOCTOR, "birth_date": "tomorrow"}).errors == [
        "Enter the date as year, month and day: 2026-11-22."
    ]


def test_nothing_typed_but_the_password_is_lost(browser: Browser) -> None:
    page = browser.submit(PATH, status=422, **{**PATIENT, "phone": "call me"})
    kept = page.form()
    assert {name: kept[name] for name in PATIENT if name != "password"} == {
        **{name: PATIENT[name] for name in PATIENT if name != "password"},
        "phone": "call me",
    }
    assert kept["password"] == ""


def test_a_known_address_changes_nothing_and_its_owner_is_told(browser: Browser, make: Make, session: Session) -> None:
    owner = make.user(email="siti.rahma@example.org", name="The owner")
    owner.language = Language.ENGLISH
    session.commit()
    before = owner.password_hash
    browser.submit(PATH, **PATIENT)
    session.rollback()
    session.refresh(owner)
    assert (owner.name, owner.password_hash) == ("The owner", before)
    assert session.scalar(select(func.count()).select_from(User)) == 1
    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.to_address, mail.subject) == (owner.email, "You have an account already")
    assert "Siti" not in mail.body


def test_a_closed_account_is_not_opened_and_not_written_to(browser: Browser, make: Make, session: Session) -> None:
    owner = make.user(email=PATIENT["email"])
    owner.deactivated_at = utc_now()
    session.commit()
    browser.submit(PATH, **PATIENT)
    assert session.scalars(select(OutgoingMail)).all() == []
    browser.submit("/auth/sign-in", status=422, email=PATIENT["email"], password=PATIENT["password"])


def test_registration_is_audited(browser: Browser, session: Session) -> None:
    browser.submit(PATH, **PATIENT)
    user = session.scalars(select(User)).one()
    event = session.scalars(select(AuditEvent)).one()
    assert (event.act, event.actor_id, event.object_id, event.actor_role) == (
        "account:register",
        user.id,
        str(user.id),
        "patient",
    )


def test_where_mail_leaves_the_machine_the_address_is_proved_first(mailing_app: Flask, session: Session) -> None:
    browser = Browser(mailing_app)
    assert "password" not in browser.get(PATH).form()
    # A password that is sent all the same counts for nothing.
    page = browser.submit(PATH, **PATIENT)
    assert "Open the link in it" in browser.follow(page).words
    user = session.scalars(select(User)).one()
    assert not user.has_password
    browser.submit("/auth/sign-in", status=422, email=PATIENT["email"], password=PATIENT["password"])
    mail = session.scalars(select(OutgoingMail)).one()
    link = next(line for line in mail.body.splitlines() if line.startswith("https://"))
    assert link.startswith("https://portal.example.org/auth/activate/")
    browser.submit(link.removeprefix("https://portal.example.org"), password="eight green otters")
    browser.submit("/auth/sign-in", email=PATIENT["email"], password="eight green otters")


def test_where_mail_leaves_the_machine_a_known_address_gets_the_same_page(mailing_app: Flask, make: Make) -> None:
    make.user(email="known@example.org")
    pages = []
    for address in ("known@example.org", "other@example.org"):
        browser = Browser(mailing_app)
        pages.append(browser.follow(browser.submit(PATH, **{**PATIENT, "email": address})).words)
    assert pages[0] == pages[1]


def test_birth_dates_at_the_edges(browser: Browser) -> None:
    too_young = (utc_now().date() - timedelta(days=9 * 365)).isoformat()
    assert browser.submit(PATH, status=422, **{**PATIENT, "birth_date": too_young}).errors == ["Check the birth date."]
