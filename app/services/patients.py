"""What identifies a patient on every clinical page: name, birth date, record number, gestation, and who is alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor
from app.models import DatingMethod, DoctorPatient, MonitoringSession, Patient, Record, User
from app.services import other_records, pregnancies, pregnancy_then
from app.services.clock import utc_now
from app.services.guarded import visible_patient_ids
from app.services.names import alike_to_any, are_alike, folded_name

# A doctor with more patients than this is a whole hospital; the names of all are compared on each page.
MOST_NAMES = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientBanner:
    """The values of the banner; None where nobody has entered one."""

    name: str
    birth_date: date | None
    record_number: str
    gestation_then_days: int | None
    gestation_now_days: int | None
    due_date: date | None
    dating_method: DatingMethod | None
    dated_at: datetime | None
    is_dated_by_earlier_entry: bool
    """Whether the newest entry about the pregnancy has no date, so that this one is of an entry before it."""
    is_high_risk: bool
    access_ends_at: datetime | None
    names_alike: bool
    perhaps_another_woman: Sequence[str]
    """Numbers of the account's other records that have another birth date."""
    is_current: bool
    """Whether the account sees this record."""


def banner(
    session: Session, actor: Actor, patient: Patient, *, recording: MonitoringSession | Record | None, zone: tzinfo
) -> PatientBanner:
    """What the banner says of `patient` to `actor`; beside a recording it speaks of that recording's pregnancy."""
    if recording is None:
        pregnancy, then = pregnancies.current(session, patient.id), None
    else:
        pregnancy = pregnancy_then.pregnancy_of(session, recording, zone)
        then = pregnancy_then.days_in(pregnancy, recording, zone)
    known = pregnancies.known_of(pregnancy)
    link = session.get(DoctorPatient, (actor.signed_in_id, patient.id))
    others = other_records.of(session, patient)
    return PatientBanner(
        name=patient.user.name,
        birth_date=others.birth_date(patient),
        record_number=patient.record_number,
        gestation_then_days=then,
        gestation_now_days=pregnancies.gestation_on(pregnancy, utc_now().astimezone(zone).date()),
        due_date=known.due_date,
        dating_method=known.dating_method,
        dated_at=known.dated_at,
        is_dated_by_earlier_entry=known.is_dated_by_earlier_entry,
        is_high_risk=known.is_high_risk,
        access_ends_at=None if link is None else link.access_expires_at,
        names_alike=names_alike(session, actor, patient),
        perhaps_another_woman=[row.record_number for row in others.perhaps_anothers],
        is_current=patient.current_user_id is not None,
    )


def names_alike(session: Session, actor: Actor, patient: Patient) -> bool:
    """Whether another patient whom `actor` may see could be taken for this one by her name. One statement."""
    return any(
        patient_id != patient.id and are_alike(patient.user.name, name)
        for patient_id, name in _visible_names(session, actor)
    )


def alike_among(session: Session, actor: Actor, shown: Sequence[Patient]) -> set[int]:
    """The ids of those shown whom another visible patient's name is like. One statement for all of them."""
    folded = [(patient_id, folded_name(name)) for patient_id, name in _visible_names(session, actor)]
    return {
        patient.id
        for patient in shown
        if alike_to_any(patient.user.name, [name for patient_id, name in folded if patient_id != patient.id])
    }


def _visible_names(session: Session, actor: Actor) -> Sequence[tuple[int, str]]:
    rows = session.execute(
        select(Patient.id, User.name)
        .join(User, User.id == Patient.user_id)
        .where(visible_patient_ids(actor, utc_now()))
        .order_by(Patient.id)
        .limit(MOST_NAMES)
    )
    return [(row.id, row.name) for row in rows]
