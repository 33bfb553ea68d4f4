"""The list of all recordings that the reader may see."""

import re
from datetime import UTC, datetime
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.access import ActorRole, Permission
from app.models import MonitoringType, ReviewState
from app.services import audit, patient_view, record_list, session_list
from app.services.session_list import Position, SessionFilter
from app.web import current
from app.web.guard import requires
from app.web.monitoring import blueprint, patient_words, recording_words

STATES = {
    ReviewState.TO_REVIEW: _("to read"),
    ReviewState.SIGNED: _("signed, not released"),
    ReviewState.RELEASED: _("released"),
    ReviewState.CARRIED_OVER: _("not read here"),
}
FILTERS = ("patient", "kind", "state")
# Seconds of the start and the public id.
POSITION = re.compile(r"(-?\d{1,12})\.([A-Za-z0-9_-]{22})", re.ASCII)


@blueprint.get("/sessions")
@requires(Permission.SESSION_LIST)
def sessions() -> ResponseReturnValue:
    """A page of the list: a dense table for doctors, sentences for a patient."""
    session, actor = current.database(), current.actor()
    wanted = _wanted()
    page = session_list.page(session, actor, wanted, older_than=_position("older"), newer_than=_position("newer"))
    links = {
        "previous_href": _link("newer", page.newer_than),
        "next_href": _link("older", page.older_than),
        "has_older": record_list.has_any(session, actor),
    }
    if actor.role is ActorRole.PATIENT:
        audit.record_named(
            session, actor, Permission.SESSION_LIST.value, {one.woman_id for one in page.sessions if one.woman_id}
        )
        return render_template(
            "monitoring/sessions_patient.html",
            sessions=page.sessions,
            states=patient_view.state_of(session, page.sessions),
            patient_words=patient_words,
            words=recording_words,
            **links,
        )
    return render_template(
        "monitoring/sessions.html",
        sessions=page.sessions,
        words=recording_words,
        states=STATES,
        wanted=wanted,
        patient_options=[
            (patient.id, patient.user.name)
            for patient in session_list.patient_choices(session, actor, Permission.SESSION_LIST)
        ],
        **links,
    )


def _wanted() -> SessionFilter:
    """The filter in the address; 400 for values that no form of ours sends."""
    patient, kind, state = (request.args.get(name, "") for name in FILTERS)
    if patient and not (patient.isascii() and patient.isdigit() and len(patient) < 10):
        abort(400)
    try:
        return SessionFilter(
            patient_id=int(patient) if patient else None,
            monitoring_type=MonitoringType(kind) if kind else None,
            review_state=ReviewState(state) if state else None,
        )
    except ValueError:
        abort(400)


def _position(name: str) -> Position | None:
    text = request.args.get(name)
    if text is None:
        return None
    match = POSITION.fullmatch(text)
    if match is None:
        abort(400)
    try:
        return Position(datetime.fromtimestamp(int(match[1]), UTC), match[2])
    except (ValueError, OverflowError, OSError):
        abort(400)


def _link(name: str, place: Position | None) -> str | None:
    """The address of the page beside `place` under the same filter."""
    if place is None:
        return None
    arguments: dict[str, Any] = {key: request.args[key] for key in FILTERS if request.args.get(key)}
    arguments[name] = f"{place.start_time.timestamp():.0f}.{place.public_id}"
    return url_for("monitoring.sessions", **arguments)
