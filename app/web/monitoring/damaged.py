"""What a reader is told where stored samples give no strip back, whichever way they were asked for."""

import logging

from flask import Response, jsonify, request
from flask_babel import gettext
from werkzeug.exceptions import InternalServerError

from app.ctg.waveform_codec import CorruptWaveform
from app.models import MonitoringSession
from app.services import traces
from app.services.traces import Facts
from app.web import current, errors
from app.web.monitoring import blueprint
from app.web.monitoring.drawing import damaged_response

logger = logging.getLogger(__name__)

PICTURES = {f"monitoring.{name}" for name in ("strip_svg", "overview_svg", "strip_png", "strip_pdf")}
SAMPLES = "monitoring.samples"


def damaged_words() -> str:
    """The sentence for a page on which the strip is missing."""
    return str(gettext("The stored samples are damaged."))


def facts_for_page(recording: MonitoringSession) -> Facts | None:
    """The facts of a curve for a page that is more than its strip: None also where what is stored is damaged."""
    try:
        return traces.facts(current.database(), recording)
    except CorruptWaveform:
        return None


@blueprint.errorhandler(CorruptWaveform)
def handle_damaged(error: CorruptWaveform) -> Response:
    """A picture that says so in place of a strip, also of one that is a file; a sentence in place of samples."""
    logger.error("the samples of a session are damaged", exc_info=error)
    if request.endpoint in PICTURES:
        return damaged_response()
    if request.endpoint == SAMPLES:
        response: Response = jsonify(problem=damaged_words())
        response.status_code = 500
        response.headers["Cache-Control"] = "no-store"
        return response
    return errors.respond(InternalServerError())
