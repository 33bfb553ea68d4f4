"""The older system's records: a list, a page and a strip, for a linked doctor and for the patient herself."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Patient, PregnancyInfo, PregnancySurplus, Record, RecordSource, User
from app.models.base import NO_TIME
from tests import older
from tests.make import Make
from tests.older import BEGAN
from tests.page import Browser, Page


@dataclass
class Desk:
    """A doctor with a patient who came with the older database."""

    browser: Browser
    doctor: User
    patient: Patient
    session: Session

    def record(self, bpm_data: Any = None, **given: Any) -> Record:
        """One of her records."""
        return older.record_of(self.session, self.patient, bpm_data, **given)


@pytest.fixture
def desk(app: Flask, session: Session, make: Make) -> Desk:
    doctor, patient = make.doctor(name="Ratna Dewi"), make.patient(name="Maria Hutapea")
    make.link(doctor, patient)
    make.pregnancy(patient, due=date(2025, 9, 11))
    return Desk(Browser(app).sign_in(doctor), doctor, patient, session)


def path(record: Record) -> str:
    return f"/records/{record.id}"


def listed(page: Page) -> list[str]:
    return [str(link["href"]) for link in page.soup.select(".row-action a, .recordings a")]


def test_a_doctor_sees_the_strip_and_what_was_written_there(desk: Desk) -> None:
    record = desk.record(
        older.timed(older.values(20)),
        source=RecordSource.CLINIC,
        classification="Takikardia ringan",
        notes="setelah makan 🙂\nbaris dua",
        doctor_id=desk.doctor.id,
        shared_with=desk.doctor.id,
        end_time=BEGAN + timedelta(minutes=20),
    )

    page = desk.browser.get(path(record))
    picture = desk.browser.client.get(str(page.soup.select(".viewer__tile img")[0]["src"]))

    assert page.heading.startswith("Clinic recording, 10 Jul 2025, 08:30–08:50 WIB")
    assert "31w0d" in page.one(".patient-banner").get_text()
    card = " ".join(page.one("[aria-labelledby=older-title]").get_text(" ").split())
    for said in (
        "as it stood there, not a verdict",
        "Takikardia ringan",
        "setelah makan 🙂",
        "Doctor Ratna Dewi",
        "Shared with Ratna Dewi",
    ):
        assert said in card
    assert "Baseline 140 bpm" in page.words
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    assert "baseline" in picture.text
    assert "record of the earlier system" in picture.text


def test_a_list_of_numbers_says_that_its_time_is_a_guess(desk: Desk) -> None:
    record = desk.record([rate for _, rate in older.values(12)])

    page = desk.browser.get(path(record))

    assert "No sampling rate was stored. One value a second is assumed" in page.words
    assert "time axis estimated" in desk.browser.client.get(str(page.soup.select(".viewer__tile img")[0]["src"])).text


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"bpm_data": None}, "No values are stored."),
        ({"bpm_data": []}, "No values are stored."),
        ({"bpm_data": {"a": 1}}, "bpm_data: bpm_data has to be a list of numbers"),
        ({"bpm_data": [140, "fast"]}, "bpm_data, column bpm, sample 2: fast is not a number."),
    ],
)
def test_one_without_a_curve_says_why_and_shows_the_rest(desk: Desk, given: dict[str, Any], reason: str) -> None:
    record = desk.record(**given, classification="normal")

    page = desk.browser.get(path(record))

    assert f"There is no curve, because: {reason}" in page.words
    assert not page.soup.select("main img")
    assert "Classification there normal" in page.words
    desk.browser.get(f"{path(record)}/strip.svg", status=404)


def test_a_patients_own_record_may_name_whom_she_shared_it_with(desk: Desk) -> None:
    record = desk.record([140], source=RecordSource.SELF, doctor_id=desk.doctor.id)
    assert "Doctor, or shared with Ratna Dewi" in desk.browser.get(path(record)).words


def test_the_patient_sees_that_it_is_there_and_nothing_that_was_found(app: Flask, desk: Desk) -> None:
    record = desk.record([96] * 1200, classification="Bradikardia", notes="mohon rujuk")
    phone = Browser(app).sign_in(desk.patient.user)

    page, their_list = phone.get(path(record)), phone.get("/records")
    picture = phone.client.get(f"{path(record)}/strip.svg")

    assert page.words.startswith("Contact your maternity unit now")
    assert "This recording came from the earlier system. Nobody reads it here." in page.words
    assert "Finding a heartbeat does not mean your baby is well." in page.words
    for shown in (page, their_list):
        for word in ("Bradikardia", "rujuk", "96", "Baseline"):
            assert word not in shown.words
        assert not shown.soup.select("main img")
    assert listed(their_list) == [path(record)]
    assert "Finding a heartbeat does not mean your baby is well." in picture.text
    assert "baseline" not in picture.text


def test_a_strip_moves_scales_and_is_kept_by_the_browser(desk: Desk) -> None:
    record = desk.record([rate for _, rate in older.values(50)])
    page = desk.browser.get(f"{path(record)}?speed_cm_min=2&start_s=600")
    address = str(page.soup.select(".viewer__tile img")[0]["src"])
    first = desk.browser.client.get(address)

    again = desk.browser.client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    for move in page.soup.select("ul.segments a"):
        assert str(move["href"]).startswith(f"{path(record)}?")
        desk.browser.get(str(move["href"]))
    tags = {desk.browser.client.get(f"{path(record)}/strip.svg{query}").headers["ETag"] for query in ("", "?start_s=9")}
    assert len(tags) == 2
    for query in ("start_s=-1", "start_s=3001", "minutes=0", "speed_cm_min=9", "bpm_per_cm=x"):
        desk.browser.get(f"{path(record)}?{query}", status=400)
        desk.browser.get(f"{path(record)}/strip.svg?{query}", status=400)


def test_who_may_not_see_it_finds_nothing(app: Flask, make: Make, desk: Desk) -> None:
    record = desk.record([140])
    tag = desk.browser.client.get(f"{path(record)}/strip.svg").headers["ETag"]
    for stranger in (make.doctor(), make.patient().user):
        browser = Browser(app).sign_in(stranger)
        browser.get(path(record), status=404)
        browser.get(f"{path(record)}/strip.svg", status=404, headers={"If-None-Match": tag})
        assert listed(browser.get("/records")) == []
        assert listed(browser.get(f"/records?patient={desk.patient.id}")) == []
    desk.browser.get("/records/987654", status=404)


def test_the_list_goes_page_by_page_both_ways_and_shows_each_record_once(desk: Desk) -> None:
    # Many at the same second, and more than a page without a date.
    times = [BEGAN - timedelta(hours=number // 20) for number in range(30)] + [NO_TIME] * 30
    records = [desk.record([140], began=time) for time in times]
    expected = [path(one) for one in sorted(records, key=lambda one: (one.start_time, one.id), reverse=True)]

    pages = [desk.browser.get("/records")]
    while pages[-1].soup.select("a[rel=next]"):
        pages.append(desk.browser.get(str(pages[-1].one("a[rel=next]")["href"])))

    assert [address for page in pages for address in listed(page)] == expected
    for page in reversed(pages[1:]):
        back = desk.browser.get(str(page.one("a[rel=prev]")["href"]))
        assert listed(back) == listed(pages[pages.index(page) - 1])
    assert not pages[0].soup.select("a[rel=prev]")


def test_the_list_of_one_patient_keeps_to_her_while_paging(desk: Desk, make: Make) -> None:
    other = make.patient()
    make.link(desk.doctor, other)
    theirs = older.record_of(desk.session, other, [140])
    for _ in range(26):
        desk.record([140])

    page = desk.browser.get(f"/records?patient={desk.patient.id}")

    assert page.one(f"#patient option[value='{desk.patient.id}']").has_attr("selected")
    assert len(listed(desk.browser.get(str(page.one("a[rel=next]")["href"])))) == 1
    assert path(theirs) not in listed(page)
    assert listed(desk.browser.get(f"/records?patient={other.id}")) == [path(theirs)]


@pytest.mark.parametrize(
    "query",
    [
        *("patient=x", "patient=-1", "patient=99999999999", "patient=%00"),
        *("older=", "older=x", "older=1", "older=1.", "older=9999999999999999999.1", "older=1.99999999999"),
        *("newer=", "newer=-.1", "newer=1e3.1", "newer=999999999999999999.1"),
    ],
)
def test_a_list_that_no_link_of_ours_asks_for_is_400(desk: Desk, query: str) -> None:
    assert desk.browser.client.get(f"/records?{query}").status_code == 400


def test_an_empty_list_says_so(app: Flask, make: Make) -> None:
    assert "No older recordings" in Browser(app).sign_in(make.doctor()).get("/records").words
    words = Browser(app).sign_in(make.patient().user).get("/records").words
    assert "The earlier system left no recordings of yours here." in words


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_time_that_may_be_hours_off_says_so(app: Flask, desk: Desk, language: str) -> None:
    record = desk.record([140, 141], began=datetime(2025, 7, 1, 3, tzinfo=UTC))
    doubt = {"en": "time uncertain", "id": "waktu tidak pasti"}[language]
    phone = Browser(app).sign_in(desk.patient.user)

    for reader in (desk.browser, phone):
        for address in (path(record), "/records"):
            assert doubt in reader.get(f"{address}?lang={language}").words
    picture = desk.browser.get(path(record)).soup.select(".viewer__tile img")[0]
    assert doubt in desk.browser.client.get(str(picture["src"])).text


def test_one_without_a_date_is_shown_without_one(app: Flask, desk: Desk) -> None:
    record = desk.record([140] * 900, began=NO_TIME)
    phone = Browser(app).sign_in(desk.patient.user)

    page = desk.browser.get(path(record))

    for words in (page.words, phone.get(path(record)).words, desk.browser.get("/records").words):
        assert "time not known" in words
        assert " 1970" not in words  # As a year: a record number may end with it.
    assert "0:00:00–0:15:00" in page.words
    assert "1970" not in desk.browser.client.get(str(page.soup.select(".viewer__tile img")[0]["src"])).text


def test_both_pages_of_a_patient_show_what_came_among_the_recordings(app: Flask, desk: Desk, make: Make) -> None:
    old = desk.record([140], end_time=BEGAN + timedelta(minutes=12))
    carried = older.session_of(desk.session, desk.patient, [(0, 140)], began=BEGAN - timedelta(days=1))
    new = make.monitoring_session(desk.patient)
    oldest = desk.record([140], began=NO_TIME)
    in_order = [
        f"/monitoring/sessions/{new.public_id}",
        path(old),
        f"/monitoring/sessions/{carried.public_id}",
        path(oldest),
    ]

    record = desk.browser.get(f"/patients/{desk.patient.id}")
    home = Browser(app).sign_in(desk.patient.user).get(f"/patients/{desk.patient.id}")

    rows = record.soup.select(".dense-table tbody tr")
    assert [str(row.select("a")[0]["href"]) for row in rows] == in_order
    words = [" ".join(row.get_text(" ").split()) for row in rows]
    assert words[1] == "10 Jul 2025, 08:30 WIB Home recording 31w0d 12 min – earlier system – –"
    assert words[2] == "9 Jul 2025, 08:30 WIB Home recording 30w6d – – earlier system nobody not read here"
    assert words[3] == "time not known Home recording – – – earlier system – –"
    entries = home.soup.select(".recordings li")
    assert [str(entry.select("a")[0]["href"]) for entry in entries] == in_order
    assert "This recording came from the earlier system. Nobody reads it here." in entries[1].get_text()
    assert "This recording came from the earlier system. Nobody has read it here." in entries[2].get_text()
    assert "140" not in home.one("main").get_text()
    for page, link in ((record, f"/records?patient={desk.patient.id}"), (home, "/records")):
        assert page.soup.select(f'main a[href="{link}"]')


def test_without_an_older_database_nobody_is_led_to_its_records(app: Flask, desk: Desk) -> None:
    phone = Browser(app).sign_in(desk.patient.user)
    pages = (f"/patients/{desk.patient.id}", "/monitoring/sessions")
    for reader in (desk.browser, phone):
        for page in pages:
            assert not reader.get(page).soup.select('a[href^="/records"]')
    desk.record([140])
    for reader in (desk.browser, phone):
        for page in pages:
            assert reader.get(page).soup.select('main a[href^="/records"]')


def test_the_older_pregnancy_is_that_of_the_older_recording(desk: Desk, make: Make) -> None:
    """A new pregnancy does not make an old recording one of the twentieth week before it."""
    desk.record([140])
    earlier = desk.session.scalars(select(PregnancyInfo)).one()
    earlier.current_patient_id, earlier.superseded_reason = None, PregnancySurplus.EARLIER_PREGNANCY
    desk.session.commit()
    make.pregnancy(desk.patient, due=date(2027, 3, 1))
    [row] = desk.browser.get(f"/patients/{desk.patient.id}").soup.select(".dense-table tbody tr")
    assert "31w0d" in row.get_text()
    address = str(row.select("a")[0]["href"])
    assert "31w0d" in desk.browser.get(address).one(".patient-banner").get_text()
