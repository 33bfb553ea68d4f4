import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.models import MonitoringSession, MonitoringType, Movement, StoredFile, UnitMessage
from app.services.clock import utc_now
from app.web.transaction import begins_by_itself
from tests.make import Make
from tests.page import Browser, Page
from tests.recordings import csv_bytes, steady_bpm
from tests.services.uploads import START
from tests.web.uploading import ANSWERS, FILE, send, upload_as_patient, upload_for

NO_START = csv_bytes(steady_bpm(960))


def test_a_doctor_chooses_the_patient_first_and_sees_whose_form_it_is(browser: Browser, make: Make) -> None:
    doctor, hers, other = make.doctor(), make.patient(name="Maria Hutapea"), make.patient(name="Siti Rahayu")
    make.link(doctor, hers)
    browser.sign_in(doctor)

    choice = browser.get("/monitoring/upload")
    form = browser.get(f"/monitoring/upload?patient={hers.id}")

    assert [option.get_text(strip=True).split(" ·")[0] for option in choice.soup.select("option")] == [
        "Choose",
        "Maria Hutapea",
    ]
    assert "Maria Hutapea" in form.one(".patient-banner").get_text()
    browser.get(f"/monitoring/upload?patient={other.id}", status=404)


def test_a_doctor_uploads_a_file_and_comes_to_its_page(browser: Browser, session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    browser.sign_in(doctor)

    page = browser.follow(
        upload_for(browser, patient, device_name="Sonicaid One", notes="after\r\ntea", movement="less")
    )

    row = session.scalars(select(MonitoringSession)).one()
    assert (row.patient_id, row.doctor_id, row.monitoring_type) == (patient.id, doctor.id, MonitoringType.CLINIC)
    assert (row.maternal_bpm, row.device_name, row.notes) == (82, "Sonicaid One", "after\ntea")
    assert row.movement is Movement.LESS
    assert page.heading.startswith("Clinic CTG, 2 Mar 2026, 08:14–08:26 WIB")
    assert "The recording is stored." in page.words


def test_pasted_text_and_a_stated_start_are_a_recording_too(browser: Browser, session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    browser.sign_in(doctor)
    answers: dict[str, Any] = {"pasted": NO_START.decode(), "maternal_pulse": "not_measured", "maternal_bpm": ""}

    upload_for(browser, patient, b"", start_date="2026-03-02", start_time="08:14", **answers)

    row = session.scalars(select(MonitoringSession)).one()
    assert (row.began_at, row.maternal_bpm, row.fetus_count) == (START, None, 1)


BAD_FORMS: list[tuple[dict[str, Any], str]] = [
    ({"content": b""}, "Choose the recording file, or paste its text."),
    ({"pasted": "time_s,fhr_bpm"}, "Choose a file or paste text, not both."),
    ({"monitoring_type": ""}, "Choose where it was recorded."),
    ({"monitoring_type": "space"}, "Choose where it was recorded."),
    ({"fetuses": ""}, "Choose how many babies."),
    ({"fetuses": "3"}, "Choose how many babies."),
    ({"maternal_pulse": ""}, "Choose whether the mother's pulse was measured."),
    ({"maternal_bpm": ""}, "Enter the mother's pulse in beats per minute."),
    ({"maternal_bpm": "29"}, "Enter a pulse from 30 to 220."),
    ({"maternal_bpm": "²²"}, "Enter a pulse from 30 to 220."),
    ({"maternal_pulse": "not_measured"}, "Choose “Measured”, or leave the pulse empty."),
    ({"start_date": "2026-03-02"}, "Enter the time too."),
    ({"start_time": "08:14"}, "Enter the date too."),
    ({"start_date": "02.03.2026", "start_time": "08:14"}, "Enter the date as year, month and day: 2026-11-22."),
    ({"start_date": "9999-12-31", "start_time": "23:59"}, "Enter the date as year, month and day: 2026-11-22."),
    ({"start_date": "2026-03-02", "start_time": "8 o'clock"}, "Use at most 8 characters."),
    ({"start_date": "2026-03-02", "start_time": "morning"}, "Enter the time as hours and minutes: 08:14."),
    ({"notes": "x" * 2001}, "Use at most 2000 characters."),
    ({"notes": "a\x00b"}, "Remove the characters that cannot be shown."),
    ({"device_name": "a\u202eb"}, "Remove the characters that cannot be shown."),
    (
        {"content": NO_START},
        "The file does not say when it was recorded. Enter the date and time at which it began.",
    ),
    ({"content": b"time_s,fhr_bpm\n0,140\n0.25,abc\n"}, "a.csv, line 3, column fhr_bpm: abc is not a number."),
    (
        {"content": b"%PDF-1.7", "name": "r.pdf"},
        "r.pdf: This is a PDF document, not a recording format Dopply knows.",
    ),
    ({"content": b"\x00\x01\x02" * 90, "name": "x.bin"}, "x.bin: This is not a recording format Dopply knows."),
    (
        {"content": b"", "pasted": "time_s,fhr_bpm\n0,140\n0.25,NaNcy\n"},
        "pasted text, line 3, column fhr_bpm: NaNcy is not a number.",
    ),
]


def test_a_form_that_cannot_be_used_says_why_keeps_what_was_typed_and_stores_nothing(
    browser: Browser, session: Session, make: Make
) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    browser.sign_in(doctor)

    for given, error in BAD_FORMS:
        page = upload_for(browser, patient, status=422, **({"device_name": "Sonicaid"} | given))

        assert page.errors[0].startswith(error), given
        assert page.form("/monitoring/upload")["maternal_bpm"] == given.get("maternal_bpm", "82")
        assert page.one("title").get_text().startswith("Error:")
    assert _stored(session) == 0


def test_an_upload_over_the_limit_is_answered_413_and_nothing_is_stored(
    browser: Browser, session: Session, make: Make
) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    browser.sign_in(doctor)

    # 50 MB as one body of bytes: the test client would spool a file of this size to the disk.
    part = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.csv"\r\n\r\n'
    body = part + b"0.25,140\n" * 5_600_000 + b"\r\n--x--\r\n"
    answer = browser.client.post("/monitoring/upload", data=body, content_type="multipart/form-data; boundary=x")
    page = Page(answer)

    assert page.status == 413
    assert "At most 16 MB are accepted" in page.words
    assert page.heading == "That file is too large"
    assert _stored(session) == 0


def test_only_the_upload_reads_before_it_writes(app: Flask) -> None:
    """Any other view of POST that did would have to ask again what it may."""
    assert [name for name in app.view_functions if begins_by_itself(app, name)] == ["monitoring.store_upload"]


def test_a_recording_is_analysed_before_the_database_is_locked_for_it(
    browser: Browser, session: Session, make: Make
) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    browser.sign_in(doctor)
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    fields: dict[str, Any] = (
        browser.get(f"/monitoring/upload?patient={patient.id}").form("/monitoring/upload") | ANSWERS
    )
    fields["files"] = (BytesIO(FILE), "a.csv")
    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        answer = browser.client.post("/monitoring/upload", data=fields, content_type="multipart/form-data")
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)

    assert answer.status_code == 303
    begins = [at for at, text in enumerate(sent) if text.startswith(("BEGIN IMMEDIATE", "SET TRANSACTION"))]
    dated = [at for at, text in enumerate(sent) if "FROM pregnancy_info" in text]
    linked = [at for at, text in enumerate(sent) if "FROM doctor_patient" in text]
    # What is computed stands between the reading of her dates and the lock; who may is asked on both sides of it.
    assert len(begins) == 1
    assert dated[0] < begins[0] < dated[-1]
    assert linked[0] < begins[0] < linked[-1]


def test_the_form_of_one_patient_stores_nothing_for_another(browser: Browser, session: Session, make: Make) -> None:
    doctor, opened, other = make.doctor(), make.patient(), make.patient()
    make.link(doctor, opened)
    make.link(doctor, other)
    browser.sign_in(doctor)

    upload_for(browser, opened, patient_id=str(other.id), status=409)
    upload_for(browser, opened, patient_token="", status=409)

    assert _stored(session) == 0


def test_a_patient_cannot_upload_for_another(browser: Browser, session: Session, make: Make) -> None:
    patient, other = make.patient(), make.patient()
    browser.sign_in(patient.user)

    upload_as_patient(browser, patient_id=str(other.id), status=404)

    assert _stored(session) == 0


def test_a_doctor_without_link_uploads_nothing(browser: Browser, session: Session, make: Make) -> None:
    doctor, hers, other = make.doctor(), make.patient(), make.patient()
    make.link(doctor, hers)
    browser.sign_in(doctor)

    upload_for(browser, hers, patient_id=str(other.id), status=404)

    assert _stored(session) == 0


def test_the_same_file_twice_is_one_recording(browser: Browser, session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    browser.sign_in(doctor)
    first = upload_for(browser, patient)
    browser.follow(first)

    second = upload_for(browser, patient)

    assert second.location == first.location
    assert "This recording was here already. It is kept once." in browser.follow(second).words


def test_a_possible_mix_up_is_flagged_and_names_nobody(browser: Browser, make: Make, app: Flask) -> None:
    doctor, hers, other = make.doctor(), make.patient(name="Maria Hutapea"), make.patient(name="Siti Rahayu")
    make.link(doctor, other)
    upload_as_patient(Browser(app).sign_in(hers.user))
    browser.sign_in(doctor)

    page = browser.follow(upload_for(browser, other))

    assert "Possible mix-up:" in page.words
    assert "Maria" not in page.soup.get_text()


def test_a_patient_answers_the_question_before_anything_else(browser: Browser, make: Make) -> None:
    patient = make.patient()
    browser.sign_in(patient.user)

    page = browser.get("/monitoring/upload")

    assert "Is your baby moving as usual?" in page.words
    assert not page.soup.select("input[type=file], input[type=radio][checked]")
    assert page.words.index("Contact your maternity unit now") < page.words.index("Is your baby moving")


def test_the_question_wants_an_answer(browser: Browser, make: Make) -> None:
    browser.sign_in(make.patient().user)

    page = browser.submit("/monitoring/upload", to="/monitoring/upload/movement", status=422)

    assert page.errors == ["Choose how your baby is moving."]


def test_as_usual_leads_to_the_form_and_the_answer_is_stored(browser: Browser, session: Session, make: Make) -> None:
    patient = make.patient()
    browser.sign_in(patient.user)

    stored = upload_as_patient(browser)

    row = session.scalars(select(MonitoringSession)).one()
    assert (row.movement, row.monitoring_type, row.uploaded_by_id) == (
        Movement.AS_USUAL,
        MonitoringType.HOME,
        patient.user_id,
    )
    assert stored.location == f"/monitoring/sessions/{row.public_id}"
    assert "Your recording is saved. Nobody has checked it yet." in browser.follow(stored).words
    assert session.scalars(select(UnitMessage)).all() == []


@pytest.mark.parametrize("answer", ["less", "changed", "not_sure"])
def test_a_worry_fills_the_page_with_whom_to_call_and_the_recording_can_still_be_saved(
    browser: Browser, session: Session, make: Make, answer: str
) -> None:
    make.unit(phone="021 555 0100")
    patient = make.patient()
    browser.sign_in(patient.user)

    answered = browser.submit("/monitoring/upload", to="/monitoring/upload/movement", movement=answer)
    page = browser.follow(answered)

    assert "We have left a message in the portal. It may not be read now. Call." in page.words
    assert page.one(".emergency--full .emergency__phone")["href"] == "tel:0215550100"
    assert not re.search(r"\bbpm\b", page.words)
    (message,) = session.scalars(select(UnitMessage)).all()
    assert (message.patient_id, message.movement, message.session_id) == (patient.id, Movement(answer), None)
    session.rollback()
    form = str(page.one("main p > a")["href"])
    saved = browser.follow(send(browser, form, FILE, monitoring_type="home"))
    before_the_card = saved.text[saved.text.index("<main") : saved.text.index("emergency-title")]
    assert "saved" not in before_the_card
    session.expire_all()
    row = session.scalars(select(MonitoringSession)).one()
    assert row.movement is Movement(answer)
    assert [message.session_id for message in session.scalars(select(UnitMessage))] == [row.id]


def test_an_answer_cannot_be_forged_or_borrowed(browser: Browser, make: Make, app: Flask) -> None:
    patient, other = make.patient(), make.patient()
    borrowed = (
        Browser(app)
        .sign_in(other.user)
        .submit("/monitoring/upload", to="/monitoring/upload/movement", movement="as_usual")
    )
    browser.sign_in(patient.user)

    for address in (str(borrowed.location), "/monitoring/upload?movement=as_usual", "/monitoring/upload?movement=%00"):
        assert "Is your baby moving as usual?" in browser.get(address).words


def test_a_patient_whose_answer_is_too_old_answers_in_the_form(browser: Browser, session: Session, make: Make) -> None:
    patient = make.patient()
    browser.sign_in(patient.user)

    page = upload_as_patient(browser, movement_token="", status=422)
    fields = page.form("/monitoring/upload") | {"movement": "changed", "files": (BytesIO(FILE), "a.csv")}
    sent = browser.post("/monitoring/upload", fields, content_type="multipart/form-data")

    assert page.errors == ["Choose how your baby is moving."]
    row = session.scalars(select(MonitoringSession)).one()
    assert row.movement is Movement.CHANGED
    assert session.scalars(select(UnitMessage.movement)).one() is Movement.CHANGED
    session.rollback()
    call = browser.follow(sent)
    assert call.soup.select(".emergency--full")
    assert "We have left a message in the portal. It may not be read now. Call." in call.words
    assert call.one("main p > a")["href"] == f"/monitoring/sessions/{row.public_id}"


def test_a_worry_answered_in_the_form_about_a_known_recording_is_heard(
    browser: Browser, session: Session, make: Make
) -> None:
    patient = make.patient()
    browser.sign_in(patient.user)
    upload_as_patient(browser)

    page = upload_as_patient(browser, movement_token="", status=422)
    fields = page.form("/monitoring/upload") | {"movement": "less", "files": (BytesIO(FILE), "a.csv")}
    call = browser.follow(browser.post("/monitoring/upload", fields, content_type="multipart/form-data"))

    assert call.soup.select(".emergency--full")
    assert session.scalars(select(MonitoringSession.movement)).one() is Movement.LESS
    assert session.scalars(select(UnitMessage.movement)).one() is Movement.LESS


def test_a_patient_that_is_no_number_is_400(browser: Browser, make: Make) -> None:
    browser.sign_in(make.doctor())

    for value in ("x", "0", "-1", "1.5", "99999999999", "%00", "²", "1'--"):
        browser.get(f"/monitoring/upload?patient={value}", status=400)
        browser.post("/monitoring/upload", {"patient_id": value, **ANSWERS}, status=400)


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_page_of_the_upload_speaks_both_languages(browser: Browser, make: Make, language: str) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    browser.sign_in(doctor)
    for path in ("/monitoring/upload", f"/monitoring/upload?patient={patient.id}"):
        page = browser.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert page.one("html")["lang"] == language
    upload_for(browser, patient, b"time_s,fhr_bpm\n0,x\n", status=422)


def _stored(session: Session) -> int:
    session.rollback()
    return sum(
        session.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (MonitoringSession, StoredFile)
    )


def test_a_start_in_the_future_is_refused_at_the_date(browser: Browser, session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    browser.sign_in(doctor)
    year = utc_now().year + 1

    page = upload_for(browser, patient, NO_START, start_date=f"{year}-03-02", start_time="08:14", status=422)

    assert page.errors == [
        f"This recording would begin in the future, at 2 Mar {year}, 08:14 WIB. Check the date and the clock."
    ]
    assert _stored(session) == 0
