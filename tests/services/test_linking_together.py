"""Links that several people change in the same moment: one row, one effect, and never nobody."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import AccessState, DoctorPatient, OutgoingMail
from app.services import linking, transaction
from app.services.errors import Refused
from tests.make import Make
from tests.services.uploads import as_doctor, as_patient


def together(app: Flask, *acts: Callable[[Session], object]) -> list[Exception | None]:
    """What became of acts that all begin at once, each in a session of its own."""
    with app.app_context():
        engine = db.engine
    start = Barrier(len(acts))

    def run(act: Callable[[Session], object]) -> Exception | None:
        with Session(engine) as session:
            start.wait()
            try:
                with transaction.unit_of_work(session):
                    act(session)
            except Exception as error:
                return error
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_a_request_pressed_five_times_at_once_is_one_request(app: Flask, session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()

    def ask(own: Session) -> None:
        linking.request_access(own, as_doctor(doctor), email=patient.user.email, page_address="/links")

    assert together(app, *[ask] * 5) == [None] * 5
    assert session.scalar(select(func.count()).select_from(DoctorPatient)) == 1
    assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 1


def test_of_two_last_readers_only_one_can_leave_at_once(app: Flask, session: Session, make: Make) -> None:
    doctors, patient = [make.doctor(), make.doctor()], make.patient()
    for doctor in doctors:
        make.link(doctor, patient)
    make.monitoring_session(patient)

    def leaving(doctor_id: int) -> Callable[[Session], None]:
        doctor = next(one for one in doctors if one.id == doctor_id)
        return lambda own: linking.end(own, as_doctor(doctor), doctor_id=doctor_id, patient_id=patient.id)

    answers = together(app, *[leaving(doctor.id) for doctor in doctors])
    assert [type(answer) for answer in answers if answer] == [Refused]
    states = session.scalars(select(DoctorPatient.access_state)).all()
    assert sorted(states) == [AccessState.ENDED, AccessState.LIVE]


def test_accepting_while_declining_has_one_outcome(app: Flask, session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient, state=AccessState.REQUESTED)
    answers = together(
        app,
        lambda own: linking.accept(own, as_patient(patient), doctor_id=doctor.id, patient_id=patient.id),
        lambda own: linking.decline(own, as_patient(patient), doctor_id=doctor.id, patient_id=patient.id),
    )
    assert answers.count(None) == 1
    outcome = AccessState.LIVE if answers[0] is None else AccessState.DECLINED
    assert session.scalars(select(DoctorPatient.access_state)).one() is outcome
