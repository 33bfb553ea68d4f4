from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.models import (
    AccessState,
    ContactOutcome,
    MonitoringSession,
    Movement,
    Patient,
    ReleaseKind,
    ReviewState,
    User,
)
from app.services import contacts, linking, links, patients, pregnancy_then, queue, unit_list
from app.services.clock import utc_now
from app.services.queue import Place, Rank, Shown
from tests.make import ZONE, Make
from tests.services.readings import NO_CONCERN, SUSPICIOUS, amend, analysis_row, give, recording, sign, writing
from tests.services.uploads import as_doctor, as_patient
from tests.statements import counted


def today_ends() -> datetime:
    """Some hours from now: only what is due before it is due today."""
    return utc_now() + timedelta(hours=6)


def linked(make: Make, doctor: User, *, name: str | None = None) -> Patient:
    patient = make.patient(name=name)
    make.link(doctor, patient)
    return patient


def waiting(
    session: Session,
    make: Make,
    patient: Patient,
    *,
    due_in_h: float | None = 48,
    received_h_ago: float = 1,
    movement: Movement | None = None,
    owner: User | None = None,
) -> MonitoringSession:
    read = make.monitoring_session(patient, owner=owner)
    read.due_at = None if due_in_h is None else utc_now() + timedelta(hours=due_in_h)
    read.received_at = utc_now() - timedelta(hours=received_h_ago)
    read.movement = movement
    session.commit()
    return read


def order(session: Session, doctor: User, shown: Shown = Shown.ALL) -> list[str]:
    found = queue.page(session, as_doctor(doctor), shown, today_ends=today_ends())
    return [row.recording.id for row in found.rows]


def call(session: Session, doctor: User, read: MonitoringSession, outcome: ContactOutcome) -> None:
    with writing(session):
        contacts.log(session, as_doctor(doctor), read, outcome=outcome, note="")


def test_what_nobody_may_read_any_more_is_nobodys(session: Session, make: Make) -> None:
    doctor = make.doctor()
    patient = linked(make, doctor)
    gone, ended, other = make.doctor(), make.doctor(), make.doctor()
    make.link(gone, patient, expires_at=utc_now() - timedelta(minutes=1))
    make.link(ended, patient, state=AccessState.ENDED)
    make.link(other, patient)
    unowned, expired, ended_link, mine, owned = (
        waiting(session, make, patient, due_in_h=hour, owner=owner)
        for hour, owner in enumerate((None, gone, ended, doctor, other), start=1)
    )

    found = queue.page(session, as_doctor(doctor), Shown.NOBODYS, today_ends=today_ends())

    assert [row.recording.id for row in found.rows] == [unowned.id, expired.id, ended_link.id]
    assert queue.counts(session, as_doctor(doctor), today_ends=today_ends())[Shown.NOBODYS] == 3
    everything = queue.page(session, as_doctor(doctor), Shown.ALL, today_ends=today_ends())
    owners = {row.recording.id: row.owner and row.owner.id for row in everything.rows}
    assert owners == {unowned.id: None, expired.id: None, ended_link.id: None, mine.id: doctor.id, owned.id: other.id}


def test_symptoms_then_open_calls_then_due_then_oldest(session: Session, make: Make) -> None:
    doctor = make.doctor()
    patient = linked(make, doctor)
    oldest = waiting(session, make, patient, due_in_h=40, received_h_ago=9)
    newest = waiting(session, make, patient, due_in_h=40, received_h_ago=1)
    session.refresh(newest)
    newest.due_at = oldest.due_at
    overdue = waiting(session, make, patient, due_in_h=-3, received_h_ago=0.5)
    symptom = waiting(session, make, patient, due_in_h=90, received_h_ago=0.1, movement=Movement.NOT_SURE)
    as_usual = waiting(session, make, patient, due_in_h=80, movement=Movement.AS_USUAL)
    to_be_called = recording(session, make, doctor=doctor)
    sign(session, doctor, to_be_called, SUSPICIOUS)

    assert order(session, doctor) == [one.id for one in (symptom, to_be_called, overdue, oldest, newest, as_usual)]


def test_a_recording_without_a_term_was_due_when_it_came(session: Session, make: Make) -> None:
    doctor = make.doctor()
    patient = linked(make, doctor)
    due_soon = waiting(session, make, patient, due_in_h=1)
    no_term = waiting(session, make, patient, due_in_h=None, received_h_ago=200)

    assert order(session, doctor) == [no_term.id, due_soon.id]


def test_what_is_computed_lifts_no_row_and_lowers_none(session: Session, make: Make) -> None:
    doctor = make.doctor()
    patient = linked(make, doctor)
    rows = [waiting(session, make, patient, due_in_h=hours) for hours in (10, 20, 30)]
    before = order(session, doctor)
    assert before == [row.id for row in rows]

    for read, is_interpretable in ((rows[2], False), (rows[1], True)):
        session.add(analysis_row(read, is_interpretable=is_interpretable))
    session.commit()

    assert order(session, doctor) == before
    shown = queue.page(session, as_doctor(doctor), Shown.ALL, today_ends=today_ends()).rows
    assert [len(row.analyses) for row in shown] == [0, 1, 1]


def test_an_open_call_closes_with_a_release_and_an_amendment_opens_it_again(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    review = sign(session, doctor, read, SUSPICIOUS)
    assert order(session, doctor, Shown.CALLS) == [read.id]

    calmer = amend(session, doctor, read, review, NO_CONCERN)
    assert order(session, doctor, Shown.CALLS) == []
    assert order(session, doctor) == [read.id]

    give(session, doctor, read, calmer)
    assert order(session, doctor) == []

    amend(session, doctor, read, calmer, SUSPICIOUS)
    assert order(session, doctor, Shown.CALLS) == [read.id]


def test_a_logged_call_stays_open_until_she_is_told(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    call(session, doctor, read, ContactOutcome.NO_ANSWER)

    assert order(session, doctor, Shown.CALLS) == [read.id]


def test_a_request_to_call_waits_until_she_is_reached(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    review = sign(session, doctor, read, SUSPICIOUS)
    call(session, doctor, read, ContactOutcome.NO_ANSWER)
    give(session, doctor, read, review, ReleaseKind.PLEASE_CALL, "")

    for outcome in (ContactOutcome.NO_ANSWER, ContactOutcome.WRONG_NUMBER, ContactOutcome.OTHER):
        call(session, doctor, read, outcome)
        rows = queue.page(session, as_doctor(doctor), Shown.CALLS, today_ends=today_ends()).rows
        assert [(row.recording.id, row.rank) for row in rows] == [(read.id, Rank.CALL)]
        assert order(session, doctor) == [read.id]
        assert queue.waiting_count(session, as_doctor(doctor)) == 1
        counts = queue.counts(session, as_doctor(doctor), today_ends=today_ends())
        assert (counts[Shown.ALL], counts[Shown.CALLS]) == (1, 1)

    call(session, doctor, read, ContactOutcome.REACHED)
    assert order(session, doctor) == order(session, doctor, Shown.CALLS) == []
    assert queue.waiting_count(session, as_doctor(doctor)) == 0


def test_a_call_that_reached_her_before_the_reading_closes_nothing(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    call(session, doctor, read, ContactOutcome.REACHED)
    review = sign(session, doctor, read, SUSPICIOUS)
    give(session, doctor, read, review, ReleaseKind.PLEASE_CALL, "")

    assert order(session, doctor, Shown.CALLS) == [read.id]

    call(session, doctor, read, ContactOutcome.NO_ANSWER)
    give(session, doctor, read, review, message="You were here yesterday.")
    assert order(session, doctor) == []


@pytest.mark.parametrize("state", list(ReviewState))
def test_nothing_leaves_without_an_outcome(session: Session, make: Make, state: ReviewState) -> None:
    doctor = make.doctor()
    read = waiting(session, make, linked(make, doctor))
    read.review_state = state
    session.commit()

    assert bool(order(session, doctor)) is (state in {ReviewState.TO_REVIEW, ReviewState.SIGNED})
    assert queue.waiting_count(session, as_doctor(doctor)) == len(order(session, doctor))


def test_only_live_links_open_the_queue(session: Session, make: Make) -> None:
    doctor = make.doctor()
    for link_state in set(AccessState) - {AccessState.LIVE}:
        patient = make.patient()
        make.link(doctor, patient, state=link_state)
        waiting(session, make, patient, owner=doctor, movement=Movement.LESS)
    expired = make.patient()
    make.link(doctor, expired, expires_at=utc_now() - timedelta(seconds=1))
    waiting(session, make, expired, owner=doctor)
    waiting(session, make, make.patient())

    assert order(session, doctor) == []
    assert set(queue.counts(session, as_doctor(doctor), today_ends=today_ends()).values()) == {0}


def test_filters_show_what_they_count(session: Session, make: Make) -> None:
    doctor, other = make.doctor(), make.doctor()
    patient = linked(make, doctor)
    make.link(other, patient)
    mine = waiting(session, make, patient, owner=doctor, due_in_h=40)
    nobodys = waiting(session, make, patient, due_in_h=3)
    others = waiting(session, make, patient, owner=other, due_in_h=50)

    counts = queue.counts(session, as_doctor(doctor), today_ends=today_ends())

    assert counts == {Shown.ALL: 3, Shown.MINE: 1, Shown.NOBODYS: 1, Shown.DUE: 1, Shown.CALLS: 0}
    assert order(session, doctor, Shown.MINE) == [mine.id]
    assert order(session, doctor, Shown.NOBODYS) == order(session, doctor, Shown.DUE) == [nobodys.id]
    assert order(session, doctor)[-1] == others.id


def test_pages_go_on_where_they_ended_in_both_directions(session: Session, make: Make) -> None:
    doctor = make.doctor()
    patient = linked(make, doctor)
    term = utc_now()
    for number in range(60):
        read = waiting(session, make, patient, movement=Movement.LESS if number % 7 == 0 else None)
        # Many equal terms: only the ids tell them apart.
        read.due_at, read.received_at = term + timedelta(hours=number // 10), term
    session.commit()
    actor = as_doctor(doctor)
    pages, after = [], None
    while True:
        page = queue.page(session, actor, Shown.ALL, today_ends=today_ends(), after=after)
        pages.append(page)
        after = page.after
        if after is None:
            break

    seen = [row.recording.id for page in pages for row in page.rows]
    assert [len(page.rows) for page in pages] == [25, 25, 10]
    assert len(set(seen)) == 60
    assert pages[0].before is None
    back = queue.page(session, actor, Shown.ALL, today_ends=today_ends(), before=pages[2].before)
    assert [row.recording.id for row in back.rows] == [row.recording.id for row in pages[1].rows]
    first = queue.page(session, actor, Shown.ALL, today_ends=today_ends(), before=back.before)
    assert [row.recording.id for row in first.rows] == [row.recording.id for row in pages[0].rows]
    assert first.before is None


def test_the_gestation_is_known_from_an_earlier_row_of_the_same_pregnancy(session: Session, make: Make) -> None:
    doctor = make.doctor()
    patient = linked(make, doctor)
    pregnancy = make.pregnancy(patient)
    due, pregnancy.expected_due_date = pregnancy.expected_due_date, None
    make.pregnancy_that_gave_way(pregnancy, due=due)
    waiting(session, make, patient)
    session.expunge_all()

    [row] = queue.page(session, as_doctor(doctor), Shown.ALL, today_ends=today_ends()).rows

    assert pregnancy_then.days_in(row.pregnancy, row.recording, ZONE) == 210


def test_a_place_beyond_the_end_is_an_empty_page(session: Session, make: Make) -> None:
    doctor = make.doctor()
    waiting(session, make, linked(make, doctor))
    beyond = Place(2, utc_now() + timedelta(days=900), utc_now(), "z")

    page = queue.page(session, as_doctor(doctor), Shown.ALL, today_ends=today_ends(), after=beyond)

    assert (list(page.rows), page.before, page.after) == ([], None, None)


def test_fifty_patients_take_five_statements(session: Session, make: Make) -> None:
    doctor = make.doctor()
    for _ in range(50):
        patient = linked(make, doctor)
        make.pregnancy(patient)
        session.add(analysis_row(waiting(session, make, patient, owner=doctor), is_interpretable=True))
    session.commit()
    session.expunge_all()
    actor = as_doctor(doctor)

    with counted(session) as statements:
        page = queue.page(session, actor, Shown.ALL, today_ends=today_ends())
        queue.counts(session, actor, today_ends=today_ends())
        patients.alike_among(session, actor, [row.patient for row in page.rows])
        assert {row.recording.owner.name for row in page.rows if row.recording.owner} == {doctor.name}
        assert all(row.patient.user.name and row.pregnancy and row.pregnancy.expected_due_date for row in page.rows)

    assert len(statements) == 5, "\n\n".join(statements)


def test_a_call_that_reached_nobody_stands_on_the_unit_list_when_the_link_ends(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    assert read.patient is not None
    review = sign(session, doctor, read, SUSPICIOUS)
    call(session, doctor, read, ContactOutcome.NO_ANSWER)
    give(session, doctor, read, review, ReleaseKind.PLEASE_CALL, "")
    assert links.open_work(session, read.patient.id) == (1, 0)
    with writing(session):
        linking.end(session, as_patient(read.patient), doctor_id=doctor.id, patient_id=read.patient.id)
    assert unit_list.is_listed(session, read.patient.id, utc_now())
