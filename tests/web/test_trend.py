"""The trend over a pregnancy, for her doctor alone."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AuditEvent, MonitoringSession, MonitoringType, Patient, User
from app.services import analyses
from tests import older
from tests.make import Make
from tests.page import Browser, Page, squeeze
from tests.services.uploads import START, analysed_again, as_doctor, csv_file, store
from tests.statements import counted


@pytest.fixture
def doctor(make: Make) -> User:
    return make.doctor()


@pytest.fixture
def patient(make: Make, doctor: User) -> Patient:
    """Linked to the doctor, 31w0d at START."""
    patient = make.patient(name="Siti Aminah")
    make.link(doctor, patient)
    make.pregnancy(patient, due=(START + timedelta(days=63)).date())
    return patient


@pytest.fixture
def doctors(app: Flask, doctor: User) -> Browser:
    return Browser(app).sign_in(doctor)


@pytest.fixture
def recorded(session: Session, doctor: User, patient: Patient) -> dict[str, MonitoringSession]:
    """A clinic CTG, one from home five days later that nobody can read, and one of the older system between."""
    clinic = store(
        session, as_doctor(doctor), patient, csv_file(12, bpm=150), started_at=START - timedelta(days=5)
    ).monitoring_session
    home = store(
        session, as_doctor(doctor), patient, csv_file(1), monitoring_type=MonitoringType.HOME
    ).monitoring_session
    came = older.session_of(session, patient, older.values(3), began=START - timedelta(days=2))
    return {"clinic": clinic, "home": home, "came": came}


def path(patient: Patient, query: str = "") -> str:
    return f"/patients/{patient.id}/trend{query}"


def rows(page: Page) -> list[list[str]]:
    """The cells of the table."""
    return [[squeeze(cell) for cell in row.select("td")] for row in page.soup.select(".dense-table tbody tr")]


def again(session: Session, row: MonitoringSession, **changes: Any) -> None:
    """Another stored run of its first fetus, by another engine."""
    analysed_again(session, row, analyses.newest(session, row)[0].to_document() | {"engine_version": "9.1"} | changes)


@pytest.mark.usefixtures("recorded")
def test_the_table_has_the_numbers_and_what_speaks_against_them(doctors: Browser, patient: Patient) -> None:
    page = doctors.get(path(patient))

    assert page.heading == "Trend over the pregnancy"
    assert "Siti Aminah" in page.one(".patient-banner").get_text()
    newest, came, oldest = rows(page)
    assert newest[:7] == ["3", "2 Mar 2026, 08:14 WIB", "31w0d", "Home recording", "1 min", "0 %", "–"]
    assert newest[-1].startswith("Not interpretable, because: ")
    assert came[:4] == ["2", "28 Feb 2026, 08:14 WIB", "30w5d", "Home recording"]
    assert came[-2:] == [
        "–",
        "From the earlier system, without a stored analysis. Its page computes one to look at.",
    ]
    assert oldest[:6] == ["1", "25 Feb 2026, 08:14 WIB", "30w2d", "Clinic CTG", "12 min", "0 %"]
    assert oldest[6].startswith("15")
    assert "bpm" in page.one(".dense-table thead").get_text()


def test_each_row_leads_to_its_recording(
    doctors: Browser, patient: Patient, recorded: dict[str, MonitoringSession]
) -> None:
    links = doctors.get(path(patient)).soup.select(".dense-table tbody a")

    assert [str(link["href"]) for link in links] == [
        f"/monitoring/sessions/{recorded[name].public_id}" for name in ("home", "came", "clinic")
    ]


def test_the_record_and_the_recording_lead_to_it(
    doctors: Browser, patient: Patient, recorded: dict[str, MonitoringSession]
) -> None:
    for start in (f"/patients/{patient.id}", f"/monitoring/sessions/{recorded['home'].public_id}"):
        assert doctors.get(start).one(f'main a[href="{path(patient)}"]')


@pytest.mark.usefixtures("recorded")
def test_a_measure_is_drawn_where_it_is_stated_and_said_to_be_missing_elsewhere(
    doctors: Browser, patient: Patient
) -> None:
    page = doctors.get(path(patient))

    baseline, loss = page.soup.select(".trend__measure")
    assert "No analysis here states the variability." in page.words
    assert "No analysis here states the accelerations." in page.words
    for section, alt in (
        (baseline, "Baseline, bpm: from 15"),
        (loss, "Signal loss, %: from 0 to 0 between 30w2d and 31w0d."),
    ):
        image = section.select_one("img")
        assert image is not None
        assert str(image["alt"]).startswith(alt)
        picture = doctors.client.get(str(image["src"]))
        assert picture.mimetype == "image/svg+xml"
        assert picture.headers["Cache-Control"] == "private, no-cache"
        assert b"<circle" in picture.data
        assert picture.data.count(b"<rect") > 1
    image = baseline.select_one("img")
    assert image is not None
    assert str(image["alt"]).endswith("1 is without a value.")


def test_what_a_later_engine_states_is_drawn_and_none_is_not_the_same_as_not_looked_for(
    doctors: Browser, session: Session, patient: Patient, recorded: dict[str, MonitoringSession]
) -> None:
    again(session, recorded["clinic"], variability_bpm=8.5, acceleration_count=0)

    page = doctors.get(path(patient))

    assert len(page.soup.select(".trend__measure img")) == 4
    newest, _, oldest = rows(page)
    assert oldest[7:10] == ["8.5", "0", "9.1"]
    assert newest[6:9] == ["–", "–", "–"]
    picture = doctors.client.get(f"{path(patient)}.svg?measure=variability").text
    assert "engine 0.1.0" in picture


def test_accelerations_are_counted_in_half_an_hour_of_signal(
    doctors: Browser, session: Session, patient: Patient, recorded: dict[str, MonitoringSession]
) -> None:
    again(session, recorded["clinic"], acceleration_count=2, loss_fraction=0.5)

    assert rows(doctors.get(path(patient)))[2][7] == "10"


def test_twins_have_a_row_each(doctors: Browser, session: Session, doctor: User, patient: Patient) -> None:
    twins = csv_file(12, bpm=130, fhr2_bpm=[150.0 + index % 3 for index in range(2880)])
    store(session, as_doctor(doctor), patient, twins, fetuses=2)

    page = doctors.get(path(patient))

    assert [(row[0], row[1].split("WIB")[1].split()[-2:]) for row in rows(page)] == [
        ("1", ["fetus", "1"]),
        ("1", ["fetus", "2"]),
    ]
    assert "2: the second fetus" in page.words


def test_an_earlier_pregnancy_is_a_link(doctors: Browser, session: Session, make: Make, patient: Patient) -> None:
    before = START - timedelta(days=700)
    make.pregnancy(patient, due=(before + timedelta(days=63)).date(), is_current=False)
    older.session_of(session, patient, began=before)

    page = doctors.get(path(patient))
    assert "Nothing was recorded in this pregnancy." in page.words
    links = page.soup.select('ul.segments[aria-label="Pregnancy"] a')
    assert [link.get_text() for link in links if link.get("aria-current")] == ["due 4 May 2026"]
    earlier = doctors.get(next(str(link["href"]) for link in links if not link.get("aria-current")))

    assert rows(earlier)[0][2] == "31w0d"


def test_without_a_dating_there_is_a_table_and_no_picture(
    doctors: Browser, session: Session, make: Make, doctor: User
) -> None:
    undated = make.patient()
    make.link(doctor, undated)
    store(session, as_doctor(doctor), undated, csv_file(12))

    page = doctors.get(path(undated))

    assert "No picture can be drawn over the weeks" in page.words
    assert not page.soup.select("main img")
    assert rows(page)[0][2] == "–"
    doctors.get(f"{path(undated)}.svg?measure=baseline", status=404)


def test_nothing_recorded_is_said(doctors: Browser, patient: Patient) -> None:
    assert "Nothing was recorded in this pregnancy." in doctors.get(path(patient)).words


def test_older_records_are_named_as_left_out(doctors: Browser, session: Session, patient: Patient) -> None:
    older.record_of(session, patient, [140, 141])

    assert "They have no stored analysis and are not in this list." in doctors.get(path(patient)).words


@pytest.mark.usefixtures("recorded")
def test_the_browser_asks_again_and_is_told_that_nothing_changed(
    doctors: Browser, session: Session, patient: Patient, recorded: dict[str, MonitoringSession]
) -> None:
    address = f"{path(patient)}.svg?measure=baseline"
    tag = doctors.client.get(address).headers["ETag"]

    assert doctors.client.get(address, headers={"If-None-Match": tag}).status_code == 304
    again(session, recorded["clinic"], baseline_bpm=120)
    assert doctors.client.get(address, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?pregnancy=x", 400),
        ("?pregnancy=999999", 404),
        (".svg", 400),
        (".svg?measure=risk", 400),
        (".svg?measure=variability", 404),
        (".svg?measure=loss&pregnancy=999999", 404),
    ],
)
@pytest.mark.usefixtures("recorded")
def test_an_address_that_no_page_of_ours_has_is_refused(
    doctors: Browser, patient: Patient, query: str, status: int
) -> None:
    doctors.get(path(patient, query), status=status)


@pytest.mark.usefixtures("recorded")
def test_neither_she_nor_an_administrator_nor_another_doctor_reaches_it(
    app: Flask, make: Make, patient: Patient
) -> None:
    for query in ("", ".svg?measure=loss"):
        for user in (patient.user, make.admin(), make.doctor(is_valid=False)):
            Browser(app).sign_in(user).get(path(patient, query), status=403)
        Browser(app).sign_in(make.doctor()).get(path(patient, query), status=404)


@pytest.mark.usefixtures("recorded")
def test_looking_at_it_stands_in_the_trail_and_in_her_log(
    app: Flask, doctors: Browser, session: Session, patient: Patient
) -> None:
    doctors.get(path(patient))

    session.rollback()
    acts = session.scalars(
        select(AuditEvent.object_type).where(
            AuditEvent.act == "analysis:read", AuditEvent.subject_patient_id == patient.id
        )
    ).all()
    assert acts == ["patient"]
    log = Browser(app).sign_in(patient.user).get(f"/patients/{patient.id}/access-log")
    assert "looked at the recordings of a pregnancy together" in log.words


@pytest.mark.usefixtures("recorded")
def test_the_page_takes_as_many_statements_however_many_recordings_she_has(
    doctors: Browser, session: Session, doctor: User, patient: Patient
) -> None:
    doctors.get(path(patient))
    with counted(session) as few:
        doctors.get(path(patient))
    for day in range(6):
        file = csv_file(1, bpm=120 + day)
        store(session, as_doctor(doctor), patient, file, started_at=START - timedelta(days=10 + day))
    with counted(session) as many:
        doctors.get(path(patient))

    assert len(many) == len(few)
    assert len(many) <= 25


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.usefixtures("recorded")
def test_it_reads_in_both_languages(doctors: Browser, patient: Patient, language: str) -> None:
    page = doctors.get(path(patient, f"?lang={language}"))

    assert page.one("html")["lang"] == language
    assert page.heading == {"en": "Trend over the pregnancy", "id": "Tren selama kehamilan"}[language]
    picture = doctors.client.get(f"{path(patient)}.svg?measure=baseline").text
    assert ("Baseline" in picture) is (language == "en")
