"""The place in a recording that the page keeps and says: at another scale, after a mistyped time, from the start."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.ctg.formats import SourceFile
from app.models import MonitoringSession
from tests.make import Make
from tests.page import Browser, Page
from tests.recordings import csv_bytes, steady_bpm
from tests.services.uploads import as_doctor, store


@pytest.fixture
def recording(session: Session, make: Make) -> MonitoringSession:
    """48 minutes from 08:14: 140 bpm, from 20:00 to 36:00 90 bpm."""
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    file = SourceFile("a.csv", csv_bytes([*steady_bpm(4800, 140), *steady_bpm(3840, 90), *steady_bpm(2880, 140)]))
    row = store(session, as_doctor(doctor), patient, file).monitoring_session
    row.owner = doctor
    return row


@pytest.fixture
def path(recording: MonitoringSession) -> str:
    """Its page."""
    return f"/monitoring/sessions/{recording.public_id}"


@pytest.fixture
def doctors(app: Flask, recording: MonitoringSession) -> Browser:
    """The browser of its doctor."""
    assert recording.owner is not None
    return Browser(app).sign_in(recording.owner)


def test_what_is_framed_stays_framed_at_another_scale(doctors: Browser, path: str) -> None:
    page = doctors.get(f"{path}?start_s=1140&shown=1200-1260.5")

    for group in page.soup.select("ul.segments")[1:]:
        for link in group.select("a"):
            asked = parse_qs(urlsplit(str(link["href"])).query)
            assert (asked["start_s"], asked["shown"]) == (["1140"], ["1200-1260.5"])


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("time=elapsed&at=0:03:40.75", 220.75),
        ("time=elapsed&at=0:03:40,75", 220.75),
        ("time=elapsed&at=0:05+h", 300),
        ("time=elapsed&at=0:05+jam", 300),
        ("time=elapsed&at=25+menit", 1500),
        ("at=08:15:31.25+WIB", 91.25),
        ("at=08.15.31,25", 91.25),
        ("at=08:24+WIB", 600),
    ],
)
def test_what_the_page_says_of_a_time_can_be_typed(doctors: Browser, path: str, query: str, place: float) -> None:
    asked = parse_qs(urlsplit(str(doctors.get(f"{path}?{query}", status=303).location)).query)

    assert float(asked["start_s"][0]) == place


def test_minutes_and_seconds_alone_are_never_taken_for_hours_and_minutes(doctors: Browser, path: str) -> None:
    page = doctors.get(f"{path}?time=elapsed&start_s=600&at=11:13", status=422)

    assert "The recording ends after 48 min." in page.one("#at-problem").get_text()


def test_a_mistyped_time_keeps_the_place(doctors: Browser, path: str) -> None:
    form = doctors.get(f"{path}?start_s=1200").one(".viewer__jump")
    kept = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
    assert kept["start_s"] == "1200"
    assert urlsplit(str(form["action"])).fragment == "at-1200"

    page = doctors.get(f"{path}?start_s=1200&at=abc", status=422)

    assert page.one(".viewer__jump [name=start_s]")["value"] == "1200"
    assert "start_s=1200" in str(page.soup.select("ul.segments")[1].select("a")[0]["href"])


def test_events_say_both_times_where_the_axis_counts_from_the_start(doctors: Browser, path: str) -> None:
    on_the_clock, elapsed = doctors.get(path), doctors.get(f"{path}?time=elapsed")

    event = _event(on_the_clock, "Bradycardia")
    begin = event[1]
    assert begin.startswith("08:3")
    hours, minutes, seconds = map(int, begin.split(":"))
    from_start_s = hours * 3600 + minutes * 60 + seconds - (8 * 3600 + 14 * 60)
    counted = f"0:{from_start_s // 60:02d}:{from_start_s % 60:02d}"
    assert _event(elapsed, "Bradycardia")[1] == f"{counted} ({begin})"
    assert f"the first at {counted}" in elapsed.words
    assert "0:00:00–0:48:00" in elapsed.words


def test_an_event_is_as_long_as_it_is_to_the_second(doctors: Browser, path: str) -> None:
    assert re.fullmatch(r"1\d min \d\d? s", _event(doctors.get(path), "Bradycardia")[2])


def _event(page: Page, name: str) -> list[str]:
    """The cells of the first event of this name."""
    rows = [[cell.get_text(" ", strip=True) for cell in row.select("td")] for row in page.soup.select("tr")]
    return next(row for row in rows if row and row[0] == name)


def test_a_frame_over_the_edge_of_a_window_is_open_there(doctors: Browser, path: str) -> None:
    frames = doctors.get(f"{path}?start_s=1140&shown=1190-1850").soup.select("svg.viewer__frame")
    places = [
        (float(str(rect["x"])), float(str(rect["x"])) + float(str(rect["width"])), float(str(frame["width"])))
        for frame in frames
        for rect in frame.select("rect")
    ]

    (first_left, first_right, width), (left, right, _), (last_left, last_right, _) = places
    assert 0 < first_left < width < first_right - 2
    assert left < -2
    assert right > width + 2
    assert last_left < -2
    assert 0 < last_right < width


def test_the_overview_frames_what_a_browser_without_a_script_shows(doctors: Browser, path: str) -> None:
    frame = doctors.get(f"{path}?start_s=1140&speed_cm_min=3").one("[data-strip-window]")

    # The window from minute 10 of 48, ten minutes long.
    assert float(str(frame["x"]).rstrip("%")) == pytest.approx(100 * 10 / 48, abs=0.01)
    assert float(str(frame["width"]).rstrip("%")) == pytest.approx(100 * 10 / 48, abs=0.01)
