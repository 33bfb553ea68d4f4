"""The signed-in person as Flask-Login and the templates know her, loaded from the browser session's row."""

from dataclasses import dataclass

from flask_login import UserMixin, current_user
from sqlalchemy import select

from app.access import Actor, ActorRole
from app.models import Doctor, Language, Patient, Role
from app.services import browser_sessions
from app.web import current


@dataclass(frozen=True, slots=True)
class SignedIn(UserMixin):  # type: ignore[misc]
    """A person in one browser. Flask-Login keeps `key` in the cookie, never the user's id."""

    key: str
    browser_id: int
    needs_touch: bool
    user_id: int
    name: str
    email: str
    role: Role
    language: Language | None
    patient_id: int | None
    is_validated: bool
    on_unit_cover: bool

    def get_id(self) -> str:
        """What the cookie holds."""
        return self.key


def load(key: str) -> SignedIn | None:
    """The person whose browser session has this key, or None when it is over."""
    session = current.database()
    browser = browser_sessions.find(session, key)
    if browser is None:
        return None
    user = browser.user
    doctor = session.scalar(select(Doctor).where(Doctor.doctor_id == user.id)) if user.role is Role.DOCTOR else None
    return SignedIn(
        key=key,
        browser_id=browser.id,
        needs_touch=browser_sessions.needs_touch(browser),
        user_id=user.id,
        name=user.name,
        email=user.email,
        role=user.role,
        language=user.language,
        patient_id=session.scalar(select(Patient.id).where(Patient.current_user_id == user.id))
        if user.role is Role.PATIENT
        else None,
        is_validated=doctor is not None and doctor.is_valid,
        on_unit_cover=doctor is not None and doctor.on_unit_cover,
    )


def person() -> SignedIn | None:
    """The signed-in person of this request, or None."""
    return current_user if isinstance(current_user._get_current_object(), SignedIn) else None


def as_actor(person: SignedIn | None, *, address: str, request_id: str) -> Actor:
    """The actor that services and policy see."""
    if person is None:
        return Actor(role=ActorRole.ANONYMOUS, address=address, request_id=request_id)
    return Actor(
        role=ActorRole(person.role.value),
        user_id=person.user_id,
        patient_id=person.patient_id,
        is_validated=person.is_validated,
        on_unit_cover=person.on_unit_cover,
        address=address,
        request_id=request_id,
    )
