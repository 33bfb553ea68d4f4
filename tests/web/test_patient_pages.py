"""The pages about a patient as a doctor sees them: list, record, pre-registration and the dating of a pregnancy."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import (
    AccessBasis,
    AccessState,
    AuditEvent,
    Movement,
    OutgoingMail,
    Patient,
    PregnancyInfo,
    User,
)
from app.services.patient_list import PAGE_SIZE
from app.services.preregistration import DAILY_LIMIT
from tests.conftest import NOON
from tests.make import ZONE, Make
from tests.page import PASSWORD, Browser, squeeze

pytestmark = pytest.mark.usefixtures("noon")

NEW = {
    "name": "Bunga 🌸 Lestari",
    "birth_date": "1997-02-28",
    "email": "bunga@example.org",
    "phone": "+62 812 000",
    "language": "id",
    "has_consented": "y",
    "consent": "on paper, signed today",
}


@pytest.fixture
def doctor(make: Make) -> User:
    return make.doctor(name="Ratna Dewi")


@pytest.fixture
def patient(make: Make, doctor: User) -> Patient:
    patient = make.patient(name="Siti Aminah")
    make.link(doctor, patient)
    return patient


@pytest.fixture
def doctors(browser: Browser, doctor: User) -> Browser:
    return browser.sign_in(doctor)


def pregnancy_of(session: Session, patient: Patient) -> PregnancyInfo:
    session.rollback()
    return session.scalars(
        select(PregnancyInfo).where(PregnancyInfo.patient_id == patient.id).execution_options(populate_existing=True)
    ).one()


def day(shift: int) -> str:
    """So many days from today."""
    return (NOON.astimezone(ZONE).date() + timedelta(days=shift)).isoformat()


def test_the_list_leads_to_the_record(doctors: Browser, make: Make, patient: Patient) -> None:
    make.pregnancy(patient)
    make.monitoring_session(patient)
    page = doctors.get("/patients")
    assert "Siti Aminah 12 Mar 1994" in page.words
    assert "1 patient" in page.words
    assert page.one(f'main a[href="/patients/{patient.id}"]')


def test_the_search_is_shown_again_and_kept_from_page_to_page(doctors: Browser, make: Make, doctor: User) -> None:
    for number in range(PAGE_SIZE + 1):
        make.link(doctor, make.patient(name=f"100% {number:02}"))
    page = doctors.get("/patients?q=100%25")
    assert page.one("input[name=q]")["value"] == "100%"
    second = doctors.get(str(page.one("a[rel=next]")["href"]))
    assert "100% 25" in second.words
    assert "100% 00" in doctors.get(str(second.one("a[rel=prev]")["href"])).words


@pytest.mark.parametrize("query", ["after=x", "after=", "before=-1", "after=9999999999", "q=%00", "q=" + "a" * 256])
def test_an_address_that_no_page_of_ours_has_is_refused(doctors: Browser, query: str) -> None:
    doctors.get(f"/patients?{query}", status=400)


def test_nobody_found_and_nobody_yet(browser: Browser, make: Make) -> None:
    browser.sign_in(make.doctor())
    assert "No patients yet" in browser.get("/patients").words
    assert "Nobody found" in browser.get("/patients?q=<script>").words


def test_a_record_says_whose_it_is_and_how_far(
    doctors: Browser, session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    pregnancy = make.pregnancy(patient)
    pregnancy.is_high_risk, pregnancy.complications = True, ["twins", "<b>diabetes</b>"]
    worried = make.monitoring_session(patient, owner=doctor)
    worried.movement = Movement.LESS
    make.link(make.doctor(name="Budi Santoso"), patient)
    make.link(make.doctor(name="Not Yet"), patient, state=AccessState.REQUESTED)
    twin = make.patient(name="Siti Amina")
    make.link(doctor, twin)
    session.commit()
    page = doctors.get(f"/patients/{patient.id}")
    banner = " ".join(page.one(".patient-banner").get_text(" ").split())
    for words in ("Siti Aminah", "12 Mar 1994", patient.record_number, "30w0d", "high", "has a name like this one"):
        assert words in banner
    for words in ("<b>diabetes</b>", "moving less than usual", "Budi Santoso", "0812 000 000", "Care status active"):
        assert words in page.words
    assert "Not Yet" not in page.words
    assert page.one(f'main a[href="/monitoring/upload?patient={patient.id}"]')


def test_a_record_takes_a_bounded_number_of_statements(
    doctors: Browser, app: Flask, make: Make, patient: Patient, statements: list[str]
) -> None:
    doctors.get(f"/patients/{patient.id}")
    statements.clear()
    doctors.get(f"/patients/{patient.id}")
    few = len(statements)
    for _number in range(20):
        make.monitoring_session(patient, owner=make.doctor())
        make.link(make.doctor(), patient)
    statements.clear()
    doctors.get(f"/patients/{patient.id}")
    assert len(statements) == few


@pytest.fixture
def statements(app: Flask) -> Any:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("path", ["", "/pregnancy", "/access-log"])
def test_other_records_do_not_exist(browser: Browser, make: Make, doctor: User, patient: Patient, path: str) -> None:
    browser.sign_in(make.doctor())
    status = 403 if path == "/access-log" else 404
    there = browser.get(f"/patients/{patient.id}{path}", status=status)
    nowhere = browser.get(f"/patients/2147483647{path}", status=status)
    assert re.sub(r"[0-9a-f]{16}", "", there.words) == re.sub(r"[0-9a-f]{16}", "", nowhere.words)


def test_preregistered_she_activates_by_the_code_on_paper(app: Flask, doctors: Browser, session: Session) -> None:
    page = doctors.submit("/patients/new", status=200, **NEW)
    assert page.response.headers["Cache-Control"] == "no-store"
    code = page.one(".one-time-code").get_text()
    assert "Bunga 🌸 Lestari" in page.words
    assert "/auth/activate" in page.words
    patient = session.scalars(select(Patient)).one()
    assert "Bunga 🌸 Lestari" in doctors.get(f"/patients/{patient.id}").text
    hers = Browser(app)
    password = hers.follow(hers.submit("/auth/activate", code=code.lower()))
    hers.post(str(password.response.request.path), {"password": PASSWORD})
    user = session.get_one(User, patient.user_id)
    hers.sign_in(user)
    assert "on paper, signed today" in hers.get("/links").words


def test_the_code_is_shown_once(doctors: Browser, session: Session) -> None:
    page = doctors.submit("/patients/new", status=200, **NEW)
    code = page.one(".one-time-code").get_text()
    again = doctors.follow(doctors.submit("/patients/new", status=303, **NEW))
    assert code not in again.text
    assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 1


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("has_consented", "", "Without her consent no record can be made."),
        ("consent", " ", "Write how she agreed"),
        ("name", "", "Enter her name."),
        ("name", "x" * 256, "at most 255"),
        ("name", "Bunga\u202e", "cannot be shown"),
        ("birth_date", "", "Enter her birth date."),
        ("birth_date", "28.2.1997", "as year, month and day"),
        ("birth_date", "2026-01-01", "Check the birth date."),
        ("email", "bunga", "such as name@example.org"),
        ("phone", "call me", "phone number"),
        ("language", "xx", ""),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_made(
    doctors: Browser, session: Session, field: str, value: str, problem: str
) -> None:
    fields = {**NEW, field: value}
    if field == "has_consented":
        del fields[field]
    page = doctors.submit("/patients/new", status=422, **fields)
    assert problem in " ".join(page.errors)
    assert page.one("input[name=email]")["value"] == fields["email"].strip()
    assert session.scalar(select(func.count()).select_from(Patient)) == 0


def test_a_known_address_is_answered_like_a_request_for_access(doctors: Browser, make: Make) -> None:
    told = set()
    for user in (make.patient(name="Secret Name").user, make.doctor(name="Secret Doctor"), make.admin()):
        page = doctors.follow(doctors.submit("/patients/new", status=303, **{**NEW, "email": user.email}))
        told.add(page.words)
        assert "Secret" not in page.text
    assert len(told) == 1
    assert "If this address belongs to a patient, she will see your request." in told.pop()


def test_too_many_records_a_day_are_said(doctors: Browser, doctor: User, session: Session, make: Make) -> None:
    for _ in range(DAILY_LIMIT):
        make.link(doctor, make.patient()).access_basis = AccessBasis.CLINIC_CONSENT
    session.commit()
    page = doctors.submit("/patients/new", status=422, **NEW)
    assert page.errors == ["You have made 50 records in one day, as many as one person may. Go on tomorrow."]


def dating(**fields: str) -> dict[str, Any]:
    return {"method": "ultrasound", "day": day(-7), "weeks": "12", "days": "3", "high_risk": "no", **fields}


def test_dated_by_ultrasound_and_shown_in_the_banner(doctors: Browser, session: Session, patient: Patient) -> None:
    page = doctors.get(f"/patients/{patient.id}/pregnancy")
    assert not page.soup.select("main [checked]")
    doctors.submit(
        f"/patients/{patient.id}/pregnancy", **dating(high_risk="yes", complications="twins\r\n\r\n  anaemia ")
    )
    row = pregnancy_of(session, patient)
    assert (row.is_high_risk, row.complications, row.gestational_age) == (True, ["twins", "anaemia"], 13)
    shown = doctors.get(f"/patients/{patient.id}")
    assert "13w3d" in shown.one(".patient-banner").get_text()
    assert "ultrasound" in shown.one(".patient-banner").get_text()


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Dated by last menstrual period"), ("id", "Ditentukan dengan hari pertama haid terakhir (HPHT)")],
)
def test_a_due_date_that_follows_from_the_last_period_says_so(
    doctors: Browser, session: Session, make: Make, patient: Patient, language: str, said: str
) -> None:
    pregnancy = make.pregnancy(patient)
    pregnancy.expected_due_date, pregnancy.dated_at = None, None
    pregnancy.last_menstrual_period = NOON.date() - timedelta(days=100)
    session.commit()
    assert said in squeeze(doctors.get(f"/patients/{patient.id}?lang={language}").one(".patient-banner"))
    doctors.submit(f"/patients/{patient.id}/pregnancy", method="keep", high_risk="yes")
    assert said in squeeze(doctors.get(f"/patients/{patient.id}").one(".patient-banner"))


def test_what_an_older_system_wrote_of_the_same_pregnancy_is_shown_with_where_it_stands(
    doctors: Browser, session: Session, make: Make, patient: Patient
) -> None:
    current = make.pregnancy(patient)
    due, current.expected_due_date, current.dated_at = current.expected_due_date, None, None
    make.pregnancy_that_gave_way(current, due=due, is_high_risk=True, complications=["preeclampsia"])
    record = doctors.get(f"/patients/{patient.id}")
    banner = squeeze(record.one(".patient-banner"))
    assert "30w0d" in banner
    assert "Dated by not stated, from an earlier entry Risk high" in banner
    assert "preeclampsia" in record.words
    path = f"/patients/{patient.id}/pregnancy"
    form = doctors.get(path)
    assert "this one is from an earlier entry" in form.words
    assert form.one("textarea").get_text().strip() == "preeclampsia"
    assert form.one("input[name=high_risk][checked]")["value"] == "yes"
    doctors.post(path, {**form.form(), "method": "keep", "high_risk": "no", "complications": ""})
    after = doctors.get(f"/patients/{patient.id}")
    assert "30w0d" in after.one(".patient-banner").get_text(" ")
    assert "preeclampsia" not in after.words
    assert "from an earlier entry" not in after.words


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"method": ""}, "Choose how the pregnancy is dated."),
        ({"method": "guess"}, ""),
        ({"day": ""}, "Enter the date that belongs to the method."),
        ({"day": "yesterday"}, "as year, month and day"),
        ({"weeks": ""}, "the age that the ultrasound found"),
        ({"weeks": "3"}, "the age that the ultrasound found"),
        ({"weeks": "43"}, "the age that the ultrasound found"),
        ({"weeks": "-1"}, "the age that the ultrasound found"),
        ({"weeks": "１２"}, "the age that the ultrasound found"),
        ({"days": "7"}, "the age that the ultrasound found"),
        ({"day": day(1)}, "This day lies in the future."),
        ({"method": "lmp", "day": day(-400)}, "which cannot be"),
        ({"method": "lmp", "day": "2020-01-01"}, "too far away"),
        ({"method": "edd", "day": "9999-12-31"}, "too far away"),
        ({"method": "edd", "day": "0001-01-01"}, "too far away"),
        ({"method": "keep"}, "There is no due date yet."),
        ({"high_risk": ""}, "Choose whether this is a high-risk pregnancy."),
        ({"complications": "\n".join("x" * 21)}, "at most 20 lines"),
        ({"complications": "x" * 201}, "of at most 200 characters"),
        ({"complications": "a\x00b"}, "cannot be shown"),
    ],
)
def test_what_cannot_be_dated_is_said_and_what_was_typed_is_kept(
    doctors: Browser, session: Session, patient: Patient, fields: dict[str, str], problem: str
) -> None:
    sent = dating(**fields)
    page = doctors.submit(f"/patients/{patient.id}/pregnancy", status=422, **sent)
    assert problem in " ".join(page.errors)
    assert page.one("input[name=weeks]")["value"] == sent["weeks"]
    assert session.scalar(select(func.count()).select_from(PregnancyInfo)) == 0


def test_a_token_of_another_patient_stores_nothing(
    doctors: Browser, session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    other = make.patient()
    make.link(doctor, other)
    token = doctors.get(f"/patients/{other.id}/pregnancy").form()["patient_token"]
    for bad in (token, "", "forged"):
        doctors.submit(f"/patients/{patient.id}/pregnancy", status=409, **dating(patient_token=bad))
    assert session.scalar(select(func.count()).select_from(PregnancyInfo)) == 0


def test_two_doctors_at_once_lose_nothing(
    app: Flask, doctors: Browser, session: Session, make: Make, patient: Patient
) -> None:
    path = f"/patients/{patient.id}/pregnancy"
    stale = doctors.get(path).form()
    colleague = make.doctor()
    make.link(colleague, patient)
    Browser(app).sign_in(colleague).submit(path, **dating(complications="anaemia"))
    answer = doctors.post(path, {**stale, **dating(complications="diabetes")}, status=409)
    assert "Somebody else has changed this pregnancy" in answer.words
    assert "anaemia" in answer.words
    assert answer.one("textarea").get_text() == "diabetes"
    assert pregnancy_of(session, patient).complications == ["anaemia"]
    doctors.post(path, {**answer.form(), "method": "keep", "complications": "anaemia\ndiabetes"})
    assert pregnancy_of(session, patient).complications == ["anaemia", "diabetes"]


def test_a_change_stands_in_the_audit_trail_without_a_clinical_value(
    doctors: Browser, session: Session, doctor: User, patient: Patient
) -> None:
    doctors.submit(f"/patients/{patient.id}/pregnancy", **dating(complications="anaemia"))
    rows = session.scalars(select(AuditEvent).where(AuditEvent.subject_patient_id == patient.id)).all()
    assert [row.act for row in rows] == ["pregnancy:edit", "pregnancy:edit", "pregnancy:date"]
    assert {row.actor_id for row in rows} == {doctor.id}
    assert rows[-1].detail == '{"method":"ultrasound"}'
