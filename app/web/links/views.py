"""Who may see whom: a doctor asks and ends, a patient accepts, declines and ends."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access import ActorRole, Permission
from app.services import guarded, linking, links
from app.services.errors import NotFound, Refused
from app.web import current
from app.web.auth.mail_links import address
from app.web.guard import requires
from app.web.i18n import datetime_local
from app.web.links import blueprint, words
from app.web.links.forms import RequestForm
from app.web.patient_token import check_patient_token


@blueprint.get("")
@requires(Permission.LINK_LIST)
def index() -> ResponseReturnValue:
    """A patient's links of every kind, or a doctor's live ones with the form to ask for another."""
    session, actor = current.database(), current.actor()
    if actor.role is ActorRole.PATIENT and actor.patient_id is not None:
        patient = guarded.patient(session, actor, actor.patient_id, Permission.PATIENT_READ)
        return render_template(
            "links/patient.html",
            patient=patient,
            requests=links.requests_to_patient(session, patient.id),
            live=links.live_of_patient(session, patient.id),
            past=links.past_of_patient(session, patient.id),
            words=words,
        )
    return doctors_page(RequestForm(formdata=None))


@blueprint.post("/request")
@requires(Permission.LINK_REQUEST)
def request_access() -> ResponseReturnValue:
    """Ask; the answer is the same for every address."""
    form = RequestForm()
    if not form.validate_on_submit():
        return doctors_page(form), 422
    linking.request_access(
        current.database(), current.actor(), email=form.email.data, page_address=address("links.index")
    )
    flash(gettext("If this address belongs to a patient, she will see your request."))
    return redirect(url_for("links.index"), 303)


@blueprint.post("/<int:doctor_id>/<int:patient_id>/accept")
@requires(Permission.LINK_DECIDE)
def accept(doctor_id: int, patient_id: int) -> ResponseReturnValue:
    """Let the doctor see the record."""
    session, actor = current.database(), current.actor()
    guarded.patient(session, actor, patient_id, Permission.LINK_DECIDE)
    linking.accept(session, actor, doctor_id=doctor_id, patient_id=patient_id)
    flash(gettext("Accepted. You can end this access at any time."))
    return redirect(url_for("links.index"), 303)


@blueprint.post("/<int:doctor_id>/<int:patient_id>/decline")
@requires(Permission.LINK_DECIDE)
def decline(doctor_id: int, patient_id: int) -> ResponseReturnValue:
    """Do not let the doctor see the record."""
    session, actor = current.database(), current.actor()
    guarded.patient(session, actor, patient_id, Permission.LINK_DECIDE)
    until = linking.decline(session, actor, doctor_id=doctor_id, patient_id=patient_id)
    if until is None:
        flash(gettext("Declined. The doctor sees nothing of your record."))
    else:
        flash(
            gettext(
                "Declined. The doctor has taken over for the unit and can read your record until %(until)s. You can "
                "end that at any time.",
                until=datetime_local(until),
            )
        )
    return redirect(url_for("links.index"), 303)


@blueprint.post("/<int:doctor_id>/<int:patient_id>/end")
@requires(Permission.LINK_END)
def end(doctor_id: int, patient_id: int) -> ResponseReturnValue:
    """End a link: one's own as a doctor, any of hers as the patient."""
    session, actor = current.database(), current.actor()
    guarded.patient(session, actor, patient_id, Permission.LINK_END)
    if actor.role is ActorRole.DOCTOR and actor.user_id != doctor_id:
        raise NotFound("link")
    if actor.role is ActorRole.DOCTOR:
        check_patient_token(request.form.get("patient_token"), patient_id)
    try:
        linking.end(session, actor, doctor_id=doctor_id, patient_id=patient_id)
    except Refused as refused:
        flash(words.refusal(refused), "error")
        return redirect(url_for("patients.show", patient_id=patient_id), 303)
    flash(gettext("The access has ended."))
    return redirect(url_for("links.index"), 303)


def doctors_page(form: RequestForm) -> str:
    """A doctor's live links and the form."""
    session, actor = current.database(), current.actor()
    return render_template("links/doctor.html", form=form, live=links.live_of_doctor(session, actor), words=words)
