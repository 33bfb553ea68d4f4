"""Upload: for a patient behind the question about movements, for a doctor behind the choice of a patient."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access import ActorRole, Permission
from app.ctg.formats import ParseError
from app.database import begin_writing_after_reading
from app.models import MonitoringType, Movement, Patient
from app.services import guarded, recordings, session_list, unit_list
from app.services.errors import Refused
from app.services.recordings import StoredRecording
from app.web import current, sentences
from app.web.banner import patient_banner_arguments
from app.web.body_limit import accepts_files
from app.web.guard import requires
from app.web.monitoring import blueprint, movement_token
from app.web.monitoring.upload_form import MovementForm, UploadForm
from app.web.patient_token import check_patient_token, patient_token
from app.web.transaction import reads_first

MAX_ID = 2**31 - 1


@blueprint.get("/upload", endpoint="upload")
@requires(Permission.UPLOAD_OPEN)
def open_form() -> ResponseReturnValue:
    """The form; before it the question a patient answers or the patient a doctor chooses."""
    session, actor = current.database(), current.actor()
    if actor.role is ActorRole.PATIENT and movement_token.read(request.args.get("movement")) is None:
        return render_template("monitoring/upload_movement.html", form=MovementForm())
    if actor.role is not ActorRole.PATIENT and not request.args.get("patient"):
        choices = session_list.patient_choices(session, actor, Permission.UPLOAD_OPEN)
        return render_template("monitoring/upload_patient.html", patients=choices)
    patient_id = actor.patient_id if actor.role is ActorRole.PATIENT else request.args["patient"]
    patient = guarded.patient(session, actor, _id(patient_id), Permission.RECORDING_UPLOAD)
    form = UploadForm(formdata=None)
    form.patient_id.data = str(patient.id)
    form.patient_token.data = patient_token(patient.id)
    form.movement_token.data = request.args.get("movement", "")
    return form_page(patient, form)


@blueprint.post("/upload/movement")
@requires(Permission.MOVEMENT_ANSWER)
def movement() -> ResponseReturnValue:
    """Take her answer along; an answer that worries leaves a message and shows whom to call."""
    session, actor = current.database(), current.actor()
    patient = guarded.patient(session, actor, _id(actor.patient_id), Permission.MOVEMENT_ANSWER)
    form = MovementForm()
    if not form.validate_on_submit():
        return render_template("monitoring/upload_movement.html", form=form), 422
    answer = Movement(form.movement.data)
    token = movement_token.sign(answer)
    if not answer.is_a_worry:
        return redirect(url_for("monitoring.upload", movement=token), 303)
    unit_list.leave_message(session, actor, patient.id, answer)
    return redirect(url_for("monitoring.call_the_unit", movement=token), 303)


@blueprint.get("/upload/call")
@requires(Permission.UPLOAD_OPEN)
def call_the_unit() -> ResponseReturnValue:
    """The emergency card over the whole page, after an answer that worries."""
    token = request.args.get("movement")
    answer = movement_token.read(token)
    if answer is None or not answer.is_a_worry:
        return redirect(url_for("monitoring.upload"), 303)
    return render_template("monitoring/upload_call.html", token=token, saved_id=request.args.get("saved"))


@blueprint.post("/upload")
@requires(Permission.RECORDING_UPLOAD)
@accepts_files
@reads_first
def store_upload() -> ResponseReturnValue:
    """Store the recording, or show the form again with everything typed and the reason."""
    session, actor = current.database(), current.actor()
    form = UploadForm()
    patient = guarded.patient(session, actor, _id(form.patient_id.data), Permission.RECORDING_UPLOAD)
    check_patient_token(form.patient_token.data, patient.id)
    answered = movement_token.read(form.movement_token.data)
    form.ask_movement(answered, is_patient=actor.role is ActorRole.PATIENT)
    if not form.validate_on_submit():
        return form_page(patient, form), 422
    try:
        stored = _store(patient, form, answered or form.answered_movement())
    except ParseError as error:
        form.recording_field.errors = [sentences.parse_error(error)]
    except Refused as refused:
        form.start_date.errors = [sentences.refusal(refused)]
    else:
        public_id = stored.monitoring_session.public_id
        in_form = form.answered_movement()
        if actor.role is ActorRole.PATIENT and in_form is not None and in_form.is_a_worry:
            # She has not been shown whom to call, as she is after the question that stands before the form.
            token = movement_token.sign(in_form)
            return redirect(url_for("monitoring.call_the_unit", movement=token, saved=public_id), 303)
        if not (actor.role is ActorRole.PATIENT and _worries(stored)):
            # After a worry the card comes first on her page, and the page says itself that the recording is saved.
            flash(_what_happened(stored))
        return redirect(url_for("monitoring.session", public_id=public_id), 303)
    return form_page(patient, form), 422


def _worries(stored: StoredRecording) -> bool:
    movement = stored.monitoring_session.movement
    return movement is not None and movement.is_a_worry


def _store(patient: Patient, form: UploadForm, movement: Movement | None) -> StoredRecording:
    """Read and analyse the recording while others may write, then store it; ParseError or Refused if it cannot be."""
    session, actor, zone = current.database(), current.actor(), current.settings().time_zone
    prepared = recordings.prepare(
        session,
        patient,
        form.source_files(),
        started_at=form.started_at(zone),
        zone=zone,
        fetuses=int(form.fetuses.data),
        maternal_bpm=form.maternal_pulse_bpm(),
    )
    begin_writing_after_reading(session)
    return recordings.store_prepared(
        session,
        actor,
        # Asked again: the link may have ended meanwhile.
        guarded.patient(session, actor, patient.id, Permission.RECORDING_UPLOAD),
        prepared,
        monitoring_type=MonitoringType(form.monitoring_type.data),
        movement=movement,
        device_name=form.device_name.data,
        notes=form.notes.data,
    )


def form_page(patient: Patient, form: UploadForm) -> str:
    """The upload form for this patient, with the question about movements where it is still open."""
    actor = current.actor()
    is_patient = actor.role is ActorRole.PATIENT
    if "movement" in form:
        form.ask_movement(movement_token.read(form.movement_token.data), is_patient=is_patient)
    return render_template(
        "monitoring/upload.html",
        form=form,
        is_patient=is_patient,
        banner=None if is_patient else patient_banner_arguments(current.database(), actor, patient),
        max_upload_mb=current.settings().max_upload_mb,
    )


def _what_happened(stored: StoredRecording) -> str:
    """One sentence after an upload."""
    if not stored.is_new:
        return str(gettext("This recording was here already. It is kept once."))
    if current.actor().role is ActorRole.PATIENT:
        return str(gettext("Your recording is saved. Nobody has checked it yet."))
    return str(gettext("The recording is stored."))


def _id(text: object) -> int:
    """A row's id from an address or a hidden field; 400 for anything that is none."""
    digits = str(text or "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10 and 0 < int(digits) <= MAX_ID):
        abort(400)
    return int(digits)
