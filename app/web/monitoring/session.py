"""One recording: for a doctor strip, computed analysis and reading; for the patient her own page."""

import logging
from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from app.access import Permission
from app.charts import Audience
from app.ctg.findings import Reason
from app.ctg.formats import ParseError
from app.ctg.waveform_codec import CorruptWaveform
from app.models import MonitoringSession
from app.services import analyses, guarded, older_results, traces
from app.services.traces import Facts
from app.web import current, sentences
from app.web.banner import banner_arguments
from app.web.guard import requires
from app.web.monitoring import blueprint, older_words, recording_words
from app.web.monitoring.analysis_block import analysis_block
from app.web.monitoring.damaged import damaged_words, facts_for_page
from app.web.monitoring.jump import Jump, jump
from app.web.monitoring.patient_session import patient_session_page
from app.web.monitoring.review_context import review_context
from app.web.monitoring.session_view import session_view
from app.web.monitoring.strip_box import strip_box
from app.web.monitoring.strip_picture import audience_of
from app.web.monitoring.strip_tiles import Shape
from app.web.monitoring.strip_view import StripView

logger = logging.getLogger(__name__)


@blueprint.get("/sessions/<public_id:public_id>", endpoint="session")
@requires(Permission.SESSION_READ)
def show(public_id: str) -> ResponseReturnValue:
    """The page of one recording, for its audience."""
    session, actor = current.database(), current.actor()
    recording = guarded.monitoring_session(session, actor, public_id, Permission.SESSION_READ)
    if audience_of(actor) is Audience.PATIENT:
        return patient_session_page(recording)
    facts = facts_for_page(recording)
    view = session_view(recording, facts)
    asked = jump(view, None if facts is None else facts.start)
    if isinstance(asked, Jump):
        return clinician_page(recording, facts, view, asked), 422 if asked.problem else 200
    return redirect(view.place_url(asked), 303)


def clinician_page(recording: MonitoringSession, facts: Facts | None, view: StripView, asked: Jump) -> str:
    """Strip, computed analysis and the reading beside it."""
    session, actor = current.database(), current.actor()
    return render_template(
        "monitoring/session.html",
        words=recording_words,
        view=view,
        jump=asked,
        older=_older(recording),
        banner=banner_arguments(session, actor, recording),
        **_drawn(recording, facts, view),
        **review_context(session, actor, recording, view),
    )


def _drawn(recording: MonitoringSession, facts: Facts | None, view: StripView) -> dict[str, Any]:
    """The strip with what was computed, or why there is none."""
    session, zone = current.database(), current.settings().time_zone
    notes: Sequence[Reason] = ()
    if traces.are_readings(recording) or facts is None:
        # What an older system kept is computed when it is looked at, from all of its values.
        try:
            curve = traces.read(session, recording)
        except ParseError as error:
            return _no_curve(sentences.parse_error(error))
        except CorruptWaveform:
            logger.exception("what a session says of its samples is damaged")
            return _no_curve(damaged_words())
        found = analyses.shown(session, recording, curve.trace, zone=zone)
        shape, notes = Shape.of_trace(curve.trace), curve.notes
    else:
        found = analyses.drawn(session, recording, zone=zone)
        shape = Shape.of_session(recording, facts.start)
    return {
        "box": strip_box(recording, view, shape, found),
        "no_curve": "",
        "blocks": [
            analysis_block(analysis, view, start=shape.start, maternal_bpm=recording.maternal_bpm) for analysis in found
        ],
        "curve_notes": notes,
    }


def _no_curve(why: str) -> dict[str, Any]:
    """The page without a strip, for this reason."""
    return {"box": None, "no_curve": why, "blocks": [], "curve_notes": ()}


def _older(recording: MonitoringSession) -> dict[str, Any] | None:
    """What the older system kept of it; None of a recording of ours."""
    if not recording.is_carried_over:
        return None
    result = older_results.of_session(current.database(), recording)
    return {"stated": older_words.stated(recording), "result": None if result is None else older_words.result(result)}
