"""The unit list: whom nobody reads, and what to do about it. No strip and no number of a recording stand here."""

import re

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access import Permission
from app.models import UnitMessage
from app.services import guarded, other_records, unit_cover
from app.services.unit_cover import Entry, Place
from app.web import current, places
from app.web.guard import requires
from app.web.i18n import datetime_local
from app.web.monitoring import blueprint, recording_words
from app.web.monitoring.unit_forms import CloseMessageForm, TakeOverForm
from app.web.patient_token import check_patient_token, patient_token

# Among the messages or after them, since when the patient waits, and her id.
PLACE = re.compile(rf"(m?)({places.INSTANT})\.(\d{{1,10}})", re.ASCII)


@blueprint.get("/unit")
@requires(Permission.UNIT_READ)
def unit() -> ResponseReturnValue:
    """Patients with an open message, then those with a recording that waits, longest first."""
    session, actor = current.database(), current.actor()
    page = unit_cover.page(session, actor, after=_place())
    return render_template(
        "monitoring/unit.html",
        entries=page.entries,
        movements=recording_words.MOVEMENTS,
        own_id=actor.user_id,
        is_first_page="after" not in request.args,
        next_href=None if page.goes_on_after is None else url_for("monitoring.unit", after=_text(page.goes_on_after)),
    )


@blueprint.get("/unit/<int:patient_id>/take-over")
@requires(Permission.UNIT_READ)
def open_take_over(patient_id: int) -> ResponseReturnValue:
    """The form that asks for the reason."""
    entry = unit_cover.entry(current.database(), current.actor(), patient_id)
    return _take_over_page(entry, TakeOverForm(patient_token=patient_token(patient_id)))


@blueprint.post("/unit/<int:patient_id>/take-over")
@requires(Permission.UNIT_TAKE_OVER)
def take_over(patient_id: int) -> ResponseReturnValue:
    """Open her record to this doctor for 72 hours, or show the form again."""
    session, actor = current.database(), current.actor()
    patient = guarded.patient(session, actor, patient_id, Permission.UNIT_TAKE_OVER)
    form = TakeOverForm()
    check_patient_token(form.patient_token.data, patient.id)
    if not form.validate_on_submit():
        return _take_over_page(unit_cover.entry(session, actor, patient_id), form), 422
    until = unit_cover.take_over(session, actor, patient, reason=form.reason.data)
    if until is None:
        flash(gettext("%(name)s is your patient. Her link to you has no end.", name=patient.user.name))
    else:
        flash(
            gettext(
                "You can read the record of %(name)s until %(until)s. She sees this.",
                name=patient.user.name,
                until=datetime_local(until),
            )
        )
    return redirect(url_for("patients.show", patient_id=patient.id), 303)


@blueprint.get("/unit/messages/<int:message_id>/close")
@requires(Permission.UNIT_READ)
def open_close_message(message_id: int) -> ResponseReturnValue:
    """The form that asks how the message ended."""
    message = unit_cover.message(current.database(), current.actor(), message_id, Permission.UNIT_READ)
    return _close_page(message, CloseMessageForm(patient_token=patient_token(message.patient_id)))


@blueprint.post("/unit/messages/<int:message_id>/close")
@requires(Permission.UNIT_CLOSE_MESSAGE)
def close_message(message_id: int) -> ResponseReturnValue:
    """Close the message with its outcome, or show the form again."""
    session, actor = current.database(), current.actor()
    message = unit_cover.message(session, actor, message_id, Permission.UNIT_CLOSE_MESSAGE)
    form = CloseMessageForm()
    check_patient_token(form.patient_token.data, message.patient_id)
    if not form.validate_on_submit():
        return _close_page(message, form), 422
    unit_cover.close_message(session, actor, message, outcome=form.chosen, note=form.note.data)
    flash(gettext("The message of %(name)s is closed.", name=message.patient.user.name))
    return redirect(url_for("monitoring.unit"), 303)


def _take_over_page(entry: Entry, form: TakeOverForm) -> str:
    return render_template(
        "monitoring/unit_take_over.html", entry=entry, form=form, movements=recording_words.MOVEMENTS
    )


def _close_page(message: UnitMessage, form: CloseMessageForm) -> str:
    others = other_records.of(current.database(), message.patient)
    return render_template(
        "monitoring/unit_close_message.html",
        message=message,
        birth_date=others.birth_date(message.patient),
        phones=others.phones(message.patient),
        form=form,
        movements=recording_words.MOVEMENTS,
    )


def _text(place: Place) -> str:
    """The place as it stands in an address."""
    return f"{'m' if place.has_message else ''}{places.instant_text(place.since)}.{place.patient_id}"


def _place() -> Place | None:
    """The place in the address, None without one; 400 for anything that `_text` does not make."""
    match = places.parts("after", PLACE)
    if match is None:
        return None
    return Place(places.instant(match[2]), places.row_number(match[3]), has_message=bool(match[1]))
