"""Validation, unit cover and closed accounts: who may work, and what happens to what she was to read."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, ActorRole
from app.models import AccessState, AuditEvent, BrowserSession, Doctor, OutgoingMail, User
from app.services import browser_sessions, clock, doctors, guarded, unit_list, users
from app.services.errors import NotFound, Refused
from app.services.transaction import unit_of_work
from tests.make import Make


@pytest.fixture
def admin(make: Make) -> Actor:
    return Actor(role=ActorRole.ADMIN, user_id=make.admin().id)


def doctor_row(session: Session, user: User) -> Doctor:
    return session.scalars(select(Doctor).where(Doctor.doctor_id == user.id)).one()


def acts(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.act).order_by(AuditEvent.position)))


def has_live_browser(session: Session, user: User) -> bool:
    statement = select(BrowserSession).where(BrowserSession.user_id == user.id, BrowserSession.ended_at.is_(None))
    return session.scalars(statement).first() is not None


def test_those_who_wait_stand_apart_oldest_first(session: Session, make: Make) -> None:
    first, works, second = make.doctor(is_valid=False), make.doctor(), make.doctor(is_valid=False)
    assert [doctor.user.id for doctor in doctors.waiting(session).doctors] == [first.id, second.id]
    assert [doctor.user.id for doctor in doctors.validated(session).doctors] == [works.id]


def test_the_list_pages(session: Session, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctors, "PAGE_SIZE", 2)
    made = [make.doctor(is_valid=False) for _ in range(3)]
    page = doctors.waiting(session)
    assert [doctor.user.id for doctor in page.doctors] == [made[0].id, made[1].id]
    assert page.goes_on_after is not None
    rest = doctors.waiting(session, after_id=page.goes_on_after)
    assert [doctor.user.id for doctor in rest.doctors] == [made[2].id]
    assert rest.goes_on_after is None


def test_validating_lets_her_work_and_tells_her(session: Session, make: Make, admin: Actor) -> None:
    user = make.doctor(is_valid=False)
    with unit_of_work(session):
        doctors.validate(session, admin, user.id)
    assert doctor_row(session, user).is_valid
    assert session.scalars(select(OutgoingMail.to_address)).all() == [user.email]
    assert acts(session) == ["doctor:validate"]


def test_validating_twice_is_one_act_and_one_mail(session: Session, make: Make, admin: Actor) -> None:
    user = make.doctor(is_valid=False)
    for _ in range(2):
        with unit_of_work(session):
            doctors.validate(session, admin, user.id)
    assert acts(session) == ["doctor:validate"]
    assert len(session.scalars(select(OutgoingMail)).all()) == 1


def test_withdrawing_signs_her_out_and_takes_her_off_cover(session: Session, make: Make, admin: Actor) -> None:
    user, colleague = make.doctor(on_unit_cover=True), make.doctor()
    with unit_of_work(session):
        browser_sessions.start(session, user, user_agent="one")
        browser_sessions.start(session, user, user_agent="two")
        browser_sessions.start(session, colleague, user_agent="three")
    with unit_of_work(session):
        doctors.withdraw(session, admin, user.id)
    doctor = doctor_row(session, user)
    assert (doctor.is_valid, doctor.on_unit_cover) == (False, False)
    assert not has_live_browser(session, user)
    assert has_live_browser(session, colleague)
    assert acts(session) == ["doctor:withdraw"]


def test_what_she_was_to_read_goes_to_the_unit_list(session: Session, make: Make, admin: Actor) -> None:
    user, patient = make.doctor(), make.patient()
    make.link(user, patient)
    make.monitoring_session(patient, owner=user)
    now = clock.utc_now()
    assert not unit_list.is_listed(session, patient.id, now)
    session.rollback()
    with unit_of_work(session):
        doctors.withdraw(session, admin, user.id)
    assert unit_list.is_listed(session, patient.id, now)
    session.rollback()
    with unit_of_work(session):
        doctors.validate(session, admin, user.id)
    assert not unit_list.is_listed(session, patient.id, now)


def test_a_closed_account_opens_no_record(session: Session, make: Make, admin: Actor) -> None:
    user, patient = make.doctor(on_unit_cover=True), make.patient()
    make.link(user, patient)
    make.monitoring_session(patient, owner=user)
    as_doctor = Actor(role=ActorRole.DOCTOR, user_id=user.id, is_validated=True)
    assert guarded.relation_to(session, as_doctor, patient.id).has_live_link
    session.rollback()
    with unit_of_work(session):
        users.deactivate(session, admin, user.id)
    assert not guarded.relation_to(session, as_doctor, patient.id).has_live_link
    assert unit_list.is_listed(session, patient.id, clock.utc_now())
    assert doctors.on_unit_cover(session) == []


def test_a_link_that_runs_out_puts_her_recordings_on_the_unit_list(session: Session, make: Make) -> None:
    user, patient = make.doctor(), make.patient()
    ends = clock.utc_now() + timedelta(hours=1)
    make.link(user, patient, expires_at=ends)
    make.monitoring_session(patient, owner=user)
    assert not unit_list.is_listed(session, patient.id, ends - timedelta(minutes=1))
    assert unit_list.is_listed(session, patient.id, ends + timedelta(minutes=1))


@pytest.mark.parametrize("state", [AccessState.REQUESTED, AccessState.DECLINED, AccessState.ENDED])
def test_an_owner_without_a_live_link_owns_nothing(session: Session, make: Make, state: AccessState) -> None:
    user, patient = make.doctor(), make.patient()
    make.link(user, patient, state=state)
    make.monitoring_session(patient, owner=user)
    assert unit_list.is_listed(session, patient.id, clock.utc_now())


def test_only_a_validated_doctor_with_an_open_account_can_be_on_cover(
    session: Session, make: Make, admin: Actor
) -> None:
    waits, closed = make.doctor(is_valid=False), make.doctor()
    with unit_of_work(session):
        users.deactivate(session, admin, closed.id)
    for user in (waits, closed):
        with pytest.raises(Refused, match="not_validated"), unit_of_work(session):
            doctors.set_unit_cover(session, admin, user.id, is_on=True)
    assert doctors.on_unit_cover(session) == []


def test_unit_cover_begins_and_ends(session: Session, make: Make, admin: Actor) -> None:
    user = make.doctor()
    with unit_of_work(session):
        doctors.set_unit_cover(session, admin, user.id, is_on=True)
    assert [doctor.id for doctor in doctors.on_unit_cover(session)] == [user.id]
    session.rollback()
    with unit_of_work(session):
        doctors.set_unit_cover(session, admin, user.id, is_on=False)
    assert doctors.on_unit_cover(session) == []
    assert acts(session) == ["doctor:begin_unit_cover", "doctor:end_unit_cover"]


def test_nobody_but_a_doctor_is_validated(session: Session, make: Make, admin: Actor) -> None:
    patient = make.patient()
    for user_id in (patient.user_id, 10**6):
        with pytest.raises(NotFound), unit_of_work(session):
            doctors.validate(session, admin, user_id)
