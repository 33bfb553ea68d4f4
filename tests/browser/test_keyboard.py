"""Signing in with nothing but a keyboard."""

from playwright.sync_api import Browser

from tests.browser import journey
from tests.browser.reader import DESK, Reader
from tests.browser.server import Server
from tests.page import PASSWORD

# Skip link, name, two languages, "Sign in" and the fields: whoever needs more is lost.
MOST_STEPS = 12


def test_an_administrator_signs_in_and_out_by_keyboard_alone(shared_server: Server, chromium: Browser) -> None:
    journey.make_admin(shared_server)
    person = Reader(chromium, shared_server.address, DESK)
    person.open("/auth/sign-in")

    step_to(person, "#email")
    person.page.keyboard.type(journey.ADMIN)
    step_to(person, "#password")
    person.page.keyboard.type(PASSWORD)
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    person.look()
    assert person.page.url.endswith("/admin/doctors")

    step_to(person, ".topbar__user summary")
    person.page.keyboard.press("Enter")
    step_to(person, ".topbar__user button")
    with person.page.expect_navigation():
        person.page.keyboard.press("Enter")
    person.look()
    assert person.page.url.endswith("/auth/sign-in")


def step_to(person: Reader, selector: str) -> None:
    """Press Tab until the element has the focus, which must be seen."""
    target = person.page.locator(selector)
    for _ in range(MOST_STEPS):
        person.page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            outline = target.evaluate(
                "element => [getComputedStyle(element).outlineStyle, getComputedStyle(element).boxShadow]"
            )
            assert outline != ["none", "none"], f"nobody sees that {selector} has the focus"
            return
    raise AssertionError(f"{selector} is more than {MOST_STEPS} steps away")
