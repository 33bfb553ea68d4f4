"""Doctors and midwives: who waits for validation, who may work, who answers for what nobody owns."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor
from app.models import Doctor, User
from app.services import audit, browser_sessions, outbox
from app.services.errors import NotFound, Refused
from app.services.words import in_language

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class DoctorPage:
    """Some doctors with their users, and the id after which the list goes on."""

    doctors: Sequence[Doctor]
    goes_on_after: int | None


def waiting(session: Session, *, after_id: int = 0) -> DoctorPage:
    """Doctors whom nobody has validated, who have waited longest first; a deactivated account waits for nothing."""
    return _page(session, _doctors(is_valid=False).where(User.deactivated_at.is_(None)), after_id)


def validated(session: Session, *, after_id: int = 0) -> DoctorPage:
    """Doctors who may work, in the order in which they came; also those whose account is deactivated."""
    return _page(session, _doctors(is_valid=True), after_id)


def on_unit_cover(session: Session) -> Sequence[User]:
    """The validated doctors who answer for what nobody owns; empty when nobody does."""
    return session.scalars(
        select(User)
        .join(Doctor, Doctor.doctor_id == User.id)
        .where(Doctor.is_valid.is_(True), Doctor.on_unit_cover.is_(True), User.deactivated_at.is_(None))
        .order_by(User.id)
    ).all()


def validate(session: Session, actor: Actor, user_id: int) -> Doctor:
    """Let this doctor work from the next request on, and tell her by mail."""
    doctor = _locked(session, user_id)
    if doctor.is_valid:
        return doctor
    doctor.is_valid = True
    session.flush()
    _ = in_language(doctor.user.language)
    body = _("Your account in Dopply has been validated. You can sign in and ask patients for access.")
    outbox.send(session, to=doctor.user.email, subject=_("Your account has been validated"), body=body)
    audit.record(session, actor, "doctor:validate", object_type="user", object_id=user_id)
    return doctor


def withdraw(session: Session, actor: Actor, user_id: int) -> Doctor:
    """End a doctor's validation: she is signed out everywhere, and what she was to read goes to the unit list.

    Her links stay as they are, without effect until she is validated again.
    """
    doctor = _locked(session, user_id)
    if not doctor.is_valid:
        return doctor
    doctor.is_valid = False
    doctor.on_unit_cover = False
    session.flush()
    browser_sessions.end_all(session, user_id)
    audit.record(session, actor, "doctor:withdraw", object_type="user", object_id=user_id)
    return doctor


def set_unit_cover(session: Session, actor: Actor, user_id: int, *, is_on: bool) -> Doctor:
    """Put a doctor on unit cover or take her off; Refused("not_validated") for one who could not sign in to work."""
    doctor = _locked(session, user_id)
    if is_on and not (doctor.is_valid and doctor.user.is_active):
        raise Refused("not_validated")
    if doctor.on_unit_cover is not is_on:
        doctor.on_unit_cover = is_on
        session.flush()
        act = "doctor:begin_unit_cover" if is_on else "doctor:end_unit_cover"
        audit.record(session, actor, act, object_type="user", object_id=user_id)
    return doctor


def _doctors(*, is_valid: bool) -> Select[Doctor]:
    return (
        select(Doctor)
        .join(User, User.id == Doctor.doctor_id)
        .where(Doctor.is_valid.is_(is_valid))
        .options(joinedload(Doctor.user))
    )


def _page(session: Session, statement: Select[Doctor], after_id: int) -> DoctorPage:
    found = list(session.scalars(statement.where(Doctor.id > after_id).order_by(Doctor.id).limit(PAGE_SIZE + 1)))
    goes_on = len(found) > PAGE_SIZE
    found = found[:PAGE_SIZE]
    return DoctorPage(found, found[-1].id if goes_on else None)


def _locked(session: Session, user_id: int) -> Doctor:
    doctor = session.scalars(
        select(Doctor)
        .where(Doctor.doctor_id == user_id)
        .options(joinedload(Doctor.user))
        .with_for_update(of=Doctor)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if doctor is None:
        raise NotFound("doctor")
    return doctor
