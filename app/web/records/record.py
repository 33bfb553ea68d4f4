"""One record: strip, computed analysis and the older system's words for a doctor; for the patient her own page."""

from typing import Any

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access import Permission
from app.charts import Audience
from app.ctg.formats import ParseError
from app.ctg.handheld import Curve
from app.models import Record, RecordSource
from app.services import analyses, guarded, traces
from app.web import current, sentences
from app.web.banner import banner_arguments
from app.web.guard import requires
from app.web.monitoring import recording_words
from app.web.monitoring.analysis_block import analysis_block
from app.web.monitoring.jump import Jump, jump
from app.web.monitoring.reading_words import as_typed
from app.web.monitoring.strip_box import strip_box
from app.web.monitoring.strip_picture import audience_of
from app.web.monitoring.strip_tiles import Shape
from app.web.monitoring.strip_view import StripView
from app.web.records import blueprint
from app.web.records.record_view import record_view


@blueprint.get("/<int:record_id>")
@requires(Permission.RECORD_READ)
def show(record_id: int) -> ResponseReturnValue:
    """The page of one record, for its audience."""
    actor = current.actor()
    record = guarded.record(current.database(), actor, record_id, Permission.RECORD_READ)
    if audience_of(actor) is Audience.PATIENT:
        return render_template("records/show_patient.html", record=record, words=recording_words)
    return clinician_page(record)


def clinician_page(record: Record) -> ResponseReturnValue:
    """Strip, computed analysis, and what else the older system kept."""
    curve, no_curve = _curve(record)
    view = record_view(record, 0.0 if curve is None else curve.trace.duration_s)
    asked = jump(view, None if curve is None else curve.trace.start)
    if not isinstance(asked, Jump):
        return redirect(view.place_url(asked), 303)
    page = render_template(
        "records/show.html",
        record=record,
        words=recording_words,
        view=view,
        jump=asked,
        no_curve=no_curve,
        banner=banner_arguments(current.database(), current.actor(), record),
        facts=facts(record),
        **_drawn(record, curve, view),
    )
    return page, 422 if asked.problem else 200


def facts(record: Record) -> list[tuple[object, object]]:
    """What the older system kept beside the values, as pairs of label and value."""
    pairs = [
        (gettext("Source"), recording_words.kind(record)),
        # On a record that a patient made herself the older apps wrote there whom she had shared it with.
        (
            gettext("Doctor, or shared with") if record.source is RecordSource.SELF else gettext("Doctor"),
            None if record.doctor is None else record.doctor.name,
        ),
        (gettext("Shared with"), None if record.receiver is None else record.receiver.name),
        (gettext("Classification there"), as_typed(record.classification or "")),
        (gettext("Notes"), as_typed(record.notes or "")),
        (gettext("Original number"), record.id),
    ]
    return [(label, value) for label, value in pairs if value is not None]


def _curve(record: Record) -> tuple[Curve | None, str]:
    """The curve, or why there is none."""
    try:
        return traces.read_record(current.database(), record), ""
    except ParseError as error:
        return None, sentences.parse_error(error)


def _drawn(record: Record, curve: Curve | None, view: StripView) -> dict[str, Any]:
    """The strip with what was computed."""
    if curve is None:
        return {"box": None, "blocks": [], "notes": []}
    session, zone = current.database(), current.settings().time_zone
    found = analyses.shown(session, record, curve.trace, zone=zone)
    return {
        "box": strip_box(record, view, Shape.of_trace(curve.trace), found),
        "blocks": [analysis_block(analysis, view, start=curve.trace.start, maternal_bpm=None) for analysis in found],
        "notes": [sentences.note(note) for note in curve.notes],
    }
