"""A record that a reader may see as a strip, whichever kind of file she asks for."""

from functools import cache

from app.access import Permission
from app.charts import Audience
from app.ctg.formats import ParseError
from app.ctg.stretch import Stretch
from app.models import Record
from app.services import analyses, guarded, traces
from app.services.errors import NotFound
from app.web import current
from app.web.monitoring.strip_picture import audience_of
from app.web.monitoring.strip_source import StripSource, refuse_worried
from app.web.monitoring.strip_tiles import Shape
from app.web.records.record_view import facts_of


def record_source(record_id: int) -> StripSource[Record]:
    """The record with its values, which stand in one cell; NotFound where this reader gets no strip of it."""
    session, zone = current.database(), current.settings().time_zone
    record = guarded.record(session, current.actor(), record_id, Permission.RECORD_READ)
    audience = audience_of(current.actor())
    refuse_worried(audience, record.woman_id)
    try:
        trace = traces.read_record(session, record).trace
    except ParseError:
        raise NotFound("strip") from None
    facts, is_clinicians = facts_of(trace), audience is Audience.CLINICIAN
    return StripSource(
        record,
        facts,
        audience,
        analyses.shown_ids(session, record, facts, zone=zone) if is_clinicians else (),
        shape=lambda: Shape.of_trace(trace),
        stretch=lambda _start_s, _end_s: Stretch.whole(trace),
        analyses=cache(lambda: analyses.shown(session, record, trace, zone=zone) if is_clinicians else ()),
    )
