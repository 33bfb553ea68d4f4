"""Pre-registration of a woman who is in the clinic and has no account."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access import Permission
from app.models import Language
from app.services import preregistration
from app.services.errors import Refused
from app.services.preregistration import NewPatient
from app.web import current
from app.web.auth.mail_links import address, links
from app.web.guard import requires
from app.web.patients import blueprint
from app.web.patients.forms import PreregisterForm


@blueprint.get("/new")
@requires(Permission.PATIENT_PREREGISTER)
def new() -> ResponseReturnValue:
    """The empty form."""
    return render_template("patients/new.html", form=PreregisterForm(formdata=None))


@blueprint.post("/new")
@requires(Permission.PATIENT_PREREGISTER)
def create() -> ResponseReturnValue:
    """Make the record and show the code for her paper, once: the answer is the page itself and nothing keeps it.

    A known address is answered as a request for access is.
    """
    form = PreregisterForm()
    if not form.validate_on_submit():
        return render_template("patients/new.html", form=form), 422
    try:
        made = preregistration.preregister(
            current.database(),
            current.actor(),
            NewPatient(
                name=form.name.data,
                email=form.email.data,
                birth_date=form.birth_date.data,
                phone=form.phone.data,
                language=Language(form.language.data),
                consent=form.consent.data,
            ),
            links(),
            page_address=address("links.index"),
        )
    except Refused as refused:
        if refused.code != "too_many_today":
            raise
        form.form_errors.append(
            gettext("You have made %(limit)s records in one day, as many as one person may. Go on tomorrow.")
            % refused.values
        )
        return render_template("patients/new.html", form=form), 422
    if made is None:
        flash(gettext("If this address belongs to a patient, she will see your request."))
        return redirect(url_for("links.index"), 303)
    return render_template(
        "patients/code.html",
        patient=made.patient,
        code=made.code,
        activation_address=url_for("auth.activate_code", _external=True),
    )
