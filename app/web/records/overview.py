"""The whole of a record at a glance, and its samples: what the strip on a clinician's page asks for."""

from flask import Response

from app.access import Permission
from app.charts.overview import Overview, overview_etag, overview_svg
from app.ctg.formats import ParseError
from app.ctg.stretch import Stretch
from app.ctg.trace import Trace
from app.models import Record
from app.services import analyses, guarded, traces
from app.services.errors import NotFound
from app.web import current
from app.web.compression import holds_no_secret
from app.web.guard import requires
from app.web.monitoring.drawing import picture_response
from app.web.monitoring.sample_values import samples_response
from app.web.records import blueprint
from app.web.records.record_view import facts_of, record_view


@blueprint.get("/<int:record_id>/overview.svg", endpoint="overview_svg")
@requires(Permission.ANALYSIS_READ)
def overview(record_id: int) -> Response:
    """The overview for a clinician, or 304 when the browser has it."""
    session, zone = current.database(), current.settings().time_zone
    record, trace = _load(record_id)
    facts, view = facts_of(trace), record_view(record, trace.duration_s)
    ids = analyses.shown_ids(session, record, facts, zone=zone)

    def draw() -> bytes:
        found = analyses.shown(session, record, trace, zone=zone)
        return overview_svg(Overview(trace, tuple(found), view.paper_s, zone, view.time))

    tag = overview_etag(data_digest=facts.version, start=facts.start, analysis_ids=ids, zone=zone, time=view.time)
    return picture_response(tag, "image/svg+xml", draw)


@blueprint.get("/<int:record_id>/samples", endpoint="samples")
@requires(Permission.ANALYSIS_READ)
@holds_no_secret
def samples(record_id: int) -> Response:
    """The values under a clinician's cursor."""
    _, trace = _load(record_id)
    return samples_response(facts_of(trace), lambda _begin_s, _end_s: Stretch.whole(trace))


def _load(record_id: int) -> tuple[Record, Trace]:
    session = current.database()
    record = guarded.record(session, current.actor(), record_id, Permission.ANALYSIS_READ)
    try:
        return record, traces.read_record(session, record).trace
    except ParseError:
        raise NotFound("curve") from None
