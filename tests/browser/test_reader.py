"""The watched browser complains of what no page may do, so that its silence means something."""

import pytest
from playwright.sync_api import Browser

from tests.browser.reader import DESK, PHONE, Reader
from tests.browser.server import Server

# What a page could do wrong, and the beginning of what the reader hears of it.
FAULTS = {
    "setTimeout(() => { throw new Error('lost') })": "script error: lost",
    "console.error('broken')": "console: broken",
    "await fetch('https://example.org/').catch(() => null)": "console: ",
    "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))": "console: ",
    "await fetch('/no-such-page')": "404 from ",
}


def test_a_reader_hears_every_fault(shared_server: Server, chromium: Browser) -> None:
    person = Reader(chromium, shared_server.address, DESK)
    for fault, complaint in FAULTS.items():
        person.open("/auth/sign-in")
        person.page.evaluate(f"async () => {{ {fault}; await new Promise(done => setTimeout(done)) }}")
        assert any(heard.startswith(complaint) for heard in person.complaints), fault
        person.complaints.clear()


def test_a_reader_sees_what_is_too_wide_and_what_cannot_be_read(shared_server: Server, chromium: Browser) -> None:
    person = Reader(chromium, shared_server.address, PHONE)
    person.open("/auth/sign-in")
    person.page.evaluate("document.querySelector('main').style.minWidth = '500px'")
    with pytest.raises(AssertionError, match="px wide"):
        person.check_width()
    person.open("/auth/sign-in")
    person.page.evaluate("document.querySelector('label[for=email]').remove()")
    with pytest.raises(AssertionError, match="label"):
        person.inspect()
