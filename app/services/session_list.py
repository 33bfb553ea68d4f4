"""All recordings that an actor may see, newest first, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor, Permission
from app.models import MonitoringSession, MonitoringType, Patient, ReviewState, User
from app.models.base import NO_TIME
from app.services import audit
from app.services.clock import utc_now
from app.services.guarded import visible_patient_ids

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the list: the start and the public id of the recording beside it."""

    start_time: datetime
    public_id: str

    @classmethod
    def of(cls, monitoring_session: MonitoringSession) -> "Position":
        """The place of this recording."""
        return cls(monitoring_session.start_time, monitoring_session.public_id)


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One page, with the places to go on from; None at either end of the list."""

    sessions: Sequence[MonitoringSession]
    newer_than: Position | None
    older_than: Position | None


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """Which recordings; None means any."""

    patient_id: int | None = None
    monitoring_type: MonitoringType | None = None
    review_state: ReviewState | None = None


def page(
    session: Session,
    actor: Actor,
    wanted: SessionFilter,
    *,
    older_than: Position | None = None,
    newer_than: Position | None = None,
) -> SessionPage:
    """The newest page, or the one beside a place. One statement; sessions come with patient and her user."""
    statement = _visible(actor, wanted)
    if newer_than is not None:
        statement = statement.where(_newer(newer_than)).order_by(
            MonitoringSession.start_time, MonitoringSession.public_id
        )
    else:
        if older_than is not None:
            statement = statement.where(_older(older_than))
        statement = statement.order_by(MonitoringSession.start_time.desc(), MonitoringSession.public_id.desc())
    # One more than a page shows whether the list goes on.
    found = list(session.scalars(statement.limit(PAGE_SIZE + 1)))
    goes_on = len(found) > PAGE_SIZE
    found = found[:PAGE_SIZE]
    if newer_than is not None:
        found.reverse()
    if not found:
        return SessionPage([], None, None)
    has_newer = goes_on if newer_than is not None else older_than is not None
    has_older = newer_than is not None or goes_on
    return SessionPage(
        found,
        newer_than=Position.of(found[0]) if has_newer else None,
        older_than=Position.of(found[-1]) if has_older else None,
    )


def patient_choices(session: Session, actor: Actor, act: Permission) -> Sequence[Patient]:
    """The patients that the actor may see, with their users, by name; `act` is what they are named for."""
    found = session.scalars(
        select(Patient)
        .join(User, User.id == Patient.user_id)
        .where(visible_patient_ids(actor, utc_now()))
        .options(joinedload(Patient.user))
        .order_by(User.name, Patient.id)
    ).all()
    audit.record_named(session, actor, act.value, (patient.id for patient in found))
    return found


def _visible(actor: Actor, wanted: SessionFilter) -> Select[MonitoringSession]:
    statement = (
        select(MonitoringSession)
        .join(Patient, Patient.id == MonitoringSession.woman_id)
        .where(visible_patient_ids(actor, utc_now()))
        .options(joinedload(MonitoringSession.patient).joinedload(Patient.user))
    )
    for column, value in (
        (MonitoringSession.woman_id, wanted.patient_id),
        (MonitoringSession.monitoring_type, wanted.monitoring_type),
        (MonitoringSession.review_state, wanted.review_state),
    ):
        if value is not None:
            statement = statement.where(column == value)
    return statement


def _older(place: Position) -> ColumnElement[bool]:
    if place.start_time == NO_TIME:
        # Those without a date stand at the end: MySQL's zero date is below every date that it can be compared with.
        return and_(MonitoringSession.start_time <= NO_TIME, MonitoringSession.public_id < place.public_id)
    # In this form both databases walk an index; SQLite scans for a plain OR.
    return and_(
        MonitoringSession.start_time <= place.start_time,
        or_(MonitoringSession.start_time < place.start_time, MonitoringSession.public_id < place.public_id),
    )


def _newer(place: Position) -> ColumnElement[bool]:
    if place.start_time == NO_TIME:
        return or_(MonitoringSession.start_time > NO_TIME, MonitoringSession.public_id > place.public_id)
    return and_(
        MonitoringSession.start_time >= place.start_time,
        or_(MonitoringSession.start_time > place.start_time, MonitoringSession.public_id > place.public_id),
    )
