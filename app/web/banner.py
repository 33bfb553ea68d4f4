"""The patient banner's values as ready words, for `{{ patient_banner(**banner) }}`."""

from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext
from sqlalchemy.orm import Session

from app.access import Actor
from app.models import DatingMethod, MonitoringSession, Patient, Record
from app.services import patients
from app.services.patients import PatientBanner
from app.web import current
from app.web.i18n import date_local, datetime_local, gestation

DATING_METHODS = {
    DatingMethod.LMP: lazy_gettext("last menstrual period"),
    DatingMethod.ULTRASOUND: lazy_gettext("ultrasound"),
    DatingMethod.OVULATION: lazy_gettext("ovulation"),
    DatingMethod.EDD: lazy_gettext("stated due date"),
}


def banner_arguments(session: Session, actor: Actor, recording: MonitoringSession | Record) -> dict[str, Any]:
    """The banner of a recording's page; the recording has its patient and her user loaded."""
    if recording.patient is None:
        raise ValueError("a recording without a patient has no page")
    zone = current.settings().time_zone
    return _words(patients.banner(session, actor, recording.patient, recording=recording, zone=zone), has_then=True)


def patient_banner_arguments(session: Session, actor: Actor, patient: Patient) -> dict[str, Any]:
    """The banner of a page about the patient herself; her user is loaded."""
    zone = current.settings().time_zone
    return _words(patients.banner(session, actor, patient, recording=None, zone=zone), has_then=False)


def dated_by(banner: PatientBanner) -> str:
    """By which method and when; a due date without either came from an older database."""
    if banner.due_date is None:
        return ""
    how = gettext("not stated") if banner.dating_method is None else DATING_METHODS[banner.dating_method]
    if banner.dating_method is not None and banner.dated_at is not None:
        how = f"{how}, {date_local(banner.dated_at)}"
    return str(gettext("%(how)s, from an earlier entry", how=how) if banner.is_dated_by_earlier_entry else how)


def other_woman(banner: PatientBanner) -> str:
    """That one account may be used by two women, and on which side of it this record is."""
    if not banner.perhaps_another_woman:
        return ""
    numbers = ", ".join(banner.perhaps_another_woman)
    if banner.is_current:
        sentence = ngettext(
            "This account has another record, %(numbers)s, with another birth date: it may be another woman.",
            "This account has other records, %(numbers)s, with another birth date: they may be of other women.",
            len(banner.perhaps_another_woman),
            numbers=numbers,
        )
        return str(sentence)
    return str(
        gettext(
            "Its account belongs to %(numbers)s, which has another birth date: this may be another woman. "
            "What is here and what you write here is not shown to the account. Reach her by telephone.",
            numbers=numbers,
        )
    )


def _words(banner: PatientBanner, *, has_then: bool) -> dict[str, Any]:
    return {
        "name": banner.name,
        "birth_date": date_local(banner.birth_date) if banner.birth_date else gettext("not stated"),
        "record_number": banner.record_number,
        "gestation_then": gestation(banner.gestation_then_days) if has_then else "",
        "gestation_now": gestation(banner.gestation_now_days),
        "due_date": date_local(banner.due_date) if banner.due_date else "",
        "dated_by": dated_by(banner),
        "risk": gettext("high") if banner.is_high_risk else "",
        "access_ends": datetime_local(banner.access_ends_at) if banner.access_ends_at else "",
        "names_alike": banner.names_alike,
        "other_woman": other_woman(banner),
    }
