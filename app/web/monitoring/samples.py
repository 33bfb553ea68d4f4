"""The samples of ten minutes of a session."""

from flask import Response

from app.access import Permission
from app.ctg.formats import ParseError
from app.ctg.stretch import Stretch
from app.services import guarded, traces
from app.services.errors import NotFound
from app.web import current
from app.web.compression import holds_no_secret
from app.web.guard import requires
from app.web.monitoring import blueprint
from app.web.monitoring.sample_values import samples_response


@blueprint.get("/sessions/<public_id:public_id>/samples")
@requires(Permission.ANALYSIS_READ)
@holds_no_secret
def samples(public_id: str) -> Response:
    """The values under a clinician's cursor, or 304 without reading a sample when the browser has them."""
    session = current.database()
    recording = guarded.monitoring_session(session, current.actor(), public_id, Permission.ANALYSIS_READ)
    facts = traces.facts(session, recording)
    if facts is None:
        raise NotFound("samples")

    def read(begin_s: float, end_s: float) -> Stretch:
        try:
            return traces.read_stretch(session, recording, begin_s, end_s)
        except ParseError:
            raise NotFound("samples") from None

    return samples_response(facts, read)
