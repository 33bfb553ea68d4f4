"""The dating of a pregnancy, by a doctor with a live link."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access import Permission
from app.models import Patient
from app.services import guarded, pregnancies
from app.services.clock import utc_now
from app.services.errors import Conflict, Refused
from app.web import current
from app.web.banner import DATING_METHODS, patient_banner_arguments
from app.web.guard import requires
from app.web.i18n import date_local
from app.web.patient_token import check_patient_token, patient_token
from app.web.patients import blueprint
from app.web.patients.forms import NO, YES, PregnancyForm


@blueprint.get("/<int:patient_id>/pregnancy")
@requires(Permission.PREGNANCY_EDIT)
def pregnancy(patient_id: int) -> ResponseReturnValue:
    """The form; risk and complications stand as they are, a dating is asked for anew or kept."""
    session, actor = current.database(), current.actor()
    patient = guarded.patient(session, actor, patient_id, Permission.PREGNANCY_EDIT)
    form = PregnancyForm(formdata=None)
    pregnancy = pregnancies.current(session, patient.id)
    form.seen.data = pregnancies.version(pregnancy)
    if pregnancy is not None:
        known = pregnancies.known_of(pregnancy)
        form.high_risk.data = YES if known.is_high_risk else NO
        form.complications.data = "\n".join(known.complications)
    return form_page(patient, form)


@blueprint.post("/<int:patient_id>/pregnancy")
@requires(Permission.PREGNANCY_EDIT)
def store_pregnancy(patient_id: int) -> ResponseReturnValue:
    """Date the pregnancy, or show the form again with everything typed and the reason."""
    session, actor = current.database(), current.actor()
    patient = guarded.patient(session, actor, patient_id, Permission.PREGNANCY_EDIT)
    check_patient_token(request.form.get("patient_token"), patient.id)
    form = PregnancyForm()
    form.offer(can_keep=True)
    if not form.validate_on_submit():
        return form_page(patient, form), 422
    try:
        pregnancies.date_pregnancy(
            session,
            actor,
            patient.id,
            dating=form.dating(),
            is_high_risk=form.high_risk.data == YES,
            complications=form.listed_complications(),
            today=today(),
            seen=form.seen.data,
        )
    except Refused as refused:
        form.day.errors = [refusal(refused)]
        return form_page(patient, form), 422
    except Conflict:
        form.seen.data = pregnancies.version(pregnancies.current(session, patient.id))
        return form_page(patient, form, has_changed=True), 409
    flash(gettext("The pregnancy is saved."))
    return redirect(url_for("patients.show", patient_id=patient.id), 303)


def form_page(patient: Patient, form: PregnancyForm, *, has_changed: bool = False) -> str:
    """The form beside what is known now."""
    session, actor = current.database(), current.actor()
    pregnancy = pregnancies.current(session, patient.id)
    known = pregnancies.known_of(pregnancy)
    form.offer(can_keep=known.due_date is not None)
    form.patient_token.data = patient_token(patient.id)
    return render_template(
        "patients/pregnancy.html",
        form=form,
        patient=patient,
        known=None if pregnancy is None else known,
        methods=DATING_METHODS,
        banner=patient_banner_arguments(session, actor, patient),
        has_changed=has_changed,
    )


def refusal(refused: Refused) -> str:
    """Why the dating was not stored."""
    sentences = {
        "day_in_future": gettext("This day lies in the future. Only a due date can."),
        "day_too_far": gettext("This day is too far away. Check the date."),
        "due_date_implausible": gettext(
            "This gives the due date %(due_date)s, which cannot be: today would not lie between 0 and 44 weeks. "
            "Check the date and the method.",
            due_date=date_local(due) if isinstance(due := refused.values.get("due_date"), date) else "",
        ),
        "nothing_to_keep": gettext("There is no due date yet. Choose how the pregnancy is dated."),
    }
    return str(sentences[refused.code])


def today() -> date:
    """The day that it is in the unit."""
    return utc_now().astimezone(current.settings().time_zone).date()
