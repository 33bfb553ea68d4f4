"""The strip of a record as files: a PNG of the view, and a PDF for paper of any stretch."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response

from app.access import Permission
from app.charts import Audience, Strip
from app.ctg.formats import ParseError
from app.ctg.stretch import Stretch
from app.ctg.trace import Trace
from app.models import Record
from app.services import analyses, guarded, traces, unit_list
from app.services.errors import NotFound
from app.web import current
from app.web.guard import requires
from app.web.monitoring.strip_file import MAX_PRINTED_MINUTES, pdf_response, png_response
from app.web.monitoring.strip_picture import audience_of, etag, make_strip
from app.web.monitoring.strip_tiles import Shape
from app.web.monitoring.strip_view import StripView
from app.web.records import blueprint
from app.web.records.record_view import facts_of, record_view


@dataclass(frozen=True, slots=True)
class Source:
    """A record that this reader may see as a strip, with its values: they stand in one cell."""

    record: Record
    trace: Trace
    audience: Audience
    analysis_ids: tuple[str, ...]
    draw: Callable[[StripView], Strip]

    def tag(self, view: StripView) -> str:
        """What names the strip of this view."""
        return etag(self.record, facts_of(self.trace), self.analysis_ids, view, self.audience)


@blueprint.get("/<int:record_id>/strip.png")
@requires(Permission.RECORD_READ)
def strip_png(record_id: int) -> Response:
    """The strip as PNG, or 304 when the browser has it."""
    source = _source(record_id)
    view = record_view(source.record, source.trace.duration_s)
    return png_response(source.tag(view), lambda: source.draw(view))


@blueprint.get("/<int:record_id>/strip.pdf")
@requires(Permission.RECORD_READ)
def strip_pdf(record_id: int) -> Response:
    """The stretch as PDF on as many sheets as it takes, or 304 when the browser has it."""
    source = _source(record_id)
    view = record_view(source.record, source.trace.duration_s, longest_min=MAX_PRINTED_MINUTES)
    return pdf_response(
        source.record,
        view,
        Shape.of_trace(source.trace),
        actor=current.actor(),
        audience=source.audience,
        tag=source.tag(view),
        has_computed=bool(source.analysis_ids),
        draw=source.draw,
    )


def _source(record_id: int) -> Source:
    """The record, loaded with guard and logged; NotFound where this reader gets no strip of it."""
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
    is_clinicians = audience is Audience.CLINICIAN
    ids = analyses.shown_ids(session, record, facts_of(trace), zone=zone) if is_clinicians else ()
    found = analyses.shown(session, record, trace, zone=zone) if is_clinicians else ()

    def draw(view: StripView) -> Strip:
        return make_strip(record, Stretch.whole(trace), found, view, audience)

    return Source(record, trace, audience, tuple(ids), draw)
