"""The work on the unit list: see what stands there, take a patient over, write how a message ended."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session, joinedload

from app.access import Actor, Permission
from app.models import (
    AccessBasis,
    AccessState,
    DoctorPatient,
    MessageOutcome,
    MonitoringSession,
    Patient,
    ReviewState,
    UnitMessage,
    User,
)
from app.models.base import sql_no_time
from app.services import audit, guarded, unit_list
from app.services.clock import utc_now
from app.services.errors import Conflict, NotFound
from app.services.live_links import TAKE_OVER_LASTS, link_is_live
from app.services.other_records import OtherRecords
from app.services.unit_list import session_is_listed, session_is_unowned

PAGE_SIZE = 50

# Where the original wrote no date there is no time of receipt. Its own columns are in another zone: never beside ours.
_SINCE = func.coalesce(MonitoringSession.received_at, sql_no_time())


@dataclass(frozen=True, slots=True, kw_only=True)
class Recordings:
    """How many recordings of one patient stand on the list for the same reason, since when, and whose they are."""

    count: int
    since: datetime
    is_unowned: bool
    is_signed: bool
    owner_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A doctor to whom the patient's record is open, and until when if she has taken her over for the unit."""

    doctor_id: int
    doctor_name: str
    covers_until: datetime | None


@dataclass(slots=True, kw_only=True)
class Entry:
    """One patient on the unit list: whom to call and why; no number of any recording."""

    patient_id: int
    record_number: str
    name: str
    birth_date: date | None
    phones: Sequence[str]
    messages: list[UnitMessage] = field(default_factory=list)
    recordings: list[Recordings] = field(default_factory=list)
    readers: list[Reader] = field(default_factory=list)

    @property
    def since(self) -> datetime:
        """When the oldest thing of hers was left: messages count before recordings."""
        first = [message.created_at for message in self.messages] or [item.since for item in self.recordings]
        return min(first)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the list: since when the oldest thing of that patient waits, a message or a recording, and her id."""

    since: datetime
    patient_id: int
    has_message: bool = False


@dataclass(frozen=True, slots=True)
class UnitPage:
    """Some entries, and the place after which the list goes on."""

    entries: Sequence[Entry]
    goes_on_after: Place | None


def page(session: Session, actor: Actor, *, after: Place | None = None) -> UnitPage:
    """Patients with an open message first, then those with a listed recording, who waits longest first.

    Each patient named is a read of her data and stands in her access log. Six statements at most.
    """
    now = utc_now()
    is_among_messages = after is None or after.has_message
    found: list[Place] = []
    if is_among_messages:
        found += [Place(row.since, row.patient_id, has_message=True) for row in session.execute(_with_message(after))]
    if len(found) <= PAGE_SIZE:
        beside = None if is_among_messages else after
        found += [Place(row.since, row.patient_id) for row in session.execute(_waiting(now, beside))]
    shown = found[:PAGE_SIZE]
    entries = _entries(session, list(dict.fromkeys(place.patient_id for place in shown)), now)
    for entry in entries:
        _record_read(session, actor, entry)
    return UnitPage(entries, shown[-1] if len(found) > len(shown) else None)


def entry(session: Session, actor: Actor, patient_id: int) -> Entry:
    """This patient's entry, or NotFound when nothing of hers stands on the list."""
    now = utc_now()
    if not unit_list.is_listed(session, patient_id, now):
        raise NotFound("patient")
    found = _entries(session, [patient_id], now)[0]
    _record_read(session, actor, found)
    return found


def take_over(session: Session, actor: Actor, patient: Patient, *, reason: str) -> datetime | None:
    """Open the patient's record to the actor for 72 hours; the answer is when that ends, None for never.

    The actor becomes the owner of what stands on the list for her. A link that lasts longer stays as it is, and so
    does a request of the actor's: the patient answers it as before, and decides alone what comes after the 72 hours.
    Load the patient with Permission.UNIT_TAKE_OVER first.
    """
    now = utc_now()
    doctor_id = actor.signed_in_id
    # The patient's row first, as every change of a link does: two of them wait for one another and never deadlock.
    session.execute(select(Patient.id).where(Patient.id == patient.id).with_for_update())
    link = session.get(DoctorPatient, (doctor_id, patient.id), with_for_update=True, populate_existing=True)
    if link is None:
        link = DoctorPatient(doctor_id=doctor_id, patient_id=patient.id, assigned_at=now)
        session.add(link)
    until = now + TAKE_OVER_LASTS
    is_live = link.access_state is AccessState.LIVE
    if is_live and (link.access_expires_at is None or link.access_expires_at >= until):
        until_when = link.access_expires_at
    else:
        link.access_state = AccessState.LIVE
        link.access_basis = AccessBasis.UNIT_COVER
        link.access_expires_at = until_when = until
        link.access_reason = reason
        link.ended_at = None
        link.ended_by_id = None
        link.updated_at = now
    listed = (MonitoringSession.woman_id == patient.id) & session_is_listed(now)
    # By key: MariaDB cannot update a table while it reads it in a subquery.
    ids = list(session.scalars(select(MonitoringSession.id).where(listed)))
    if ids:
        session.execute(
            update(MonitoringSession)
            .where(MonitoringSession.id.in_(ids))
            .values(doctor_id=doctor_id, updated_at=now)
            .execution_options(synchronize_session=False)
        )
    session.flush()
    audit.record(
        session,
        actor,
        "link:take_over",
        patient_id=patient.id,
        object_type="link",
        object_id=doctor_id,
        hours=int(TAKE_OVER_LASTS.total_seconds()) // 3600 if until_when == until else None,
        sessions=len(ids),
    )
    return until_when


def message(session: Session, actor: Actor, message_id: int, permission: Permission) -> UnitMessage:
    """The open message with patient and user; Conflict when somebody has closed it, NotFound when it never was."""
    found = session.scalars(
        select(UnitMessage)
        .where(UnitMessage.id == message_id)
        .options(joinedload(UnitMessage.patient).joinedload(Patient.user))
        .with_for_update(of=UnitMessage)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        guarded.refuse_unknown(session, actor, permission, object_type="unit_message", object_id=message_id)
    is_closed = found.closed_at is not None
    guarded.authorize(
        session,
        actor,
        # A closed message may have been her only thing on the list: who reads the list is told why she came too late.
        Permission.UNIT_READ if is_closed else permission,
        patient_id=found.patient_id,
        object_type="unit_message",
        object_id=found.id,
    )
    if is_closed:
        raise Conflict("message_closed")
    return found


def close_message(
    session: Session, actor: Actor, unit_message: UnitMessage, *, outcome: MessageOutcome, note: str
) -> None:
    """Write how a message ended; load it with `message`, which holds it locked."""
    unit_message.closed_at = utc_now()
    unit_message.closed_by_id = actor.signed_in_id
    unit_message.outcome = outcome
    unit_message.note = note
    session.flush()


def _with_message(after: Place | None) -> Select[int, datetime]:
    oldest = func.min(UnitMessage.created_at)
    statement = (
        select(UnitMessage.patient_id, oldest.label("since"))
        .where(UnitMessage.closed_at.is_(None))
        .group_by(UnitMessage.patient_id)
        .order_by(oldest, UnitMessage.patient_id)
        .limit(PAGE_SIZE + 1)
    )
    if after is None:
        return statement
    is_later = (oldest > after.since) | ((oldest == after.since) & (UnitMessage.patient_id > after.patient_id))
    return statement.having(is_later)


def _waiting(now: datetime, after: Place | None) -> Select[int | None, datetime]:
    oldest = func.min(_SINCE)
    statement = (
        select(MonitoringSession.woman_id.label("patient_id"), oldest.label("since"))
        .where(session_is_listed(now), MonitoringSession.woman_id.is_not(None))
        .group_by(MonitoringSession.woman_id)
        .order_by(oldest, MonitoringSession.woman_id)
        .limit(PAGE_SIZE + 1)
    )
    if after is not None:
        is_later: ColumnElement[bool] = (oldest > after.since) | (
            (oldest == after.since) & (MonitoringSession.woman_id > after.patient_id)
        )
        statement = statement.having(is_later)
    return statement


def _entries(session: Session, patient_ids: Sequence[int], now: datetime) -> list[Entry]:
    """The entries of these patients, in this order; what a current record lacks, one that gave way to it may know."""
    hers = or_(Patient.id.in_(patient_ids), Patient.superseded_by_id.in_(patient_ids))
    rows = session.scalars(select(Patient).where(hers).options(joinedload(Patient.user)).order_by(Patient.id)).all()
    found: dict[int, Entry] = {}
    for patient in rows:
        if patient.superseded_by_id is None:
            gave_way = [row for row in rows if row.superseded_by_id == patient.id]
            others = OtherRecords(hers=gave_way, perhaps_anothers=[])
            found[patient.id] = Entry(
                patient_id=patient.id,
                record_number=patient.record_number,
                name=patient.user.name,
                birth_date=others.birth_date(patient),
                phones=others.phones(patient),
            )
    messages = select(UnitMessage).where(UnitMessage.patient_id.in_(patient_ids), UnitMessage.closed_at.is_(None))
    for open_message in session.scalars(messages.order_by(UnitMessage.created_at, UnitMessage.id)):
        found[open_message.patient_id].messages.append(open_message)
    for patient_id, recordings in _recordings(session, patient_ids, now).items():
        found[patient_id].recordings.extend(recordings)
    readers = (
        select(
            DoctorPatient.patient_id, DoctorPatient.access_basis, DoctorPatient.access_expires_at, User.id, User.name
        )
        .join(User, User.id == DoctorPatient.doctor_id)
        .where(DoctorPatient.patient_id.in_(patient_ids), link_is_live(now))
        .order_by(DoctorPatient.access_expires_at, User.id)
    )
    for patient_id, basis, until, doctor_id, name in session.execute(readers):
        covers_until = until if basis is AccessBasis.UNIT_COVER else None
        found[patient_id].readers.append(Reader(doctor_id=doctor_id, doctor_name=name, covers_until=covers_until))
    return [found[patient_id] for patient_id in patient_ids]


def _recordings(session: Session, patient_ids: Sequence[int], now: datetime) -> dict[int, list[Recordings]]:
    """What is listed of each patient, counted by reason and owner, the oldest first."""
    is_unowned = session_is_unowned(now).label("is_unowned")
    is_signed = (MonitoringSession.review_state == ReviewState.SIGNED).label("is_signed")
    listed = (
        select(
            MonitoringSession.woman_id.label("patient_id"),
            MonitoringSession.doctor_id,
            _SINCE.label("since"),
            is_unowned,
            is_signed,
        )
        .where(MonitoringSession.woman_id.in_(patient_ids), session_is_listed(now))
        .subquery()
    )
    same_reason = (listed.c.patient_id, listed.c.doctor_id, User.name, listed.c.is_unowned, listed.c.is_signed)
    rows = session.execute(
        select(*same_reason, func.count().label("how_many"), func.min(listed.c.since).label("since"))
        .outerjoin(User, User.id == listed.c.doctor_id)
        .group_by(*same_reason)
        .order_by(func.min(listed.c.since))
    )
    found: dict[int, list[Recordings]] = defaultdict(list)
    for row in rows:
        found[row.patient_id].append(
            Recordings(
                count=row.how_many,
                since=row.since,
                is_unowned=bool(row.is_unowned),
                is_signed=bool(row.is_signed),
                owner_name=None if row.is_unowned else row.name,
            )
        )
    return found


def _record_read(session: Session, actor: Actor, shown: Entry) -> None:
    audit.record(
        session,
        actor,
        Permission.UNIT_READ.value,
        patient_id=shown.patient_id,
        object_type="patient",
        object_id=shown.patient_id,
    )
