"""The strip of a session as files: a PNG of the view, and a PDF for paper of any stretch."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from flask import Response

from app.access import Permission
from app.charts import Audience, Strip
from app.ctg.formats import ParseError
from app.ctg.stretch import Stretch
from app.models import MonitoringSession
from app.services import analyses, guarded, traces
from app.services.errors import NotFound
from app.services.traces import Facts
from app.web import current
from app.web.guard import requires
from app.web.monitoring import blueprint
from app.web.monitoring.session_view import session_view
from app.web.monitoring.strip import is_worried
from app.web.monitoring.strip_file import MAX_PRINTED_MINUTES, pdf_response, png_response
from app.web.monitoring.strip_picture import audience_of, etag, make_strip
from app.web.monitoring.strip_tiles import Shape
from app.web.monitoring.strip_view import StripView


@dataclass(frozen=True, slots=True)
class Source:
    """A session that this reader may see as a strip; no sample is read before `draw` is called."""

    recording: MonitoringSession
    facts: Facts
    audience: Audience
    analysis_ids: tuple[str, ...]
    draw: Callable[[StripView], Strip]

    def tag(self, view: StripView) -> str:
        """What names the strip of this view."""
        return etag(self.recording, self.facts, self.analysis_ids, view, self.audience)


@blueprint.get("/sessions/<public_id:public_id>/strip.png")
@requires(Permission.SESSION_READ)
def strip_png(public_id: str) -> Response:
    """The strip as PNG, or 304 without reading a sample when the browser has it."""
    source = _source(public_id)
    view = session_view(source.recording, source.facts)
    return png_response(source.tag(view), lambda: source.draw(view))


@blueprint.get("/sessions/<public_id:public_id>/strip.pdf")
@requires(Permission.SESSION_READ)
def strip_pdf(public_id: str) -> Response:
    """The stretch as PDF on as many sheets as it takes, or 304 without reading a sample."""
    source = _source(public_id)
    view = session_view(source.recording, source.facts, longest_min=MAX_PRINTED_MINUTES)
    return pdf_response(
        source.recording,
        view,
        Shape.of_session(source.recording, source.facts.start),
        actor=current.actor(),
        audience=source.audience,
        tag=source.tag(view),
        has_computed=bool(source.analysis_ids),
        draw=source.draw,
    )


def _source(public_id: str) -> Source:
    """The session, loaded with guard and logged; NotFound where this reader gets no strip of it."""
    session, actor, zone = current.database(), current.actor(), current.settings().time_zone
    recording = guarded.monitoring_session(session, actor, public_id, Permission.SESSION_READ)
    facts, audience = traces.facts(session, recording), audience_of(actor)
    if facts is None or (audience is Audience.PATIENT and is_worried(recording)):
        # After "less movement" a heart rate answers nothing (SAFETY.md 2.5): whom to call stands on her pages.
        raise NotFound("strip")
    is_clinicians = audience is Audience.CLINICIAN
    ids = analyses.shown_ids(session, recording, facts, zone=zone) if is_clinicians else ()
    read = _reader(recording)
    found = cache(lambda: analyses.drawn(session, recording, zone=zone) if is_clinicians else ())

    def draw(view: StripView) -> Strip:
        try:
            stretch = read(view.start_s, view.start_s + view.minutes * 60)
        except ParseError:
            raise NotFound("strip") from None
        return make_strip(recording, stretch, found(), view, audience)

    return Source(recording, facts, audience, tuple(ids), draw)


def _reader(recording: MonitoringSession) -> Callable[[float, float], Stretch]:
    """What gives a stretch; readings are all read for the first, so they are kept for the next sheet."""
    session = current.database()
    if not traces.are_readings(recording):
        return lambda start_s, end_s: traces.read_stretch(session, recording, start_s, end_s)
    whole = cache(lambda: traces.read(session, recording).trace)
    return lambda start_s, end_s: Stretch.around(whole(), start_s, end_s)
