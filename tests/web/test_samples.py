"""The samples under a reader's cursor, and the whole recording at a glance."""

import re

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.ctg.formats import SourceFile
from app.models import MonitoringSession, WaveformChunk
from tests import older
from tests.make import Make
from tests.page import Browser
from tests.recordings import csv_bytes, steady_bpm
from tests.services.uploads import as_doctor, csv_file, store
from tests.statements import counted

FHR = [None if 2410 <= index < 2420 else value for index, value in enumerate(steady_bpm(4800, 141.25))]
TOCO = [float(index % 9) for index in range(4800)]


@pytest.fixture
def recording(session: Session, make: Make) -> MonitoringSession:
    """20 minutes at 4 Hz with uterine activity and a gap of ten samples, of a patient with a linked doctor."""
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    file = SourceFile("a.csv", csv_bytes(FHR, toco=TOCO))
    row = store(session, as_doctor(doctor), patient, file).monitoring_session
    row.patient, row.owner = patient, doctor
    return row


@pytest.fixture
def doctors(app: Flask, recording: MonitoringSession) -> Browser:
    """The browser of its doctor."""
    assert recording.owner is not None
    return Browser(app).sign_in(recording.owner)


def path(row: MonitoringSession, what: str) -> str:
    """The address of one of its parts."""
    return f"/monitoring/sessions/{row.public_id}/{what}"


def test_samples_are_the_stored_values_with_their_time(doctors: Browser, recording: MonitoringSession) -> None:
    answer = doctors.client.get(path(recording, "samples?start_s=600"))

    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.json is not None
    assert answer.json["fhr1"] == FHR[2400:]
    assert answer.json["toco"] == TOCO[2400:]
    assert {name: value for name, value in answer.json.items() if not isinstance(value, list)} == {
        "first_s": 600.0,
        "clock_s": (8 * 60 + 24) * 60,
        "zone": "WIB",
        "rate_hz": 4.0,
        "device_rate_hz": 4.0,
    }
    assert answer.json["clock"] == [[600.0, (8 * 60 + 24) * 60, "WIB"]]


def test_a_window_begins_with_the_first_sample_in_it(doctors: Browser, recording: MonitoringSession) -> None:
    answer = doctors.client.get(path(recording, "samples?start_s=0.3")).json

    assert answer is not None
    assert (answer["first_s"], answer["fhr1"][0]) == (0.5, FHR[2])
    assert answer["clock_s"] == (8 * 60 + 14) * 60 + 0.5
    assert len(answer["fhr1"]) == 2400


def test_at_the_very_end_there_are_none(doctors: Browser, recording: MonitoringSession) -> None:
    answer = doctors.client.get(path(recording, "samples?start_s=1200")).json

    assert answer is not None
    assert answer["fhr1"] == []


def test_a_handheld_says_its_own_rate_and_loss(app: Flask, session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    row = older.session_of(session, patient, [(0, 140), (1, 0), (2, 142)], doctor=doctor)

    answer = Browser(app).sign_in(doctor).client.get(path(row, "samples")).json

    assert answer is not None
    assert answer["device_rate_hz"] == 1.0
    assert answer["fhr1"] == [140.0, None, 142.0]
    assert "toco" not in answer


@pytest.mark.parametrize("what", ["samples", "overview.svg"])
def test_what_a_browser_has_is_not_read_again(
    session: Session, doctors: Browser, recording: MonitoringSession, what: str
) -> None:
    tag = doctors.client.get(path(recording, what)).headers["ETag"]

    with counted(session) as statements:
        again = doctors.client.get(path(recording, what), headers={"If-None-Match": tag})

    assert again.status_code == 304
    assert not [statement for statement in statements if "waveform_chunks" in statement or ".document" in statement]
    assert [statement for statement in statements if "INSERT INTO audit_events" in statement]


@pytest.mark.parametrize("what", ["samples", "overview.svg"])
def test_they_are_for_her_clinicians_alone(
    app: Flask, make: Make, doctors: Browser, recording: MonitoringSession, what: str
) -> None:
    assert recording.patient is not None
    tag = doctors.client.get(path(recording, what)).headers["ETag"]

    Browser(app).sign_in(recording.patient.user).get(path(recording, what), status=403, headers={"If-None-Match": tag})
    Browser(app).sign_in(make.doctor()).get(path(recording, what), status=404, headers={"If-None-Match": tag})


def test_each_window_has_an_identity_of_its_own(doctors: Browser, recording: MonitoringSession) -> None:
    queries = ("", "?start_s=600", "?start_s=0.25")

    assert len({doctors.client.get(path(recording, f"samples{query}")).headers["ETag"] for query in queries}) == 3


@pytest.mark.parametrize("start", ["-1", "1201", "nan", "x", ""])
def test_a_place_outside_is_400(doctors: Browser, recording: MonitoringSession, start: str) -> None:
    assert doctors.client.get(path(recording, f"samples?start_s={start}")).status_code == 400


def test_the_overview_has_a_bar_for_what_was_found_and_none_for_a_gap(app: Flask, session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    values = [*steady_bpm(4800, 140), *[None] * 1200, *steady_bpm(3600, 90), *steady_bpm(4800, 140)]
    row = store(session, as_doctor(doctor), patient, SourceFile("a.csv", csv_bytes(values))).monitoring_session

    answer = Browser(app).sign_in(doctor).client.get(path(row, "overview.svg"))

    assert answer.mimetype == "image/svg+xml"
    # 60 minutes on 1200 units: five minutes without signal from minute 20 leave a hundred columns empty.
    heart = next(found[1] for found in re.finditer(r'fill="#15141c" d="([^"]*)"', answer.text))
    columns = {float(left) for left in re.findall(r"M([\d.]+) ", heart)}
    assert columns == set(range(1200)) - set(range(400, 500))
    events = next(found[1] for found in re.finditer(r'fill="#4a3aa7" d="([^"]*)"', answer.text))
    assert 490 <= float(re.findall(r"M([\d.]+) ", events)[0]) <= 560


def test_damaged_samples_are_said_to_be(session: Session, doctors: Browser, recording: MonitoringSession) -> None:
    session.execute(update(WaveformChunk).values(payload=b"damaged"))
    session.commit()

    overview = doctors.client.get(path(recording, "overview.svg"))

    assert (overview.status_code, overview.mimetype) == (500, "image/svg+xml")
    assert "The stored samples are damaged." in overview.text


def test_nothing_stored_is_no_page(app: Flask, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    empty = make.monitoring_session(patient)
    browser = Browser(app).sign_in(doctor)

    browser.get(path(empty, "samples"), status=404)
    browser.get(path(empty, "overview.svg"), status=404)


def test_twins_have_each_a_series(app: Flask, session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    file = csv_file(12, bpm=130, fhr2_bpm=steady_bpm(2880, 150))
    row = store(session, as_doctor(doctor), patient, file, fetuses=2).monitoring_session

    answer = Browser(app).sign_in(doctor).client.get(path(row, "samples")).json

    assert answer is not None
    # The values as they are: only the picture draws the second fetus higher.
    assert answer["fhr2"] == steady_bpm(2880, 150)[:2400]
