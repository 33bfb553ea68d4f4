"""A sign-in does not end unannounced: two minutes before, the page says so and offers to go on."""

from playwright.sync_api import Browser, Page, expect

from app.services.browser_sessions import IDLE_LIMIT, TOUCH_EVERY
from tests.browser import journey
from tests.browser.reader import DESK, Reader
from tests.browser.server import Server

LIMIT_S = int((IDLE_LIMIT - TOUCH_EVERY).total_seconds())


def test_two_minutes_before_the_end_the_page_says_so(shared_server: Server, chromium: Browser) -> None:
    journey.make_admin(shared_server)
    person = Reader(chromium, shared_server.address, DESK)
    asked: list[str] = []
    person.page.clock.install()
    person.sign_in(journey.ADMIN)
    person.page.on("request", lambda request: asked.append(request.url))
    notice = person.page.locator("[role=alert] p:visible")

    pass_time(person.page, LIMIT_S - 121)
    expect(notice).to_have_count(0)
    pass_time(person.page, 2)
    expect(notice).to_have_text("You will be signed out in two minutes. Stay signed in")
    person.inspect()
    assert asked == []

    with person.page.expect_response("**/account"):
        person.page.get_by_role("link", name="Stay signed in").click()
    expect(notice).to_have_count(0)
    assert person.page.url.endswith("/admin/doctors")

    pass_time(person.page, LIMIT_S - 60)
    expect(notice).to_contain_text("two minutes")
    pass_time(person.page, 61)
    expect(notice).to_contain_text("You have been signed out")


def test_who_is_not_signed_in_is_told_nothing(shared_server: Server, chromium: Browser) -> None:
    person = Reader(chromium, shared_server.address, DESK)
    person.open("/auth/sign-in")

    expect(person.page.locator("[data-idle-limit-s]")).to_have_count(0)


def pass_time(page: Page, seconds: int) -> None:
    """Let the page's clock run on."""
    page.clock.fast_forward(seconds * 1000)
