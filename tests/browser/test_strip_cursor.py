"""What is read under the cursor belongs to the place in sight, and its time leads back there."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import Reader
from tests.browser.strip_world import World, event_row, expect_start, point_at

# A browser for each test: of the long ones, which `make check` runs; `make test` has the journey.
pytestmark = pytest.mark.sweep

HINT = "Point at the strip to read its samples."


def test_a_cursor_by_keys_comes_along_when_the_strip_moves(reader: Reader, world: World) -> None:
    page = reader.page
    reader.open(world.long)
    readout = page.locator("[data-strip-readout]")
    page.locator("[data-strip-scroll]").focus()
    page.keyboard.press("c")
    expect(readout).to_contain_text("08:29:")
    page.keyboard.press("End")
    # The last half hour is from 16:43 on.
    expect(readout).to_contain_text(re.compile(r"^(16:5\d|17:0\d):"))
    place = page.evaluate("document.querySelector('[data-strip-scroll]').scrollLeft")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert page.evaluate("document.querySelector('[data-strip-scroll]').scrollLeft") == place
    expect(page.locator(".viewer__cursor")).to_be_in_viewport()


def test_a_mouse_that_rests_reads_what_has_come_under_it(reader: Reader, world: World) -> None:
    page = reader.page
    reader.open(world.hour)
    readout = page.locator("[data-strip-readout]")
    point_at(page, 640.0)
    expect(readout).to_contain_text("uterine activity 10")
    page.keyboard.press("ArrowRight")
    expect(readout).to_contain_text("uterine activity 20")
    expect(readout).to_contain_text("08:34:")
    page.keyboard.press("ArrowLeft")
    expect(readout).to_contain_text("uterine activity 10")


def test_marks_out_of_sight_measure_nothing(reader: Reader, world: World) -> None:
    page = reader.page
    reader.open(f"{world.hour}?speed_cm_min=3")
    readout = page.locator("[data-strip-readout]")
    row = page.locator("[data-strip-row]").bounding_box()
    assert row is not None
    for x in (200, 500):
        page.mouse.click(row["x"] + x, row["y"] + 200)
    expect(readout).to_contain_text("between the marks")
    event_row(page, "Bradycardia").get_by_role("link").hover()
    # What was under the pointer is not there any more; what was measured is.
    expect(readout).to_have_text(re.compile(r"^between the marks 2 min \d+(\.\d+)? s[+-]?[\d.]+ bpm$"))
    event_row(page, "Bradycardia").get_by_role("link").click()
    expect(readout).to_contain_text(HINT)
    page.get_by_role("link", name="Start", exact=True).click()
    expect(readout).to_contain_text("between the marks")


@pytest.mark.parametrize("time", ["elapsed", "clock"])
def test_what_the_cursor_says_can_be_gone_to(reader: Reader, world: World, time: str) -> None:
    page = reader.page
    reader.open(f"{world.hour}?speed_cm_min=3&time={time}")
    page.locator("[data-strip-scroll]").focus()
    page.keyboard.press("c")
    page.keyboard.press("Shift+ArrowRight")
    readout = page.locator("[data-strip-readout]")
    expect(readout).to_contain_text("FHR")
    said = readout.locator("b").first.inner_text()
    assert re.fullmatch(r"0:0\d:\d\d\.\d\d" if time == "elapsed" else r"08:\d\d:\d\d\.\d\d WIB", said)
    page.keyboard.press("c")
    go_to(page, said)
    hours, minutes, seconds = said.removesuffix(" WIB").split(":")
    place = int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    expect_start(page, place if time == "elapsed" else place - (8 * 3600 + 14 * 60))


def test_her_language_writes_the_time_as_it_writes_the_rate(reader: Reader, world: World) -> None:
    page = reader.page
    reader.open(f"{world.hour}?time=elapsed&lang=id")
    point_at(page, 220.75)
    expect(page.locator("[data-strip-readout] b").first).to_have_text(re.compile(r"^0:03:\d\d,\d\d$"))
    reader.open(f"{world.hour}?lang=en")


def go_to(page: Page, typed: str) -> None:
    """Type a time into the field and send it."""
    page.get_by_label("Go to").fill(typed)
    page.get_by_label("Go to").press("Enter")
