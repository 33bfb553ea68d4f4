"""Forgotten passwords and first ones: mailed or printed tokens, once, for a limited time."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import create_app
from app.models import AccountToken, AuditEvent, OutgoingMail, TokenPurpose, User
from app.services import accounts
from app.services.clock import utc_now
from app.services.transaction import unit_of_work
from app.web.auth.mail_links import address
from config import Environment
from tests.conftest import make_settings
from tests.make import Make
from tests.page import PASSWORD, Browser

FORGOT = "/auth/password/forgot"
NEW = "seven purple otters"
START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def mails(session: Session) -> list[OutgoingMail]:
    session.rollback()
    return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def mailed_path(session: Session) -> str:
    """The path of the link in the newest mail."""
    found = re.search(r"http://localhost(/\S+)", mails(session)[-1].body)
    assert found is not None
    return found[1]


def asked_for_reset(browser: Browser, session: Session, user: User) -> str:
    """The path of a reset link for `user`."""
    browser.submit(FORGOT, email=user.email)
    return mailed_path(session)


def pre_registered(make: Make, session: Session) -> User:
    user = make.patient().user
    user.password_hash = ""
    session.commit()
    return user


def activation_code(session: Session, user: User) -> str:
    session.rollback()  # What the test has read so far.
    with unit_of_work(session):
        return accounts.activation_token(session, user)


def test_a_forgotten_password_is_replaced_by_a_mailed_link(
    app: Flask, browser: Browser, make: Make, session: Session
) -> None:
    user = make.doctor(is_valid=False)
    elsewhere = Browser(app).sign_in(user)
    page = browser.submit(FORGOT, email=user.email.upper())
    assert page.location == "/auth/sign-in"
    assert "If this address has an account" in browser.follow(page).words
    path = mailed_path(session)
    assert path.startswith("/auth/password/reset/")
    assert mails(session)[-1].to_address == user.email
    page = browser.submit(path, password=NEW)
    assert "Your password is changed" in browser.follow(page).words
    elsewhere.get("/account", status=303)
    browser.submit("/auth/sign-in", status=422, email=user.email, password=PASSWORD)
    browser.submit("/auth/sign-in", email=user.email, password=NEW)
    assert mails(session)[-1].subject == "Your password was changed"


def test_only_the_hash_of_a_token_is_stored(browser: Browser, make: Make, session: Session) -> None:
    token = asked_for_reset(browser, session, make.user()).rpartition("/")[2]
    stored = session.scalars(select(AccountToken)).one()
    assert len(stored.token_hash) == 64
    assert token.replace("-", "") not in stored.token_hash.upper()
    assert stored.expires_at - stored.created_at == timedelta(hours=1)


def test_a_reset_link_works_once(browser: Browser, make: Make, session: Session) -> None:
    path = asked_for_reset(browser, session, make.user())
    browser.submit(path, password=NEW)
    page = browser.get(path, status=404)
    assert page.heading == "This link has ended"
    assert "Contact your maternity unit now" in page.words
    browser.post(path, {"password": "another long one"}, status=404)


def test_one_reset_uses_up_every_other_link(browser: Browser, make: Make, session: Session) -> None:
    user = make.user()
    first, second = asked_for_reset(browser, session, user), asked_for_reset(browser, session, user)
    browser.submit(second, password=NEW)
    browser.get(first, status=404)


def test_a_reset_link_ends_after_an_hour(browser: Browser, make: Make, session: Session) -> None:
    with time_machine.travel(START, tick=False) as clock:
        path = asked_for_reset(browser, session, make.user())
        clock.shift(timedelta(minutes=59, seconds=59))
        browser.get(path)
        clock.shift(timedelta(seconds=1))
        browser.get(path, status=404)
        browser.post(path, {"password": NEW}, status=404)


@pytest.mark.parametrize("token", ["x", "0" * 20, "%00", "%C3%28", "🤰", "a" * 3000])
def test_a_mistyped_link_looks_like_an_ended_one(browser: Browser, token: str) -> None:
    assert browser.get(f"/auth/password/reset/{token}", status=404).heading == "This link has ended"
    assert browser.get(f"/auth/activate/{token}", status=404).heading == "This link has ended"


def test_a_link_of_a_closed_account_has_ended(browser: Browser, make: Make, session: Session) -> None:
    user = make.user()
    path = asked_for_reset(browser, session, user)
    user.deactivated_at = utc_now()
    session.commit()
    browser.get(path, status=404)
    browser.submit(FORGOT, email=user.email)
    assert len(mails(session)) == 1


def test_a_bad_new_password_is_refused_and_the_link_stays(browser: Browser, make: Make, session: Session) -> None:
    user = make.user(name="Siti Nur Rahma")
    path = asked_for_reset(browser, session, user)
    assert browser.submit(path, status=422, password="short").errors == ["Use at least 10 characters."]
    assert "own name" in browser.submit(path, status=422, password="SitiNurRahma1").errors[0]
    browser.submit(path, password=NEW)


def test_a_forged_host_never_comes_into_a_mail_of_production() -> None:
    """A reset link with the forger's host would carry the token to him."""
    settings = replace(make_settings("sqlite://"), environment=Environment.PRODUCTION)
    forged = {"Host": "evil.example"}
    with create_app(settings).test_request_context("/", headers=forged):
        assert address("auth.reset", token="T") == "/auth/password/reset/T"
    settings = replace(settings, mail_url="smtp://mail.example.org?portal=https://portal.example.org/")
    with create_app(settings).test_request_context("/", headers=forged):
        assert address("auth.reset", token="T") == "https://portal.example.org/auth/password/reset/T"


@pytest.mark.usefixtures("noon")
def test_a_sixth_request_within_a_minute_is_refused(browser: Browser, make: Make, session: Session) -> None:
    user = make.user()
    for _ in range(5):
        browser.submit(FORGOT, email=user.email)
    browser.submit(FORGOT, status=429, email=user.email)
    assert len(mails(session)) == 5


@pytest.mark.usefixtures("noon")
def test_a_forged_forwarding_header_is_no_other_address(browser: Browser, make: Make) -> None:
    for number in range(6):
        headers = {"X-Forwarded-For": f"192.0.2.{number}", "Forwarded": f"for=192.0.2.{number}"}
        form = {**browser.get(FORGOT).form(), "email": f"nobody{number}@example.org"}
        browser.post(FORGOT, form, status=303 if number < 5 else 429, headers=headers)


def test_a_printed_code_activates_a_pre_registered_patient(browser: Browser, make: Make, session: Session) -> None:
    user = pre_registered(make, session)
    code = activation_code(session, user)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}", code)
    typed = f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} "
    page = browser.follow(browser.submit("/auth/activate", code=typed))
    assert user.email in page.words
    path = f"/auth/activate/{code}"
    done = browser.submit(path, password=NEW)
    assert "Your account is ready" in browser.follow(done).words
    browser.submit("/auth/sign-in", email=user.email, password=NEW)
    Browser(browser.app).get(path, status=404)


def test_a_wrong_code_says_what_to_do(browser: Browser) -> None:
    page = browser.submit("/auth/activate", status=422, code="AAAAA-BBBBB-CCCCC-DDDDD")
    assert page.errors == ["This code is not right, or it is used or too old. Ask your unit for a new one."]
    assert browser.submit("/auth/activate", status=422, code="").errors == ["Enter the code."]


def test_an_activation_code_ends_after_fourteen_days(browser: Browser, make: Make, session: Session) -> None:
    with time_machine.travel(START, tick=False) as clock:
        code = activation_code(session, pre_registered(make, session))
        clock.shift(timedelta(days=14) - timedelta(seconds=1))
        browser.get(f"/auth/activate/{code}")
        clock.shift(timedelta(seconds=1))
        browser.get(f"/auth/activate/{code}", status=404)


def test_a_token_does_only_what_it_was_made_for(browser: Browser, make: Make, session: Session) -> None:
    user = make.user()
    reset = asked_for_reset(browser, session, user).rpartition("/")[2]
    browser.get(f"/auth/activate/{reset}", status=404)
    activation = activation_code(session, user)
    browser.get(f"/auth/password/reset/{activation}", status=404)


def test_whoever_never_had_a_password_gets_her_activation_again(browser: Browser, make: Make, session: Session) -> None:
    user = pre_registered(make, session)
    path = asked_for_reset(browser, session, user)
    assert path.startswith("/auth/activate/")
    assert session.scalars(select(AccountToken.purpose)).all() == [TokenPurpose.ACTIVATE]


def test_a_short_first_password_is_refused(browser: Browser, make: Make, session: Session) -> None:
    code = activation_code(session, pre_registered(make, session))
    assert browser.submit(f"/auth/activate/{code}", status=422, password="short").errors == [
        "Use at least 10 characters."
    ]


def test_requests_resets_and_activations_are_audited(browser: Browser, make: Make, session: Session) -> None:
    user, waiting = make.user(), pre_registered(make, session)
    browser.submit(asked_for_reset(browser, session, user), password=NEW)
    browser.submit(FORGOT, email="nobody@example.org")
    browser.submit(f"/auth/activate/{activation_code(session, waiting)}", password=NEW)
    session.rollback()
    rows = session.execute(
        select(AuditEvent.act, AuditEvent.actor_id, AuditEvent.object_id).order_by(AuditEvent.position)
    )
    assert [tuple(row) for row in rows] == [
        ("account:reset_request", None, str(user.id)),
        ("account:password_reset", user.id, str(user.id)),
        ("account:reset_request", None, ""),
        ("account:activate", waiting.id, str(waiting.id)),
    ]
