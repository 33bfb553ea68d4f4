"""Logging an attempt to reach the patient."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access import Permission
from app.services import contacts, guarded
from app.web import current
from app.web.banner import banner_arguments
from app.web.guard import requires
from app.web.monitoring import blueprint, recording_words
from app.web.monitoring.review_context import contact_context
from app.web.monitoring.review_forms import ContactForm
from app.web.patient_token import FIELD, check_patient_token


@blueprint.post("/sessions/<public_id:public_id>/contact")
@requires(Permission.CONTACT_LOG)
def log_contact(public_id: str) -> ResponseReturnValue:
    """Log how the attempt ended."""
    session, actor = current.database(), current.actor()
    recording = guarded.monitoring_session(session, actor, public_id, Permission.CONTACT_LOG)
    check_patient_token(request.form.get(FIELD), recording.patient_id or 0)
    form = ContactForm()
    if not form.validate_on_submit():
        context = contact_context(session, recording, form)
        banner = banner_arguments(session, actor, recording)
        return render_template("monitoring/contact.html", words=recording_words, banner=banner, **context), 422
    contacts.log(session, actor, recording, outcome=form.chosen(), note=form.note.data)
    flash(gettext("The call is logged."))
    return redirect(url_for("monitoring.session", public_id=public_id, _anchor="contact"), 303)
