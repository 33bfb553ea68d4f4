from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.ctg.formats import SourceFile
from app.models import MonitoringSession, MonitoringType, Movement
from app.services import analyses
from app.services.clock import utc_now
from tests.data import data_folder
from tests.make import Make
from tests.page import Browser
from tests.recordings import csv_bytes, steady_bpm
from tests.services.uploads import START, as_doctor, csv_file, store


@pytest.fixture
def recording(session: Session, make: Make) -> MonitoringSession:
    """48 minutes: 20 at 140 bpm, 16 at 90 bpm, 12 at 140 bpm; its patient has a linked doctor, who owns it."""
    doctor, patient = make.doctor(), make.patient(name="Maria Hutapea")
    make.link(doctor, patient)
    make.pregnancy(patient, due=(START + timedelta(days=63)).date())
    values = [*steady_bpm(4800, 140), *steady_bpm(3840, 90), *steady_bpm(2880, 140)]
    file = SourceFile("a.csv", csv_bytes(values, toco=[12.0] * len(values)))
    row = store(
        session, as_doctor(doctor), patient, file, device_name="Sonicaid", notes="<b>walking</b>"
    ).monitoring_session
    row.patient, row.owner = patient, doctor
    return row


@pytest.fixture
def doctors(app: Flask, recording: MonitoringSession) -> Browser:
    """The browser of its doctor."""
    assert recording.owner is not None
    return Browser(app).sign_in(recording.owner)


def test_the_page_says_whose_recording_it_is_when_it_was_and_how_it_came(
    doctors: Browser, recording: MonitoringSession
) -> None:
    page = doctors.get(_path(recording))

    assert page.heading.startswith("Clinic CTG, 2 Mar 2026, 08:14–09:02 WIB")
    assert "after its end" in page.heading
    assert "Maria Hutapea" in page.one(".patient-banner").get_text()
    assert "31w0d" in page.one(".patient-banner").get_text()
    assert "The file states no start. The start is what the uploader wrote." in page.words
    assert "<b>walking</b>" in page.words
    assert recording.id in page.words


def test_the_strip_has_its_size_and_words_for_who_cannot_see_it(doctors: Browser, recording: MonitoringSession) -> None:
    image = doctors.get(_path(recording)).one("main img")

    assert image["alt"] == (
        "Cardiotocogram on 2 Mar 2026 from 08:14 to 08:44 WIB at 1 cm/min and 20 bpm/cm: "
        "fetal heart rate and uterine activity, signal loss 0 %."
    )
    # 30 cm of paper and its margins of 2.7 cm, 96 pixels in 2.54 cm.
    assert image["width"] == str(round(32.7 / 2.54 * 96))
    assert doctors.client.get(str(image["src"])).mimetype == "image/svg+xml"


@pytest.mark.parametrize(
    ("query", "links"),
    [
        ("", {"End": "start_s=1080", "10 min ▶": "start_s=600"}),
        (
            "?start_s=600",
            {"◀ 10 min": "start_s=0", "Start": "start_s=0", "End": "start_s=1080", "10 min ▶": "start_s=1080"},
        ),
        ("?start_s=1080", {"◀ 10 min": "start_s=480", "Start": "start_s=0"}),
        ("?minutes=60", {}),
    ],
)
def test_the_window_moves_by_links_that_stay_inside_the_recording(
    doctors: Browser, recording: MonitoringSession, query: str, links: dict[str, str]
) -> None:
    page = doctors.get(_path(recording) + query)

    moves = page.soup.select("ul.segments")[0].select("a")
    assert {move.get_text(): str(move["href"]).split("?")[1].split("&")[0] for move in moves} == links
    for move in moves:
        doctors.get(str(move["href"]))


def test_speed_and_scale_are_links_of_which_one_is_current(doctors: Browser, recording: MonitoringSession) -> None:
    page = doctors.get(_path(recording) + "?speed_cm_min=3&bpm_per_cm=30&start_s=300")

    assert [one.get_text() for one in page.soup.select("ul.segments a[aria-current=true]")] == ["3", "30"]
    assert "minutes=10" in str(page.one("main img")["src"])
    slower = page.soup.select("ul.segments")[1].select("a")[0]
    assert "minutes=30" in str(doctors.get(str(slower["href"])).one("main img")["src"])


def test_the_units_scale_is_the_first_one(
    doctors: Browser, session: Session, make: Make, recording: MonitoringSession
) -> None:
    unit = make.unit()
    unit.speed_cm_min, unit.bpm_per_cm = 3, 30
    session.commit()

    page = doctors.get(_path(recording))

    assert [one.get_text() for one in page.soup.select("ul.segments a[aria-current=true]")] == ["3", "30"]


def test_the_analysis_stands_in_the_readers_order_with_its_method(
    doctors: Browser, recording: MonitoringSession
) -> None:
    page = doctors.get(_path(recording))

    rows = {row.th.get_text(): row.b or row.td for row in page.soup.select(".findings tr") if row.th and row.td}
    assert list(rows) == [
        "Baseline",
        "Bradycardia",
        "Tachycardia",
        "Signal loss",
        "Maternal rate",
        "Legacy rule set, not a verdict",
    ]
    assert rows["Bradycardia"].get_text() == "1 episode"
    assert rows["Tachycardia"].get_text() == "none found"
    assert rows["Maternal rate"].get_text() == "pulse stated as 80 bpm"
    assert "for reference, not a diagnosis" in page.words
    assert "legacy_2025" in page.words
    assert "Gestation used 31 weeks" in page.words
    assert "11,520 at 4 Hz" in page.words


def test_an_event_is_a_link_to_its_place_in_the_strip(doctors: Browser, recording: MonitoringSession) -> None:
    page = doctors.get(_path(recording))
    event = next(row for row in page.soup.select(".dense-table tbody tr") if "Bradycardia" in row.get_text())
    assert event.a is not None

    shown = doctors.get(str(event.a["href"]))

    source = str(shown.one("main img")["src"])
    start_s = int(source.split("start_s=")[1].split("&", maxsplit=1)[0])
    assert start_s <= 1200 <= start_s + 30 * 60


def test_a_recording_that_cannot_be_read_says_why(app: Flask, session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    lost = SourceFile("a.csv", csv_bytes([140.0 if index % 5 == 0 else None for index in range(2880)]))
    row = store(session, as_doctor(doctor), patient, lost).monitoring_session

    page = Browser(app).sign_in(doctor).get(_path(row))

    assert "Not interpretable, because:" in page.words
    assert "80 % has no signal" in page.words


def test_twins_have_a_block_each(app: Flask, session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    file = csv_file(12, bpm=130, fhr2_bpm=steady_bpm(2880, 150))
    row = store(session, as_doctor(doctor), patient, file, fetuses=2).monitoring_session

    page = Browser(app).sign_in(doctor).get(_path(row))

    titles = [title.get_text(" ", strip=True) for title in page.soup.select("h2[id^=analysis-]")]
    assert [title.split(" for reference")[0] for title in titles] == [
        "Computed analysis, fetus 1",
        "Computed analysis, fetus 2",
    ]


def test_a_recording_without_analysis_is_shown_all_the_same(
    app: Flask, session: Session, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    monkeypatch.delattr(analyses, "analyse")
    row = store(session, as_doctor(doctor), patient, csv_file(12)).monitoring_session

    page = Browser(app).sign_in(doctor).get(_path(row))

    assert "There is no computed analysis of this recording." in page.words
    assert page.soup.select("main img")


def test_what_she_reports_stands_above_the_strip(app: Flask, session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    row = store(
        session,
        as_doctor(doctor),
        patient,
        csv_file(12),
        movement=Movement.LESS,
        monitoring_type=MonitoringType.HOME,
        maternal_bpm=None,
        started_at=utc_now() - timedelta(days=400),
    ).monitoring_session

    page = Browser(app).sign_in(doctor).get(_path(row))

    assert page.heading.startswith("Home recording, ")
    assert "She reports: moving less than usual" in page.words
    assert "pulse not stated" in page.words
    assert "The recording is dated 400 days before it was received. Check the date." in page.words


def test_the_patient_never_sees_what_was_computed(app: Flask, recording: MonitoringSession) -> None:
    assert recording.patient is not None

    page = Browser(app).sign_in(recording.patient.user).get(_path(recording))

    for word in ("Computed", "Baseline", "Bradycardia", "legacy", "140 bpm"):
        assert word not in page.words


def test_others_find_nothing(app: Flask, make: Make, recording: MonitoringSession) -> None:
    for stranger in (make.doctor(), make.patient().user):
        Browser(app).sign_in(stranger).get(_path(recording), status=404)
    assert recording.owner is not None
    Browser(app).sign_in(recording.owner).get("/monitoring/sessions/AAAAAAAAAAAAAAAAAAAAAA", status=404)
    Browser(app).sign_in(recording.owner).get("/monitoring/sessions/%00", status=404)


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_real_recording_reads_in_both_languages(app: Flask, session: Session, make: Make, language: str) -> None:
    header = sorted((data_folder() / "ctu_uhb").rglob("*.hea"))[0]
    files = [SourceFile(path.name, path.read_bytes()) for path in (header, header.with_suffix(".dat"))]
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    row = store(session, as_doctor(doctor), patient, *files).monitoring_session
    browser = Browser(app).sign_in(doctor)

    page = browser.get(f"{_path(row)}?lang={language}")

    assert page.one("html")["lang"] == language
    picture = browser.client.get(str(page.one("main img")["src"]))
    assert picture.status_code == 200
    assert b"<path" in picture.data


def _path(row: MonitoringSession) -> str:
    return f"/monitoring/sessions/{row.public_id}"


@pytest.mark.parametrize("name", ["é" * 22, "%EF%BC%8E" * 22, "\U0001f600" * 22, "%00" * 22, "1"])
def test_what_no_recording_is_called_is_no_page(doctors: Browser, name: str) -> None:
    for path in ("", "/strip.svg", "/review", "/release"):
        doctors.get(f"/monitoring/sessions/{name}{path}", status=404)
    for path in ("/review", "/review/draft", "/release", "/release/preview", "/contact"):
        doctors.post(f"/monitoring/sessions/{name}{path}", status=404)
