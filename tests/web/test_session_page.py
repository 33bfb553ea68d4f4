from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.ctg.formats import SourceFile
from app.models import MonitoringSession, MonitoringType, Movement, WaveformChunk
from app.services import analyses
from app.services.clock import utc_now
from tests.data import data_folder
from tests.make import Make
from tests.page import Browser
from tests.recordings import csv_bytes, steady_bpm
from tests.services.uploads import START, as_doctor, csv_file, store
from tests.statements import counted


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


def test_the_strip_is_a_row_of_windows_with_size_and_words_for_who_cannot_see_it(
    doctors: Browser, recording: MonitoringSession
) -> None:
    page = doctors.get(_path(recording))
    windows = page.soup.select(".viewer__tile img")

    assert [image["alt"] for image in windows] == [
        "Strip 08:14–08:24 WIB, signal loss 0 %",
        "Strip 08:24–08:34 WIB, signal loss 0 %",
        "Strip 08:34–08:44 WIB, signal loss 0 %",
        "Strip 08:44–08:54 WIB, signal loss 0 %",
        "Strip 08:54–09:02 WIB, signal loss 0 %",
    ]
    # A centimetre a minute, 96 pixels in 2.54 cm.
    assert [image["width"] for image in windows] == [*["378"] * 4, str(round(8 / 2.54 * 96))]
    assert {image["loading"] for image in windows} == {"lazy"}
    axis = page.one(".viewer__axis")
    assert axis["alt"] == "Axis of the heart rate from 50 to 210 bpm"
    assert {image["height"] for image in [*windows, axis]} == {axis["height"]}
    for image in (windows[0], windows[4], axis, page.one(".viewer__overview img")):
        assert doctors.client.get(str(image["src"])).mimetype == "image/svg+xml"


def test_the_caption_states_scale_time_zone_loss_and_device(doctors: Browser, recording: MonitoringSession) -> None:
    caption = doctors.get(_path(recording) + "?speed_cm_min=3&bpm_per_cm=30").one(".viewer__caption")

    assert [part.get_text() for part in caption.find_all(["strong", "span"])] == [
        "3 cm/min · 30 bpm/cm",
        "2 Mar 2026, 08:14–09:02 WIB",
        "signal loss 0 %",
        "Sonicaid",
    ]


def test_the_page_reads_no_sample(session: Session, doctors: Browser, recording: MonitoringSession) -> None:
    with counted(session) as statements:
        doctors.get(_path(recording))

    assert statements
    assert not [statement for statement in statements if "waveform_chunks" in statement]


def test_damaged_samples_leave_the_page_with_its_reading(
    session: Session, doctors: Browser, recording: MonitoringSession
) -> None:
    session.execute(update(WaveformChunk).values(payload=b"damaged"))
    session.commit()

    page = doctors.get(_path(recording))

    assert page.soup.select("#reading")
    source = str(page.soup.select(".viewer__tile img")[0]["src"])
    answer = doctors.client.get(source)
    assert answer.status_code == 500
    assert answer.mimetype == "image/svg+xml"
    assert "The stored samples are damaged." in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


@pytest.mark.parametrize(
    ("query", "links"),
    [
        ("", {"End": 2400, "10 min ▶": 600}),
        ("?start_s=660", {"◀ 10 min": 60, "Start": 0, "End": 2400, "10 min ▶": 1260}),
        ("?start_s=2400", {"◀ 10 min": 1800, "Start": 0}),
    ],
)
def test_the_strip_moves_by_links_that_stay_inside_the_recording(
    doctors: Browser, recording: MonitoringSession, query: str, links: dict[str, int]
) -> None:
    page = doctors.get(_path(recording) + query)

    moves = page.soup.select("ul.segments")[0].select("a")
    assert {move.get_text(): _place(str(move["href"])) for move in moves} == links
    for move in moves:
        address = urlsplit(str(move["href"]))
        assert doctors.get(str(move["href"])).soup.find(id=address.fragment)


def test_each_scale_is_a_link_of_which_one_is_current(doctors: Browser, recording: MonitoringSession) -> None:
    query = "?speed_cm_min=3&bpm_per_cm=30&start_s=300&range=30-240&time=elapsed"
    page = doctors.get(_path(recording) + query)

    assert [one.get_text() for one in page.soup.select("ul.segments a[aria-current=true]")] == [
        "3",
        "30",
        "30–240",
        "Elapsed",
    ]
    source = str(page.soup.select(".viewer__tile img")[1]["src"])
    for part in ("speed_cm_min=3", "bpm_per_cm=30", "range=30-240", "time=elapsed", "frame=tile", "start_s=600"):
        assert part in source
    slower = page.soup.select("ul.segments")[1].select("a")[0]
    assert _place(str(slower["href"])) == 300
    assert page.one(".viewer__axis")["alt"] == "Axis of the heart rate from 30 to 240 bpm"
    assert [image["alt"] for image in page.soup.select(".viewer__tile img")][
        1
    ] == "Strip 10 min–20 min, signal loss 0 %"


@pytest.mark.parametrize(
    ("typed", "place"),
    [("08:34", 1200), ("8.34", 1200), ("08:34:10", 1210), ("08:14", 0), ("20", 1200), ("20 min", 1200), ("48", 2880)],
)
def test_a_time_that_is_typed_leads_to_its_place(
    doctors: Browser, recording: MonitoringSession, typed: str, place: int
) -> None:
    page = doctors.get(f"{_path(recording)}?speed_cm_min=2&at={typed}", status=303)

    assert _place(str(page.location)) == place
    assert "speed_cm_min=2" in str(page.location)
    assert urlsplit(str(page.location)).fragment == f"at-{place // 600 * 600}"


def test_a_page_that_counts_from_the_start_takes_hours_and_minutes_from_it(
    doctors: Browser, recording: MonitoringSession
) -> None:
    path = f"{_path(recording)}?time=elapsed"

    assert _place(str(doctors.get(f"{path}&at=0:31", status=303).location)) == 31 * 60
    assert "ends after 48 min" in doctors.get(f"{path}&at=08:34", status=422).one("#at-problem").get_text()
    assert "such as 1:05" in doctors.get(f"{path}&at=x", status=422).one("#at-problem").get_text()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("07:59", "The recording runs from 2 Mar 2026, 08:14 WIB to 2 Mar 2026, 09:02 WIB."),
        ("09:03", "The recording runs from 2 Mar 2026, 08:14 WIB to 2 Mar 2026, 09:02 WIB."),
        ("49", "The recording ends after 48 min."),
        ("24:00", "Enter a time such as 08:30, or minutes from the start such as 25."),
        ("soon", "Enter a time such as 08:30, or minutes from the start such as 25."),
        ("<b>", "Enter a time such as 08:30, or minutes from the start such as 25."),
    ],
)
def test_a_time_that_is_not_in_it_is_refused_in_a_sentence(
    doctors: Browser, recording: MonitoringSession, typed: str, sentence: str
) -> None:
    page = doctors.get(f"{_path(recording)}?at={typed}", status=422)

    assert sentence in page.one("#at-problem").get_text()
    field = page.one("#at")
    assert (field["value"], field["aria-invalid"], field["aria-describedby"]) == (typed, "true", "at-problem")


def test_the_units_scale_is_the_first_one(
    doctors: Browser, session: Session, make: Make, recording: MonitoringSession
) -> None:
    unit = make.unit()
    unit.speed_cm_min, unit.bpm_per_cm = 3, 30
    session.commit()

    page = doctors.get(_path(recording))

    assert [one.get_text() for one in page.soup.select("ul.segments a[aria-current=true]")] == [
        "3",
        "30",
        "50–210 bpm",
        "Clock",
    ]


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


def test_an_event_is_a_link_to_its_place_where_it_is_framed(doctors: Browser, recording: MonitoringSession) -> None:
    page = doctors.get(_path(recording))
    row = next(row for row in page.soup.select(".dense-table tbody tr") if "Bradycardia" in row.get_text())
    assert row.a is not None
    assert not page.soup.select(".viewer__frame")

    address, window = str(row.a["href"]).split("#")
    shown = doctors.get(address)

    assert window == "at-1200"
    frames = [tile.select_one(".viewer__frame rect") for tile in shown.soup.select(".viewer__tile")]
    # 16 minutes from minute 20 lie in the third and fourth window.
    assert [frame is not None for frame in frames] == [False, False, True, True, False]
    widths = [int(str(frame["width"])) for frame in frames if frame is not None]
    assert sum(widths) == pytest.approx(16 * 37.8, rel=0.05)


@pytest.mark.parametrize("shown", ["", "1", "5-1", "1-99999", "-1-5", "a-b", "1e1-20", "1-2-3", "٣-9"])
def test_a_stretch_that_is_none_is_400(doctors: Browser, recording: MonitoringSession, shown: str) -> None:
    assert doctors.client.get(f"{_path(recording)}?shown={shown}").status_code == 400


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
    picture = browser.client.get(str(page.soup.select(".viewer__tile img")[0]["src"]))
    assert picture.status_code == 200
    assert b"<path" in picture.data


def _path(row: MonitoringSession) -> str:
    return f"/monitoring/sessions/{row.public_id}"


def _place(address: str) -> int:
    """Where in the recording the address leads, in seconds."""
    return int(parse_qs(urlsplit(address).query)["start_s"][0])


@pytest.mark.parametrize("name", ["é" * 22, "%EF%BC%8E" * 22, "\U0001f600" * 22, "%00" * 22, "1"])
def test_what_no_recording_is_called_is_no_page(doctors: Browser, name: str) -> None:
    for path in ("", "/strip.svg", "/review", "/release"):
        doctors.get(f"/monitoring/sessions/{name}{path}", status=404)
    for path in ("/review", "/review/draft", "/release", "/release/preview", "/contact"):
        doctors.post(f"/monitoring/sessions/{name}{path}", status=404)
