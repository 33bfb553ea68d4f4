"""The whole of a session at a glance."""

from flask import Response

from app.access import Permission
from app.charts.overview import Overview, overview_etag, overview_svg
from app.ctg.formats import ParseError
from app.services import analyses, guarded, traces
from app.services.errors import NotFound
from app.web import current
from app.web.guard import requires
from app.web.monitoring import blueprint
from app.web.monitoring.drawing import picture_response
from app.web.monitoring.session_view import session_view


@blueprint.get("/sessions/<public_id:public_id>/overview.svg", endpoint="overview_svg")
@requires(Permission.ANALYSIS_READ)
def show(public_id: str) -> Response:
    """The overview for a clinician, or 304 without reading a sample when the browser has it."""
    session, zone = current.database(), current.settings().time_zone
    recording = guarded.monitoring_session(session, current.actor(), public_id, Permission.ANALYSIS_READ)
    facts = traces.facts(session, recording)
    if facts is None:
        raise NotFound("overview")
    ids = analyses.shown_ids(session, recording, facts, zone=zone)
    view = session_view(recording, facts)

    def draw() -> bytes:
        try:
            trace = traces.read(session, recording).trace
        except ParseError:
            raise NotFound("overview") from None
        found = analyses.shown(session, recording, trace, zone=zone)
        return overview_svg(Overview(trace, tuple(found), view.paper_s, zone, view.time))

    tag = overview_etag(data_digest=facts.version, start=facts.start, analysis_ids=ids, zone=zone, time=view.time)
    return picture_response(tag, "image/svg+xml", draw)
