import re

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.ctg.formats import SourceFile
from app.extensions import db
from app.models import MonitoringSession, Movement, UnitMessage
from app.services.clock import utc_now
from tests.make import Make
from tests.page import Browser
from tests.recordings import csv_bytes, steady_bpm
from tests.services.uploads import as_doctor, store


@pytest.fixture
def recording(session: Session, make: Make) -> MonitoringSession:
    """48 minutes with uterine activity and a stretch of bradycardia, of a patient with a linked doctor."""
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    values = [*steady_bpm(4800, 140), *steady_bpm(3840, 90), *steady_bpm(2880, 140)]
    file = SourceFile("a.csv", csv_bytes(values, toco=[12.0] * len(values)))
    row = store(session, as_doctor(doctor), patient, file, device_name="Sonicaid <One>").monitoring_session
    row.patient, row.owner = patient, doctor
    return row


def test_a_doctor_gets_the_clinicians_picture_and_the_patient_one_without_anything_computed(
    app: Flask, recording: MonitoringSession
) -> None:
    assert recording.owner is not None
    assert recording.patient is not None
    path = f"/monitoring/sessions/{recording.public_id}/strip.svg"
    doctors = Browser(app).sign_in(recording.owner).client.get(path)
    hers = Browser(app).sign_in(recording.patient.user).client.get(path)

    assert (doctors.mimetype, hers.mimetype) == ("image/svg+xml", "image/svg+xml")
    assert "baseline" in doctors.text
    assert "Sonicaid &lt;One&gt;" in doctors.text
    assert "baseline" not in hers.text
    assert "bradycardia" not in hers.text
    assert doctors.headers["ETag"] != hers.headers["ETag"]
    assert doctors.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in doctors.headers["Vary"]


def test_her_picture_says_that_movements_matter_more_and_whom_to_call(
    app: Flask, make: Make, recording: MonitoringSession
) -> None:
    assert recording.owner is not None
    assert recording.patient is not None
    make.unit(phone="021 555 0100")
    path = f"/monitoring/sessions/{recording.public_id}/strip.svg"
    hers = Browser(app).sign_in(recording.patient.user).client.get(path)
    doctors = Browser(app).sign_in(recording.owner).client.get(path)

    for words in (
        "Finding a heartbeat does not mean your baby is well.",
        "Your baby&#x27;s movements matter more than this recording.",
        "Dopply Test Unit",
        "Phone: 021 555 0100",
    ):
        assert words in hers.text
        assert words not in doctors.text


def test_the_phone_is_part_of_her_pictures_identity(
    app: Flask, session: Session, make: Make, recording: MonitoringSession
) -> None:
    assert recording.patient is not None
    unit = make.unit(phone="021 555 0100")
    browser = Browser(app).sign_in(recording.patient.user)
    path = f"/monitoring/sessions/{recording.public_id}/strip.svg"
    before = browser.client.get(path).headers["ETag"]
    unit.phone = "021 555 0999"
    session.commit()

    after = browser.client.get(path, headers={"If-None-Match": before})

    assert after.status_code == 200
    assert "021 555 0999" in after.text


def test_no_heart_rate_answers_a_worry_about_movements(
    app: Flask, session: Session, recording: MonitoringSession
) -> None:
    assert recording.owner is not None
    assert recording.patient is not None
    hers, doctors = Browser(app).sign_in(recording.patient.user), Browser(app).sign_in(recording.owner)
    path = f"/monitoring/sessions/{recording.public_id}/strip.svg"
    tag = hers.client.get(path).headers["ETag"]

    recording.movement = Movement.NOT_SURE
    session.commit()
    hers.get(path, status=404)
    hers.get(path, status=404, headers={"If-None-Match": tag})
    assert doctors.client.get(path).status_code == 200

    recording.movement = None
    message = UnitMessage(patient_id=recording.patient.id, movement=Movement.LESS, created_at=utc_now())
    session.add(message)
    session.commit()
    hers.get(path, status=404)
    assert doctors.client.get(path).status_code == 200

    message.closed_at = utc_now()
    session.commit()
    assert hers.client.get(path).status_code == 200


def test_opened_by_itself_the_picture_is_drawn_and_can_do_nothing(app: Flask, recording: MonitoringSession) -> None:
    assert recording.owner is not None
    path = f"/monitoring/sessions/{recording.public_id}/strip.svg"
    client = Browser(app).sign_in(recording.owner).client
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    for response in (first, again):
        assert response.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert "style=" not in first.text


def test_a_picture_that_the_browser_has_is_not_drawn_again_and_no_sample_is_read(
    app: Flask, recording: MonitoringSession
) -> None:
    assert recording.owner is not None
    browser = Browser(app).sign_in(recording.owner)
    path = f"/monitoring/sessions/{recording.public_id}/strip.svg?speed_cm_min=2"
    first = browser.client.get(path)
    with app.app_context():
        engine = db.engine
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        again = browser.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert (again.status_code, again.data) == (304, b"")
    assert (again.headers["ETag"], again.headers["Cache-Control"]) == (first.headers["ETag"], "private, no-cache")
    assert not [statement for statement in statements if "waveform_chunks" in statement or ".document" in statement]
    assert [statement for statement in statements if "INSERT INTO audit_events" in statement]


def test_each_view_language_and_analysis_has_a_picture_of_its_own(
    app: Flask, session: Session, recording: MonitoringSession
) -> None:
    assert recording.owner is not None
    browser = Browser(app).sign_in(recording.owner)
    path = f"/monitoring/sessions/{recording.public_id}/strip.svg"
    queries = ("", "?speed_cm_min=3", "?bpm_per_cm=30", "?start_s=60", "?minutes=11", "?speed_cm_min=2&start_s=60")

    tags = {browser.client.get(path + query).headers["ETag"] for query in queries}

    assert len(tags) == len(queries)
    assert browser.client.get(path + "?minutes=30&start_s=0&speed_cm_min=1").headers["ETag"] in tags


def test_who_may_not_see_it_gets_no_304_either(app: Flask, make: Make, recording: MonitoringSession) -> None:
    assert recording.owner is not None
    path = f"/monitoring/sessions/{recording.public_id}/strip.svg"
    tag = Browser(app).sign_in(recording.owner).client.get(path).headers["ETag"]

    for stranger in (make.doctor(), make.patient().user):
        Browser(app).sign_in(stranger).get(path, status=404, headers={"If-None-Match": tag})


BAD_QUERIES = [
    *(f"start_s={value}" for value in ("-1", "x", "nan", "inf", "-inf", "1e400", "2881", "", "%00", "1;2", "٣x")),
    # What float() takes and no address of ours has: other digits, blanks, signs, exponents.
    *(f"start_s={value}" for value in ("１０", "٣", "1_0", "%2010%20", "%2B5", "-0.0", "1e-320", "1e1", ".5", "5.")),
    *(f"minutes={value}" for value in ("0", "-1", "241", "1.5", "x", "", "99999999999999999999", "%F0%9F%98%80", "²")),
    *(f"speed_cm_min={value}" for value in ("0", "4", "1.0", "x", "", "1'", "%0a1")),
    *(f"bpm_per_cm={value}" for value in ("10", "25", "2e1", "", "20%20")),
]


def test_a_view_that_is_none_is_400(app: Flask, recording: MonitoringSession) -> None:
    assert recording.owner is not None
    client = Browser(app).sign_in(recording.owner).client
    path = f"/monitoring/sessions/{recording.public_id}"

    pictures = {query: client.get(f"{path}/strip.svg?{query}").status_code for query in BAD_QUERIES}
    pages = {query: client.get(f"{path}?{query}").status_code for query in BAD_QUERIES}

    assert pictures == dict.fromkeys(BAD_QUERIES, 400)
    assert pages == dict.fromkeys(BAD_QUERIES, 400)


def test_a_session_without_samples_has_no_picture(app: Flask, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    empty = make.monitoring_session(patient)
    browser = Browser(app).sign_in(doctor)

    browser.get(f"/monitoring/sessions/{empty.public_id}/strip.svg", status=404)
    page = browser.get(f"/monitoring/sessions/{empty.public_id}")

    assert "There is no curve, because: No values are stored." in page.words
    assert not page.soup.select("img")


def test_a_tile_has_its_true_scale_when_the_channels_are_not_noted(
    app: Flask, session: Session, recording: MonitoringSession
) -> None:
    recording.channels = None
    session.commit()
    assert recording.owner is not None
    browser = Browser(app).sign_in(recording.owner)
    page = browser.client.get(f"/monitoring/sessions/{recording.public_id}").text
    (tag, *_) = re.findall(r"<img[^>]*frame=tile[^>]*>", page)
    shown = [int(re.findall(rf'{side}="(\d+)"', tag)[0]) for side in ("width", "height")]

    tile = browser.client.get(f"/monitoring/sessions/{recording.public_id}/strip.svg?frame=tile&minutes=10").text
    drawn = [float(re.findall(rf'{side}="([\d.]+)mm"', tile)[0]) / 25.4 * 96 for side in ("width", "height")]

    assert shown == pytest.approx(drawn, abs=0.51)
