"""The unit list: who stands on it and why, messages, closing them."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.access import Permission
from app.models import (
    AuditEvent,
    MessageOutcome,
    OutgoingMail,
    ReviewState,
    UnitMessage,
)
from app.services import clock, unit_cover, unit_list
from app.services.errors import Conflict, NotFound
from app.services.transaction import unit_of_work
from tests.make import Make
from tests.services.unit_steps import as_cover, page, recording, say
from tests.services.uploads import as_doctor


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
