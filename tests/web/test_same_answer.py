"""Nobody learns from an answer whether an address has an account: status, headers, cookie, page and work are equal."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.extensions import db
from app.services import passwords
from tests.hashing import CHEAP
from tests.make import Make
from tests.page import Browser, Page

KNOWN = "siti@example.org"
UNKNOWN = "rosa@example.org"

# What differs between any two answers, whoever asks.
VARIES = re.compile(r'name="csrf_token"[^>]*value="[^"]*"|name="csrf_token" type="hidden" value="[^"]*"')


def observable(browser: Browser, page: Page) -> dict[str, Any]:
    """All that the sender of a request can see, without what is random, and with the address she typed left out."""
    with browser.client.session_transaction() as cookie:
        kept = {name: value for name, value in cookie.items() if name != "csrf_token"}
    headers = {
        name: value
        for name, value in page.response.headers.items()
        if name not in {"X-Request-Id", "Set-Cookie", "Date"}
    }
    cookies = [re.sub(r"=[^;]*", "=…", header, count=1) for header in page.response.headers.getlist("Set-Cookie")]
    body = VARIES.sub("", page.response.get_data(as_text=True))
    for address in (KNOWN, UNKNOWN):
        body = body.replace(address, "address")
    headers.pop("Content-Length", None)  # The typed address is longer or shorter; the body itself is compared.
    return {"status": page.status, "headers": headers, "cookies": cookies, "session": kept, "body": body}


@contextmanager
def counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """How many statements and hashes the block takes."""
    counts = {"statements": 0, "hashes": 0}
    hasher = CHEAP

    class CountingHasher:
        """The library's hasher, counted."""

        def verify(self, *arguments: Any) -> bool:
            counts["hashes"] += 1
            return hasher.verify(*arguments)

        def check_needs_rehash(self, stored: str) -> bool:
            return hasher.check_needs_rehash(stored)

        def hash(self, text: bytes) -> str:
            counts["hashes"] += 1
            return hasher.hash(text)

    def on_statement(*_arguments: object) -> None:
        counts["statements"] += 1

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", on_statement)
    try:
        with monkeypatch.context() as patched:
            patched.setattr(passwords, "_hasher", CountingHasher())
            yield counts
    finally:
        event.remove(engine, "before_cursor_execute", on_statement)


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/auth/sign-in", {"password": "not the password"}, 422),
        ("/auth/sign-in", {"password": "x" * 200}, 422),
        ("/auth/password/forgot", {}, 303),
        (
            "/auth/register",
            {
                "language": "en",
                "role": "patient",
                "name": "Siti",
                "password": "seven purple otters",
                "birth_date": "1994-03-12",
            },
            303,
        ),
        (
            "/auth/register",
            {"language": "id", "role": "doctor", "name": "Budi", "password": "seven purple otters"},
            303,
        ),
        ("/auth/register", {"language": "en", "role": "doctor", "name": "Budi", "password": "short"}, 422),
    ],
)
def test_a_known_and_an_unknown_address_get_the_same_answer(
    app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch, path: str, fields: dict[str, str], status: int
) -> None:
    make.user(email=KNOWN)
    seen, work = [], []
    for address in (KNOWN, UNKNOWN):
        browser = Browser(app)
        form = {**browser.get(path).form(), **fields, "email": address}
        with counted(app, monkeypatch) as counts:
            page = browser.post(path, form, status=status)
        seen.append(observable(browser, page))
        work.append(counts)
        if status == 303:
            seen[-1]["next"] = observable(browser, browser.follow(page))
    assert seen[0] == seen[1]
    assert work[0]["hashes"] == work[1]["hashes"]
    if path == "/auth/sign-in":
        assert work[0]["statements"] == work[1]["statements"]


def test_every_answer_without_an_account_costs_one_hash(
    app: Flask, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, fields in {"/auth/sign-in": {"password": "not the password"}, "/auth/password/forgot": {}}.items():
        browser = Browser(app)
        form = {**browser.get(path).form(), **fields, "email": UNKNOWN}
        with counted(app, monkeypatch) as counts:
            browser.client.post(path, data=form)
        assert counts["hashes"] == 1


@pytest.mark.usefixtures("noon")
def test_the_sixth_try_is_refused_alike(app: Flask, make: Make) -> None:
    make.user(email=KNOWN)
    seen = []
    for number, address in enumerate((KNOWN, UNKNOWN)):
        browser = Browser(app)
        elsewhere = {"REMOTE_ADDR": f"192.0.2.{number}"}
        form = {**browser.get("/auth/sign-in").form(), "email": address, "password": "not the password"}
        for _ in range(5):
            browser.post("/auth/sign-in", form, status=422, environ_overrides=elsewhere)
        page = browser.post("/auth/sign-in", form, status=429, environ_overrides=elsewhere)
        found = observable(browser, page)
        assert 1 <= int(found["headers"].pop("Retry-After")) <= 60
        found["body"] = re.sub(r"[0-9a-f]{16}", "reference", found["body"])
        seen.append(found)
    assert seen[0] == seen[1]
