"""How a link changes: asked for by a doctor, decided by the patient, ended by either."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, joinedload

from app.access import Actor
from app.database import begin_writing_after_reading
from app.models import (
    AccessBasis,
    AccessState,
    CareStatus,
    DoctorPatient,
    MonitoringSession,
    Patient,
    PatientStatusHistory,
    Role,
    User,
)
from app.services import audit, link_mails, throttle
from app.services.clock import utc_now
from app.services.email_addresses import folded
from app.services.errors import Conflict, NotFound, Refused
from app.services.guarded import NOBODY
from app.services.links import awaits_answer, doctor_may_work, is_limited, open_work
from app.services.open_calls import is_unfinished

# A no holds for this long, so that nobody can wear a patient down by asking again and again.
ASKED_AGAIN_AFTER = timedelta(days=7)


def request_access(session: Session, actor: Actor, *, email: str, page_address: str) -> None:
    """Ask the patient with this address for access; nothing comes back, whoever has the address.

    An address that nobody can be asked at costs the same work, and so does one whose patient has said no within the
    last week: the message is written and undone. `page_address` is where the patient answers. Throttled after five a
    minute; counting comes first and ends the transaction.
    """
    # Counted for the doctor alone: a clinic's colleagues share one address of the network.
    throttle.count(session, "link:request", account=str(actor.signed_in_id), address=f"user {actor.signed_in_id}")
    begin_writing_after_reading(session)
    ask(session, actor, email=email, page_address=page_address)


def ask(session: Session, actor: Actor, *, email: str, page_address: str) -> None:
    """As `request_access`, for a try that is counted already."""
    patient = _patient_with_address(session, email)
    receiver = User(name="", email=email) if patient is None else patient.user
    patient_id = NOBODY if patient is None else patient.id
    known = _locked_links(session, patient_id).get(actor.signed_in_id)
    is_asked = patient is not None and (known is None or not (_is_open(known) or _was_refused_lately(known, patient)))
    with session.begin_nested() as work:
        if patient is not None and is_asked:
            _write_request(session, actor.signed_in_id, patient_id, known)
        link_mails.access_requested(session, receiver, page_address)
        if not is_asked:
            work.rollback()
    audit.record(
        session,
        actor,
        "link:request",
        patient_id=None if patient is None else patient_id,
        object_type="link",
        object_id=actor.signed_in_id,
    )


def give_clinic_consent(session: Session, actor: Actor, patient_id: int, *, consent: str) -> DoctorPatient:
    """A live link from a consent given in the clinic; `consent` says how it was given."""
    now = utc_now()
    link = DoctorPatient(
        doctor_id=actor.signed_in_id,
        patient_id=patient_id,
        assigned_at=now,
        access_basis=AccessBasis.CLINIC_CONSENT,
        access_reason=consent,
        requested_at=now,
    )
    session.add(link)
    _make_live(session, actor, link, now)
    session.flush()
    audit.record(
        session, actor, "link:clinic_consent", patient_id=patient_id, object_type="link", object_id=link.doctor_id
    )
    return link


def accept(session: Session, actor: Actor, *, doctor_id: int, patient_id: int) -> None:
    """Give the doctor what she asked for; Conflict when there is no such request any more."""
    link = _locked_link(session, doctor_id, patient_id)
    if link.access_state is AccessState.LIVE and not is_limited(link):
        return
    if not awaits_answer(link) or not _may_work(session, doctor_id):
        raise Conflict("no_request")
    link.access_basis = AccessBasis.ACCEPTED
    link.access_expires_at = None
    link.access_reason = None
    _make_live(session, actor, link, utc_now())
    session.flush()
    audit.record(session, actor, "link:accept", patient_id=patient_id, object_type="link", object_id=doctor_id)


def decline(session: Session, actor: Actor, *, doctor_id: int, patient_id: int) -> datetime | None:
    """Refuse what the doctor asked for; the answer is until when she may read all the same, for the unit, or None.

    Conflict when there is no such request any more.
    """
    link = _locked_link(session, doctor_id, patient_id)
    still_reads_until = link.access_expires_at if is_limited(link) and not _is_expired(link) else None
    if awaits_answer(link):
        now = utc_now()
        if still_reads_until is None:
            link.access_state = AccessState.DECLINED
        link.decided_at = now
        link.decided_by_id = actor.user_id
        link.updated_at = now
        _close_to_what_gave_way(session, link, AccessState.DECLINED)
        session.flush()
        audit.record(session, actor, "link:decline", patient_id=patient_id, object_type="link", object_id=doctor_id)
    elif link.access_state is not AccessState.DECLINED and still_reads_until is None:
        raise Conflict("no_request")
    return still_reads_until


def end(session: Session, actor: Actor, *, doctor_id: int, patient_id: int) -> None:
    """End a live link from the next request on; what the doctor leaves unfinished goes to the unit list.

    Raises
    ------
    Refused
        last_link: the doctor would leave `recordings` without an outcome or `calls` open, and nobody else reads for
        her. The patient is never refused.
    Conflict
        The link was declined or only asked for.
    """
    links = _locked_links(session, patient_id)
    link = links.get(doctor_id)
    if link is None:
        raise NotFound("link")
    if link.access_state is AccessState.ENDED:
        return
    if link.access_state is not AccessState.LIVE:
        raise Conflict("not_live")
    if actor.patient_id != patient_id:
        _refuse_to_leave_alone(session, patient_id, (other for other in links.values() if other is not link))
    now = utc_now()
    link.access_state = AccessState.ENDED
    link.ended_at = link.decided_at = now
    link.ended_by_id = link.decided_by_id = actor.user_id
    link.updated_at = now
    _close_to_what_gave_way(session, link, AccessState.ENDED)
    session.flush()
    audit.record(session, actor, "link:end", patient_id=patient_id, object_type="link", object_id=doctor_id)
    _disown(session, actor, doctor_id, patient_id)


def _close_to_what_gave_way(session: Session, decided: DoctorPatient, state: AccessState) -> None:
    """Give the doctor's links to records that gave way to this one the same end.

    They open nothing here. But an older Dopply on this database, or this one after a way back, would go by them.
    """
    hers = select(Patient.id).where(Patient.superseded_by_id == decided.patient_id)
    for link in session.scalars(
        select(DoctorPatient)
        .where(
            DoctorPatient.doctor_id == decided.doctor_id,
            DoctorPatient.patient_id.in_(hers),
            DoctorPatient.access_state.in_((AccessState.LIVE, AccessState.REQUESTED)),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ):
        link.access_state = state
        link.decided_at = decided.decided_at
        link.decided_by_id = decided.decided_by_id
        link.ended_at = decided.ended_at
        link.ended_by_id = decided.ended_by_id
        link.updated_at = decided.updated_at


def _patient_with_address(session: Session, email: str) -> Patient | None:
    """The current record of the patient who has this address and an open account."""
    return session.scalars(
        select(Patient)
        .join(User, User.id == Patient.current_user_id)
        .where(User.email_lower == folded(email), User.role == Role.PATIENT, User.deactivated_at.is_(None))
        .options(joinedload(Patient.user))
    ).one_or_none()


def _locked_links(session: Session, patient_id: int) -> dict[int, DoctorPatient]:
    """All links of a patient by doctor, as they are now; others who want to change one wait at her row."""
    session.execute(select(Patient.id).where(Patient.id == patient_id).with_for_update())
    found = session.scalars(
        select(DoctorPatient)
        .where(DoctorPatient.patient_id == patient_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {link.doctor_id: link for link in found}


def _locked_link(session: Session, doctor_id: int, patient_id: int) -> DoctorPatient:
    link = _locked_links(session, patient_id).get(doctor_id)
    if link is None:
        raise NotFound("link")
    return link


def _is_open(link: DoctorPatient) -> bool:
    """Whether asking for this link again would change nothing."""
    if link.access_state is AccessState.LIVE and not is_limited(link):
        return True
    return awaits_answer(link)


def _was_refused_lately(link: DoctorPatient, patient: Patient) -> bool:
    """Whether the patient's last word on this doctor is a no, and so fresh that she is not asked again."""
    return (
        link.decided_by_id == patient.user_id
        and link.decided_at is not None
        and link.decided_at > utc_now() - ASKED_AGAIN_AFTER
    )


def _is_expired(link: DoctorPatient) -> bool:
    return link.access_expires_at is not None and link.access_expires_at <= utc_now()


def _write_request(session: Session, doctor_id: int, patient_id: int, known: DoctorPatient | None) -> None:
    """Make the link a request, or write it beside what opens the record for a limited time.

    A first one gets no care status: to old programs `active` would mean access.
    """
    now = utc_now()
    link = known or DoctorPatient(doctor_id=doctor_id, patient_id=patient_id, assigned_at=now)
    link.requested_at = now
    link.updated_at = now
    if is_limited(link) and not _is_expired(link):
        session.flush()
        return
    link.access_state = AccessState.REQUESTED
    link.access_basis = None
    link.access_expires_at = None
    link.access_reason = None
    link.decided_at = link.decided_by_id = None
    link.ended_at = link.ended_by_id = None
    session.add(link)
    session.flush()


def _make_live(session: Session, actor: Actor, link: DoctorPatient, now: datetime) -> None:
    """Open the record; care begins with a first link, and its status changes by itself never again."""
    link.access_state = AccessState.LIVE
    link.decided_at = now
    link.decided_by_id = actor.user_id
    link.ended_at = link.ended_by_id = None
    link.updated_at = now
    if link.status is None:
        link.status = CareStatus.ACTIVE.value
        session.flush()
        session.add(
            PatientStatusHistory(
                doctor_id=link.doctor_id,
                patient_id=link.patient_id,
                old_status=None,
                new_status=link.status,
                changed_by=actor.signed_in_id,
                changed_at=now,
            )
        )


def _refuse_to_leave_alone(session: Session, patient_id: int, others: Iterable[DoctorPatient]) -> None:
    """Raise Refused when nobody would read for her on a lasting link and something of hers is open."""
    if any(_is_lasting(session, link) for link in others):
        return
    recordings, calls = open_work(session, patient_id)
    if recordings or calls:
        raise Refused("last_link", recordings=recordings, calls=calls)


def _is_lasting(session: Session, link: DoctorPatient) -> bool:
    """Whether a doctor who may work reads by this link, and not only for the hours of a unit cover."""
    return (
        link.access_state is AccessState.LIVE
        and link.access_basis is not AccessBasis.UNIT_COVER
        and not _is_expired(link)
        and _may_work(session, link.doctor_id)
    )


def _disown(session: Session, actor: Actor, doctor_id: int, patient_id: int) -> None:
    """Take the doctor's name off the recordings that she has not finished."""
    left: Sequence[str] = session.scalars(
        select(MonitoringSession.public_id)
        .where(
            MonitoringSession.woman_id == patient_id,
            MonitoringSession.doctor_id == doctor_id,
            is_unfinished(),
        )
        .with_for_update()
    ).all()
    session.execute(
        update(MonitoringSession)
        .where(MonitoringSession.public_id.in_(left))
        .values(doctor_id=None, updated_at=utc_now())
    )
    for public_id in left:
        audit.record(
            session, actor, "session:disown", patient_id=patient_id, object_type="session", object_id=public_id
        )


def _may_work(session: Session, doctor_id: int) -> bool:
    return bool(session.scalar(select(exists().where(User.id == doctor_id, doctor_may_work()))))
