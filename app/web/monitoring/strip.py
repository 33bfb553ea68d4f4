"""The picture of a recording."""

from flask import Response

from app.access import Permission
from app.charts import Audience, Strip
from app.ctg.formats import ParseError
from app.models import MonitoringSession
from app.services import analyses, guarded, traces, unit_list
from app.services.errors import NotFound
from app.web import current
from app.web.guard import requires
from app.web.monitoring import blueprint
from app.web.monitoring.drawing import svg_response
from app.web.monitoring.session_view import session_view
from app.web.monitoring.strip_address import frame
from app.web.monitoring.strip_picture import audience_of, etag, make_strip


@blueprint.get("/sessions/<public_id:public_id>/strip.svg", endpoint="strip_svg")
@requires(Permission.SESSION_READ)
def show(public_id: str) -> Response:
    """The strip as SVG, or 304 without reading a sample when the browser has it."""
    session, zone = current.database(), current.settings().time_zone
    recording = guarded.monitoring_session(session, current.actor(), public_id, Permission.SESSION_READ)
    facts = traces.facts(session, recording)
    view = session_view(recording, facts)
    audience = audience_of(current.actor())
    if facts is None or (audience is Audience.PATIENT and is_worried(recording)):
        # After "less movement" a heart rate answers nothing (SAFETY.md 2.5): whom to call stands on her pages.
        raise NotFound("strip")
    is_clinicians, asked = audience is Audience.CLINICIAN, frame(audience)
    ids = analyses.shown_ids(session, recording, facts, zone=zone) if is_clinicians else []

    def draw() -> Strip:
        try:
            stretch = traces.read_stretch(session, recording, view.start_s, view.start_s + view.minutes * 60)
        except ParseError:
            raise NotFound("strip") from None
        found = analyses.drawn(session, recording, zone=zone) if is_clinicians else []
        return make_strip(recording, stretch, found, view, audience, asked)

    return svg_response(etag(recording, facts, ids, view, audience, asked), draw)


def is_worried(recording: MonitoringSession) -> bool:
    """Whether she has said that her baby moves less, of this recording or to the unit, which has not answered yet."""
    if recording.movement is not None and recording.movement.is_a_worry:
        return True
    return unit_list.has_open_message(current.database(), recording.woman_id or 0)
