"""The pages of links: one answer for every address, her decision alone, an end with effect on the next request."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import (
    AccessBasis,
    AccessState,
    AuditEvent,
    DoctorPatient,
    MonitoringSession,
    OutgoingMail,
    Patient,
    ReviewState,
    User,
)
from app.services.clock import utc_now
from tests.make import Make
from tests.page import Browser, Page


@pytest.fixture
def doctor(make: Make) -> User:
    return make.doctor(name="Ratna Dewi")


@pytest.fixture
def patient(make: Make) -> Patient:
    return make.patient(name="Siti Aminah")


def at(doctor: User, patient: Patient, act: str) -> str:
    return f"/links/{doctor.id}/{patient.id}/{act}"


def state(session: Session, doctor: User, patient: Patient) -> AccessState:
    session.rollback()
    return session.get_one(DoctorPatient, (doctor.id, patient.id), populate_existing=True).access_state


def test_asked_accepted_opened_ended_closed(app: Flask, session: Session, doctor: User, patient: Patient) -> None:
    doctors, hers = Browser(app).sign_in(doctor), Browser(app).sign_in(patient.user)
    doctors.get(f"/patients/{patient.id}", status=404)
    doctors.submit("/links", to="/links/request", email=patient.user.email)
    doctors.get(f"/patients/{patient.id}", status=404)
    home = hers.get(f"/patients/{patient.id}")
    assert "Ratna Dewi asks to see your record" in home.words
    hers.submit(f"/patients/{patient.id}", to=at(doctor, patient, "accept"))
    assert "Siti Aminah" in doctors.get(f"/patients/{patient.id}").text
    assert "you accepted the request" in hers.get("/links").words
    hers.submit("/links", to=at(doctor, patient, "end"))
    doctors.get(f"/patients/{patient.id}", status=404)
    page = hers.get("/links")
    assert "No doctor has access to your record." in page.words
    assert "Ratna Dewi Ended" in page.words


def answer(page: Page, browser: Browser) -> tuple[int, str | None, str]:
    shown = browser.follow(page)
    return page.status, page.location, shown.words


@pytest.mark.usefixtures("noon")
def test_the_answer_to_a_request_is_the_same_for_every_address(
    app: Flask, session: Session, make: Make, patient: Patient
) -> None:
    answers = set()
    closed, declined, refused = make.patient(), make.patient(), make.patient()
    closed.user.deactivated_at = utc_now()
    session.commit()
    live, first_minute = make.patient(name="Linked Already"), utc_now()
    addresses = [
        patient.user.email,
        live.user.email,
        declined.user.email,
        refused.user.email,
        closed.user.email,
        make.admin().email,
        "nobody@example.org",
    ]
    for email in addresses:
        doctor = make.doctor()
        make.link(doctor, live).decided_at = first_minute
        make.link(doctor, declined, state=AccessState.DECLINED)
        make.link(doctor, refused, state=AccessState.DECLINED).decided_by_id = refused.user_id
        session.commit()
        browser = Browser(app).sign_in(doctor)
        answers.add(answer(browser.submit("/links", to="/links/request", email=email), browser))
    assert len(answers) == 1
    assert "If this address belongs to a patient, she will see your request." in answers.pop()[2]


def test_a_mistyped_address_is_said_to_be_mistyped(browser: Browser, doctor: User) -> None:
    browser.sign_in(doctor)
    for email, problem in (("", "Enter her e-mail address."), ("siti", "such as name@example.org"), ("\x00@x", "")):
        page = browser.submit("/links", to="/links/request", status=422, email=email)
        assert problem in page.errors[0]


@pytest.mark.usefixtures("noon")
def test_a_doctor_can_ask_five_times_a_minute(browser: Browser, doctor: User) -> None:
    browser.sign_in(doctor)
    for number in range(5):
        browser.submit("/links", to="/links/request", email=f"a{number}@example.org")
    browser.submit("/links", to="/links/request", email="a6@example.org", status=429)


def test_nobody_but_she_can_accept_or_decline(
    app: Flask, session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    make.link(doctor, patient, state=AccessState.REQUESTED)
    colleague = make.doctor()
    make.link(colleague, patient)
    for user, status in ((make.patient().user, 404), (doctor, 403), (colleague, 403), (make.admin(), 403)):
        browser = Browser(app).sign_in(user)
        for act in ("accept", "decline"):
            browser.post(at(doctor, patient, act), status=status)
    Browser(app).post(at(doctor, patient, "accept"), status=303)  # To the sign-in page.
    assert state(session, doctor, patient) is AccessState.REQUESTED


def test_nobody_ends_the_link_of_others(
    app: Flask, session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    make.link(doctor, patient)
    colleague, stranger = make.doctor(), make.doctor()
    make.link(colleague, patient)
    for user in (colleague, stranger, make.patient().user):
        Browser(app).sign_in(user).post(at(doctor, patient, "end"), status=404)
    Browser(app).sign_in(make.admin()).post(at(doctor, patient, "end"), status=403)
    assert state(session, doctor, patient) is AccessState.LIVE


@pytest.mark.parametrize(
    ("last", "act"),
    [
        (AccessState.ENDED, "accept"),
        (AccessState.ENDED, "decline"),
        (AccessState.DECLINED, "accept"),
        (AccessState.DECLINED, "end"),
        (AccessState.REQUESTED, "end"),
        (AccessState.LIVE, "decline"),
    ],
)
def test_what_does_not_follow_is_a_conflict_and_changes_nothing(
    browser: Browser, session: Session, make: Make, doctor: User, patient: Patient, last: AccessState, act: str
) -> None:
    make.link(doctor, patient, state=last)
    browser.sign_in(patient.user).post(at(doctor, patient, act), status=409)
    assert state(session, doctor, patient) is last


@pytest.mark.parametrize("number", ["0", "2147483647", "9223372036854775808", "1" * 40])
def test_a_doctor_who_is_none_is_not_found(browser: Browser, patient: Patient, number: str) -> None:
    browser.sign_in(patient.user)
    for act in ("accept", "decline", "end"):
        browser.post(f"/links/{number}/{patient.id}/{act}", status=404)
        browser.post(f"/links/{patient.user_id}/{number}/{act}", status=404)


def test_nothing_is_decided_by_opening_an_address(browser: Browser, make: Make, doctor: User, patient: Patient) -> None:
    make.link(doctor, patient, state=AccessState.REQUESTED)
    browser.sign_in(patient.user)
    for act in ("accept", "decline", "end"):
        browser.get(at(doctor, patient, act), status=405)


def test_a_decision_needs_the_token_of_the_page(
    app: Flask, session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    make.link(doctor, patient, state=AccessState.REQUESTED)
    browser = Browser(app).sign_in(patient.user)
    browser.post(at(doctor, patient, "accept"), {"csrf_token": "forged"}, status=400)
    assert state(session, doctor, patient) is AccessState.REQUESTED


def test_the_last_reader_is_told_to_hand_over_first(
    browser: Browser, session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    make.link(doctor, patient)
    make.monitoring_session(patient, owner=doctor)
    browser.sign_in(doctor)
    page = browser.follow(browser.submit(f"/patients/{patient.id}", to=at(doctor, patient, "end")))
    assert "Hand over to a colleague first." in page.words
    assert "recordings without an outcome: 1" in page.words
    assert state(session, doctor, patient) is AccessState.LIVE


def test_what_she_leaves_open_stands_on_the_unit_list(
    app: Flask, session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    make.link(doctor, patient)
    unread = make.monitoring_session(patient, owner=doctor)
    released = make.monitoring_session(patient, owner=doctor)
    released.review_state = ReviewState.RELEASED
    session.commit()
    Browser(app).sign_in(patient.user).submit("/links", to=at(doctor, patient, "end"))
    session.rollback()
    assert session.get_one(MonitoringSession, unread.id, populate_existing=True).doctor_id is None
    assert session.get_one(MonitoringSession, released.id, populate_existing=True).doctor_id == doctor.id
    cover = Browser(app).sign_in(make.doctor(on_unit_cover=True))
    assert "Siti Aminah" in cover.get("/monitoring/unit").words


def test_each_link_says_why_since_when_and_until_when(
    browser: Browser, session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    make.link(doctor, patient)
    cover = make.link(make.doctor(name="Budi Santoso"), patient, expires_at=utc_now() + timedelta(hours=72))
    cover.access_basis, cover.access_reason = AccessBasis.UNIT_COVER, "<b>no answer</b> since Sunday"
    make.link(make.doctor(name="Past One"), patient, expires_at=utc_now() - timedelta(hours=1))
    make.link(make.doctor(name="Not Valid", is_valid=False), patient)
    make.link(make.doctor(name="Refused One"), patient, state=AccessState.DECLINED)
    session.commit()
    page = browser.sign_in(patient.user).get("/links")
    words = page.words
    assert "Ratna Dewi Because you accepted the request Since" in words
    assert "Until until it is ended" in words
    assert "for a limited time: <b>no answer</b> since Sunday" in words
    assert "Past One Ended by itself" in words
    assert "Not Valid Closed while the doctor is not validated" in words
    assert "Refused One Declined" in words


def test_requests_that_wait_are_not_shown_to_who_asks(browser: Browser, make: Make, doctor: User) -> None:
    waiting = make.patient(name="Waiting One")
    make.link(doctor, waiting, state=AccessState.REQUESTED)
    make.link(doctor, make.patient(name="Declined One"), state=AccessState.DECLINED)
    make.link(doctor, make.patient(name="🌸 Linked One"))
    words = browser.sign_in(doctor).get("/links").words
    assert "🌸 Linked One" in words
    assert "Waiting One" not in words
    assert "Declined One" not in words


def test_every_step_stands_in_the_audit_trail(app: Flask, session: Session, doctor: User, patient: Patient) -> None:
    doctors, hers = Browser(app).sign_in(doctor), Browser(app).sign_in(patient.user)
    doctors.submit("/links", to="/links/request", email=patient.user.email)
    hers.submit("/links", to=at(doctor, patient, "accept"))
    hers.submit("/links", to=at(doctor, patient, "end"))
    session.rollback()
    acts = session.execute(
        select(AuditEvent.act, AuditEvent.actor_id)
        .where(AuditEvent.subject_patient_id == patient.id, AuditEvent.object_type == "link")
        .order_by(AuditEvent.position)
    ).all()
    assert [tuple(act) for act in acts] == [
        ("link:request", doctor.id),
        ("link:accept", patient.user_id),
        ("link:end", patient.user_id),
    ]
    assert "siti" not in session.scalars(select(OutgoingMail)).one().subject.lower()


def test_who_declines_beside_a_take_over_is_told_who_still_reads(
    browser: Browser, session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    link = make.link(doctor, patient, expires_at=utc_now() + timedelta(hours=70))
    link.access_basis, link.requested_at = AccessBasis.UNIT_COVER, utc_now()
    session.commit()
    browser.sign_in(patient.user)
    page = browser.follow(browser.submit("/links", to=at(doctor, patient, "decline")))
    assert "Declined. The doctor has taken over for the unit and can read your record until" in page.words
    assert "sees nothing" not in page.words
    assert state(session, doctor, patient) is AccessState.LIVE


def test_a_doctor_ends_only_the_link_whose_patient_she_has_open(
    browser: Browser, session: Session, make: Make, doctor: User, patient: Patient
) -> None:
    other = make.patient()
    for one in (patient, other):
        make.link(doctor, one)
    browser.sign_in(doctor)
    others_form = browser.get(f"/patients/{other.id}").form(at(doctor, other, "end"))
    for fields in (None, others_form):
        browser.post(at(doctor, patient, "end"), fields, status=409)
        assert state(session, doctor, patient) is AccessState.LIVE
    browser.submit(f"/patients/{patient.id}", to=at(doctor, patient, "end"))
    assert state(session, doctor, patient) is AccessState.ENDED
    assert state(session, doctor, other) is AccessState.LIVE
