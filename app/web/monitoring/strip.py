"""The picture of a recording."""

from flask import Response

from app.access import Permission
from app.web.guard import requires
from app.web.monitoring import blueprint
from app.web.monitoring.drawing import svg_response
from app.web.monitoring.session_view import session_view
from app.web.monitoring.strip_address import frame
from app.web.monitoring.strip_source import session_source


@blueprint.get("/sessions/<public_id:public_id>/strip.svg", endpoint="strip_svg")
@requires(Permission.SESSION_READ)
def show(public_id: str) -> Response:
    """The strip as SVG, or 304 without reading a sample when the browser has it."""
    source = session_source(public_id)
    view, asked = session_view(source.recording, source.facts), frame(source.audience)
    return svg_response(source.tag(view, asked), lambda: source.draw(view, asked))
