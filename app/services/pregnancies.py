"""Pregnancies: the dated estimate from which every gestational age is computed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.models import DatingMethod, Patient, PregnancyInfo, PregnancySurplus
from app.services import audit
from app.services.clock import utc_now
from app.services.errors import Conflict, Refused
from app.services.gestation import (
    DAYS_PER_WEEK,
    LAST_WEEK,
    due_date_from_gestation,
    due_date_from_last_period,
    due_date_from_ovulation,
    gestation_days,
    is_countable,
    last_period_of,
)

__all__ = [
    "Dating",
    "Known",
    "all_of",
    "containing",
    "containing_in",
    "current",
    "current_of",
    "date_pregnancy",
    "due_date_of",
    "gestation_at",
    "gestation_days",
    "gestation_on",
    "known_of",
    "version",
]


FARTHEST_DAY = timedelta(weeks=2 * LAST_WEEK)


@dataclass(frozen=True, slots=True)
class Dating:
    """How a pregnancy is dated: the method and the day that it gives.

    `day` is the first day of the last period, of ovulation, the due date, or the day of the ultrasound, for which
    `found_days` says how old the pregnancy was.
    """

    method: DatingMethod
    day: date
    found_days: int = 0

    @property
    def due_date(self) -> date:
        """The estimated date of delivery."""
        if self.method is DatingMethod.LMP:
            return due_date_from_last_period(self.day)
        if self.method is DatingMethod.OVULATION:
            return due_date_from_ovulation(self.day)
        if self.method is DatingMethod.ULTRASOUND:
            return due_date_from_gestation(self.found_days, self.day)
        return self.day


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a pregnancy, by its own row and those of the same pregnancy that gave way to it.

    `dated` is the row that dates it: its own, else the newest of the others that has a due date or a last period; None
    where none has. The risk is high where one row says so, and complications are those of all rows, its own first.
    """

    dated: PregnancyInfo | None = None
    is_dated_by_earlier_entry: bool = False
    is_high_risk: bool = False
    complications: tuple[str, ...] = ()

    @property
    def due_date(self) -> date | None:
        """The due date: the estimate, or what follows from the last period where an old row has only that."""
        return None if self.dated is None else _due_date_on(self.dated)

    @property
    def dating_method(self) -> DatingMethod | None:
        """By which method it is dated; None also where an older system has not said so.

        A due date that follows from the last period is dated by it, whoever wrote that down.
        """
        if self.dated is None:
            return None
        return DatingMethod.LMP if self.dated.expected_due_date is None else self.dated.dating_method

    @property
    def dated_at(self) -> datetime | None:
        """When that was entered."""
        return None if self.dated is None else self.dated.dated_at


def known_of(pregnancy: PregnancyInfo | None) -> Known:
    """All that is known of it, which its own row alone need not say: an older database writes one pregnancy often."""
    if pregnancy is None:
        return Known()
    rows = [pregnancy, *_still_counting(pregnancy)]
    dated = next((row for row in rows if _due_date_on(row) is not None), None)
    return Known(
        dated=dated,
        is_dated_by_earlier_entry=dated is not None and dated is not pregnancy,
        is_high_risk=any(row.is_high_risk for row in rows),
        complications=tuple(dict.fromkeys(text for row in rows for text in _texts(row.complications))),
    )


def current(session: Session, patient_id: int) -> PregnancyInfo | None:
    """The patient's current pregnancy, or None when none is known."""
    return current_of(session, [patient_id]).get(patient_id)


def current_of(session: Session, patient_ids: Iterable[int]) -> dict[int, PregnancyInfo]:
    """The current pregnancy of each patient who has one, in one statement."""
    return {row.current_patient_id: row for row in session.scalars(_current(patient_ids)) if row.current_patient_id}


def containing(session: Session, patient_id: int, day: date) -> PregnancyInfo | None:
    """The newest pregnancy of hers that `day` lies in; None when nobody has dated one that does."""
    return containing_in(all_of(session, patient_id), day)


def containing_in(hers: Iterable[PregnancyInfo], day: date) -> PregnancyInfo | None:
    """The first of these pregnancies that `day` lies in."""
    return next((row for row in hers if gestation_on(row, day) is not None), None)


def all_of(session: Session, patient_id: int) -> Sequence[PregnancyInfo]:
    """Her pregnancies, the newest first, also those that were written on a record of hers that gave way."""
    hers = select(Patient.id).where(or_(Patient.id == patient_id, Patient.superseded_by_id == patient_id))
    return session.scalars(
        select(PregnancyInfo)
        .where(PregnancyInfo.patient_id.in_(hers), PregnancyInfo.superseded_by_id.is_(None))
        .order_by(PregnancyInfo.created_at.desc(), PregnancyInfo.id.desc())
        .execution_options(populate_existing=True)
    ).all()


def due_date_of(pregnancy: PregnancyInfo | None) -> date | None:
    """The due date, on whichever row of the pregnancy it stands."""
    return known_of(pregnancy).due_date


def gestation_on(pregnancy: PregnancyInfo | None, day: date) -> int | None:
    """Days of gestation on `day`; None when nobody has dated the pregnancy or `day` lies outside it."""
    due_date = due_date_of(pregnancy)
    if due_date is None:
        return None
    days = gestation_days(due_date, day)
    return days if is_countable(days) else None


def gestation_at(session: Session, patient_id: int, instant: datetime, zone: tzinfo) -> int | None:
    """Days of gestation on the day that `instant` is in `zone`, as in `gestation_on`."""
    return gestation_on(current(session, patient_id), instant.astimezone(zone).date())


def date_pregnancy(
    session: Session,
    actor: Actor,
    patient_id: int,
    *,
    dating: Dating | None,
    is_high_risk: bool,
    complications: Sequence[str],
    today: date,
    seen: str,
) -> PregnancyInfo:
    """The patient's pregnancy with this dating; None keeps the present one.

    A dating while her current pregnancy has outlived its 44 weeks is that of another: the recordings of the one before
    keep theirs. What is stored here stands alone from then on: the form has shown what rows that gave way say.

    Parameters
    ----------
    seen : str
        `version` of the pregnancy that the form showed.

    Raises
    ------
    Refused
        day_in_future: a period, ovulation or examination cannot lie after `today`; day_too_far: it is mistyped;
        due_date_implausible: today would lie outside the 44 weeks of the pregnancy; nothing_to_keep: it was never
        dated.
    Conflict
        Somebody else changed it since the form was opened.
    """
    _refuse_implausible(dating, today)
    now = utc_now()
    row = _locked_current(session, patient_id)
    if version(row) != seen:
        raise Conflict("pregnancy_changed")
    before = known_of(row)
    if dating is None and before.due_date is None:
        raise Refused("nothing_to_keep")
    is_another = dating is not None and before.due_date is not None and gestation_on(row, today) is None
    if row is not None and is_another:
        row.current_patient_id = None
        row.superseded_reason = PregnancySurplus.EARLIER_PREGNANCY
        # Before the new one is: she has one at any moment.
        session.flush()
    pregnancy = (
        PregnancyInfo(patient_id=patient_id, current_patient_id=patient_id, created_at=now)
        if row is None or is_another
        else row
    )
    due_date = before.due_date
    if dating is not None:
        due_date = dating.due_date
        pregnancy.dating_method = dating.method
        pregnancy.dated_at = now
        pregnancy.dated_by_id = actor.user_id
    elif before.dated is not None:
        pregnancy.dating_method = before.dating_method
        pregnancy.dated_at = before.dated.dated_at
        pregnancy.dated_by_id = before.dated.dated_by_id
    if due_date is not None:
        # Old readers count from the last period or show the weeks, so both agree with the estimate.
        pregnancy.expected_due_date = due_date
        pregnancy.last_menstrual_period = last_period_of(due_date)
        pregnancy.gestational_age = max(0, gestation_days(due_date, today) // DAYS_PER_WEEK)
    for settled in _still_counting(pregnancy):
        settled.superseded_reason = PregnancySurplus.SETTLED
    pregnancy.is_high_risk = is_high_risk
    pregnancy.complications = list(complications)
    pregnancy.updated_at = now
    session.add(pregnancy)
    session.flush()
    audit.record(
        session,
        actor,
        "pregnancy:date",
        patient_id=patient_id,
        object_type="pregnancy",
        object_id=pregnancy.id,
        method=None if dating is None else dating.method.value,
    )
    return pregnancy


def version(pregnancy: PregnancyInfo | None) -> str:
    """What a form carries to show which state of the pregnancy it was opened on."""
    # Whole seconds, as the column keeps them.
    return "" if pregnancy is None else f"{pregnancy.id} {pregnancy.updated_at.isoformat(timespec='seconds')}"


def _still_counting(pregnancy: PregnancyInfo) -> list[PregnancyInfo]:
    return [row for row in pregnancy.gave_way if row.superseded_reason is PregnancySurplus.SAME_PREGNANCY]


def _texts(complications: Any) -> list[str]:
    """The lines of the column, in which an older database may hold any JSON."""
    found = complications if isinstance(complications, list) else [complications]
    return [text if isinstance(text, str) else json.dumps(text, ensure_ascii=False) for text in found if text]


def _due_date_on(row: PregnancyInfo) -> date | None:
    if row.expected_due_date is None and row.last_menstrual_period is not None:
        return due_date_from_last_period(row.last_menstrual_period)
    return row.expected_due_date


def _refuse_implausible(dating: Dating | None, today: date) -> None:
    if dating is None:
        return
    if dating.method is not DatingMethod.EDD and dating.day > today:
        raise Refused("day_in_future")
    # A day so far away is mistyped, and near the ends of the calendar it has no due date at all.
    if abs(dating.day - today) > FARTHEST_DAY:
        raise Refused("day_too_far")
    if not is_countable(gestation_days(dating.due_date, today)):
        raise Refused("due_date_implausible", due_date=dating.due_date)


def _current(patient_ids: Iterable[int]) -> Select[PregnancyInfo]:
    # As they are now: a request that reads before it writes asks again then.
    return (
        select(PregnancyInfo)
        .where(PregnancyInfo.current_patient_id.in_(list(patient_ids)))
        .execution_options(populate_existing=True)
    )


def _locked_current(session: Session, patient_id: int) -> PregnancyInfo | None:
    """As `current`, but two who date a first pregnancy at the same time wait for one another."""
    session.execute(select(Patient.id).where(Patient.id == patient_id).with_for_update())
    return session.scalars(_current([patient_id]).with_for_update()).one_or_none()
