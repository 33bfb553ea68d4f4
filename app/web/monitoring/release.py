"""Giving a signed reading to the patient: write, see it as she will, release."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext
from markupsafe import Markup
from werkzeug.exceptions import BadRequest

from app.access import Permission
from app.models import Language, MonitoringSession
from app.services import guarded, releases, reviews
from app.services.clock import utc_now
from app.services.errors import Refused
from app.services.patient_view import told
from app.services.releases import Prepared, Words
from app.web import current
from app.web.banner import banner_arguments
from app.web.guard import requires
from app.web.monitoring import blueprint, patient_words, preview_token, reading_words, recording_words
from app.web.monitoring.review_forms import ReleaseForm
from app.web.patient_token import FIELD, check_patient_token, patient_token
from app.web.signed_in import person

MAX_ID = 2**31 - 1


@blueprint.get("/sessions/<public_id:public_id>/release")
@requires(Permission.RELEASE_WRITE)
def release(public_id: str) -> ResponseReturnValue:
    """The empty form beside the signed reading."""
    return _form_page(_load(public_id), ReleaseForm(formdata=None))


@blueprint.post("/sessions/<public_id:public_id>/release/preview")
@requires(Permission.RELEASE_WRITE)
def preview_release(public_id: str) -> ResponseReturnValue:
    """The patient's page as it will be, to be confirmed; nothing is stored."""
    recording = _load_for_form(public_id)
    form = ReleaseForm()
    if "change" in request.form:
        return _form_page(recording, form)
    return _preview(recording, form)


@blueprint.post("/sessions/<public_id:public_id>/release")
@requires(Permission.RELEASE_WRITE)
def store_release(public_id: str) -> ResponseReturnValue:
    """Release exactly the words that were seen; anything else is shown first."""
    recording = _load_for_form(public_id)
    form = ReleaseForm()
    if not form.validate_on_submit():
        return _form_page(recording, form), 422
    words, review_id = form.chosen(), _review_id(form)
    if not preview_token.is_for(form.preview.data, public_id, review_id, words):
        return _preview(recording, form)
    try:
        releases.release(
            current.database(),
            current.actor(),
            recording,
            words,
            review_id=review_id,
            words_are_confirmed=form.words_are_confirmed.data,
        )
    except Refused as refused:
        if refused.code != "words_to_confirm":
            return _refused(recording, form, refused)
        form.words_are_confirmed.errors = [reading_words.REFUSALS[refused.code]]
        return _preview(recording, form)
    flash(gettext("Released. She finds it on her page, and a mail without its content tells her."))
    return redirect(url_for("monitoring.session", public_id=public_id, _anchor="release"), 303)


def _load(public_id: str) -> MonitoringSession:
    return guarded.monitoring_session(current.database(), current.actor(), public_id, Permission.RELEASE_WRITE)


def _load_for_form(public_id: str) -> MonitoringSession:
    recording = _load(public_id)
    check_patient_token(request.form.get(FIELD), recording.patient_id or 0)
    return recording


def _form_page(recording: MonitoringSession, form: ReleaseForm) -> str:
    session, actor = current.database(), current.actor()
    versions = reviews.signed(session, recording)
    newest = reviews.newest(versions)
    calls = releases.calls_that_count(session, recording, versions)
    return render_template(
        "monitoring/release.html",
        form=form,
        newest_reviews=newest,
        unsigned_fetuses=reviews.unsigned(recording, newest),
        review_id=max((review.id for review in newest), default=0),
        calls_that_count=calls,
        is_call_needed=releases.asks_for_a_call(versions) and not calls,
        **_shared(recording),
        words=recording_words,
        banner=banner_arguments(session, actor, recording),
    )


def _preview(recording: MonitoringSession, form: ReleaseForm) -> ResponseReturnValue:
    """The confirmation page, or the form again with what keeps it from being released."""
    is_confirming = bool(form.words_are_confirmed.errors)
    if not is_confirming and not form.validate_on_submit():
        return _form_page(recording, form), 422
    session, words, review_id = current.database(), form.chosen(), _review_id(form)
    try:
        prepared = releases.prepare(session, recording, words, review_id=review_id)
    except Refused as refused:
        return _refused(recording, form, refused)
    page = render_template(
        "monitoring/release_preview.html",
        form=form,
        preview=preview_token.sign(recording.public_id, review_id, words),
        review_id=review_id,
        patient_page=_as_she_will_see_it(recording, words, prepared),
        language=_language(recording),
        words_to_confirm=prepared.words_to_confirm,
        **_shared(recording),
        words=recording_words,
        banner=banner_arguments(session, current.actor(), recording),
    )
    return page, 422 if is_confirming else 200


def _refused(recording: MonitoringSession, form: ReleaseForm, refused: Refused) -> ResponseReturnValue:
    field = form.message if refused.code.startswith("message") else form.kind
    field.errors = [reading_words.REFUSALS[refused.code]]
    return _form_page(recording, form), 422


def _as_she_will_see_it(recording: MonitoringSession, words: Words, prepared: Prepared) -> Markup:
    """The part of her page that speaks of this recording, in her language, from the template of her page."""
    reader = person()
    state = told(
        words.kind,
        prepared.reading,
        reason=prepared.reason,
        message=words.message,
        writer_name="" if reader is None else reader.name,
        written_at=utc_now(),
    )
    with force_locale(_language(recording).value):
        page = render_template("monitoring/_patient_state.html", state=state, patient_words=patient_words)
    return Markup(page)  # noqa: S704 - rendered, and so escaped, one line above


def _shared(recording: MonitoringSession) -> dict[str, object]:
    return {
        "monitoring_session": recording,
        "reading_words": reading_words,
        "reading_token": patient_token(recording.patient_id or 0),
    }


def _language(recording: MonitoringSession) -> Language:
    """The patient's language, English where she has none."""
    return (recording.patient and recording.patient.user.language) or Language.ENGLISH


def _review_id(form: ReleaseForm) -> int:
    text = form.review_id.data or ""
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= MAX_ID):
        raise BadRequest
    return int(text)
