"""A patient's own page of one recording: sentences, the doctor's words, whom to call. No number and no class."""

from flask import render_template

from app.models import MonitoringSession
from app.services import patient_view
from app.services.patient_view import PatientStateKind
from app.web import current
from app.web.monitoring import patient_words, recording_words

# Nobody has told her anything yet: her own worry is the last word on this recording.
UNANSWERED = {PatientStateKind.SAVED, PatientStateKind.OPENED}


def patient_session_page(recording: MonitoringSession) -> str:
    """The page; the emergency card fills it after a worry about movements that nobody has answered."""
    state = patient_view.state_of(current.database(), [recording])[recording.id]
    is_worried = recording.movement is not None and recording.movement.is_a_worry
    return render_template(
        "monitoring/session_patient.html",
        monitoring_session=recording,
        state=state,
        patient_words=patient_words,
        words=recording_words,
        is_unanswered_worry=is_worried and state.kind in UNANSWERED,
    )
