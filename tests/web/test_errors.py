"""Error pages: the way on, a reference number, the emergency card; also when the database is away."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask, abort
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from app import create_app
from app.extensions import db
from app.services import errors
from app.web import current
from app.web.guard import public
from tests.conftest import make_settings
from tests.make import Make
from tests.page import Browser, Page
from tests.smtp_server import closed_port

WITHIN_S = 5  # SECURITY rule: a page of our own within 5 seconds.
PAGES = {
    400: "That request could not be understood",
    403: "You may not open this page",
    404: "This page was not found",
    405: "That is not possible at this address",
    409: "Somebody was faster, or this form belongs to another patient",
    413: "That file is too large",
    422: "Something that was sent could not be used",
    429: "Too many attempts",
    500: "Something went wrong on our side",
    503: "The portal cannot be reached right now",
}


def check(page: Page, status: int) -> None:
    assert page.heading == PAGES[status]
    assert "Contact your maternity unit now" in page.words
    assert page.response.headers["X-Request-Id"] in page.words
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in page.response.headers


@pytest.fixture
def failing(app: Flask, database_url: str) -> Iterator[Flask]:
    """The application with views that fail in each way that a view can."""
    failing = create_app(make_settings(database_url))
    failing.config["PROPAGATE_EXCEPTIONS"] = False

    @failing.get("/fails/<int:status>")
    @public
    def fails(status: int) -> str:
        abort(status)

    @failing.get("/domain/<name>")
    @public
    def domain(name: str) -> str:
        raise {
            "not-found": errors.NotFound("patient"),
            "conflict": errors.Conflict("another_patient"),
            "refused": errors.Refused("no"),
            "throttled": errors.Throttled("sign_in", retry_after_s=42),
        }[name]

    @failing.get("/crashes")
    @public
    def crashes() -> str:
        raise LookupError("secret words of a defect")

    @failing.get("/asks-what-is-not-there")
    @public
    def asks_what_is_not_there() -> str:
        current.database().execute(text("SELECT nothing FROM nowhere"))
        return "never"

    yield failing
    with failing.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("status", sorted(PAGES))
def test_each_error_has_its_page(failing: Flask, make: Make, status: int) -> None:
    make.unit(phone="021 555 0100")
    page = Browser(failing).get(f"/fails/{status}", status=status)
    check(page, status)
    assert "021 555 0100" in page.words


def test_an_error_without_words_of_ours_has_a_page_too(failing: Flask) -> None:
    page = Browser(failing).get("/fails/418", status=418)
    assert page.heading == PAGES[500]


@pytest.mark.parametrize(
    ("name", "status"), [("not-found", 404), ("conflict", 409), ("refused", 422), ("throttled", 429)]
)
def test_what_a_use_case_answers_has_its_status(failing: Flask, name: str, status: int) -> None:
    page = Browser(failing).get(f"/domain/{name}", status=status)
    check(page, status)
    assert page.response.headers.get("Retry-After") == ("42" if status == 429 else None)


def test_a_defect_tells_nothing_of_itself(failing: Flask) -> None:
    page = Browser(failing).get("/crashes", status=500)
    check(page, 500)
    assert "secret" not in page.text
    assert "Traceback" not in page.text


def test_a_wrong_method_says_which_ones_are_right(browser: Browser) -> None:
    page = browser.get("/auth/sign-out", status=405)
    check(page, 405)
    assert "POST" in page.response.headers["Allow"]


def test_too_large_a_body_is_refused_before_it_is_read(browser: Browser, make: Make) -> None:
    browser.sign_in(make.admin())
    response = browser.client.post("/admin/unit", data={"name": "x" * (17 * 1024 * 1024)})
    check(Page(response), 413)


def test_an_error_page_speaks_the_readers_language(failing: Flask) -> None:
    page = Browser(failing).get("/fails/404", status=404, headers={"Accept-Language": "id"})
    assert page.one("html")["lang"] == "id"


@pytest.fixture
def without_database() -> Iterator[Flask]:
    """An instance whose database server is down."""
    with closed_port() as port:
        app = create_app(make_settings(f"mysql+pymysql://dopply@127.0.0.1:{port}/dopply?charset=utf8mb4"))
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.mark.parametrize("path", ["/", "/auth/sign-in", "/patients", "/admin/users", "/nothing-here"])
def test_without_its_database_every_page_is_ours_and_quick(without_database: Flask, path: str) -> None:
    with without_database.app_context():
        engine = db.engine
    waits_s: list[int] = []

    @event.listens_for(engine, "do_connect")
    def note(_dialect: object, _record: object, _arguments: object, named: dict[str, Any]) -> None:
        waits_s.append(named["connect_timeout"])

    page = Browser(without_database).get(path, status=503)
    # The longest that it could take: no stopwatch, which would measure the machine and a server that refuses at once.
    assert 0 < sum(waits_s) <= WITHIN_S
    check(page, 503)
    assert page.response.headers["Retry-After"] == "5"
    assert "119" in page.words


def test_a_post_without_the_database_is_answered_too(without_database: Flask) -> None:
    without_database.config["WTF_CSRF_ENABLED"] = False
    response = without_database.test_client().post("/auth/sign-in", data={"email": "a@example.org"})
    check(Page(response), 503)


def test_health_without_the_database(without_database: Flask) -> None:
    client = without_database.test_client()
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    with client.get("/static/css/base.css") as response:
        assert response.status_code == 200


def test_a_process_that_knew_the_units_phone_still_shows_it_when_the_database_goes_away(
    app: Flask, make: Make, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.unit(phone="021 555 0100")
    assert "021 555 0100" in browser.get("/auth/sign-in").words
    with app.app_context():
        engine = db.engine
    # Nothing of ours is replaced: the connection that the pool hands out is refused, as by a server that is down.
    monkeypatch.setattr(engine.pool, "connect", refuse)
    page = browser.get("/auth/register")
    assert "021 555 0100" in page.words


def refuse() -> None:
    raise OperationalError("connect", None, ConnectionRefusedError())
