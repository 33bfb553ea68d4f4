"""Plain typed factories. Each makes one thing through the models, commits it and returns it."""

import secrets
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.models import (
    AccessBasis,
    AccessState,
    Doctor,
    DoctorPatient,
    Language,
    MonitoringSession,
    MonitoringType,
    Patient,
    PregnancyInfo,
    PregnancySurplus,
    ReviewState,
    Role,
    Unit,
    User,
)
from app.services.clock import utc_now
from tests.hashing import CHEAP
from tests.page import PASSWORD

Thing = TypeVar("Thing")

ZONE = ZoneInfo("Asia/Jakarta")  # Of the portal of tests/conftest.py, whose days count.

_numbers = count(1)


@cache
def _password_hash() -> str:
    """One hash for all tests, with the cheapest parameters: argon2 is not what they are about."""
    return CHEAP.hash(PASSWORD)


class Make:
    """Factories on one database session."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def user(self, role: Role = Role.PATIENT, *, name: str | None = None, email: str | None = None) -> User:
        """A user with the password of tests/page.py."""
        number = next(_numbers)
        email = email or f"{role}{number}@example.org"
        return self._kept(
            User(
                name=name or f"{role.value.title()} {number}",
                email=email,
                email_lower=email.lower(),
                password_hash=_password_hash(),
                role=role,
                language=Language.ENGLISH,
                created_at=utc_now(),
            )
        )

    def admin(self) -> User:
        """An administrator."""
        return self.user(Role.ADMIN)

    def doctor(self, *, name: str | None = None, is_valid: bool = True, on_unit_cover: bool = False) -> User:
        """A doctor's user."""
        user = self.user(Role.DOCTOR, name=name)
        self._kept(Doctor(doctor_id=user.id, is_valid=is_valid, on_unit_cover=on_unit_cover))
        return user

    def patient(self, *, name: str | None = None, email: str | None = None) -> Patient:
        """A patient; `patient.user` is loaded."""
        user = self.user(Role.PATIENT, name=name, email=email)
        return self._kept(
            Patient(
                user_id=user.id,
                current_user_id=user.id,
                user=user,
                birth_date=date(1994, 3, 12),
                phone="0812 000 000",
            )
        )

    def pregnancy(self, patient: Patient, *, due: date | None = None, is_current: bool = True) -> PregnancyInfo:
        """A dated pregnancy, current or an earlier one; without `due` she is 30w0d today."""
        due = due or (utc_now().astimezone(ZONE).date() + timedelta(days=70))
        return self._kept(
            PregnancyInfo(
                patient_id=patient.id,
                current_patient_id=patient.id if is_current else None,
                superseded_reason=None if is_current else PregnancySurplus.EARLIER_PREGNANCY,
                gestational_age=30,
                expected_due_date=due,
                is_high_risk=False,
                created_at=utc_now(),
                updated_at=utc_now(),
                dated_at=utc_now(),
            )
        )

    def pregnancy_that_gave_way(
        self,
        to: PregnancyInfo,
        *,
        due: date | None = None,
        last_period: date | None = None,
        is_high_risk: bool = False,
        complications: list[str] | None = None,
    ) -> PregnancyInfo:
        """A row of the same pregnancy that an older system wrote a day before `to`, or before the last such row."""
        before = to.created_at - timedelta(days=1 + len(to.gave_way))
        row = PregnancyInfo(
            patient_id=to.patient_id,
            superseded_by_id=to.id,
            superseded_reason=PregnancySurplus.SAME_PREGNANCY,
            gestational_age=20,
            expected_due_date=due,
            last_menstrual_period=last_period,
            is_high_risk=is_high_risk,
            complications=complications,
            created_at=before,
            updated_at=before,
        )
        self._kept(row)
        self.session.refresh(to, ["gave_way"])
        return row

    def link(
        self,
        doctor: User,
        patient: Patient,
        *,
        state: AccessState = AccessState.LIVE,
        expires_at: datetime | None = None,
    ) -> DoctorPatient:
        """A link, live unless said otherwise."""
        now = utc_now()
        return self._kept(
            DoctorPatient(
                doctor_id=doctor.id,
                patient_id=patient.id,
                assigned_at=now,
                status="active",
                access_state=state,
                access_basis=AccessBasis.ACCEPTED if state is AccessState.LIVE else None,
                access_expires_at=expires_at,
                requested_at=now,
                decided_at=None if state is AccessState.REQUESTED else now,
            )
        )

    def monitoring_session(self, patient: Patient, *, owner: User | None = None) -> MonitoringSession:
        """A session without samples; upload through the service when they matter."""
        now = utc_now()
        return self._kept(
            MonitoringSession(
                id=secrets.token_hex(16),
                public_id=secrets.token_urlsafe(16),
                patient_id=patient.id,
                doctor_id=owner.id if owner else None,
                monitoring_type=MonitoringType.HOME,
                gestational_age=30,
                start_time=now,
                started_at=now,
                received_at=now,
                shared_with_doctor=True,
                review_state=ReviewState.TO_REVIEW,
                created_at=now,
                updated_at=now,
            )
        )

    def unit(self, *, phone: str = "021 555 0100") -> Unit:
        """The one unit with its phone, as it is from now on."""
        unit = Unit(id=1, name="Dopply Test Unit", phone=phone, speed_cm_min=1, bpm_per_cm=20, updated_at=utc_now())
        return self._kept(self.session.merge(unit))

    def no_unit(self) -> None:
        """A portal whose administrator has not set the unit's phone."""
        self.session.execute(delete(Unit))
        self.session.commit()

    def _kept(self, thing: Thing) -> Thing:
        self.session.add(thing)
        self.session.commit()
        return thing
