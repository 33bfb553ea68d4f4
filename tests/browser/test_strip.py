"""The strip on its page, with a script and without: what is fetched, where keys lead, what the cursor reads."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Request, expect

from tests.browser.reader import PHONE, Reader
from tests.browser.server import Server
from tests.browser.strip_world import (
    HOUR,
    PIXELS_PER_S,
    TOCO,
    World,
    clock,
    clock_s,
    expect_place,
    left_edge,
    point_at,
)
from tests.recordings import steady_bpm

# A browser for each test: of the long ones, which `make check` runs; `make test` has the journey.
pytestmark = pytest.mark.sweep


def test_only_windows_in_sight_and_their_neighbours_are_fetched(reader: Reader, world: World) -> None:
    fetched: list[str] = []

    def note(request: Request) -> None:
        if match := re.search(r"strip\.svg\?.*start_s=(\d+).*frame=tile|frame=tile.*start_s=(\d+)", request.url):
            fetched.append(match[1] or match[2])

    reader.page.on("request", note)
    reader.open(world.long)
    reader.page.wait_for_load_state("networkidle")

    assert reader.page.locator(".viewer__tile").count() == 54
    # 1280 pixels show 31 minutes: four windows, and one more beside them.
    assert {int(start) for start in fetched} == {0, 600, 1200, 1800, 2400}

    at_end = reader.page.locator(".viewer__tile img").last
    reader.page.get_by_role("link", name="End", exact=True).click()
    at_end.evaluate("image => image.decode()")
    reader.page.wait_for_load_state("networkidle")
    assert len(set(fetched)) <= 11
    assert at_end.evaluate("image => image.naturalWidth") == 378


def test_the_windows_are_one_paper_at_true_scale(reader: Reader, world: World) -> None:
    reader.open(f"{world.hour}?speed_cm_min=3")
    boxes = reader.page.locator(".viewer__tile img").evaluate_all(
        "images => images.map(image => image.getBoundingClientRect()).map(box => [box.left, box.right])"
    )

    assert len(boxes) == 6
    for (left, right), (next_left, _) in pairwise(boxes):
        assert right == next_left
        # Ten minutes are 30 cm, an inch is 96 pixels.
        assert right - left == round(30 / 2.54 * 96)
    reader.inspect()


def test_keys_move_along_the_recording_and_the_address_keeps_the_place(reader: Reader, world: World) -> None:
    page = reader.page
    reader.open(world.long)
    for key, place in (
        ("ArrowRight", 600),
        ("Shift+ArrowRight", 660),
        ("ArrowLeft", 60),
        ("Shift+ArrowLeft", 0),
        ("ArrowLeft", 0),
    ):
        page.keyboard.press(key)
        expect_place(page, place)
    page.locator("[data-strip-scroll]").focus()
    page.keyboard.press("End")
    page.wait_for_url(re.compile(r"start_s=3[0-9]{4}"))
    page.keyboard.press("Home")
    expect_place(page, 0)

    page.keyboard.press("ArrowRight")
    expect_place(page, 600)
    page.wait_for_url(re.compile(r"start_s=600$"))
    page.reload()
    expect_place(page, 600)
    speed = page.get_by_role("list", name="Paper speed").get_by_role("link", name="2", exact=True)
    assert "start_s=600" in str(speed.get_attribute("href"))


def test_keys_are_left_to_fields_and_told_in_a_dialog(reader: Reader, world: World) -> None:
    page = reader.page
    reader.open(world.long)
    comment = page.locator("main [name=comment]")
    comment.fill("ab")
    comment.press("ArrowLeft")
    comment.press("?")
    comment.press("g")
    assert comment.input_value() == "a?gb"
    expect_place(page, 0)
    expect(page.get_by_role("dialog")).to_be_hidden()
    # A letter means something only within the strip.
    page.locator("main h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()

    page.locator("[data-strip-scroll]").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys of the strip")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect_place(page, 0)
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()

    page.locator("[data-strip-scroll]").focus()
    page.keyboard.press("g")
    expect(page.get_by_label("Go to")).to_be_focused()
    page.keyboard.type("11:44")
    page.keyboard.press("Enter")
    expect_place(page, 3.5 * 3600)
    expect(page.locator("[data-strip-scroll]")).to_be_focused()


def test_the_cursor_reads_stored_samples(reader: Reader, world: World) -> None:
    page = reader.page
    reader.open(world.hour)
    readout = page.locator("[data-strip-readout]")

    for seconds in (0.0, 61.0, 640.0):
        index = round(point_at(page, seconds) * 4)
        expect(readout).to_contain_text(f"FHR {HOUR[index]:g} bpm")
        expect(readout).to_contain_text(f"uterine activity {TOCO[index]:g}")
        minutes = 14 + int(index / 240)
        expect(readout).to_contain_text(f"08:{minutes}:{index / 4 % 60:05.2f} WIB")
    expect(readout).to_contain_text("4 values a second")
    point_at(page, 125.0)
    expect(readout).to_contain_text("FHR no signal")


def test_two_marks_measure_time_and_rate_between_them(reader: Reader, world: World) -> None:
    page = reader.page
    reader.open(f"{world.hour}?start_s=900")
    readout = page.locator("[data-strip-readout]")
    first = round(point_at(page, 1020.0, press=True) * 4)
    second = round(point_at(page, 1500.0, press=True) * 4)

    before, after = HOUR[first], HOUR[second]
    assert before is not None
    assert after is not None
    expect(readout).to_contain_text(f"between the marks {(second - first) // 240} min {(second - first) / 4 % 60:g} s")
    expect(readout).to_contain_text(f"{after - before:g} bpm")
    assert "mean" not in readout.inner_text()

    page.locator("[data-strip-scroll]").focus()
    page.keyboard.press("Escape")
    expect(page.locator(".viewer__mark:visible")).to_have_count(0)


def test_the_cursor_moves_by_keys_and_says_what_it_reads(reader: Reader, world: World) -> None:
    page = reader.page
    reader.open(world.hour)
    said = page.locator("[data-strip-said]")
    page.locator("[data-strip-scroll]").focus()
    page.keyboard.press("c")
    expect(page.get_by_role("button", name="Cursor")).to_have_attribute("aria-pressed", "true")
    expect(said).to_contain_text("FHR")
    begun = clock_s(said.inner_text())
    page.keyboard.press("ArrowRight")
    expect(said).to_contain_text(clock(begun + 1))
    page.keyboard.press("Shift+ArrowRight")
    expect(said).to_contain_text(clock(begun + 1.25))
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    expect(said).to_contain_text("from the mark 1 s")
    expect_place(page, 0)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Cursor")).to_have_attribute("aria-pressed", "false")


def test_twins_are_read_each_by_name(reader: Reader, world: World) -> None:
    reader.open(world.twins)
    index = round(point_at(reader.page, 300.0) * 4)
    readout = reader.page.locator("[data-strip-readout]")
    expect(readout).to_contain_text(f"fetus 1 {steady_bpm(2880, 130)[index]:g} bpm")
    expect(readout).to_contain_text(f"fetus 2 {steady_bpm(2880, 150)[index]:g} bpm")
    reader.inspect()


def test_an_event_is_shown_where_it_is_and_framed(reader: Reader, world: World) -> None:
    page = reader.page
    reader.open(world.hour)
    page.get_by_role("row", name=re.compile("Bradycardia .* show")).get_by_role("link").last.click()

    page.wait_for_url(re.compile(r"shown=1\d{3}"))
    frame = page.locator("div.viewer__frame")
    expect(frame).to_be_in_viewport()
    box, strip = frame.bounding_box(), page.locator("[data-strip-scroll]").bounding_box()
    assert box is not None
    assert strip is not None
    assert strip["x"] < box["x"] < strip["x"] + strip["width"] / 2
    assert box["width"] == pytest.approx(16 * 60 * PIXELS_PER_S, rel=0.05)
    page.reload()
    expect(page.locator("div.viewer__frame")).to_be_in_viewport()


def test_a_press_on_the_overview_moves_the_strip(reader: Reader, world: World) -> None:
    page = reader.page
    reader.open(world.long)
    overview = page.locator("[data-strip-overview]")
    box = overview.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 30)

    page.wait_for_function(
        "() => Math.abs(document.querySelector('[data-strip-scroll]').scrollLeft / (378 / 600) + 900 - 16200) < 120"
    )
    place = page.locator("[data-strip-window]").get_attribute("x")
    assert 45 < float(str(place).rstrip("%")) < 50


def test_a_window_that_cannot_be_loaded_says_so_and_can_be_tried_again(reader: Reader, world: World) -> None:
    page = reader.page
    page.route(re.compile("frame=tile.*start_s=600|start_s=600.*frame=tile"), lambda route: route.abort())
    page.goto(world.hour)
    failed = page.locator("#at-600 ~ .viewer__failed")
    expect(failed).to_contain_text("These minutes could not be loaded.")
    page.unroute_all()
    failed.get_by_role("link", name="Try again").click()
    expect(failed).to_have_count(0)
    picture = page.locator("#at-600 + img")
    picture.evaluate("image => image.decode()")
    assert picture.evaluate("image => image.naturalWidth") == 378
    assert all("net::ERR_FAILED" in complaint for complaint in reader.complaints)
    reader.complaints.clear()


def test_without_a_script_no_more_is_fetched_than_can_be_looked_at(plain_reader: Reader, world: World) -> None:
    page = plain_reader.page
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if "frame=tile" in request.url else None)
    plain_reader.open(f"{world.long}?start_s=6000#at-6000")
    page.wait_for_load_state("networkidle")

    assert sorted(int(url.split("start_s=")[1].split("&")[0]) for url in fetched) == list(range(5400, 9000, 600))
    page.get_by_role("link", name="Show 10:54").click()
    page.wait_for_url(re.compile("#at-9600$"))
    expect(page.locator("#at-9600 + img")).to_be_in_viewport()


def test_without_a_script_links_and_a_form_lead_everywhere(plain_reader: Reader, world: World) -> None:
    page = plain_reader.page
    plain_reader.open(world.long)
    assert not page.get_by_role("button", name="Keys").is_visible()
    for name, tile in (("10 min ▶", 600), ("10 min ▶", 1200), ("◀ 10 min", 600), ("End", 31800), ("Start", 0)):
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_url(re.compile(f"#at-{tile}$"))
        expect(page.locator(f"#at-{tile} + img")).to_be_in_viewport()
        assert left_edge(page, tile) <= 1 or tile == 31800
        plain_reader.look()

    page.get_by_label("Go to").fill("65")
    page.get_by_role("button", name="Go", exact=True).click()
    page.wait_for_url(re.compile("start_s=3900#at-3600$"))
    assert left_edge(page, 3600) <= 1


def test_a_time_outside_is_refused_in_place(plain_reader: Reader, world: World) -> None:
    page = plain_reader.page
    plain_reader.open(world.hour)
    page.get_by_label("Go to").fill("09:15")
    page.get_by_role("button", name="Go", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("The recording runs from 2 Mar 2026, 08:14 WIB to")
    assert page.get_by_label("Go to").input_value() == "09:15"
    assert [complaint for complaint in plain_reader.complaints if not complaint.startswith(("422", "console: "))] == []
    plain_reader.complaints.clear()


def test_a_phone_scrolls_the_strip_and_not_the_page(world: World, shared_server: Server, chromium: Browser) -> None:
    person = Reader(chromium, shared_server.address, PHONE)
    person.sign_in(world.email)
    person.open(world.hour)
    expect(person.page.get_by_text("This screen is small.")).to_be_visible()
    axis = person.page.locator(".viewer__axis")
    before = axis.bounding_box()
    person.page.locator("[data-strip-scroll]").evaluate("box => box.scrollBy(500, 0)")
    assert axis.bounding_box() == before
    person.inspect()
    assert person.complaints == []
    person.page.context.close()
