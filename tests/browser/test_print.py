"""What a browser's own print shows of pages with a strip: whose they are, no strip, and how to print one."""

import re
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from app import create_app
from app.ctg.formats import SourceFile
from app.extensions import db
from app.models import Unit
from tests import older
from tests.browser.reader import Reader
from tests.browser.server import Server
from tests.conftest import make_settings
from tests.make import Make
from tests.recordings import csv_bytes, steady_bpm
from tests.services.uploads import as_doctor, store

# A browser for each test: of the long ones, which `make check` runs; `make test` has the journey.
pytestmark = pytest.mark.sweep

PAGE = re.compile(rb"/Type\s*/Page\b")


@dataclass(frozen=True, slots=True)
class World:
    """A doctor, and the addresses of pages with a strip of one woman."""

    email: str
    pages: dict[str, str]


@pytest.fixture(scope="module")
def world(shared_server: Server) -> World:
    """Stored beside the running server: nine hours, half an hour, and a record of the older system."""
    app = create_app(make_settings(shared_server.environment["DATABASE_URL"]))
    with app.app_context():
        engine = db.engine
    with Session(engine, expire_on_commit=False) as session:
        make = Make(session)
        if session.get(Unit, 1) is None:
            make.unit()
        doctor, patient = make.doctor(), make.patient(name="Maria Hutapea")
        make.link(doctor, patient)
        long, short = (
            store(session, as_doctor(doctor), patient, SourceFile("a.csv", content)).monitoring_session.public_id
            for content in (
                csv_bytes(steady_bpm(9 * 3600, 135), rate_hz=1.0),
                csv_bytes(steady_bpm(30 * 240, 140), toco=[12.0] * 7200),
            )
        )
        record = older.record_of(session, patient, older.timed(older.values(20)))
        pages = {
            "session": f"/monitoring/sessions/{long}",
            "compare": f"/monitoring/sessions/{long}/compare/{short}",
            "review": f"/monitoring/sessions/{short}/review",
            "record": f"/records/{record.id}",
        }
        return World(doctor.email, pages)


@pytest.mark.parametrize("name", ["session", "compare", "review", "record"])
def test_a_browser_prints_no_strip_and_says_how_to_print_one(reader: Reader, world: World, name: str) -> None:
    page = reader.page
    reader.open(world.pages[name])
    pictures = page.locator("img[src*='strip.svg'], .viewer__later svg, .viewer__overview img")
    sentence = page.get_by_text("The strip is not printed with this page")
    assert any(picture.is_visible() for picture in pictures.all())
    assert not sentence.is_visible()

    page.emulate_media(media="print")
    assert not any(picture.is_visible() for picture in pictures.all())
    assert [one.is_visible() for one in sentence.all()] == [True]
    assert page.locator(".patient-banner").get_by_text("Maria Hutapea").is_visible()
    assert not page.get_by_text("This screen is small.").is_visible()
    # A strip of nine hours took 51 sheets.
    assert len(PAGE.findall(page.pdf(format="A4"))) <= 4
