"""The list of a doctor's patients, and a patient's way to her own page."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access import Permission
from app.services import guarded, patient_list
from app.services.clock import utc_now
from app.services.errors import NotFound
from app.web import current, places
from app.web.fields import only_typed_characters, trimmed
from app.web.guard import requires
from app.web.patients import blueprint

SEARCH_LIMIT = 255


@blueprint.get("")
@requires(Permission.PATIENT_LIST)
def index() -> ResponseReturnValue:
    """A page of the list, of all her patients or of those who fit a search."""
    search = trimmed(request.args.get("q"))
    if len(search) > SEARCH_LIMIT or not only_typed_characters(search):
        abort(400)
    page = patient_list.page(
        current.database(),
        current.actor(),
        search=search,
        today=utc_now().astimezone(current.settings().time_zone).date(),
        after_id=places.row("after"),
        before_id=places.row("before"),
    )
    return render_template(
        "patients/index.html",
        page=page,
        search=search,
        previous_href=_href(search, "before", page.before_id),
        next_href=_href(search, "after", page.after_id),
    )


@blueprint.get("/mine")
@requires(Permission.PATIENT_READ)
def mine() -> ResponseReturnValue:
    """Send a patient to her own page."""
    session, actor = current.database(), current.actor()
    if actor.patient_id is None:
        raise NotFound("patient")
    patient = guarded.patient(session, actor, actor.patient_id, Permission.PATIENT_READ)
    return redirect(url_for("patients.show", patient_id=patient.id), 303)


def _href(search: str, side: str, place: int | None) -> str | None:
    """The address of the page before or after a patient, under the same search."""
    if place is None:
        return None
    arguments: dict[str, Any] = {side: place} | ({"q": search} if search else {})
    return url_for("patients.index", **arguments)
