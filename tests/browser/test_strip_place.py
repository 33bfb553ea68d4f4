"""The strip stays where the reader looks: when she changes its scale, opens an address of it or mistypes a time."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reader import Reader
from tests.browser.strip_world import World, event_row, expect_start, left_edge

# A browser for each test: of the long ones, which `make check` runs; `make test` has the journey.
pytestmark = pytest.mark.sweep

# Nine minutes into a window: further than a screen of fast paper is wide.
DEEP_S = 16140


@pytest.mark.parametrize("speed", [1, 2, 3])
def test_an_address_with_a_window_and_a_place_in_it_leads_to_the_place(
    reader: Reader, world: World, speed: int
) -> None:
    reader.open(f"{world.long}?speed_cm_min={speed}&start_s={DEEP_S}#at-15600")
    settle(reader.page)
    expect_start(reader.page, DEEP_S)
    assert "#" not in reader.page.url


def test_the_place_stays_when_scale_speed_range_or_time_change(reader: Reader, world: World) -> None:
    page = reader.page
    reader.open(f"{world.long}?start_s=16140#at-15600")
    settle(page)
    for group, name in (
        ("Range of the heart rate axis", "30–240"),
        ("Time axis", "Elapsed"),
        ("Heart rate scale", "30"),
        ("Paper speed", "2"),
        ("Paper speed", "3"),
        ("Time axis", "Clock"),
    ):
        page.wait_for_url(lambda url: "start_s=1614" in url)
        link = page.get_by_role("list", name=group).get_by_role("link", name=name, exact=True)
        assert "start_s=1614" in str(link.get_attribute("href"))
        with page.expect_navigation(url=lambda _: True, wait_until="load"):
            link.click()
        settle(page)
        expect_start(page, 16140)


def test_a_framed_event_is_in_sight_and_stays_framed_where_it_was_at_another_scale(
    reader: Reader, world: World
) -> None:
    page = reader.page
    page.goto(f"{world.hour}?speed_cm_min=3&start_s=1020&shown=1170-1500#at-600")
    settle(page)
    expect_framed(page, 330)
    for speed in ("2", "1"):
        link = page.get_by_role("list", name="Paper speed").get_by_role("link", name=speed)
        with page.expect_navigation(url=lambda _: True, wait_until="load"):
            link.first.click()
        settle(page)
        expect_framed(page, 330)

    page.goto(world.hour)
    event_row(page, "Bradycardia").get_by_role("link").click()
    page.keyboard.press("End")
    page.wait_for_url(lambda url: "start_s=" in url and "start_s=0&" not in url)
    place = page.evaluate("document.querySelector('[data-strip-scroll]').scrollLeft")
    settle(page)
    page.reload()
    settle(page)
    assert page.evaluate("document.querySelector('[data-strip-scroll]').scrollLeft") == pytest.approx(place, abs=1)


def expect_framed(page: Page, length_s: float) -> None:
    """The whole frame is in sight, as wide as the stretch."""
    frame, strip = page.locator("div.viewer__frame").bounding_box(), page.locator("[data-strip-scroll]").bounding_box()
    axis = page.locator(".viewer__axis").bounding_box()
    assert frame is not None
    assert strip is not None
    assert axis is not None
    assert axis["x"] + axis["width"] <= frame["x"]
    assert frame["x"] + frame["width"] <= strip["x"] + strip["width"]
    scale = float(str(page.locator("[data-strip]").get_attribute("data-pixels-per-s")))
    assert frame["width"] == pytest.approx(length_s * scale, abs=3)


def settle(page: Page) -> None:
    """Wait until the page is there as a whole and the strip has rested."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)
    expect(page.locator("[data-strip-row]")).to_be_visible()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("abc", "Enter a time such as 08:30"),
        ("99:99", "Enter a time such as 08:30"),
        ("", "Enter a time such as 08:30"),
        ("12:00", "The recording runs from 2 Mar 2026, 08:14 WIB"),
        ("9999", "The recording ends after 1 h 0 min"),
    ],
)
def test_a_mistyped_time_is_refused_where_the_reader_is(
    reader: Reader, world: World, typed: str, sentence: str
) -> None:
    page = reader.page
    reader.open(f"{world.hour}?speed_cm_min=2&start_s=900")
    expect_start(page, 900)
    field = page.get_by_label("Go to")
    field.fill(typed)
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(sentence)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect_start(page, 900)
    page.get_by_role("link", name="10 min ▶").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_without_a_script_a_mistyped_time_keeps_the_window_in_sight(plain_reader: Reader, world: World) -> None:
    page = plain_reader.page
    plain_reader.open(f"{world.long}?start_s=6300#at-6000")
    page.get_by_label("Go to").fill("abc")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("such as 08:30")
    assert left_edge(page, 6000) <= 1
    plain_reader.complaints.clear()


def test_an_event_is_shown_without_losing_what_is_typed(reader: Reader, world: World) -> None:
    page = reader.page
    # The shortest address of the page, which leaves the scale to the unit.
    reader.open(world.hour)
    page.locator("main [name=comment]").fill("half a sentence")
    event_row(page, "Bradycardia").get_by_role("link").click()
    expect(page.locator("div.viewer__frame")).to_be_in_viewport()
    assert page.locator("main [name=comment]").input_value() == "half a sentence"
    page.get_by_role("link", name="Start", exact=True).click()
    expect_start(page, 0)
    assert page.locator("main [name=comment]").input_value() == "half a sentence"


def test_the_time_gone_to_can_be_read_beside_the_axis(reader: Reader, world: World) -> None:
    page = reader.page
    page.goto(f"{world.long}?start_s=15600")
    settle(page)
    # Half of its label lies left of the edge, where the axis would cover it.
    on_top = page.evaluate(
        """() => {
          const axis = document.querySelector(".viewer__axis").getBoundingClientRect();
          scrollBy(0, axis.bottom - innerHeight + 100);
          const { right, bottom } = document.querySelector(".viewer__axis").getBoundingClientRect();
          return [12, 60].map((left) => document.elementFromPoint(right - left, bottom - 8).className);
        }"""
    )
    assert on_top == ["", "viewer__axis"]


@pytest.mark.parametrize("language", ["en", "id"])
def test_what_moves_and_prints_the_strip_is_one_row_on_a_desk(reader: Reader, world: World, language: str) -> None:
    page = reader.page
    reader.open(f"{world.hour}?lang={language}")
    tops = page.locator(".viewer .toolbar > *").evaluate_all(
        "parts => parts.map(part => part.getBoundingClientRect()).map(box => (box.top + box.bottom) / 2)"
    )
    assert max(tops) - min(tops) < 8
    reader.open(f"{world.hour}?lang=en")
