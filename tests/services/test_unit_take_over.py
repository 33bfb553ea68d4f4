"""Taking a patient over: for 72 hours, beside whatever was asked of her before."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import (
    AccessBasis,
    AccessState,
    AuditEvent,
    DoctorPatient,
    OutgoingMail,
    Patient,
    User,
)
from app.services import clock, linking, links, unit_list
from app.services.errors import Conflict, NotFound
from app.services.transaction import unit_of_work
from tests.make import Make
from tests.services.unit_steps import as_cover, link_of, recording, take_over
from tests.services.uploads import as_patient


def test_taking_over_opens_the_record_for_72_hours_and_makes_her_the_owner(session: Session, make: Make) -> None:
    cover, owner, patient = make.doctor(on_unit_cover=True), make.doctor(), make.patient()
    make.link(owner, patient)
    now = clock.utc_now()
    unowned = recording(session, make, patient)
    overdue = recording(session, make, patient, owner=owner, due_at=now - timedelta(hours=1))
    in_time = recording(session, make, patient, owner=owner, due_at=now + timedelta(hours=1))
    with clock.at(now):
        until = take_over(session, cover, patient, "night duty")
    assert until == now + timedelta(hours=72)
    link = link_of(session, cover, patient)
    assert (link.access_state, link.access_basis) == (AccessState.LIVE, AccessBasis.UNIT_COVER)
    assert (link.access_expires_at, link.access_reason) == (until, "night duty")
    assert links.since(link) == now
    for made, doctor in ((unowned, cover), (overdue, cover), (in_time, owner)):
        session.refresh(made)
        assert made.doctor_id == doctor.id
    acts = session.execute(select(AuditEvent.act, AuditEvent.subject_patient_id)).all()
    assert ("link:take_over", patient.id) in [tuple(act) for act in acts]
    assert "night duty" not in "".join(session.scalars(select(AuditEvent.detail)))


def test_it_ends_by_itself_and_the_recording_is_listed_again(session: Session, make: Make) -> None:
    cover, patient = make.doctor(on_unit_cover=True), make.patient()
    recording(session, make, patient)
    until = take_over(session, cover, patient)
    assert until is not None
    assert not unit_list.is_listed(session, patient.id, until - timedelta(minutes=1))
    assert unit_list.is_listed(session, patient.id, until + timedelta(minutes=1))


@pytest.mark.parametrize("ends_after", [None, timedelta(days=30)])
def test_a_longer_link_is_never_shortened(session: Session, make: Make, ends_after: timedelta | None) -> None:
    cover, patient = make.doctor(on_unit_cover=True), make.patient()
    expires_at = None if ends_after is None else clock.utc_now() + ends_after
    make.link(cover, patient, expires_at=expires_at)
    made = recording(session, make, patient)
    assert take_over(session, cover, patient) == expires_at
    link = link_of(session, cover, patient)
    assert (link.access_basis, link.access_expires_at) == (AccessBasis.ACCEPTED, expires_at)
    session.refresh(made)
    assert made.doctor_id == cover.id


def test_a_link_that_ends_sooner_lasts_72_hours(session: Session, make: Make) -> None:
    cover, patient = make.doctor(on_unit_cover=True), make.patient()
    make.link(cover, patient, expires_at=clock.utc_now() + timedelta(hours=1))
    recording(session, make, patient)
    until = take_over(session, cover, patient)
    assert link_of(session, cover, patient).access_expires_at == until


def test_nobody_takes_over_a_patient_who_is_not_listed(session: Session, make: Make) -> None:
    cover, patient = make.doctor(on_unit_cover=True), make.patient()
    with pytest.raises(NotFound):
        take_over(session, cover, patient)
    assert session.get(DoctorPatient, (cover.id, patient.id)) is None
    assert session.scalars(select(AuditEvent.act)).all() == ["refused"]


def ask(session: Session, user: User, patient: Patient) -> None:
    session.rollback()
    with unit_of_work(session):
        linking.request_access(session, as_cover(user), email=patient.user.email, page_address="/links")


def mails_about_requests(session: Session) -> int:
    mails = session.scalars(select(OutgoingMail.subject)).all()
    return mails.count("A request waits for your answer")


@pytest.mark.parametrize("asks_first", [True, False])
def test_a_request_waits_for_her_answer_beside_a_take_over(session: Session, make: Make, asks_first: bool) -> None:
    cover, patient = make.doctor(on_unit_cover=True), make.patient()
    recording(session, make, patient)
    steps = (ask, take_over) if asks_first else (take_over, ask)
    for step in steps:
        step(session, cover, patient)
    ask(session, cover, patient)
    assert mails_about_requests(session) == 1
    assert [link.doctor_id for link in links.requests_to_patient(session, patient.id)] == [cover.id]
    assert [link.doctor_id for link in links.live_of_patient(session, patient.id)] == [cover.id]
    session.rollback()
    with unit_of_work(session):
        linking.accept(session, as_patient(patient), doctor_id=cover.id, patient_id=patient.id)
    link = link_of(session, cover, patient)
    assert (link.access_basis, link.access_expires_at) == (AccessBasis.ACCEPTED, None)
    assert (link.access_reason, link.decided_by_id) == (None, patient.user_id)
    assert links.requests_to_patient(session, patient.id) == []


def test_a_request_outlasts_the_take_over(session: Session, make: Make) -> None:
    cover, patient = make.doctor(on_unit_cover=True), make.patient()
    recording(session, make, patient)
    with clock.at(clock.utc_now() - timedelta(hours=80)):
        ask(session, cover, patient)
        take_over(session, cover, patient)
    assert links.live_of_patient(session, patient.id) == []
    assert links.past_of_patient(session, patient.id) == []
    assert [link.doctor_id for link in links.requests_to_patient(session, patient.id)] == [cover.id]
    session.rollback()
    with unit_of_work(session):
        linking.accept(session, as_patient(patient), doctor_id=cover.id, patient_id=patient.id)
    assert [reader.id for reader in links.readers(session, patient.id)] == [cover.id]


def test_declining_beside_a_take_over_leaves_its_hours_and_says_so(session: Session, make: Make) -> None:
    cover, patient = make.doctor(on_unit_cover=True), make.patient()
    recording(session, make, patient)
    until = take_over(session, cover, patient)
    ask(session, cover, patient)
    for _pressed_twice in range(2):
        session.rollback()
        with unit_of_work(session):
            assert linking.decline(session, as_patient(patient), doctor_id=cover.id, patient_id=patient.id) == until
    ask(session, cover, patient)  # She has said no to what comes after, and is not asked again.
    assert links.requests_to_patient(session, patient.id) == []
    assert mails_about_requests(session) == 1
    assert link_of(session, cover, patient).access_expires_at == until
    acts = session.scalars(select(AuditEvent.act)).all()
    assert acts.count("link:decline") == 1
    session.rollback()
    with pytest.raises(Conflict), unit_of_work(session):
        linking.accept(session, as_patient(patient), doctor_id=cover.id, patient_id=patient.id)


def test_an_end_beside_a_take_over_ends_the_request_too(session: Session, make: Make) -> None:
    cover, patient = make.doctor(on_unit_cover=True), make.patient()
    recording(session, make, patient)
    take_over(session, cover, patient)
    ask(session, cover, patient)
    session.rollback()
    with unit_of_work(session):
        linking.end(session, as_patient(patient), doctor_id=cover.id, patient_id=patient.id)
    assert links.requests_to_patient(session, patient.id) == []
    assert links.live_of_patient(session, patient.id) == []
