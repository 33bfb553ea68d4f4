"""Who acts: the value that every service takes beside its database session."""

from dataclasses import dataclass
from enum import StrEnum


class ActorRole(StrEnum):
    """What an actor is; the last two act without a browser."""

    ANONYMOUS = "anonymous"
    PATIENT = "patient"
    DOCTOR = "doctor"
    ADMIN = "admin"
    OPERATOR = "operator"
    JOB = "job"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person or process, as known at the start of a request; revoked rights count from the next one."""

    role: ActorRole
    user_id: int | None = None
    patient_id: int | None = None
    is_validated: bool = False
    on_unit_cover: bool = False
    address: str = ""
    request_id: str = ""

    @property
    def is_signed_in(self) -> bool:
        """Whether a person is known."""
        return self.user_id is not None

    @property
    def signed_in_id(self) -> int:
        """The user id, for acts that only a person can do; RuntimeError for anyone else."""
        if self.user_id is None:
            raise RuntimeError(f"{self.role} is not a signed-in person")
        return self.user_id


OPERATOR = Actor(role=ActorRole.OPERATOR)
JOB = Actor(role=ActorRole.JOB)
