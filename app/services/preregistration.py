"""Pre-registration: a doctor makes a record for a woman who has no account and said yes in the clinic."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor
from app.database import begin_writing_after_reading
from app.models import AccessBasis, DoctorPatient, Language, Patient, Role
from app.services import account_mails, accounts, audit, linking, throttle
from app.services.account_mails import Links
from app.services.clock import utc_now
from app.services.errors import Refused

# More than a clinic sees in a day, and too few to try a list of addresses or to fill the mail of strangers.
DAILY_LIMIT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPatient:
    """What the doctor writes down; `consent` says how she agreed."""

    name: str
    email: str
    birth_date: date
    phone: str
    language: Language
    consent: str


@dataclass(frozen=True, slots=True)
class Preregistered:
    """Her record, and the code for the paper that she takes home: it is kept nowhere and cannot be shown again."""

    patient: Patient
    code: str


def preregister(
    session: Session, actor: Actor, new: NewPatient, links: Links, *, page_address: str
) -> Preregistered | None:
    """A record with a live link to `actor`; she activates her account by a mail, or by the code on paper.

    None when somebody has this address already, patient or not: then it is asked for access as under Links, where a
    patient answers at `page_address`. Throttled after five a minute; counting comes first and ends the transaction.

    Raises
    ------
    Refused
        too_many_today: she has made DAILY_LIMIT records in a day; no address is looked up. address: no mail could
        reach it.
    """
    throttle.count(session, "preregister", account=str(actor.signed_in_id), address=f"user {actor.signed_in_id}")
    begin_writing_after_reading(session)
    if _made_in_a_day(session, actor) >= DAILY_LIMIT:
        raise Refused("too_many_today", limit=DAILY_LIMIT)
    try:
        user = accounts.create_user(
            session,
            actor,
            name=new.name,
            email=new.email,
            role=Role.PATIENT,
            password=None,
            language=new.language,
        )
    except Refused as refused:
        if refused.code != "address_taken":
            raise
        audit.record(session, actor, "patient:preregister_known", object_type="address")
        linking.ask(session, actor, email=new.email, page_address=page_address)
        return None
    patient = Patient(
        user_id=user.id, current_user_id=user.id, user=user, birth_date=new.birth_date, phone=new.phone or None
    )
    session.add(patient)
    session.flush()
    audit.record(
        session, actor, "patient:preregister", patient_id=patient.id, object_type="patient", object_id=patient.id
    )
    linking.give_clinic_consent(session, actor, patient.id, consent=new.consent)
    account_mails.activation(session, user, links)
    return Preregistered(patient, accounts.activation_token(session, user))


def _made_in_a_day(session: Session, actor: Actor) -> int:
    """How many records this doctor has opened by a consent in the clinic since this time yesterday."""
    return session.execute(
        select(func.count())
        .select_from(DoctorPatient)
        .where(
            DoctorPatient.doctor_id == actor.signed_in_id,
            DoctorPatient.access_basis == AccessBasis.CLINIC_CONSENT,
            DoctorPatient.assigned_at > utc_now() - timedelta(days=1),
        )
    ).scalar_one()
