"""The strip of a session as files: a PNG of the view, and a PDF for paper of any stretch."""

from flask import Response

from app.access import Permission
from app.web.guard import requires
from app.web.monitoring import blueprint
from app.web.monitoring.session_view import session_view
from app.web.monitoring.strip_file import MAX_PRINTED_MINUTES, pdf_response, png_response
from app.web.monitoring.strip_source import session_source


@blueprint.get("/sessions/<public_id:public_id>/strip.png")
@requires(Permission.SESSION_READ)
def strip_png(public_id: str) -> Response:
    """The strip as PNG, or 304 without reading a sample when the browser has it."""
    source = session_source(public_id)
    return png_response(source, session_view(source.recording, source.facts))


@blueprint.get("/sessions/<public_id:public_id>/strip.pdf")
@requires(Permission.SESSION_READ)
def strip_pdf(public_id: str) -> Response:
    """The stretch as PDF on as many sheets as it takes, or 304 without reading a sample."""
    source = session_source(public_id)
    return pdf_response(source, session_view(source.recording, source.facts, longest_min=MAX_PRINTED_MINUTES))
