"""Pre-registration: a record with consent and a live link at once, an account only for whoever has mail or paper."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.models import (
    AccessBasis,
    AccessState,
    AuditEvent,
    DoctorPatient,
    Language,
    OutgoingMail,
    Patient,
    TokenPurpose,
    User,
)
from app.services import account_tokens, guarded, preregistration, transaction
from app.services.account_mails import Links
from app.services.clock import utc_now
from app.services.errors import NotFound, Refused, Throttled
from app.services.preregistration import DAILY_LIMIT, NewPatient, Preregistered
from app.services.throttle import LIMIT
from tests.make import Make
from tests.services.uploads import as_doctor

LINKS = Links(sign_in="/in", forgot="/forgot", reset=lambda token: token, activate=lambda token: f"/activate/{token}")


def attempt(session: Session, doctor: User, email: str) -> Preregistered | None:
    session.rollback()
    with transaction.unit_of_work(session):
        return preregistration.preregister(
            session,
            as_doctor(doctor),
            NewPatient(
                name="Bunga 🌸 Lestari",
                email=email,
                birth_date=date(1997, 2, 28),
                phone="",
                language=Language.INDONESIAN,
                consent="on paper, signed today",
            ),
            LINKS,
            page_address="/links",
        )


def preregister(session: Session, doctor: User, email: str = "Bunga@example.org") -> Preregistered:
    made = attempt(session, doctor, email)
    assert made is not None
    return made


def test_her_record_is_open_to_the_doctor_with_her_consent(session: Session, make: Make) -> None:
    doctor = make.doctor()
    made = preregister(session, doctor)
    link = session.get_one(DoctorPatient, (doctor.id, made.patient.id))
    assert (link.access_state, link.access_basis) == (AccessState.LIVE, AccessBasis.CLINIC_CONSENT)
    assert (link.access_reason, link.decided_by_id, link.status) == ("on paper, signed today", doctor.id, "active")
    assert link.decided_at is not None
    assert guarded.relation_to(session, as_doctor(doctor), made.patient.id).has_live_link
    assert (made.patient.user.name, made.patient.user.language) == ("Bunga 🌸 Lestari", Language.INDONESIAN)
    assert not made.patient.user.has_password


def test_mail_and_paper_both_open_the_account_and_neither_is_stored(session: Session, make: Make) -> None:
    made = preregister(session, make.doctor())
    mail = session.scalars(select(OutgoingMail)).one()
    assert mail.to_address == "Bunga@example.org"
    mailed = mail.body.split("/activate/")[1].split()[0]
    assert mailed != made.code
    for code in (mailed, made.code):
        assert account_tokens.holder(session, code, TokenPurpose.ACTIVATE).id == made.patient.user_id
    account_tokens.use(session, made.code, TokenPurpose.ACTIVATE)
    with pytest.raises(NotFound):
        account_tokens.holder(session, mailed, TokenPurpose.ACTIVATE)


@pytest.mark.parametrize("known_as", ["patient", "doctor", "admin"])
def test_a_known_address_is_asked_for_access_instead(session: Session, make: Make, known_as: str) -> None:
    doctor = make.doctor()
    known = {"patient": lambda: make.patient().user, "doctor": make.doctor, "admin": make.admin}[known_as]()
    before = session.scalar(select(func.count()).select_from(Patient))

    assert attempt(session, doctor, known.email.upper()) is None

    assert session.scalar(select(func.count()).select_from(Patient)) == before
    is_patient = known_as == "patient"
    assert session.scalar(select(func.count()).select_from(OutgoingMail)) == is_patient
    links = session.scalars(select(DoctorPatient.access_state)).all()
    assert links == [AccessState.REQUESTED] * is_patient
    acts = list(session.scalars(select(AuditEvent.act).where(AuditEvent.actor_id == doctor.id)))
    assert acts == ["patient:preregister_known", "link:request"]


@pytest.mark.usefixtures("noon")
def test_five_a_minute_whatever_becomes_of_them(session: Session, make: Make) -> None:
    doctor, known = make.doctor(), make.patient()
    for number in range(LIMIT):
        attempt(session, doctor, known.user.email if number % 2 else f"new{number}@example.org")
    for email in ("one-more@example.org", known.user.email):
        with pytest.raises(Throttled):
            attempt(session, doctor, email)
    preregister(session, make.doctor(), "one-more@example.org")


def test_so_many_a_day_and_then_no_address_is_looked_up(session: Session, make: Make) -> None:
    doctor, known = make.doctor(), make.patient()
    for _ in range(DAILY_LIMIT):
        make.link(doctor, make.patient()).access_basis = AccessBasis.CLINIC_CONSENT
    session.commit()
    for email in ("new@example.org", known.user.email):
        with pytest.raises(Refused, match="too_many_today"):
            attempt(session, doctor, email)

    session.rollback()
    session.execute(update(DoctorPatient).values(assigned_at=utc_now() - timedelta(days=1, seconds=1)))
    session.commit()
    preregister(session, doctor)
