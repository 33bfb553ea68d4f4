"""The strip as files: who gets them, what is printed beside it, and what a browser may keep."""

import io
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from app.charts import style
from app.models import Language, Movement, Record, User
from tests import older
from tests.charts.pdf_reader import Page, pages
from tests.make import Make
from tests.page import Browser
from tests.services.readings import NO_CONCERN, SUSPICIOUS, UNREADABLE, amend, call, give, recording, sign
from tests.services.uploads import as_doctor, csv_file, store
from tests.statements import counted

KINDS = ("png", "pdf")


class Room:
    """A doctor and a patient with a recording of 48 minutes, and the addresses of its files."""

    def __init__(self, app: Flask, session: Session, make: Make) -> None:
        self.session = session
        self.doctor: User = make.doctor(name="Ratna Dewi")
        patient = make.patient(name="Maria Hutapea")
        make.link(self.doctor, patient)
        make.unit(phone="021 555 0100")
        file = csv_file(minutes=48, toco=[12.0] * 11520)
        self.read = store(session, as_doctor(self.doctor), patient, file, device_name="Sonicaid").monitoring_session
        session.refresh(self.read, ["patient"])
        session.commit()
        make.pregnancy(patient, due=date(2026, 12, 1))
        session.commit()
        self.url = f"/monitoring/sessions/{self.read.public_id}"
        self.desk = Browser(app).sign_in(self.doctor)
        self.phone = Browser(app).sign_in(patient.user)
        self.record_number = patient.record_number

    def printed(self, browser: Browser, query: str = "") -> list[Page]:
        """The sheets that this browser gets."""
        response = browser.client.get(f"{self.url}/strip.pdf?{query}")
        assert (response.status_code, response.mimetype) == (200, "application/pdf")
        return pages(response.data)


@pytest.fixture
def room(app: Flask, session: Session, make: Make) -> Room:
    return Room(app, session, make)


def test_a_png_is_the_view_at_its_scale(room: Room) -> None:
    response = room.desk.client.get(f"{room.url}/strip.png?minutes=20&speed_cm_min=2")
    image = Image.open(io.BytesIO(response.data))

    assert (response.status_code, response.mimetype) == (200, "image/png")
    assert image.width == (20 * 20 + 27) * 4
    assert image.info["dpi"] == pytest.approx((101.6, 101.6), abs=0.01)


def test_a_pdf_says_on_each_sheet_whose_it_is_and_that_nobody_has_read_it(room: Room) -> None:
    found = room.printed(room.desk, "minutes=48")

    assert len(found) == 2
    for number, page in enumerate(found, start=1):
        for words in ("Maria Hutapea", room.record_number, "Reading: not read yet.", f"Page {number} of 2", "1 cm/min"):
            assert words in page.text
        assert "computed: for reference, not a diagnosis" in page.text
        assert style.BAND in page.fills


def test_a_signed_reading_stands_under_the_strip_and_an_amended_one_says_so(room: Room, session: Session) -> None:
    review = sign(session, room.doctor, room.read, replace(NO_CONCERN, comment="Ask her to come on Friday."))
    (page,) = room.printed(room.desk, "minutes=10")
    assert "Baseline 140 bpm" in page.text
    assert "Impression No concern" in page.text
    assert "Signed by Ratna Dewi, " in page.text
    assert "Comment and plan stand in the portal." in page.text
    assert "Friday" not in page.text

    amend(session, room.doctor, room.read, review, SUSPICIOUS)
    (page,) = room.printed(room.desk, "minutes=10")
    assert "Impression Suspicious" in page.text
    assert "No concern" not in page.text
    assert "Amended: this is version 2." in page.text


def test_of_twins_each_fetus_has_its_reading(app: Flask, session: Session, make: Make) -> None:
    doctor = make.doctor()
    twins = recording(session, make, doctor=doctor, fetuses=2)
    sign(session, doctor, twins, UNREADABLE, fetus=2)
    response = Browser(app).sign_in(doctor).client.get(f"/monitoring/sessions/{twins.public_id}/strip.pdf")
    (page,) = pages(response.data)

    assert "Reading, fetus 1: not read yet." in page.text
    assert "Reading, fetus 2: Interpretable No · Because Too much signal loss." in page.text


def test_a_patient_prints_her_strip_with_advice_and_without_what_is_not_hers_to_see(
    room: Room, session: Session
) -> None:
    review = sign(session, room.doctor, room.read, SUSPICIOUS)
    (page,) = room.printed(room.phone, "minutes=20")
    for words in (
        "Maria Hutapea",
        "Your baby's movements matter more than this recording.",
        "Dopply Test Unit",
        "Phone: 021 555 0100",
        "Nobody has checked it yet.",
    ):
        assert words in page.text
    for words in ("Suspicious", "Signed", "baseline", "computed", "Gestation", "diagnosis"):
        assert words not in page.text
    assert style.BAND not in page.fills

    call(session, room.doctor, room.read)
    give(session, room.doctor, room.read, review)
    (page,) = room.printed(room.phone, "minutes=20")
    assert "Dr Ratna Dewi read this recording on " in page.text
    assert "Suspicious" not in page.text


@pytest.mark.parametrize("kind", KINDS)
def test_no_file_answers_a_worry_about_movements(room: Room, session: Session, kind: str) -> None:
    path = f"{room.url}/strip.{kind}"
    tag = room.phone.client.get(path).headers["ETag"]
    room.read.movement = Movement.LESS
    session.commit()

    room.phone.get(path, status=404)
    room.phone.get(path, status=404, headers={"If-None-Match": tag})
    assert room.desk.client.get(path).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_not_see_it_gets_no_file_and_no_304(room: Room, app: Flask, make: Make, kind: str) -> None:
    path = f"{room.url}/strip.{kind}"
    tag = room.desk.client.get(path).headers["ETag"]

    for stranger in (make.doctor(), make.patient().user):
        Browser(app).sign_in(stranger).get(path, status=404, headers={"If-None-Match": tag})


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_the_browser_has_is_not_written_again_and_no_sample_is_read(
    room: Room, session: Session, kind: str
) -> None:
    path = f"{room.url}/strip.{kind}?minutes=10"
    first = room.desk.client.get(path)
    with counted(session) as statements:
        again = room.desk.client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert not [one for one in statements if "waveform_chunks" in one or ".document" in one]
    assert [one for one in statements if "INSERT INTO audit_events" in one]
    for response in (first, again):
        assert response.headers["Cache-Control"] == "private, no-cache"
        assert response.headers["Content-Disposition"] == f"inline; filename=strip.{kind}"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "Cookie" in response.headers["Vary"]


def test_each_kind_reader_language_and_reading_has_a_file_of_its_own(room: Room, session: Session) -> None:
    def tag(browser: Browser, name: str) -> str:
        return browser.client.get(f"{room.url}/{name}").headers["ETag"].removeprefix("W/")

    names = ("strip.svg", "strip.png", "strip.pdf", "strip.pdf?minutes=10", "strip.png?minutes=10")
    tags = {tag(browser, name) for browser in (room.desk, room.phone) for name in names}
    assert len(tags) == 2 * len(names)

    before = tag(room.desk, "strip.pdf")
    sign(session, room.doctor, room.read)
    after = tag(room.desk, "strip.pdf")
    room.doctor.language = Language.INDONESIAN
    session.commit()
    assert len({before, after, tag(room.desk, "strip.pdf")}) == 3


def test_a_doctor_reads_the_sheet_in_her_language(room: Room, session: Session) -> None:
    room.doctor.language = Language.INDONESIAN
    session.commit()
    (page,) = room.printed(room.desk, "minutes=10")

    assert "Halaman 1 dari 1" in page.text
    assert "not read" not in page.text


def test_only_the_rest_of_the_recording_is_printed(room: Room) -> None:
    assert len(room.printed(room.desk, "minutes=9999&start_s=2400")) == 1
    assert len(room.printed(room.desk, "minutes=10080&start_s=2400")) == 1
    assert len(room.printed(room.desk, "minutes=48&speed_cm_min=3")) == 6


@pytest.fixture
def long(session: Session, make: Make) -> tuple[User, User, Record]:
    """A record from 08:30 on 10 July 2025 that takes 63 sheets at 3 cm/min; before it its doctor and its patient."""
    doctor, patient = make.doctor(), make.patient(name="Maria Hutapea")
    make.link(doctor, patient)
    return doctor, patient.user, older.record_of(session, patient, older.timed(older.values(504)))


def test_what_takes_too_many_sheets_is_offered_in_parts(app: Flask, long: tuple[User, User, Record]) -> None:
    doctor, _, record = long
    browser = Browser(app).sign_in(doctor)
    page = browser.get(f"/records/{record.id}/strip.pdf?minutes=504&speed_cm_min=3")
    links = page.soup.select("main li a")

    assert "it takes 63 sheets" in page.words
    assert "Maria Hutapea" in page.soup.select(".patient-banner")[0].get_text()
    assert [link.get_text(strip=True) for link in links] == [
        "Sheets 1 to 60: 10 Jul 2025, 08:30 WIB to 10 Jul 2025, 16:30 WIB",
        "Sheets 61 to 63: 10 Jul 2025, 16:30 WIB to 10 Jul 2025, 16:54 WIB",
    ]
    assert browser.get(str(page.soup.select("main p > a")[0]["href"])).words.startswith("Home recording, 10 Jul 2025")
    last = pages(browser.client.get(str(links[-1]["href"])).data)
    assert [f"Page {number} of 63" in sheet.text for number, sheet in enumerate(last, start=61)] == [True] * 3
    assert "16:30 16:31 16:32" in last[0].text


def test_the_parts_of_a_print_by_elapsed_time_are_counted_from_the_start(
    app: Flask, long: tuple[User, User, Record]
) -> None:
    doctor, _, record = long
    page = Browser(app).sign_in(doctor).get(f"/records/{record.id}/strip.pdf?minutes=504&speed_cm_min=3&time=elapsed")

    assert "Sheets 61 to 63: 8:00 h to 8:24 h" in page.words


@pytest.mark.parametrize("part", ["0", "3", "x", "-1", "\u0661", ""])
def test_a_part_that_is_none_is_400(app: Flask, long: tuple[User, User, Record], part: str) -> None:
    doctor, _, record = long
    path = f"/records/{record.id}/strip.pdf?minutes=504&speed_cm_min=3&part={part}"

    assert Browser(app).sign_in(doctor).client.get(path).status_code == 400


def test_a_patient_is_offered_parts_without_what_is_on_a_clinicians_page(
    app: Flask, long: tuple[User, User, Record]
) -> None:
    _, patient, record = long
    page = Browser(app).sign_in(patient).get(f"/records/{record.id}/strip.pdf?minutes=504&speed_cm_min=3")

    assert "print one part after the other" in page.words
    assert page.soup.select_one(".patient-banner") is None


@pytest.mark.parametrize("query", ["minutes=0", "minutes=10081", "minutes=x", "speed_cm_min=4", "start_s=-1"])
def test_a_stretch_that_is_none_is_400(room: Room, query: str) -> None:
    assert room.desk.client.get(f"{room.url}/strip.pdf?{query}").status_code == 400


@pytest.mark.parametrize("query", ["minutes=241", "minutes=0", "bpm_per_cm=25"])
def test_a_picture_of_no_view_is_400(room: Room, query: str) -> None:
    assert room.desk.client.get(f"{room.url}/strip.png?{query}").status_code == 400


def test_a_record_of_the_older_system_can_be_printed_too(app: Flask, session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient(name="Maria Hutapea")
    make.link(doctor, patient)
    record = older.record_of(session, patient, older.timed(older.values(20)))
    desk, phone = Browser(app).sign_in(doctor), Browser(app).sign_in(patient.user)
    for browser in (desk, phone):
        picture = browser.client.get(f"/records/{record.id}/strip.png")
        (page,) = pages(browser.client.get(f"/records/{record.id}/strip.pdf").data)
        assert picture.mimetype == "image/png"
        assert "Maria Hutapea" in page.text
        assert "Nobody has read it here." in page.text
    no_curve = older.record_of(session, patient, None)
    for kind in KINDS:
        desk.get(f"/records/{no_curve.id}/strip.{kind}", status=404)


def test_the_page_leads_to_the_print_of_the_view_and_of_all(room: Room) -> None:
    page = room.desk.get(f"{room.url}?start_s=600&minutes=20")
    links = {link.get_text(strip=True): str(link["href"]) for link in page.soup.select(".viewer .toolbar a")}

    assert "start_s=600&minutes=20" in links["Print"]
    assert "start_s=0&minutes=48" in links["Print all"]
    for name in ("Print", "Print all"):
        assert room.desk.client.get(links[name]).mimetype == "application/pdf"
