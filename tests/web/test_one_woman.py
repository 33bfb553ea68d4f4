"""Several records of one account in an older database: one woman, one page; or perhaps two women, kept apart."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, ActorRole
from app.models import (
    AccessState,
    AuditEvent,
    DoctorPatient,
    MonitoringSession,
    Movement,
    Patient,
    PatientSurplus,
    ReviewState,
    UnitMessage,
    User,
)
from app.services import linking
from app.services.clock import utc_now
from app.services.errors import Refused
from app.services.transaction import unit_of_work
from tests import older
from tests.make import Make
from tests.page import Browser, squeeze


@dataclass
class World:
    """A woman with a record that gave way, a recording on each, and her doctor."""

    current: Patient
    old: Patient
    on_current: MonitoringSession
    on_old: MonitoringSession
    doctor: User


@pytest.fixture
def world(make: Make, session: Session) -> World:
    # The lower number gave way: nothing may hold just because a number is the lowest.
    old = make.patient(name="Sari")
    user, old.current_user_id = old.user, None
    session.commit()
    current = Patient(user_id=user.id, current_user_id=user.id, user=user, birth_date=old.birth_date)
    session.add(current)
    session.flush()
    old.superseded_by_id, old.superseded_reason = current.id, PatientSurplus.SAME_ACCOUNT
    old.birth_date, old.phone = None, "0899 1"
    session.commit()
    doctor = make.doctor()
    make.link(doctor, current)
    # Left as it was: the link to the current record decides.
    make.link(doctor, old)
    on_current = make.monitoring_session(current, owner=doctor)
    on_old = older.session_of(
        session, old, older.values(2), doctor=doctor, state=ReviewState.TO_REVIEW, woman_id=current.id
    )
    return World(current, old, on_current, on_old, doctor)


@pytest.fixture
def another(world: World, make: Make, session: Session) -> tuple[Patient, MonitoringSession]:
    """A record of the same account that has another birth date, and a recording on it."""
    row = Patient(user_id=world.current.user_id, superseded_reason=PatientSurplus.BIRTH_DATE_DIFFERS)
    session.add(row)
    session.commit()
    return row, make.monitoring_session(row)


def href(recording: MonitoringSession) -> str:
    return f"/monitoring/sessions/{recording.public_id}"


def test_her_doctor_finds_the_recordings_of_both_records_in_one_place(app: Flask, world: World) -> None:
    browser = Browser(app).sign_in(world.doctor)
    for path in (
        f"/patients/{world.current.id}",
        "/monitoring/sessions",
        f"/monitoring/sessions?patient={world.current.id}",
        "/monitoring/queue",
    ):
        page = browser.get(path)
        for recording in (world.on_current, world.on_old):
            assert page.soup.select(f'a[href^="{href(recording)}"]'), f"{recording.id} on {path}"
        assert world.old.record_number not in page.soup.select_one("main table").get_text()  # type: ignore[union-attr]
    page = browser.get(href(world.on_old))
    assert page.one(".patient-banner").get_text().count(world.current.record_number) == 1
    assert browser.client.get(f"{href(world.on_old)}/strip.svg").status_code == 200


def test_she_sees_both_herself(app: Flask, world: World) -> None:
    browser = Browser(app).sign_in(world.current.user)
    for path in (f"/patients/{world.current.id}", "/monitoring/sessions"):
        page = browser.get(path)
        for recording in (world.on_current, world.on_old):
            assert page.soup.select(f'a[href^="{href(recording)}"]'), f"{recording.id} on {path}"
    browser.get(href(world.on_old))


def test_an_old_number_leads_to_the_current_record_for_those_who_may_see_it(
    app: Flask, make: Make, world: World, session: Session
) -> None:
    for user in (world.doctor, world.current.user):
        browser = Browser(app).sign_in(user)
        page = browser.get(f"/patients/{world.old.id}", status=303)
        assert page.location == f"/patients/{world.current.id}"
    browser = Browser(app).sign_in(world.doctor)
    page = browser.get(f"/patients/{world.old.id}/pregnancy", status=303)
    assert page.location == f"/patients/{world.current.id}/pregnancy"
    assert browser.post(f"/patients/{world.old.id}/pregnancy").location == f"/patients/{world.current.id}"
    assert browser.get(f"/monitoring/upload?patient={world.old.id}", status=303).location == (
        f"/patients/{world.current.id}"
    )
    for stranger in (make.doctor(), make.patient().user):
        browser = Browser(app).sign_in(stranger)
        hidden = browser.get(f"/patients/{world.old.id}", status=404)
        assert hidden.heading == browser.get("/patients/999999", status=404).heading
    refused = session.scalars(select(AuditEvent).where(AuditEvent.act == "refused")).all()
    assert {event.subject_patient_id for event in refused} == {world.current.id, None}


def test_the_list_names_her_once_and_finds_her_by_the_old_number(app: Flask, world: World) -> None:
    browser = Browser(app).sign_in(world.doctor)
    for path in ("/patients", f"/patients?q={world.old.record_number}", f"/patients?q={world.current.record_number}"):
        rows = browser.get(path).soup.select("main tbody tr")
        assert [row.select_one("b").get_text() for row in rows] == ["Sari"]  # type: ignore[union-attr]
        assert world.current.record_number in rows[0].get_text()
        assert rows[0].select_one('[data-label="Unread"]').get_text(strip=True) == "2"  # type: ignore[union-attr]
    assert browser.get("/links").words.count("Sari") == browser.get("/links").words.count(world.current.record_number)


def test_ending_the_link_ends_it_for_everything_of_hers(app: Flask, world: World, session: Session) -> None:
    doctor = Browser(app).sign_in(world.doctor)
    own = Browser(app).sign_in(world.current.user)
    own.submit("/links", to=f"/links/{world.doctor.id}/{world.current.id}/end")
    for path in (
        f"/patients/{world.current.id}",
        f"/patients/{world.old.id}",
        href(world.on_current),
        href(world.on_old),
    ):
        doctor.get(path, status=404)
    for path in ("/patients", "/monitoring/sessions", "/monitoring/queue", "/links"):
        assert "Sari" not in doctor.get(path).words
    session.rollback()
    session.expire_all()
    assert (world.on_current.doctor_id, world.on_old.doctor_id) == (None, None)


def test_a_link_to_the_old_record_alone_opens_nothing(app: Flask, make: Make, world: World) -> None:
    stale = make.doctor()
    make.link(stale, world.old)
    make.link(stale, world.current, state=AccessState.ENDED)
    browser = Browser(app).sign_in(stale)
    for path in (f"/patients/{world.current.id}", f"/patients/{world.old.id}", href(world.on_old)):
        browser.get(path, status=404)
    for path in ("/patients", "/monitoring/sessions", "/monitoring/queue", "/links"):
        assert "Sari" not in browser.get(path).words


def test_the_last_doctor_does_not_leave_what_is_unread_on_the_old_record(world: World, session: Session) -> None:
    world.on_current.review_state = ReviewState.RELEASED
    session.commit()
    doctor = Actor(role=ActorRole.DOCTOR, user_id=world.doctor.id, is_validated=True)
    with pytest.raises(Refused, match="last_link") as refused, unit_of_work(session):
        linking.end(session, doctor, doctor_id=world.doctor.id, patient_id=world.current.id)
    assert refused.value.values["recordings"] == 1


def test_the_unit_list_has_her_once_with_every_number_to_call(
    app: Flask, make: Make, world: World, session: Session
) -> None:
    for recording in (world.on_current, world.on_old):
        recording.doctor_id = None
    world.current.phone = None
    session.commit()
    browser = Browser(app).sign_in(make.doctor(on_unit_cover=True))
    page = browser.get("/monitoring/unit")
    assert page.words.count(world.current.record_number) == 1
    assert "0899 1" in page.words
    browser.submit(f"/monitoring/unit/{world.current.id}/take-over", reason="Nobody reads for her.")
    session.rollback()
    session.expire_all()
    assert world.on_current.doctor_id == world.on_old.doctor_id is not None
    assert session.scalars(
        select(DoctorPatient.patient_id).where(DoctorPatient.doctor_id == world.on_old.doctor_id)
    ).all() == [world.current.id]


@pytest.mark.parametrize("own", [None, "0812 7", "0899 1"])
def test_every_number_is_there_where_she_is_to_be_called(
    app: Flask, make: Make, world: World, session: Session, own: str | None
) -> None:
    message = UnitMessage(patient_id=world.current.id, movement=Movement.LESS, created_at=utc_now())
    session.add(message)
    world.current.phone, world.on_current.movement, world.on_old.movement = own, Movement.LESS, Movement.LESS
    session.commit()
    make.link(on_cover := make.doctor(on_unit_cover=True), world.current)
    browser = Browser(app).sign_in(on_cover)
    for path in (
        href(world.on_current),
        href(world.on_old),
        "/monitoring/unit",
        f"/monitoring/unit/messages/{message.id}/close",
        f"/patients/{world.current.id}",
    ):
        calls = browser.get(path).soup.select('main a[href^="tel:"]')
        assert [link.get_text() for link in calls] == list(dict.fromkeys(filter(None, [own, "0899 1"]))), path


def test_a_request_by_address_reaches_the_current_record(
    app: Flask, make: Make, world: World, session: Session
) -> None:
    doctor = make.doctor()
    Browser(app).sign_in(doctor).submit("/links", to="/links/request", email=world.current.user.email)
    asked = session.scalars(select(DoctorPatient.patient_id).where(DoctorPatient.doctor_id == doctor.id)).all()
    assert asked == [world.current.id]


def test_a_recording_of_the_oldest_store_on_the_old_record_is_hers(app: Flask, world: World, session: Session) -> None:
    record = older.record_of(session, world.old, [140, 0, 141], woman_id=world.current.id)
    for user in (world.doctor, world.current.user):
        browser = Browser(app).sign_in(user)
        for path in ("/records", f"/records?patient={world.current.id}", f"/patients/{world.current.id}"):
            assert browser.get(path).soup.select(f'a[href="/records/{record.id}"]'), f"{user.role} {path}"
        browser.get(f"/records/{record.id}")


def test_what_may_be_another_womans_is_not_shown_to_the_account(
    app: Flask, make: Make, world: World, another: tuple[Patient, MonitoringSession]
) -> None:
    record, recording = another
    own = Browser(app).sign_in(world.current.user)
    own.get(f"/patients/{record.id}", status=404)
    own.get(href(recording), status=404)
    assert recording.public_id not in own.get("/monitoring/sessions").text
    doctor = Browser(app).sign_in(world.doctor)
    doctor.get(f"/patients/{record.id}", status=404)
    doctor.get(href(recording), status=404)


def test_doctors_are_told_that_it_may_be_another_woman(
    app: Flask, make: Make, world: World, another: tuple[Patient, MonitoringSession]
) -> None:
    record, recording = another
    browser = Browser(app).sign_in(world.doctor)
    words = f"another record, {record.record_number}, with another birth date: it may be another woman."
    for path in (f"/patients/{world.current.id}", href(world.on_current)):
        assert words in squeeze(browser.get(path).one(".patient-banner"))
    hers = make.doctor()
    make.link(hers, record)
    browser = Browser(app).sign_in(hers)
    words = f"Its account belongs to {world.current.record_number}, which has another birth date"
    for path in (f"/patients/{record.id}", href(recording)):
        assert words in squeeze(browser.get(path).one(".patient-banner"))


def test_what_the_old_record_knows_of_her_is_on_her_page(app: Flask, world: World, session: Session) -> None:
    world.current.birth_date, world.old.birth_date = None, world.current.birth_date
    world.old.address = "Jl. Melati 5"
    world.current.medical_note = "Alergi penisilin"
    session.commit()
    page = Browser(app).sign_in(world.doctor).get(f"/patients/{world.current.id}")
    assert "12 Mar 1994" in page.one(".patient-banner").get_text()
    for known in (world.old.record_number, "0899 1", "Jl. Melati 5", "Alergi penisilin"):
        assert known in page.words
