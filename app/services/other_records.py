"""The other records that an older database holds for one account: hers too, or perhaps another woman's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Patient


@dataclass(frozen=True, slots=True)
class OtherRecords:
    """Those that gave way to the record at hand, and those with another birth date, which the account does not see."""

    hers: Sequence[Patient]
    perhaps_anothers: Sequence[Patient]

    def birth_date(self, patient: Patient) -> date | None:
        """The one on her current record, or on one that gave way to it."""
        return next((row.birth_date for row in (patient, *self.hers) if row.birth_date is not None), None)

    def phones(self, patient: Patient) -> list[str]:
        """Every number that she may be reached at, that of her current record first."""
        return list(dict.fromkeys(row.phone for row in (patient, *self.hers) if row.phone))


def of(session: Session, patient: Patient) -> OtherRecords:
    """What else the account of `patient`, who is a current record or perhaps another woman's, has. One statement."""
    rows = session.scalars(
        select(Patient).where(Patient.user_id == patient.user_id, Patient.id != patient.id).order_by(Patient.id)
    ).all()
    return OtherRecords(
        hers=[row for row in rows if row.superseded_by_id == patient.id],
        perhaps_anothers=[row for row in rows if row.superseded_by_id is None],
    )
