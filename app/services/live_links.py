"""The one condition under which a doctor's link opens a patient's record, and how long a take-over lasts."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from app.models import AccessState, Doctor, DoctorPatient, Patient, User

# PRODUCT contract: a take-over opens the record for three days.
TAKE_OVER_LASTS = timedelta(hours=72)


def link_is_live(now: datetime) -> ColumnElement[bool]:
    """The SQL condition on DoctorPatient: live, not expired, and its doctor validated and not deactivated.

    A link to a record that gave way to another opens nothing: the one to the current record decides (016_one_current).
    """
    record = aliased(Patient)
    return and_(
        DoctorPatient.access_state == AccessState.LIVE,
        or_(DoctorPatient.access_expires_at.is_(None), DoctorPatient.access_expires_at > now),
        exists()
        .where(
            Doctor.doctor_id == DoctorPatient.doctor_id,
            Doctor.is_valid.is_(True),
            User.id == Doctor.doctor_id,
            User.deactivated_at.is_(None),
        )
        .correlate(DoctorPatient),
        ~exists()
        .where(record.id == DoctorPatient.patient_id, record.superseded_by_id.is_not(None))
        .correlate(DoctorPatient),
    )
