"""What was computed from the recordings of one pregnancy, one after another: the newest stored analysis of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from sqlalchemy import Select, or_
from sqlalchemy.orm import Session

from app.ctg.findings import Analysis
from app.models import MonitoringSession, PregnancyInfo
from app.services import her_sessions, pregnancies, pregnancy_then
from app.services.analyses import newest_of_each
from app.services.errors import NotFound

# Twice a week from the 20th week on, and a night of them at the end.
SHOWN = 100


@dataclass(frozen=True, slots=True)
class TrendRow:
    """A recording with the gestation at its start and an analysis a fetus; without one where none is stored."""

    recording: MonitoringSession
    gestation_days: int | None
    analyses: tuple[Analysis, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """The newest recordings of a pregnancy, newest first; `goes_on` says that there are older ones.

    `pregnancy` is None where she has none, and `all_pregnancies` are those to choose from, newest first.
    """

    pregnancy: PregnancyInfo | None
    all_pregnancies: Sequence[PregnancyInfo]
    rows: Sequence[TrendRow]
    goes_on: bool


def of(session: Session, patient_id: int, *, pregnancy_id: int | None = None, zone: tzinfo) -> Trend:
    """The trend over this pregnancy of hers, or over her current one. Five statements.

    Raises
    ------
    NotFound
        When the pregnancy is none of hers.
    """
    hers = pregnancies.all_of(session, patient_id)
    chosen = _chosen(hers, patient_id, pregnancy_id)
    found = session.scalars(
        _sessions(patient_id, chosen, zone)
        .order_by(MonitoringSession.start_time.desc(), MonitoringSession.public_id.desc())
        .limit(SHOWN + 1)
    ).all()
    shown = [one for one in found if _belongs(one, hers, chosen, patient_id, zone)][:SHOWN]
    analyses = newest_of_each(session, [one.id for one in shown])
    return Trend(
        pregnancy=chosen,
        all_pregnancies=hers,
        rows=[
            TrendRow(one, pregnancy_then.days_in(chosen, one, zone), tuple(analyses.get(one.id, ()))) for one in shown
        ],
        goes_on=len(found) > SHOWN,
    )


def _chosen(hers: Sequence[PregnancyInfo], patient_id: int, pregnancy_id: int | None) -> PregnancyInfo | None:
    if pregnancy_id is None:
        return _current(hers, patient_id) or next(iter(hers), None)
    chosen = next((one for one in hers if one.id == pregnancy_id), None)
    if chosen is None:
        raise NotFound("pregnancy")
    return chosen


def _current(hers: Iterable[PregnancyInfo], patient_id: int) -> PregnancyInfo | None:
    return next((one for one in hers if one.current_patient_id == patient_id), None)


def _sessions(patient_id: int, chosen: PregnancyInfo | None, zone: tzinfo) -> Select[MonitoringSession]:
    """Those that may be of this pregnancy."""
    statement = her_sessions.of(patient_id)
    if chosen is None:
        return statement
    is_its = her_sessions.recorded_in(chosen, zone)
    if pregnancies.due_date_of(chosen) is None:
        # Of no day is known that it lies in it, so it may be of what nobody has said where it belongs.
        is_its = or_(is_its, MonitoringSession.pregnancy_id.is_(None))
    return statement.where(is_its)


def _belongs(
    one: MonitoringSession,
    hers: Sequence[PregnancyInfo],
    chosen: PregnancyInfo | None,
    patient_id: int,
    zone: tzinfo,
) -> bool:
    """Whether it is of this pregnancy; what lies in none that is dated is of her current one."""
    return (pregnancy_then.among(hers, one, zone) or _current(hers, patient_id) or chosen) is chosen
