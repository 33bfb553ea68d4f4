"""The unit list: who stands on it and why, messages, taking over, closing."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.access import Actor, ActorRole, Permission
from app.models import (
    AccessBasis,
    AccessState,
    AuditEvent,
    DoctorPatient,
    MessageOutcome,
    MonitoringSession,
    Movement,
    OutgoingMail,
    Patient,
    ReviewState,
    UnitMessage,
    User,
)
from app.services import clock, guarded, linking, links, unit_cover, unit_list
from app.services.errors import Conflict, NotFound
from app.services.transaction import unit_of_work
from tests.make import Make
from tests.services.uploads import as_doctor


def as_cover(user: User) -> Actor:
    return Actor(role=ActorRole.DOCTOR, user_id=user.id, is_validated=True, on_unit_cover=True)


def as_patient(patient: Patient) -> Actor:
    return Actor(role=ActorRole.PATIENT, user_id=patient.user_id, patient_id=patient.id)


def say(session: Session, patient: Patient, movement: Movement = Movement.LESS, session_id: str | None = None) -> int:
    session.rollback()
    with unit_of_work(session):
        return unit_list.leave_message(session, as_patient(patient), patient.id, movement, session_id).id


def recording(
    session: Session,
    make: Make,
    patient: Patient,
    *,
    owner: User | None = None,
    due_at: datetime | None = None,
    received_at: datetime | None = None,
    state: ReviewState = ReviewState.TO_REVIEW,
) -> MonitoringSession:
    made = make.monitoring_session(patient, owner=owner)
    made.due_at = due_at
    made.received_at = received_at or made.received_at
    made.review_state = state
    session.commit()
    return made


def page(session: Session, user: User, after: unit_cover.Place | None = None) -> unit_cover.UnitPage:
    session.rollback()
    shown = unit_cover.page(session, as_cover(user), after=after)
    session.rollback()
    session.info.clear()
    return shown


def take_over(session: Session, user: User, patient: Patient, reason: str = "night duty") -> datetime | None:
    session.rollback()
    with unit_of_work(session):
        found = guarded.patient(session, as_cover(user), patient.id, Permission.UNIT_TAKE_OVER)
        return unit_cover.take_over(session, as_cover(user), found, reason=reason)


def link_of(session: Session, user: User, patient: Patient) -> DoctorPatient:
    return session.get_one(DoctorPatient, (user.id, patient.id), populate_existing=True)


def test_open_messages_come_first_then_who_waits_longest(session: Session, make: Make) -> None:
    cover, now = make.doctor(on_unit_cover=True), clock.utc_now()
    waits_short, waits_long, worried, worried_before = (make.patient() for _ in range(4))
    recording(session, make, waits_short, received_at=now - timedelta(days=1))
    recording(session, make, waits_long, received_at=now - timedelta(days=9))
    recording(session, make, worried, received_at=now - timedelta(days=20))
    say(session, worried)
    with clock.at(now - timedelta(hours=5)):
        say(session, worried_before)
    order = [entry.patient_id for entry in page(session, cover).entries]
    assert order == [worried_before.id, worried.id, waits_long.id, waits_short.id]


def test_each_reason_is_said_with_its_owner(session: Session, make: Make) -> None:
    cover, owner, patient = make.doctor(on_unit_cover=True), make.doctor(name="dr. Owner"), make.patient()
    make.link(owner, patient)
    now = clock.utc_now()
    recording(session, make, patient, received_at=now - timedelta(days=4))
    recording(session, make, patient, received_at=now - timedelta(days=3))
    recording(session, make, patient, owner=owner, due_at=now - timedelta(hours=1), received_at=now - timedelta(days=2))
    recording(session, make, patient, received_at=now - timedelta(days=1), state=ReviewState.SIGNED)
    recording(session, make, patient, owner=owner, due_at=now + timedelta(days=1))
    recording(session, make, patient, state=ReviewState.RELEASED)
    [entry] = page(session, cover).entries
    reasons = [(item.count, item.is_unowned, item.is_signed, item.owner_name) for item in entry.recordings]
    assert reasons == [(2, True, False, None), (1, False, False, "dr. Owner"), (1, True, True, None)]
    assert entry.recordings[0].since == now - timedelta(days=4)


def test_what_somebody_reads_in_time_is_not_listed(session: Session, make: Make) -> None:
    cover, owner, patient = make.doctor(on_unit_cover=True), make.doctor(), make.patient()
    make.link(owner, patient)
    recording(session, make, patient, owner=owner, due_at=clock.utc_now() + timedelta(minutes=1))
    assert page(session, cover).entries == []


def test_the_list_pages(session: Session, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unit_cover, "PAGE_SIZE", 2)
    cover, now = make.doctor(on_unit_cover=True), clock.utc_now()
    patients = [make.patient() for _ in range(5)]
    for number, patient in enumerate(patients):
        # Two of the same instant stand on both sides of a page's end.
        recording(session, make, patient, received_at=now - timedelta(days=10 - (number // 2)))
    seen, after = [], None
    for _ in range(3):
        shown = page(session, cover, after)
        seen += [entry.patient_id for entry in shown.entries]
        after = shown.goes_on_after
    assert seen == [patient.id for patient in patients]
    assert after is None


def test_the_list_asks_a_fixed_number_of_questions(session: Session, make: Make) -> None:
    cover = make.doctor(on_unit_cover=True)
    counts = []
    for _ in range(2):
        for _ in range(3):
            patient = make.patient()
            recording(session, make, patient)
            say(session, patient)
        statements: list[str] = []
        engine = session.get_bind()

        def count(_c: object, _cursor: object, statement: str, *_more: object, seen: list[str] = statements) -> None:
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", count)
        page(session, cover)
        event.remove(engine, "before_cursor_execute", count)
        counts.append(len([statement for statement in statements if statement.startswith("SELECT")]))
    assert counts[0] == counts[1] <= 6


def test_each_patient_who_is_named_sees_that_she_was(session: Session, make: Make) -> None:
    cover, patient = make.doctor(on_unit_cover=True), make.patient()
    say(session, patient)
    session.rollback()
    with unit_of_work(session):
        unit_cover.page(session, as_cover(cover))
    reads = session.scalars(select(AuditEvent).where(AuditEvent.act == "unit:read")).all()
    assert [(read.actor_id, read.subject_patient_id) for read in reads] == [(cover.id, patient.id)]


def test_a_message_reaches_every_doctor_on_cover_and_names_nobody(session: Session, make: Make) -> None:
    first, second, _off = make.doctor(on_unit_cover=True), make.doctor(on_unit_cover=True), make.doctor()
    patient = make.patient(name="Ayu Lestari")
    say(session, patient)
    mails = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert [mail.to_address for mail in mails] == [first.email, second.email]
    for mail in mails:
        assert "Ayu" not in mail.subject + mail.body
        assert patient.record_number not in mail.subject + mail.body


def test_without_unit_cover_the_administrators_are_told(session: Session, make: Make) -> None:
    admin, _doctor = make.admin(), make.doctor()
    say(session, make.patient())
    [mail] = session.scalars(select(OutgoingMail)).all()
    assert mail.to_address == admin.email
    assert "nobody is on unit cover" in mail.body


def test_a_second_press_leaves_no_second_message(session: Session, make: Make) -> None:
    make.doctor(on_unit_cover=True)
    patient = make.patient()
    assert say(session, patient) == say(session, patient)
    assert len(session.scalars(select(OutgoingMail)).all()) == 1


def test_the_same_answer_hours_later_is_another_message(session: Session, make: Make) -> None:
    patient = make.patient()
    with clock.at(clock.utc_now() - timedelta(hours=3)):
        first = say(session, patient)
    assert say(session, patient) != first


def test_her_recording_joins_the_message_that_announced_it(session: Session, make: Make) -> None:
    patient = make.patient()
    with clock.at(clock.utc_now() - timedelta(hours=1)):
        announced = say(session, patient)
    made = recording(session, make, patient)
    assert say(session, patient, session_id=made.id) == announced
    other = recording(session, make, patient)
    assert say(session, patient, session_id=other.id) != announced


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


def test_closing_writes_who_when_and_how(session: Session, make: Make) -> None:
    cover, patient = make.doctor(on_unit_cover=True), make.patient()
    message_id = say(session, patient)
    session.rollback()
    with unit_of_work(session):
        message = unit_cover.message(session, as_cover(cover), message_id, Permission.UNIT_CLOSE_MESSAGE)
        unit_cover.close_message(
            session, as_cover(cover), message, outcome=MessageOutcome.REACHED, note="She is on her way."
        )
    closed = session.get_one(UnitMessage, message_id, populate_existing=True)
    assert (closed.closed_by_id, closed.outcome, closed.note) == (
        cover.id,
        MessageOutcome.REACHED,
        "She is on her way.",
    )
    assert closed.closed_at is not None
    assert not unit_list.is_listed(session, patient.id, clock.utc_now())
    assert "on her way" not in "".join(session.scalars(select(AuditEvent.detail)))


def test_a_message_is_closed_once(session: Session, make: Make) -> None:
    cover, patient = make.doctor(on_unit_cover=True), make.patient()
    message_id = say(session, patient)
    session.rollback()
    with unit_of_work(session):
        message = unit_cover.message(session, as_cover(cover), message_id, Permission.UNIT_CLOSE_MESSAGE)
        unit_cover.close_message(session, as_cover(cover), message, outcome=MessageOutcome.CAME_IN, note="came in")
    with pytest.raises(Conflict):
        unit_cover.message(session, as_cover(cover), message_id, Permission.UNIT_CLOSE_MESSAGE)
    session.rollback()
    with pytest.raises(NotFound):
        unit_cover.message(session, as_cover(cover), message_id + 1, Permission.UNIT_CLOSE_MESSAGE)


@pytest.mark.parametrize("permission", [Permission.UNIT_READ, Permission.UNIT_CLOSE_MESSAGE])
@pytest.mark.parametrize("is_known", [True, False])
def test_who_is_not_on_cover_learns_nothing_of_a_message_closed_or_not(
    session: Session, make: Make, permission: Permission, *, is_known: bool
) -> None:
    cover, patient = make.doctor(on_unit_cover=True), make.patient()
    message_id = say(session, patient)
    session.rollback()
    with unit_of_work(session):
        message = unit_cover.message(session, as_cover(cover), message_id, Permission.UNIT_CLOSE_MESSAGE)
        unit_cover.close_message(session, as_cover(cover), message, outcome=MessageOutcome.CAME_IN, note="came in")
    other = make.doctor()
    with pytest.raises(NotFound), unit_of_work(session):
        unit_cover.message(session, as_doctor(other), message_id + (not is_known), permission)
    session.rollback()
    acts = session.scalars(select(AuditEvent.act).where(AuditEvent.actor_id == other.id)).all()
    assert acts == ["refused"]


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


def test_messages_page_too_and_nobody_is_left_out(
    session: Session, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_cover, "PAGE_SIZE", 2)
    cover, now = make.doctor(on_unit_cover=True), clock.utc_now()
    patients = [make.patient() for _ in range(5)]
    with clock.at(now - timedelta(hours=1)):
        for patient in patients[:3]:
            say(session, patient)
    for patient in patients[3:]:
        recording(session, make, patient)
    seen, after = [], None
    for _ in range(3):
        shown = page(session, cover, after)
        assert len(shown.entries) <= 2
        seen += [entry.patient_id for entry in shown.entries]
        after = shown.goes_on_after
    assert seen == [patient.id for patient in patients]
    assert after is None
