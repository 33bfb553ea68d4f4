"""One recording: for a doctor strip, computed analysis and reading; for the patient her own page."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.access import Permission
from app.charts import Audience, strip_size_cm, strip_summary
from app.models import MonitoringSession
from app.services import analyses, guarded, unit, waveforms
from app.web import current
from app.web.banner import banner_arguments
from app.web.guard import requires
from app.web.monitoring import blueprint, recording_words
from app.web.monitoring.analysis_block import analysis_block
from app.web.monitoring.patient_session import patient_session_page
from app.web.monitoring.review_context import review_context
from app.web.monitoring.strip_picture import audience_of, make_strip
from app.web.monitoring.strip_view import strip_view

# CSS pixels in a centimetre: an inch is 96 of them.
PIXELS_PER_CM = 96 / 2.54


@blueprint.get("/sessions/<public_id:public_id>", endpoint="session")
@requires(Permission.SESSION_READ)
def show(public_id: str) -> ResponseReturnValue:
    """The page of one recording, for its audience."""
    session, actor = current.database(), current.actor()
    recording = guarded.monitoring_session(session, actor, public_id, Permission.SESSION_READ)
    if audience_of(actor) is Audience.PATIENT:
        return patient_session_page(recording)
    return clinician_page(recording)


def clinician_page(recording: MonitoringSession) -> str:
    """Strip, computed analysis and the reading beside it."""
    session, actor = current.database(), current.actor()
    view = strip_view(recording, unit.find(session))
    found = analyses.newest(session, recording)
    picture = None
    if recording.sample_count is not None:
        strip = make_strip(recording, waveforms.read_trace(session, recording), found, view, Audience.CLINICIAN)
        width_cm, height_cm = strip_size_cm(
            view.scale,
            view.minutes,
            audience=Audience.CLINICIAN,
            fetus_count=strip.trace.fetus_count,
            has_toco=strip.trace.toco is not None,
        )
        picture = {
            "src": view.picture_url(),
            "alt": recording_words.strip_alt(strip_summary(strip)),
            "width_px": round(width_cm * PIXELS_PER_CM),
            "height_px": round(height_cm * PIXELS_PER_CM),
        }
    return render_template(
        "monitoring/session.html",
        words=recording_words,
        view=view,
        picture=picture,
        blocks=[analysis_block(analysis, recording, view) for analysis in found],
        banner=banner_arguments(session, actor, recording),
        **review_context(session, actor, recording, view),
    )
