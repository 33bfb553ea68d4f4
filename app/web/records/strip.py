"""The picture of a record."""

from flask import Response

from app.access import Permission
from app.charts import Audience, Strip
from app.ctg.formats import ParseError
from app.ctg.stretch import Stretch
from app.services import analyses, guarded, traces, unit_list
from app.services.errors import NotFound
from app.web import current
from app.web.guard import requires
from app.web.monitoring.drawing import svg_response
from app.web.monitoring.strip_address import frame
from app.web.monitoring.strip_picture import audience_of, etag, make_strip
from app.web.records import blueprint
from app.web.records.record_view import facts_of, record_view


@blueprint.get("/<int:record_id>/strip.svg", endpoint="strip_svg")
@requires(Permission.RECORD_READ)
def show(record_id: int) -> Response:
    """The strip as SVG, or 304 when the browser has it; the values stand in one cell and are read for both."""
    session, actor, zone = current.database(), current.actor(), current.settings().time_zone
    record = guarded.record(session, actor, record_id, Permission.RECORD_READ)
    audience = audience_of(actor)
    if audience is Audience.PATIENT and unit_list.has_open_message(session, record.woman_id or 0):
        # After "less movement" a heart rate answers nothing (SAFETY.md 2.5): whom to call stands on her pages.
        raise NotFound("strip")
    try:
        trace = traces.read_record(session, record).trace
    except ParseError:
        raise NotFound("strip") from None
    facts, view = facts_of(trace), record_view(record, trace.duration_s)
    is_clinicians, asked = audience is Audience.CLINICIAN, frame(audience)
    ids = analyses.shown_ids(session, record, facts, zone=zone) if is_clinicians else []

    def draw() -> Strip:
        found = analyses.shown(session, record, trace, zone=zone) if is_clinicians else []
        return make_strip(record, Stretch.whole(trace), found, view, audience, asked)

    return svg_response(etag(record, facts, ids, view, audience, asked), draw)
