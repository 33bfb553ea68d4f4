"""The list of the records that the reader may see."""

import re
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access import ActorRole, Permission
from app.services import audit, record_list, session_list
from app.services.record_list import Position
from app.web import current, places
from app.web.guard import requires
from app.web.monitoring import recording_words
from app.web.records import blueprint

# Start and number of a record.
PLACE = re.compile(rf"({places.INSTANT})\.(\d{{1,10}})", re.ASCII)


@blueprint.get("")
@requires(Permission.RECORD_LIST)
def index() -> ResponseReturnValue:
    """A page of the list: a dense table for doctors, sentences for a patient."""
    session, actor = current.database(), current.actor()
    patient_id = places.row("patient") if request.args.get("patient") else None
    page = record_list.page(
        session, actor, patient_id=patient_id, older_than=_place("older"), newer_than=_place("newer")
    )
    shown: dict[str, Any] = {
        "records": page.records,
        "words": recording_words,
        "previous_href": _href("newer", page.newer_than, patient_id),
        "next_href": _href("older", page.older_than, patient_id),
    }
    if actor.role is ActorRole.PATIENT:
        audit.record_named(
            session, actor, Permission.RECORD_LIST.value, {one.woman_id for one in page.records if one.woman_id}
        )
        return render_template("records/index_patient.html", **shown)
    choices = session_list.patient_choices(session, actor, Permission.RECORD_LIST)
    return render_template(
        "records/index.html",
        patient_id=patient_id,
        patient_options=[(patient.id, patient.user.name) for patient in choices],
        **shown,
    )


def _place(name: str) -> Position | None:
    """The place that the address names; 400 for anything that no link of ours says."""
    match = places.parts(name, PLACE)
    return None if match is None else Position(places.instant(match[1]), places.row_number(match[2]))


def _href(name: str, place: Position | None, patient_id: int | None) -> str | None:
    """The address of the page beside `place`, of the same patients."""
    if place is None:
        return None
    arguments: dict[str, Any] = {name: f"{places.instant_text(place.start_time)}.{place.record_id}"}
    return url_for("records.index", patient=patient_id, **arguments)
