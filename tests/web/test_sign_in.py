"""Signing in and out: one answer for every reason, a cookie that dies, a page that leads only inside."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, ActorRole
from app.models import AuditEvent, BrowserSession, Language, User
from app.services import accounts, passwords
from app.services.clock import utc_now
from app.services.transaction import unit_of_work
from tests.make import Make
from tests.page import PASSWORD, Browser, Page

pytestmark = pytest.mark.real_hashes

ADMIN = Actor(role=ActorRole.ADMIN, user_id=1)
EMERGENCY = "Contact your maternity unit now, day or night, if:"


def acts(session: Session) -> list[tuple[str, int | None, str]]:
    """Act, actor and object of every audited event, in order."""
    session.rollback()
    rows = session.execute(
        select(AuditEvent.act, AuditEvent.actor_id, AuditEvent.object_id).order_by(AuditEvent.position)
    )
    return [(row.act, row.actor_id, row.object_id) for row in rows]


def second_browser(app: Flask, browser: Browser) -> Browser:
    """A browser with a copy of the first one's cookie."""
    copy = Browser(app)
    cookie = browser.client.get_cookie("dopply")
    assert cookie is not None
    copy.client.set_cookie("dopply", cookie.value)
    return copy


def assert_sent_to_sign_in(page: Page) -> None:
    assert page.location is not None
    assert page.location.startswith("/auth/sign-in")


def test_a_patient_signs_in_and_goes_home(browser: Browser, make: Make) -> None:
    patient = make.patient()
    page = browser.submit("/auth/sign-in", email=patient.user.email, password=PASSWORD)
    assert page.location == "/"
    assert browser.get("/", status=303).location == "/patients/mine"


def test_the_address_may_be_typed_in_any_case(browser: Browser, make: Make) -> None:
    make.user(email="Siti@Example.org")
    browser.submit("/auth/sign-in", email="  sITI@example.ORG ", password=PASSWORD)
    browser.get("/account")


def test_the_sign_in_page_leads_on_whoever_is_signed_in(browser: Browser, make: Make) -> None:
    browser.sign_in(make.doctor(is_valid=False))
    assert browser.get("/auth/sign-in", status=303).location == "/"


def test_the_sign_in_page_carries_the_emergency_card(browser: Browser) -> None:
    assert EMERGENCY in browser.get("/auth/sign-in").words


@pytest.mark.parametrize("path", ["/auth/register", "/auth/password/forgot", "/auth/activate"])
def test_pages_before_sign_in_carry_the_emergency_card(browser: Browser, path: str) -> None:
    assert EMERGENCY in browser.get(path).words


def test_empty_fields_are_asked_for(browser: Browser) -> None:
    page = browser.submit("/auth/sign-in", status=422)
    assert page.errors == ["Enter your e-mail address.", "Enter your password."]


def test_wrong_unknown_deactivated_and_pre_registered_get_one_answer(
    browser: Browser, make: Make, session: Session
) -> None:
    wrong, closed, waiting = make.user(), make.user(), make.user()
    closed.deactivated_at = utc_now()
    waiting.password_hash = ""
    session.commit()
    tries = {wrong.email: "not the password", closed.email: PASSWORD, waiting.email: PASSWORD, "no@one.org": PASSWORD}
    pages = [browser.submit("/auth/sign-in", status=422, email=email, password=text) for email, text in tries.items()]
    assert {tuple(page.errors) for page in pages} == {("The e-mail address or the password is not right.",)}


def test_a_megabyte_of_password_is_refused_before_it_is_hashed(
    browser: Browser, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make.user()

    class NoHasher:
        """Fails when anything is hashed."""

        def verify(self, *_arguments: object) -> bool:
            raise AssertionError("hashed")

    monkeypatch.setattr(passwords, "_hasher", NoHasher())
    browser.submit("/auth/sign-in", status=422, email=user.email, password="x" * 500_000)
    browser.submit("/auth/sign-in", status=422, email="nobody@example.org", password="x" * 1_000_000)
    browser.submit("/auth/sign-in", status=413, email=user.email, password="x" * 1_100_000)


def test_an_old_hash_is_renewed_at_sign_in(browser: Browser, make: Make, session: Session) -> None:
    user = make.user()
    assert passwords.needs_rehash(user.password_hash)
    browser.sign_in(user)
    session.rollback()
    session.refresh(user)
    assert not passwords.needs_rehash(user.password_hash)
    assert passwords.verify(user.password_hash, PASSWORD)


def test_sign_in_failed_sign_in_and_sign_out_are_audited_without_an_address(
    browser: Browser, make: Make, session: Session
) -> None:
    user = make.user()
    browser.submit("/auth/sign-in", status=422, email=user.email, password="not the password")
    browser.submit("/auth/sign-in", status=422, email="nobody@example.org", password="not the password")
    browser.sign_in(user)
    browser.post("/auth/sign-out")
    assert acts(session) == [
        ("account:sign_in_failed", None, str(user.id)),
        ("account:sign_in_failed", None, ""),
        ("account:sign_in", user.id, str(user.id)),
        ("account:sign_out", user.id, str(user.id)),
    ]
    written = json.dumps([list(row) for row in session.execute(select(AuditEvent.object_id, AuditEvent.detail))])
    assert "@" not in written


def test_the_cookie_changes_at_sign_in_and_keeps_the_language(browser: Browser, make: Make) -> None:
    browser.get("/auth/sign-in?lang=id")
    with browser.client.session_transaction() as before:
        before["planted"] = "by a stranger"
        token_before = before["csrf_token"]
    browser.sign_in(make.doctor(is_valid=False))
    with browser.client.session_transaction() as after:
        assert "planted" not in after
        assert after.get("csrf_token") != token_before
        assert after["language"] == "id"


def test_signing_in_again_ends_the_browser_that_was_signed_in(app: Flask, browser: Browser, make: Make) -> None:
    browser.sign_in(make.doctor(is_valid=False))
    copy = second_browser(app, browser)
    other = make.doctor(is_valid=False)
    browser.post("/auth/sign-in", {"email": other.email, "password": PASSWORD})
    assert_sent_to_sign_in(copy.get("/account", status=303))
    assert other.name in browser.get("/account").words


def test_a_copied_cookie_is_dead_after_sign_out(app: Flask, browser: Browser, make: Make) -> None:
    browser.sign_in(make.doctor(is_valid=False))
    copy = second_browser(app, browser)
    copy.get("/account")
    browser.post("/auth/sign-out")
    assert_sent_to_sign_in(copy.get("/account", status=303))
    assert_sent_to_sign_in(browser.get("/account", status=303))


def test_a_copied_cookie_is_dead_after_a_password_change(app: Flask, browser: Browser, make: Make) -> None:
    browser.sign_in(make.doctor(is_valid=False))
    copy = second_browser(app, browser)
    copy.get("/account")
    browser.submit("/account/password", current_password=PASSWORD, password="seven purple otters")
    assert_sent_to_sign_in(copy.get("/account", status=303))
    browser.get("/account")


def test_a_copied_cookie_is_dead_after_deactivation(app: Flask, browser: Browser, make: Make, session: Session) -> None:
    doctor = make.doctor(is_valid=False)
    browser.sign_in(doctor)
    copy = second_browser(app, browser)
    with unit_of_work(session):
        accounts.deactivate(session, ADMIN, doctor.id)
    assert_sent_to_sign_in(copy.get("/account", status=303))
    browser.get("/account", status=303)
    browser.submit("/auth/sign-in", status=422, email=doctor.email, password=PASSWORD)


def test_a_session_ends_after_thirty_idle_minutes(browser: Browser, make: Make) -> None:
    start = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        browser.sign_in(make.doctor(is_valid=False))
        for _ in range(3):
            clock.shift(timedelta(minutes=29))
            browser.get("/account")
        clock.shift(timedelta(minutes=30, seconds=1))
        page = browser.get("/account", status=303)
    assert page.location == "/auth/sign-in?next=/account&expired=1"


def test_a_session_ends_after_twelve_hours_of_use(browser: Browser, make: Make) -> None:
    start = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        browser.sign_in(make.doctor(is_valid=False))
        for _ in range(36):
            clock.shift(timedelta(minutes=20))
            browser.get("/account")
        clock.shift(timedelta(seconds=1))
        browser.get("/account", status=303)


def test_posting_after_the_session_ended_says_so(browser: Browser, make: Make, session: Session) -> None:
    browser.sign_in(make.doctor(is_valid=False))
    fields = {"csrf_token": browser.csrf_token(), "language": "id"}
    for row in session.scalars(select(BrowserSession)):
        row.ended_at = utc_now()
    session.commit()
    page = browser.post("/account/language", fields)
    assert page.location == "/auth/sign-in?expired=1"
    expired = browser.follow(page)
    assert "Your session ended" in expired.words
    assert expired.text.index("emergency-title") < expired.text.index("<h1"), "whom to call comes first"
    assert session.scalars(select(User.language)).all() == [Language.ENGLISH]


def test_the_page_that_was_asked_for_opens_after_sign_in(browser: Browser, make: Make) -> None:
    page = browser.get("/account?lang=en", status=303)
    assert page.location == "/auth/sign-in?next=/account?lang%3Den"
    landed = browser.submit(page.location, email=make.doctor(is_valid=False).email, password=PASSWORD)
    assert landed.location == "/account?lang=en"


def test_a_page_elsewhere_never_opens_after_sign_in(browser: Browser, make: Make) -> None:
    landed = browser.submit(
        "/auth/sign-in?next=//evil.example/", email=make.doctor(is_valid=False).email, password=PASSWORD
    )
    assert landed.location == "/"


def test_sign_out_needs_a_token_and_a_post(browser: Browser, make: Make) -> None:
    browser.sign_in(make.doctor(is_valid=False))
    browser.get("/auth/sign-out", status=405)
    browser.post("/auth/sign-out", {"csrf_token": "forged"}, status=400)
    browser.get("/account")


def test_a_doctor_who_is_not_validated_sees_only_the_waiting_page(browser: Browser, make: Make) -> None:
    browser.sign_in(make.doctor(is_valid=False))
    assert browser.get("/", status=303).location == "/auth/waiting"
    assert "not validated yet" in browser.get("/auth/waiting").heading


def test_a_validated_doctor_waits_for_nothing(browser: Browser, make: Make) -> None:
    browser.sign_in(make.doctor())
    browser.get("/auth/waiting", status=403)
