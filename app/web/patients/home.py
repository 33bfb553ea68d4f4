"""A patient's own page: whom to call, how far she is, what waits for her, her recordings as sentences."""

from flask import render_template

from app.models import MonitoringSession, Patient
from app.services import doctors, links, patient_recordings, patient_view, pregnancies, record_list, unit
from app.services.clock import utc_now
from app.services.patient_view import PatientStateKind
from app.web import current
from app.web.patients.recording_rows import her_rows


def home_page(patient: Patient) -> str:
    """Her page. No number from a heart rate and nothing computed stands on it."""
    session, zone = current.database(), current.settings().time_zone
    pregnancy = pregnancies.current(session, patient.id)
    shown = [one.recording for one in patient_recordings.newest(session, patient.id, pregnancy=pregnancy, zone=zone)]
    sessions = [one for one in shown if isinstance(one, MonitoringSession)]
    readers = links.readers(session, patient.id)
    the_unit = unit.find(session)
    states = patient_view.state_of(session, sessions)
    return render_template(
        "patients/home.html",
        patient=patient,
        gestation_days=pregnancies.gestation_on(pregnancy, utc_now().astimezone(zone).date()),
        requests=links.requests_to_patient(session, patient.id),
        readers=readers,
        is_anybody_assigned=bool(readers or doctors.on_unit_cover(session)),
        reading_within_days=the_unit.reading_within_days if the_unit else None,
        recordings=her_rows(shown, states),
        to_call_about=her_rows(
            [one for one in sessions if states[one.id].kind is PatientStateKind.PLEASE_CALL], states
        ),
        has_more=len(shown) == patient_recordings.SHOWN,
        has_older=record_list.has_any(session, current.actor()),
    )
