"""The policy: for each permission the alternatives, each a kind of actor and what it must be to the patient.

PRODUCT rule: deny by default. A permission that is missing from POLICY is permitted to nobody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.access.actor import Actor, ActorRole
from app.access.permissions import Permission


@dataclass(frozen=True, slots=True)
class Relation:
    """What an actor is to one patient at this moment."""

    patient_id: int
    is_self: bool = False
    has_live_link: bool = False
    is_on_unit_list: bool = False


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to be permitted: being such an actor and, where it is about a patient, standing so to her."""

    who: Callable[[Actor], bool]
    to: Callable[[Relation], bool] | None = None


def anyone_signed_in(actor: Actor) -> bool:
    """Any person, also a doctor who is not validated."""
    return actor.is_signed_in


def patient(actor: Actor) -> bool:
    """A patient with a record."""
    return actor.role is ActorRole.PATIENT and actor.patient_id is not None


def doctor(actor: Actor) -> bool:
    """A doctor or midwife whom an administrator has validated."""
    return actor.role is ActorRole.DOCTOR and actor.is_validated


def waiting_doctor(actor: Actor) -> bool:
    """A doctor or midwife whom no administrator has validated."""
    return actor.role is ActorRole.DOCTOR and not actor.is_validated


def doctor_on_unit_cover(actor: Actor) -> bool:
    """A validated doctor who answers for what nobody owns."""
    return doctor(actor) and actor.on_unit_cover


def admin(actor: Actor) -> bool:
    """An administrator, who sees accounts but no patient's record."""
    return actor.role is ActorRole.ADMIN


def herself(relation: Relation) -> bool:
    """The record is the actor's own."""
    return relation.is_self


def linked(relation: Relation) -> bool:
    """A live link opens the record."""
    return relation.has_live_link


def listed(relation: Relation) -> bool:
    """Something of hers stands open on the unit list."""
    return relation.is_on_unit_list


OWN_OR_LINKED = (Alternative(patient, herself), Alternative(doctor, linked))
LINKED = (Alternative(doctor, linked),)

POLICY: Mapping[Permission, tuple[Alternative, ...]] = {
    Permission.ACCOUNT_MANAGE: (Alternative(anyone_signed_in),),
    Permission.WAITING_READ: (Alternative(waiting_doctor),),
    Permission.PATIENT_LIST: (Alternative(doctor),),
    Permission.PATIENT_PREREGISTER: (Alternative(doctor),),
    Permission.PATIENT_READ: OWN_OR_LINKED,
    Permission.PREGNANCY_EDIT: LINKED,
    Permission.ACCESS_LOG_READ: (Alternative(patient, herself),),
    Permission.LINK_LIST: (Alternative(doctor), Alternative(patient)),
    Permission.LINK_REQUEST: (Alternative(doctor),),
    Permission.LINK_DECIDE: (Alternative(patient, herself),),
    Permission.LINK_END: OWN_OR_LINKED,
    Permission.UPLOAD_OPEN: (Alternative(doctor), Alternative(patient)),
    Permission.RECORDING_UPLOAD: OWN_OR_LINKED,
    Permission.MOVEMENT_ANSWER: (Alternative(patient, herself),),
    Permission.SESSION_LIST: (Alternative(doctor), Alternative(patient)),
    Permission.SESSION_READ: OWN_OR_LINKED,
    Permission.RECORD_LIST: (Alternative(doctor), Alternative(patient)),
    Permission.RECORD_READ: OWN_OR_LINKED,
    Permission.ANALYSIS_READ: LINKED,
    Permission.REVIEW_WRITE: LINKED,
    Permission.CONTACT_LOG: LINKED,
    Permission.RELEASE_WRITE: LINKED,
    Permission.QUEUE_READ: (Alternative(doctor),),
    Permission.UNIT_READ: (Alternative(doctor_on_unit_cover),),
    Permission.UNIT_TAKE_OVER: (Alternative(doctor_on_unit_cover, listed),),
    Permission.UNIT_CLOSE_MESSAGE: (Alternative(doctor_on_unit_cover, listed),),
    Permission.ADMIN_DOCTORS: (Alternative(admin),),
    Permission.ADMIN_USERS: (Alternative(admin),),
    Permission.ADMIN_UNIT: (Alternative(admin),),
    Permission.ADMIN_AUDIT: (Alternative(admin),),
}


def permits(actor: Actor, permission: Permission, relation: Relation | None = None) -> bool:
    """Whether `actor` has `permission`; one that is about a patient is never given without a relation to her."""
    return any(
        alternative.who(actor) and (alternative.to is None or (relation is not None and alternative.to(relation)))
        for alternative in POLICY.get(permission, ())
    )


def may_enter(actor: Actor, permission: Permission) -> bool:
    """Whether there is any patient at all for whom `actor` could have `permission`: the check before a view runs."""
    return any(alternative.who(actor) for alternative in POLICY.get(permission, ()))


def is_about_a_patient(permission: Permission) -> bool:
    """Whether `permission` is decided only when the patient is known."""
    return any(alternative.to is not None for alternative in POLICY.get(permission, ()))
