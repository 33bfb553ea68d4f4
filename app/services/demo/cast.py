"""The people of the demo world once they have accounts: looked up by their keys, acting as themselves."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import Actor, ActorRole
from app.models import Doctor, Patient, Role, User
from app.services.demo.people import address
from app.services.sign_in import find


@dataclass(slots=True)
class Cast:
    """Finds accounts by the keys of `people`, and recordings by those of `plan` once they are uploaded."""

    session: Session
    public_ids: dict[str, str] = field(default_factory=dict)

    def user(self, key: str) -> User:
        """The account; RuntimeError before it was made."""
        found = find(self.session, address(key))
        if found is None:
            raise RuntimeError(f"{key} has no account yet")
        return found

    def patient_id(self, key: str) -> int:
        """The number of her record."""
        return self.session.scalars(select(Patient.id).where(Patient.user_id == self.user(key).id)).one()

    def actor(self, key: str) -> Actor:
        """This person as an actor, with the rights of the moment."""
        user = self.user(key)
        doctor = self.session.scalars(select(Doctor).where(Doctor.doctor_id == user.id)).one_or_none()
        return Actor(
            role=ActorRole(user.role.value),
            user_id=user.id,
            patient_id=self.patient_id(key) if user.role is Role.PATIENT else None,
            is_validated=doctor is not None and doctor.is_valid,
            on_unit_cover=doctor is not None and doctor.on_unit_cover,
        )


# Something that somebody does; who and what is bound beforehand.
Act = Callable[[Cast], None]
