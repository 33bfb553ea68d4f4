"""The home of a doctor: recordings without an outcome or with an open call, those that cannot wait first.

The order is fixed (SAFETY.md, rule 7): reported symptoms, then open calls, then due, then oldest. What a program
computed is shown beside a row and is no part of the order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, aliased, joinedload

from app.access import Actor
from app.ctg.findings import Analysis
from app.models import (
    ContactAttempt,
    MonitoringSession,
    Movement,
    Patient,
    PregnancyInfo,
    Review,
    User,
)
from app.models.base import UtcDateTime, sql_no_time
from app.services.analyses import newest_of_each
from app.services.clock import utc_now
from app.services.guarded import visible_patient_ids
from app.services.open_calls import is_unfinished, she_is_to_call
from app.services.releases import BAD_NEWS
from app.services.unit_list import session_is_unowned

PAGE_SIZE = 25

WORRIES = tuple(movement for movement in Movement if movement.is_a_worry)


class Shown(StrEnum):
    """Which part of the queue is shown."""

    ALL = "all"
    MINE = "mine"
    NOBODYS = "nobodys"
    DUE = "due"
    CALLS = "calls"


class Rank(StrEnum):
    """Why a row stands where it does; the first ones come first."""

    SYMPTOM = "symptom"
    CALL = "call"
    OTHER = "other"


_RANKS = tuple(Rank)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the order, for the pages before and after it."""

    rank: int
    due: datetime
    received: datetime
    session_id: str


@dataclass(frozen=True, slots=True)
class Row:
    """One recording that waits, with patient and her user; `owner` is None also when the owner's link is over."""

    recording: MonitoringSession
    patient: Patient
    owner: User | None
    rank: Rank
    pregnancy: PregnancyInfo | None
    analyses: Sequence[Analysis]
    place: Place


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the queue; `before` and `after` are None at its ends."""

    rows: Sequence[Row]
    before: Place | None
    after: Place | None


def page(
    session: Session,
    actor: Actor,
    shown: Shown,
    *,
    today_ends: datetime,
    after: Place | None = None,
    before: Place | None = None,
) -> Page:
    """The first page, or the one beside a place. Three statements, however long the queue is."""
    order = tuple_(_rank(), _due(), _received(), MonitoringSession.id)
    statement = _waiting(actor, shown, today_ends)
    if before is not None:
        statement = statement.where(order < _as_tuple(before))
        statement = statement.order_by(*(key.desc() for key in _order_keys()))
    else:
        if after is not None:
            statement = statement.where(order > _as_tuple(after))
        statement = statement.order_by(*_order_keys())
    found = list(session.execute(statement.limit(PAGE_SIZE + 1)))
    has_more = len(found) > PAGE_SIZE
    found = found[:PAGE_SIZE]
    if before is not None:
        found.reverse()
    analyses = newest_of_each(session, [row[0].id for row in found])
    rows = [_row(row, analyses) for row in found]
    is_first, is_last = (not has_more, False) if before is not None else (after is None, not has_more)
    return Page(
        rows,
        before=rows[0].place if rows and not is_first else None,
        after=rows[-1].place if rows and not is_last else None,
    )


def counts(session: Session, actor: Actor, *, today_ends: datetime) -> dict[Shown, int]:
    """How many rows each filter shows."""
    columns = [
        func.coalesce(func.sum(case((_filter(shown, actor, today_ends), 1), else_=0)), 0).label(shown.value)
        for shown in Shown
    ]
    row = session.execute(_of_visible_patients(select(*columns).select_from(MonitoringSession), actor)).one()
    return {shown: int(getattr(row, shown.value)) for shown in Shown}


def waiting_count(session: Session, actor: Actor) -> int:
    """How many recordings of the actor's patients wait."""
    return int(
        session.execute(_of_visible_patients(select(func.count()).select_from(MonitoringSession), actor)).scalar_one()
    )


def _of_visible_patients(statement: Select[Any], actor: Actor) -> Select[Any]:
    """Recordings that wait, of the patients with a live link. Nothing leaves without an outcome."""
    return statement.join(Patient, Patient.id == MonitoringSession.woman_id).where(
        is_unfinished(),
        visible_patient_ids(actor, utc_now()),
    )


def _waiting(actor: Actor, shown: Shown, today_ends: datetime) -> Select[Any]:
    pregnancy_id = func.coalesce(
        MonitoringSession.pregnancy_id,
        select(PregnancyInfo.id)
        .where(PregnancyInfo.current_patient_id == MonitoringSession.woman_id)
        .correlate(MonitoringSession)
        .scalar_subquery(),
    )
    pregnancy = aliased(PregnancyInfo)
    columns: list[Any] = [
        MonitoringSession,
        _rank(),
        _due(),
        _received(),
        pregnancy,
        session_is_unowned(utc_now()).label("is_unowned"),
    ]
    statement = select(*columns).outerjoin(pregnancy, pregnancy.id == pregnancy_id)
    return (
        _of_visible_patients(statement, actor)
        .where(_filter(shown, actor, today_ends))
        .options(
            joinedload(MonitoringSession.patient).joinedload(Patient.user).load_only(User.name),
            joinedload(MonitoringSession.owner).load_only(User.name),
        )
    )


def _filter(shown: Shown, actor: Actor, today_ends: datetime) -> ColumnElement[bool]:
    return {
        Shown.ALL: MonitoringSession.id.is_not(None),
        Shown.MINE: MonitoringSession.doctor_id == actor.user_id,
        Shown.NOBODYS: session_is_unowned(utc_now()),
        Shown.DUE: MonitoringSession.due_at < today_ends,
        Shown.CALLS: _is_open_call(),
    }[shown]


def _is_open_call() -> ColumnElement[bool]:
    """She is to be called: bad news is signed, somebody has called, or she was asked to call and not reached."""
    later = aliased(Review)
    asks_for_a_call = exists().where(
        Review.session_id == MonitoringSession.id,
        Review.impression.in_(BAD_NEWS),
        ~exists().where(later.amends_id == Review.id),
    )
    return or_(asks_for_a_call, exists().where(ContactAttempt.session_id == MonitoringSession.id), she_is_to_call())


def _rank() -> ColumnElement[int]:
    return case(
        (MonitoringSession.movement.in_(WORRIES), _RANKS.index(Rank.SYMPTOM)),
        (_is_open_call(), _RANKS.index(Rank.CALL)),
        else_=_RANKS.index(Rank.OTHER),
    ).label("rank")


def _received() -> ColumnElement[datetime]:
    return func.coalesce(MonitoringSession.received_at, sql_no_time()).label("received")


def _due() -> ColumnElement[datetime]:
    """When it is due; one without a term was due when it came."""
    return func.coalesce(MonitoringSession.due_at, MonitoringSession.received_at, sql_no_time()).label("due")


def _order_keys() -> tuple[SQLColumnExpression[Any], ...]:
    return _rank(), _due(), _received(), MonitoringSession.id


def _as_tuple(place: Place) -> ColumnElement[Any]:
    return tuple_(
        literal(place.rank, Integer()),
        literal(place.due, UtcDateTime()),
        literal(place.received, UtcDateTime()),
        literal(place.session_id, String()),
    )


def _row(row: Any, analyses: dict[str, list[Analysis]]) -> Row:
    recording: MonitoringSession = row[0]
    assert recording.patient is not None  # noqa: S101 - joined above
    return Row(
        recording=recording,
        patient=recording.patient,
        owner=None if row.is_unowned else recording.owner,
        rank=_RANKS[row.rank],
        pregnancy=row[4],
        analyses=analyses.get(recording.id, []),
        place=Place(row.rank, row.due, row.received, recording.id),
    )
