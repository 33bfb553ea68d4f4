"""How the people of the demo world came into it: accounts, validation, links, dated pregnancies."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from functools import partial

from app.access import Actor, ActorRole, Permission
from app.access.actor import OPERATOR
from app.models import AccessBasis, AccessState, CareStatus, DatingMethod, DoctorPatient, Role
from app.services import accounts, clock, doctors, guarded, linking, pregnancies, preregistration, unit
from app.services.account_mails import Links
from app.services.accounts import Registration
from app.services.demo import people
from app.services.demo.cast import Act, Cast
from app.services.demo.moments import days_ago
from app.services.demo.people import DoctorPlan, PatientPlan
from app.services.pregnancies import Dating
from app.services.preregistration import NewPatient

ANYBODY = Actor(role=ActorRole.ANONYMOUS)
# The demo sends no mail; what it would send leads to the demo itself.
PORTAL = "http://127.0.0.1:8000"
LINKS = Links(
    sign_in=f"{PORTAL}/auth/sign-in",
    forgot=f"{PORTAL}/auth/password/forgot",
    reset=lambda code: f"{PORTAL}/auth/password/reset/{code}",
    activate=lambda code: f"{PORTAL}/auth/activate/{code}",
)

OPENING = days_ago(300, "08:00")
NEWCOMER = days_ago(1, "07:10")
FORMER_ENDS = days_ago(8, "12:30")
ASKING = days_ago(1, "16:20")
# A woman comes a week after the scan of the first trimester, from which her pregnancy is dated.
SCAN_DAYS = 12 * 7
COMES_DAYS = 13 * 7


def acts(now: datetime, zone: tzinfo) -> Iterator[tuple[datetime, Act]]:
    """Each act of settling with its instant, people one after the other."""
    yield OPENING.before(now, zone), open_unit
    for number, doctor in enumerate(people.DOCTORS, start=1):
        joins = (OPENING if doctor.is_validated else NEWCOMER).before(now, zone)
        yield joins + timedelta(minutes=10 * number), partial(join, doctor)
    for number, patient in enumerate(people.PATIENTS):
        comes = days_ago(patient.gestation_days - COMES_DAYS, "09:00").before(now, zone)
        begins = comes + timedelta(hours=number / 4)
        for step, act in enumerate(_steps(patient, begins.date(), now.astimezone(zone).date())):
            yield begins + timedelta(minutes=3 * step), act
        for number_asking, doctor_key in enumerate(patient.asked_by):
            asks = ASKING.before(now, zone) + timedelta(minutes=number_asking)
            yield asks, partial(ask, patient.key, doctor_key)
        for doctor_key in patient.former:
            yield FORMER_ENDS.before(now, zone), partial(end, patient.key, doctor_key)


def _steps(patient: PatientPlan, day: date, build_day: date) -> Iterator[Act]:
    """What happens on her first `day`, in this order."""
    if patient.consent:
        yield partial(preregister, patient)
    else:
        yield partial(register, patient)
    for doctor_key in () if patient.consent else (*patient.former, *patient.readers):
        yield partial(ask, patient.key, doctor_key)
        yield partial(accept, patient.key, doctor_key)
    for doctor_key in patient.carried_over:
        yield partial(carry_over, patient.key, doctor_key)
    linked = (*patient.readers, *patient.carried_over)
    if linked:
        yield partial(date_pregnancy, patient, linked[0], day, build_day)


def open_unit(cast: Cast) -> None:
    """The administrator, made on the command line, sets the unit's phone."""
    plan = people.ADMIN
    accounts.create_admin(cast.session, OPERATOR, name=plan.name, email=plan.email, password=people.PASSWORD)
    unit.save(
        cast.session,
        cast.actor(plan.key),
        name=people.UNIT_NAME,
        phone=people.UNIT_PHONE,
        reading_within_days=people.READING_WITHIN_DAYS,
    )


def join(plan: DoctorPlan, cast: Cast) -> None:
    """A doctor registers, and the administrator validates her or has not yet."""
    person = Registration(
        role=Role.DOCTOR, name=plan.name, email=plan.email, language=plan.language, password=people.PASSWORD
    )
    accounts.register(cast.session, ANYBODY, person, LINKS)
    admin, user_id = cast.actor(people.ADMIN.key), cast.user(plan.key).id
    if plan.is_validated:
        doctors.validate(cast.session, admin, user_id)
    if plan.on_unit_cover:
        doctors.set_unit_cover(cast.session, admin, user_id, is_on=True)


def register(plan: PatientPlan, cast: Cast) -> None:
    """She makes her account herself."""
    person = Registration(
        role=Role.PATIENT,
        name=plan.name,
        email=plan.email,
        language=plan.language,
        password=people.PASSWORD,
        birth_date=plan.birth_date,
        phone=plan.phone,
    )
    accounts.register(cast.session, ANYBODY, person, LINKS)


def preregister(plan: PatientPlan, cast: Cast) -> None:
    """Her reader makes the record in the clinic."""
    new = NewPatient(
        name=plan.name,
        email=plan.email,
        birth_date=plan.birth_date,
        phone=plan.phone,
        language=plan.language,
        consent=plan.consent,
    )
    preregistration.preregister(cast.session, cast.actor(plan.readers[0]), new, LINKS, page_address=f"{PORTAL}/links")


def ask(patient_key: str, doctor_key: str, cast: Cast) -> None:
    """A doctor asks for access."""
    email = cast.user(patient_key).email
    linking.request_access(cast.session, cast.actor(doctor_key), email=email, page_address=f"{PORTAL}/links")


def accept(patient_key: str, doctor_key: str, cast: Cast) -> None:
    """She gives what was asked for."""
    actor, patient_id = cast.actor(patient_key), cast.patient_id(patient_key)
    guarded.patient(cast.session, actor, patient_id, Permission.LINK_DECIDE)
    linking.accept(cast.session, actor, doctor_id=cast.user(doctor_key).id, patient_id=patient_id)


def end(patient_key: str, doctor_key: str, cast: Cast) -> None:
    """She ends a doctor's access."""
    actor, patient_id = cast.actor(patient_key), cast.patient_id(patient_key)
    guarded.patient(cast.session, actor, patient_id, Permission.LINK_END)
    linking.end(cast.session, actor, doctor_id=cast.user(doctor_key).id, patient_id=patient_id)


def carry_over(patient_key: str, doctor_key: str, cast: Cast) -> None:
    """A link of an older database that was adopted; only a migration makes such rows, so there is no use case."""
    now = clock.utc_now()
    cast.session.add(
        DoctorPatient(
            doctor_id=cast.user(doctor_key).id,
            patient_id=cast.patient_id(patient_key),
            assigned_at=now,
            status=CareStatus.ACTIVE.value,
            access_state=AccessState.LIVE,
            access_basis=AccessBasis.CARRIED_OVER,
        )
    )
    cast.session.flush()


def date_pregnancy(plan: PatientPlan, doctor_key: str, day: date, build_day: date, cast: Cast) -> None:
    """Her doctor dates the pregnancy from the first scan, as far along as planned on the day of the build."""
    scan_day = build_day - timedelta(days=plan.gestation_days - SCAN_DAYS)
    actor, patient_id = cast.actor(doctor_key), cast.patient_id(plan.key)
    guarded.patient(cast.session, actor, patient_id, Permission.PREGNANCY_EDIT)
    pregnancies.date_pregnancy(
        cast.session,
        actor,
        patient_id,
        dating=Dating(DatingMethod.ULTRASOUND, scan_day, SCAN_DAYS),
        is_high_risk=bool(plan.complications),
        complications=plan.complications,
        today=day,
        seen=pregnancies.version(pregnancies.current(cast.session, patient_id)),
    )
