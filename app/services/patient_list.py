"""The patients that a doctor may see, by name, page by page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from app.access import Actor, Permission
from app.models import MonitoringSession, Patient, ReviewState, User
from app.services import audit, patients, pregnancies
from app.services.clock import utc_now
from app.services.guarded import visible_patient_ids

PAGE_SIZE = 25
MAX_ID = 2**31 - 1  # The seed's ids are 32-bit integers.

_RECORD_NUMBER = re.compile(r"(?:R-?)?(\d{1,10})", re.IGNORECASE | re.ASCII)
_sorted_name = func.lower(User.name)
_last_recorded = (
    select(func.max(MonitoringSession.start_time)).where(MonitoringSession.woman_id == Patient.id).scalar_subquery()
)
_unread = (
    select(func.count())
    .where(MonitoringSession.woman_id == Patient.id, MonitoringSession.review_state == ReviewState.TO_REVIEW)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class ListedPatient:
    """One row of the list."""

    patient: Patient
    gestation_days: int | None
    is_high_risk: bool
    last_recorded_at: datetime | None
    unread: int
    is_alike: bool


@dataclass(frozen=True, slots=True)
class PatientPage:
    """One page of `count` patients who fit, with the patients to go on from; None at either end of the list."""

    rows: Sequence[ListedPatient]
    count: int
    before_id: int | None
    after_id: int | None


def page(
    session: Session,
    actor: Actor,
    *,
    search: str,
    today: date,
    after_id: int | None = None,
    before_id: int | None = None,
) -> PatientPage:
    """The first page of the patients who fit `search`, or the one beside a patient; six statements at most.

    `search` is part of a name or address, or a record number; `%` and `_` mean themselves. The place to go on from
    must be a patient whom the actor may see: the order of others is nobody's business. Each patient named is a look at
    her data and stands in her access log.
    """
    fits = and_(visible_patient_ids(actor, utc_now()), _matches(search))
    place_id = after_id if after_id is not None else before_id
    place = None if place_id is None else session.execute(_names(fits).where(Patient.id == place_id)).one_or_none()
    goes_back = place is not None and after_id is None
    statement = _rows(fits)
    if place is not None:
        statement = statement.where(_beyond(place, backwards=goes_back))
    order = (_sorted_name.desc(), Patient.id.desc()) if goes_back else (_sorted_name, Patient.id)
    # One more than a page shows whether the list goes on.
    found = list(session.execute(statement.order_by(*order).limit(PAGE_SIZE + 1)))
    goes_on = len(found) > PAGE_SIZE
    found = found[:PAGE_SIZE]
    if goes_back:
        found.reverse()
    audit.record_named(
        session, actor, Permission.PATIENT_LIST.value, (row[0].id for row in found), is_search=bool(search)
    )
    count = session.scalar(select(func.count()).select_from(_names(fits).subquery())) or 0
    if not found:
        return PatientPage([], count, None, None)
    return PatientPage(
        _listed(session, actor, found, today),
        count,
        before_id=found[0][0].id if (goes_on if goes_back else place is not None) else None,
        after_id=found[-1][0].id if goes_back or goes_on else None,
    )


def _names(fits: ColumnElement[bool]) -> Select[int, str]:
    return select(Patient.id, _sorted_name.label("name")).join(Patient.user).where(fits)


def _rows(fits: ColumnElement[bool]) -> Select[Patient, datetime | None, int]:
    return (
        select(Patient, _last_recorded.label("last_recorded_at"), _unread.label("unread"))
        .join(Patient.user)
        .where(fits)
        .options(contains_eager(Patient.user))
    )


def _beyond(place: Row[int, str], *, backwards: bool) -> ColumnElement[bool]:
    if backwards:
        return and_(_sorted_name <= place.name, or_(_sorted_name < place.name, Patient.id < place.id))
    return and_(_sorted_name >= place.name, or_(_sorted_name > place.name, Patient.id > place.id))


def _matches(search: str) -> ColumnElement[bool]:
    wanted = [User.name.icontains(search, autoescape=True), User.email.icontains(search, autoescape=True)]
    number = _RECORD_NUMBER.fullmatch(search)
    if number is not None and int(number[1]) <= MAX_ID:
        # Also the number of a record that gave way: it stands on old papers.
        record = aliased(Patient)
        current_id = select(func.coalesce(record.superseded_by_id, record.id)).where(record.id == int(number[1]))
        wanted.append(Patient.id == current_id.scalar_subquery())
    return or_(*wanted)


def _listed(
    session: Session, actor: Actor, found: Sequence[Row[Patient, datetime | None, int]], today: date
) -> Sequence[ListedPatient]:
    shown = [row[0] for row in found]
    known = pregnancies.current_of(session, [patient.id for patient in shown])
    alike = patients.alike_among(session, actor, shown)
    return [
        ListedPatient(
            patient=patient,
            gestation_days=pregnancies.gestation_on(known.get(patient.id), today),
            is_high_risk=pregnancies.known_of(known.get(patient.id)).is_high_risk,
            last_recorded_at=last_recorded_at,
            unread=unread,
            is_alike=patient.id in alike,
        )
        for patient, last_recorded_at, unread in found
    ]
