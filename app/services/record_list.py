"""The records of the older system that an actor may see, newest first, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor
from app.models import Patient, Record, User
from app.models.base import NO_TIME
from app.services.clock import utc_now
from app.services.guarded import visible_patient_ids

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the list: the start and the id of the record beside it."""

    start_time: datetime
    record_id: int


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page, with the places to go on from; None at either end of the list."""

    records: Sequence[Record]
    newer_than: Position | None
    older_than: Position | None


def page(
    session: Session,
    actor: Actor,
    *,
    patient_id: int | None = None,
    older_than: Position | None = None,
    newer_than: Position | None = None,
) -> RecordPage:
    """The newest page, or the one beside a place. One statement; records come with patient and her user."""
    statement = _visible(actor)
    if patient_id is not None:
        statement = statement.where(Record.woman_id == patient_id)
    if newer_than is not None:
        statement = statement.where(_newer(newer_than)).order_by(Record.start_time, Record.id)
    else:
        if older_than is not None:
            statement = statement.where(_older(older_than))
        statement = statement.order_by(Record.start_time.desc(), Record.id.desc())
    # One more than a page shows whether the list goes on.
    found = list(session.scalars(statement.limit(PAGE_SIZE + 1)))
    goes_on = len(found) > PAGE_SIZE
    found = found[:PAGE_SIZE]
    if newer_than is not None:
        found.reverse()
    if not found:
        return RecordPage([], None, None)
    has_newer = goes_on if newer_than is not None else older_than is not None
    has_older = newer_than is not None or goes_on
    return RecordPage(
        found,
        newer_than=Position(found[0].start_time, found[0].id) if has_newer else None,
        older_than=Position(found[-1].start_time, found[-1].id) if has_older else None,
    )


def has_any(session: Session, actor: Actor, *, patient_id: int | None = None) -> bool:
    """Whether there is a record to list: a database that was never an original one has none."""
    statement = _visible(actor).with_only_columns(Record.id)
    if patient_id is not None:
        statement = statement.where(Record.woman_id == patient_id)
    return session.scalar(statement.limit(1)) is not None


def _visible(actor: Actor) -> Select[Record]:
    return (
        select(Record)
        .join(Patient, Patient.id == Record.woman_id)
        .join(User, User.id == Patient.user_id)
        .where(visible_patient_ids(actor, utc_now()))
        .options(joinedload(Record.patient).joinedload(Patient.user))
    )


def _older(place: Position) -> ColumnElement[bool]:
    if place.start_time == NO_TIME:
        # Those without a date stand at the end: MySQL's zero date is below every date that it can be compared with.
        return and_(Record.start_time <= NO_TIME, Record.id < place.record_id)
    # In this form both databases walk an index; SQLite scans for a plain OR.
    return and_(
        Record.start_time <= place.start_time,
        or_(Record.start_time < place.start_time, Record.id < place.record_id),
    )


def _newer(place: Position) -> ColumnElement[bool]:
    if place.start_time == NO_TIME:
        return or_(Record.start_time > NO_TIME, Record.id > place.record_id)
    return and_(
        Record.start_time >= place.start_time,
        or_(Record.start_time > place.start_time, Record.id > place.record_id),
    )
