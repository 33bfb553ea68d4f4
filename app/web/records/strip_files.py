"""The strip of a record as files: a PNG of the view, and a PDF for paper of any stretch."""

from flask import Response

from app.access import Permission
from app.web.guard import requires
from app.web.monitoring.strip_file import MAX_PRINTED_MINUTES, pdf_response, png_response
from app.web.records import blueprint
from app.web.records.record_view import record_view
from app.web.records.strip_source import record_source


@blueprint.get("/<int:record_id>/strip.png")
@requires(Permission.RECORD_READ)
def strip_png(record_id: int) -> Response:
    """The strip as PNG, or 304 when the browser has it."""
    source = record_source(record_id)
    return png_response(source, record_view(source.recording, source.facts.duration_s))


@blueprint.get("/<int:record_id>/strip.pdf")
@requires(Permission.RECORD_READ)
def strip_pdf(record_id: int) -> Response:
    """The stretch as PDF on as many sheets as it takes, or 304 when the browser has it."""
    source = record_source(record_id)
    view = record_view(source.recording, source.facts.duration_s, longest_min=MAX_PRINTED_MINUTES)
    return pdf_response(source, view)
