"""One's own account: what it shows, its language, its password, its browsers."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AuditEvent, BrowserSession, Language, OutgoingMail, User
from app.web.browser_names import browser_name
from tests.make import Make
from tests.page import PASSWORD, Browser

NEW = "seven purple otters"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def signed_in_user(browser: Browser, make: Make) -> User:
    user = make.doctor(name="Wati Lestari", is_valid=False)
    browser.sign_in(user)
    return user


def test_the_account_shows_who_one_is(browser: Browser, make: Make) -> None:
    user = signed_in_user(browser, make)
    words = browser.get("/account").words
    for text in ("Wati Lestari", user.email, "Doctor or midwife"):
        assert text in words


def test_nobody_else_sees_an_account(browser: Browser) -> None:
    assert browser.get("/account", status=303).location == "/auth/sign-in?next=/account"


def test_the_language_is_kept_for_pages_and_mail(app: Flask, browser: Browser, make: Make, session: Session) -> None:
    user = signed_in_user(browser, make)
    page = browser.submit("/account", to="/account/language", language="id")
    assert browser.follow(page).one("html")["lang"] == "id"
    session.refresh(user)
    assert user.language is Language.INDONESIAN
    elsewhere = Browser(app).sign_in(user)
    assert elsewhere.get("/account").one("html")["lang"] == "id"


def test_an_unknown_language_is_refused(browser: Browser, make: Make) -> None:
    signed_in_user(browser, make)
    page = browser.submit("/account", to="/account/language", status=422, language="fr")
    assert page.errors == ["Not a valid choice."]


def test_a_password_change_ends_every_other_browser(app: Flask, browser: Browser, make: Make, session: Session) -> None:
    user = signed_in_user(browser, make)
    other = Browser(app).sign_in(user)
    page = browser.submit("/account/password", current_password=PASSWORD, password=NEW)
    assert "Your password is changed" in browser.follow(page).words
    other.get("/account", status=303)
    Browser(app).submit("/auth/sign-in", status=422, email=user.email, password=PASSWORD)
    Browser(app).submit("/auth/sign-in", email=user.email, password=NEW)
    assert session.scalars(select(OutgoingMail.subject)).all() == ["Your password was changed"]
    session.refresh(user)
    assert user.password_changed_at is not None
    events = session.scalars(select(AuditEvent.act)).all()
    assert "account:password_change" in events


def test_the_current_password_is_asked_for(browser: Browser, make: Make) -> None:
    signed_in_user(browser, make)
    page = browser.submit("/account/password", status=422, current_password="not the password", password=NEW)
    assert page.errors == ["This is not your current password."]
    page = browser.submit("/account/password", status=422)
    assert page.errors == ["Choose a password.", "Enter your current password."]


def test_a_personal_password_is_refused(browser: Browser, make: Make) -> None:
    signed_in_user(browser, make)
    page = browser.submit("/account/password", status=422, current_password=PASSWORD, password="watilestari")
    assert "own name" in page.errors[0]


@pytest.mark.usefixtures("noon")
def test_guessing_the_current_password_is_throttled(browser: Browser, make: Make, session: Session) -> None:
    signed_in_user(browser, make)
    for _ in range(5):
        browser.submit("/account/password", status=422, current_password="not the password", password=NEW)
    browser.submit("/account/password", status=429, current_password=PASSWORD, password=NEW)
    failures = session.scalars(select(AuditEvent.act).where(AuditEvent.act == "account:password_change_failed")).all()
    assert len(failures) == 5


def test_browsers_are_listed_and_signed_out_one_by_one(
    app: Flask, browser: Browser, make: Make, session: Session
) -> None:
    user = signed_in_user(browser, make)
    other = Browser(app)
    other.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    other.sign_in(user)
    page = browser.get("/account")
    assert "Firefox on Linux" in page.words
    assert page.words.count("this one") == 1
    other_row = session.scalars(select(BrowserSession).where(BrowserSession.user_agent == FIREFOX)).one()
    ended = browser.submit("/account", to=f"/account/browsers/{other_row.id}/end")
    assert "Firefox on Linux" not in browser.follow(ended).words
    other.get("/account", status=303)


def test_signing_out_this_browser_in_the_list_signs_it_out(browser: Browser, make: Make, session: Session) -> None:
    signed_in_user(browser, make)
    row = session.scalars(select(BrowserSession)).one()
    page = browser.submit("/account", to=f"/account/browsers/{row.id}/end")
    assert page.location == "/auth/sign-in"
    browser.get("/account", status=303)


def test_another_persons_browser_is_not_found(app: Flask, browser: Browser, make: Make, session: Session) -> None:
    signed_in_user(browser, make)
    victim = Browser(app).sign_in(make.doctor(is_valid=False))
    row = session.scalars(select(BrowserSession).order_by(BrowserSession.id.desc())).first()
    assert row is not None
    browser.post(f"/account/browsers/{row.id}/end", status=404)
    browser.post("/account/browsers/999999/end", status=404)
    browser.post(f"/account/browsers/{2**63}/end", status=404)
    victim.get("/account")


def test_a_browser_that_idled_or_aged_is_not_listed(app: Flask, browser: Browser, make: Make) -> None:
    with time_machine.travel(START, tick=False) as clock:
        user = make.doctor(is_valid=False)
        Browser(app).sign_in(user)
        clock.shift(timedelta(minutes=31))
        browser.sign_in(user)
        assert len(browser.get("/account").soup.select("tbody tr")) == 1


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            "Mozilla/5.0 (Linux; Android 15; SM-A155F) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (Windows NT 10.0)", "Windows"),
        ("curl/8", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_browsers_have_the_names_that_people_know(app: Flask, user_agent: str, name: str) -> None:
    with app.test_request_context("/"):
        assert browser_name(user_agent) == name
