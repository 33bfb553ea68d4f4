"""What she says of the movements with a recording reaches the unit, once."""

from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import (
    AuditEvent,
    MonitoringSession,
    Movement,
    ReviewState,
    UnitMessage,
)
from app.services import unit_list
from tests.make import Make
from tests.services.uploads import as_doctor, as_patient, csv_file, store


def test_a_worry_leaves_one_message_which_the_recording_joins(session: Session, make: Make) -> None:
    patient = make.patient()
    unit_list.leave_message(session, as_patient(patient), patient.id, Movement.LESS)
    session.commit()

    row = store(session, as_patient(patient), patient, csv_file(), movement=Movement.LESS).monitoring_session

    (message,) = session.scalars(select(UnitMessage)).all()
    assert (message.patient_id, message.session_id, message.movement) == (patient.id, row.id, Movement.LESS)


@pytest.mark.parametrize("before", [None, Movement.AS_USUAL])
def test_a_worry_about_a_known_recording_is_heard(session: Session, make: Make, before: Movement | None) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    row = store(session, as_doctor(doctor), patient, csv_file(), movement=before).monitoring_session
    row.review_state = ReviewState.RELEASED
    session.commit()

    again = store(session, as_doctor(doctor), patient, csv_file(), movement=Movement.LESS)

    assert (again.is_new, again.monitoring_session.id) == (False, row.id)
    session.expire_all()
    assert (row.movement, row.review_state) == (Movement.LESS, ReviewState.TO_REVIEW)
    (message,) = session.scalars(select(UnitMessage)).all()
    assert (message.patient_id, message.session_id, message.movement) == (patient.id, row.id, Movement.LESS)
    acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.position)).all()
    assert acts == ["session:store", "session:hear_worry", "unit:leave_message"]


def test_a_worry_is_never_taken_back_by_a_later_answer_and_the_same_one_again_leaves_no_second_message(
    session: Session, make: Make
) -> None:
    patient = make.patient()
    row = store(session, as_patient(patient), patient, csv_file(), movement=Movement.LESS).monitoring_session

    for movement in (Movement.AS_USUAL, None, Movement.LESS):
        assert not store(session, as_patient(patient), patient, csv_file(), movement=movement).is_new

    session.expire_all()
    assert row.movement is Movement.LESS
    assert session.scalars(select(UnitMessage.session_id)).all() == [row.id]


def test_another_worry_about_the_same_recording_is_a_message_of_its_own(session: Session, make: Make) -> None:
    patient = make.patient()
    row = store(session, as_patient(patient), patient, csv_file(), movement=Movement.NOT_SURE).monitoring_session

    store(session, as_patient(patient), patient, csv_file(), movement=Movement.LESS)

    messages = session.execute(select(UnitMessage.movement, UnitMessage.session_id).order_by(UnitMessage.id)).all()
    assert [tuple(message) for message in messages] == [(Movement.NOT_SURE, row.id), (Movement.LESS, row.id)]


def test_a_race_of_two_uploads_of_one_file_loses_no_worry(app: Flask, session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    barrier = Barrier(2)

    def upload(movement: Movement) -> None:
        with app.app_context():
            engine = db.engine
        with Session(engine, expire_on_commit=False) as own:
            barrier.wait(timeout=60)
            store(own, as_doctor(doctor), patient, csv_file(minutes=3), movement=movement)

    threads = [Thread(target=upload, args=(movement,)) for movement in (Movement.AS_USUAL, Movement.CHANGED)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert session.scalars(select(MonitoringSession.movement)).all() == [Movement.CHANGED]
    assert session.scalars(select(UnitMessage.movement)).all() == [Movement.CHANGED]


def test_movements_as_usual_leave_no_message(session: Session, make: Make) -> None:
    patient = make.patient()

    store(session, as_patient(patient), patient, csv_file(), movement=Movement.AS_USUAL)

    assert session.scalars(select(UnitMessage)).all() == []
