"""What patients tell the unit and doctors on cover do about it, each in a unit of work of its own."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.access import Actor, ActorRole, Permission
from app.models import (
    DoctorPatient,
    MonitoringSession,
    Movement,
    Patient,
    ReviewState,
    User,
)
from app.services import guarded, unit_cover, unit_list
from app.services.transaction import unit_of_work
from tests.make import Make
from tests.services.uploads import as_patient


def as_cover(user: User) -> Actor:
    """This doctor, validated and on unit cover."""
    return Actor(role=ActorRole.DOCTOR, user_id=user.id, is_validated=True, on_unit_cover=True)


def say(session: Session, patient: Patient, movement: Movement = Movement.LESS, session_id: str | None = None) -> int:
    """She tells the unit about the movements; the number of the message."""
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
    """A recording of hers, due and received then."""
    made = make.monitoring_session(patient, owner=owner)
    made.due_at = due_at
    made.received_at = received_at or made.received_at
    made.review_state = state
    session.commit()
    return made


def page(session: Session, user: User, after: unit_cover.Place | None = None) -> unit_cover.UnitPage:
    """A page of the list, as this doctor sees it."""
    session.rollback()
    shown = unit_cover.page(session, as_cover(user), after=after)
    session.rollback()
    session.info.clear()
    return shown


def take_over(session: Session, user: User, patient: Patient, reason: str = "night duty") -> datetime | None:
    """The doctor takes her over; until when."""
    session.rollback()
    with unit_of_work(session):
        found = guarded.patient(session, as_cover(user), patient.id, Permission.UNIT_TAKE_OVER)
        return unit_cover.take_over(session, as_cover(user), found, reason=reason)


def link_of(session: Session, user: User, patient: Patient) -> DoctorPatient:
    """The link as it stands in the database."""
    return session.get_one(DoctorPatient, (user.id, patient.id), populate_existing=True)
