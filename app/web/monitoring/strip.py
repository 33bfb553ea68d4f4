"""The picture of a recording."""

from flask import Response, request

from app.access import Permission
from app.charts import Audience, strip_svg
from app.models import MonitoringSession
from app.services import analyses, guarded, unit, unit_list, waveforms
from app.services.errors import NotFound
from app.web import current
from app.web.guard import requires
from app.web.monitoring import blueprint
from app.web.monitoring.strip_picture import audience_of, etag, make_strip
from app.web.monitoring.strip_view import strip_view

# A browser may keep the picture but has to ask each time, so that an ended link is felt at once.
CACHE_CONTROL = "private, no-cache"
# A picture, also where it is opened by itself: it loads nothing and runs nothing.
CONTENT_SECURITY_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@blueprint.get("/sessions/<public_id:public_id>/strip.svg", endpoint="strip_svg")
@requires(Permission.SESSION_READ)
def show(public_id: str) -> Response:
    """The strip as SVG, or 304 without reading a sample when the browser has it."""
    session = current.database()
    recording = guarded.monitoring_session(session, current.actor(), public_id, Permission.SESSION_READ)
    view = strip_view(recording, unit.find(session))
    audience = audience_of(current.actor())
    if audience is Audience.PATIENT and _is_worried(recording):
        # After "less movement" a heart rate answers nothing (SAFETY.md 2.5): whom to call stands on her pages.
        raise NotFound("strip")
    analysis_ids = analyses.newest_ids(session, recording) if audience is Audience.CLINICIAN else []
    response = Response(mimetype="image/svg+xml")
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.set_etag(etag(recording, analysis_ids, view, audience))
    if request.if_none_match.contains(response.get_etag()[0] or ""):
        response.status_code = 304
        return response
    shown = analyses.newest(session, recording) if audience is Audience.CLINICIAN else []
    trace = waveforms.read_trace(session, recording)
    response.set_data(strip_svg(make_strip(recording, trace, shown, view, audience)))
    return response


def _is_worried(recording: MonitoringSession) -> bool:
    """Whether she has said that her baby moves less, of this recording or to the unit, which has not answered yet."""
    if recording.movement is not None and recording.movement.is_a_worry:
        return True
    return unit_list.has_open_message(current.database(), recording.patient_id or 0)
