"""What the tests of the strip in a browser share: the recordings that are read, and where things lie on them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page
from sqlalchemy.orm import Session

from app import create_app
from app.ctg.formats import SourceFile
from app.extensions import db
from app.models import Unit
from tests.browser.reader import DESK, Reader
from tests.browser.server import Server
from tests.conftest import make_settings
from tests.make import Make
from tests.recordings import csv_bytes, steady_bpm
from tests.services.uploads import as_doctor, store

# An hour at 4 Hz: 10 s without signal in minute 2, 90 bpm from minute 20 to 36.
GAP = range(120 * 4, 130 * 4)
HOUR = [
    None if index in GAP else value
    for index, value in enumerate([*steady_bpm(4800, 140), *steady_bpm(3840, 90), *steady_bpm(5760, 140)])
]
TOCO = [float(index // 240) for index in range(len(HOUR))]
# Paper of 1 cm/min on a screen, as the page has it.
PIXELS_PER_S = 378 / 600


@dataclass(frozen=True, slots=True)
class World:
    """A doctor with three recordings to read."""

    email: str
    hour: str
    long: str
    twins: str


@pytest.fixture(scope="module")
def world(shared_server: Server) -> World:
    """Stored beside the running server: the hour, nine hours at one value a second, and twins."""
    app = create_app(make_settings(shared_server.environment["DATABASE_URL"]))
    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session:
        if session.get(Unit, 1) is None:
            session.rollback()
            Make(session).unit()
        session.rollback()
        make = Make(session)
        doctor, patient = make.doctor(), make.patient()
        make.link(doctor, patient)
        files = (
            (csv_bytes(HOUR, toco=TOCO), 1),
            (csv_bytes(steady_bpm(9 * 3600, 135), rate_hz=1.0), 1),
            (csv_bytes(steady_bpm(12 * 240, 130), fhr2_bpm=steady_bpm(12 * 240, 150)), 2),
        )
        paths = [
            f"/monitoring/sessions/{recording.monitoring_session.public_id}"
            for recording in (
                store(session, as_doctor(doctor), patient, SourceFile("a.csv", content), fetuses=fetuses)
                for content, fetuses in files
            )
        ]
        return World(doctor.email, *paths)


@pytest.fixture
def reader(world: World, shared_server: Server, chromium: Browser) -> Iterator[Reader]:
    """The doctor at a desk."""
    person = Reader(chromium, shared_server.address, DESK)
    person.sign_in(world.email)
    yield person
    assert person.complaints == []
    person.page.context.close()


@pytest.fixture
def plain_reader(world: World, shared_server: Server, chromium: Browser) -> Iterator[Reader]:
    """The doctor at a browser that runs no script."""
    person = Reader(chromium, shared_server.address, DESK, has_scripts=False)
    person.sign_in(world.email)
    yield person
    assert person.complaints == []
    person.page.context.close()


def left_edge(page: Page, tile: int) -> float:
    """How far right of the axis the window begins, in pixels."""
    window, axis = page.locator(f"#at-{tile} + img").bounding_box(), page.locator(".viewer__axis").bounding_box()
    assert window is not None
    assert axis is not None
    return abs(window["x"] - axis["x"] - axis["width"])


def expect_place(page: Page, seconds: float) -> None:
    """Wait until the strip stands at this place, to the pixel."""
    page.wait_for_function(
        "([place, scale]) => Math.abs(document.querySelector('[data-strip-scroll]').scrollLeft - place * scale) <= 1",
        arg=[seconds, PIXELS_PER_S],
    )


def point_at(page: Page, seconds: float, *, press: bool = False) -> float:
    """Put the mouse over this place of the strip; the answer is where in the recording it really is."""
    row = page.locator("[data-strip-row]").bounding_box()
    axis = page.locator(".viewer__axis").bounding_box()
    assert row is not None
    assert axis is not None
    x = round(row["x"] + axis["width"] + seconds * PIXELS_PER_S)
    page.mouse.move(x, row["y"] + 200)
    if press:
        page.mouse.click(x, row["y"] + 200)
    return (x - row["x"] - axis["width"]) / PIXELS_PER_S


def clock_s(text: str) -> float:
    """Seconds from midnight of the first time in the text."""
    match = re.search(r"(\d\d):(\d\d):(\d\d\.\d\d)", text)
    assert match is not None, text
    return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3])


def clock(seconds: float) -> str:
    """The other way round."""
    return f"{int(seconds // 3600):02d}:{int(seconds // 60) % 60:02d}:{seconds % 60:05.2f}"


def expect_start(page: Page, seconds: float) -> None:
    """Wait until the strip begins with this second of the recording, whatever the paper's speed."""
    page.wait_for_function(
        """place => {
          const scale = Number(document.querySelector("[data-strip]").dataset.pixelsPerS);
          return Math.abs(document.querySelector("[data-strip-scroll]").scrollLeft - place * scale) <= 2;
        }""",
        arg=seconds,
        timeout=5_000,
    )


def event_row(page: Page, name: str) -> Locator:
    """The first line of the table of events that names this one."""
    return page.get_by_role("table", name="Events").get_by_role("row", name=re.compile(name)).first
