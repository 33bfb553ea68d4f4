"""The picture of a record."""

from flask import Response

from app.access import Permission
from app.web.guard import requires
from app.web.monitoring.drawing import svg_response
from app.web.monitoring.strip_address import frame
from app.web.records import blueprint
from app.web.records.record_view import record_view
from app.web.records.strip_source import record_source


@blueprint.get("/<int:record_id>/strip.svg", endpoint="strip_svg")
@requires(Permission.RECORD_READ)
def show(record_id: int) -> Response:
    """The strip as SVG, or 304 when the browser has it; the values stand in one cell and are read for both."""
    source = record_source(record_id)
    view, asked = record_view(source.recording, source.facts.duration_s), frame(source.audience)
    return svg_response(source.tag(view, asked), lambda: source.draw(view, asked))
