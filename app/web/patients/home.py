"""A patient's own page: whom to call, how far she is, what waits for her, her recordings as sentences."""

from flask import render_template

from app.models import Patient
from app.services import doctors, links, patient_recordings, patient_view, pregnancies, unit
from app.services.clock import utc_now
from app.services.patient_view import PatientStateKind
from app.web import current
from app.web.monitoring import patient_words, recording_words


def home_page(patient: Patient) -> str:
    """Her page. No number from a heart rate and nothing computed stands on it."""
    session, zone = current.database(), current.settings().time_zone
    pregnancy = pregnancies.current(session, patient.id)
    shown = [one.recording for one in patient_recordings.newest(session, patient.id, pregnancy=pregnancy, zone=zone)]
    readers = links.readers(session, patient.id)
    the_unit = unit.find(session)
    states = patient_view.state_of(session, shown)
    return render_template(
        "patients/home.html",
        patient=patient,
        gestation_days=pregnancies.gestation_on(pregnancy, utc_now().astimezone(zone).date()),
        requests=links.requests_to_patient(session, patient.id),
        readers=readers,
        is_anybody_assigned=bool(readers or doctors.on_unit_cover(session)),
        reading_within_days=the_unit.reading_within_days if the_unit else None,
        recordings=shown,
        states=states,
        to_call_about=[one for one in shown if states[one.id].kind is PatientStateKind.PLEASE_CALL],
        has_more=len(shown) == patient_recordings.SHOWN,
        words=recording_words,
        patient_words=patient_words,
    )
