"""The headers that every answer carries, word for word: a change of them is a decision."""

from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.wrappers import Response

from app import create_app
from config import Environment
from tests.conftest import make_settings
from tests.make import Make
from tests.page import Browser

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
STYLE = "/static/css/base.css"


def check(response: Response) -> None:
    assert {name: response.headers.get(name) for name in ALWAYS} == ALWAYS
    assert "Server" not in response.headers
    assert "X-Powered-By" not in response.headers
    assert len(response.headers["X-Request-Id"]) == 16


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/auth/sign-in", 200),
        ("/", 303),
        ("/patients", 303),
        ("/nothing-here", 404),
        ("/healthz", 200),
        (STYLE, 200),
        ("/static/nothing.css", 404),
    ],
)
def test_every_answer_carries_them(browser: Browser, path: str, status: int) -> None:
    with browser.client.get(path) as response:
        assert response.status_code == status
        check(response)


def test_a_refused_post_and_a_wrong_method_carry_them(browser: Browser) -> None:
    for response, status in (
        (browser.client.post("/auth/sign-in"), 400),
        (browser.client.put("/auth/sign-in"), 405),
        (browser.client.post("/healthz"), 405),
    ):
        assert response.status_code == status
        check(response)


def test_nothing_behind_sign_in_is_kept(browser: Browser, make: Make) -> None:
    browser.sign_in(make.admin())
    for path in ("/admin/users", "/account", "/admin/nothing"):
        headers = browser.client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert "Cookie" in headers["Vary"]


def test_only_an_address_with_a_digest_is_kept_for_long(browser: Browser) -> None:
    with browser.client.get(f"{STYLE}?v=0123456789ab") as response:
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with browser.client.get(STYLE) as response:
        assert "immutable" not in response.headers.get("Cache-Control", "")


def test_plain_http_promises_no_https(browser: Browser) -> None:
    assert "Strict-Transport-Security" not in browser.client.get("/auth/sign-in").headers


def test_the_cookie_is_the_browsers_alone(app: Flask, make: Make) -> None:
    browser = Browser(app)
    fields = {**browser.get("/auth/sign-in").form(), "email": make.admin().email, "password": "correct horse battery"}
    cookie = browser.client.post("/auth/sign-in", data=fields).headers["Set-Cookie"]
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= parts
    assert "Secure" not in parts
    assert not any(part.startswith(("Domain", "Expires", "Max-Age")) for part in parts)


def test_production_speaks_https_only(app: Flask, database_url: str) -> None:
    production = create_app(replace(make_settings(database_url), environment=Environment.PRODUCTION))
    response = production.test_client().get("/auth/sign-in", base_url="https://localhost")
    check(response)
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-dopply=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
