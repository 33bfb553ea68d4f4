"""Reading a recording: draft, sign, amend."""

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_time, gettext
from werkzeug.exceptions import BadRequest

from app.access import Permission
from app.database import begin_writing
from app.models import MonitoringSession
from app.services import drafts, guarded, reviews, throttle
from app.services.drafts import Tab
from app.services.errors import Conflict, Refused
from app.services.reviews import Seen
from app.web import current
from app.web.banner import banner_arguments
from app.web.guard import requires
from app.web.monitoring import blueprint, reading_words, recording_words
from app.web.monitoring.damaged import facts_for_page
from app.web.monitoring.review_context import review_context
from app.web.monitoring.review_forms import DRAFT_FIELDS, VIEW_FIELDS, ReadingForm, typed_words
from app.web.monitoring.session_view import session_view
from app.web.monitoring.strip_view import StripView
from app.web.patient_token import FIELD, check_patient_token

MAX_ID = 2**31 - 1


@blueprint.get("/sessions/<public_id:public_id>/review")
@requires(Permission.REVIEW_WRITE)
def review(public_id: str) -> ResponseReturnValue:
    """The reading on a page of its own: for phones, for amendments, and for a form that was not accepted."""
    recording = _load(public_id)
    return _page(recording, session_view(recording, facts_for_page(recording)))


@blueprint.post("/sessions/<public_id:public_id>/review/draft")
@requires(Permission.REVIEW_WRITE)
def save_draft(public_id: str) -> ResponseReturnValue:
    """Keep what is typed; a script gets the time, a form goes back to the page."""
    recording = _load_for_form(public_id)
    typed = {name: request.form[name] for name in DRAFT_FIELDS if name in request.form}
    is_script = request.accept_mimetypes.best == "application/json"
    fetus = _number(request.form.get("fetus"))
    tab = Tab(request.form.get("draft_tab", ""), request.form.get("draft_opened_with", ""))
    try:
        draft = drafts.save(current.database(), current.actor(), recording, fetus=fetus, typed=typed, tab=tab)
    except Conflict as conflict:
        if conflict.code == "draft_changed":
            words = jsonify(changed=reading_words.DRAFT_CHANGED) if is_script else _both_drafts(recording, fetus, typed)
            return words, 409
        if is_script:
            return jsonify(saved=gettext("Not kept: this reading has been signed."))
        return _both(recording, _view(recording), ReadingForm()), 409
    saved = gettext("Draft saved %(time)s", time=format_time(draft.saved_at, "HH:mm:ss"))
    if is_script:
        return jsonify(saved=saved)
    flash(saved)
    amend = 1 if typed.get("amends") else None
    where = "monitoring.session" if amend is None else "monitoring.review"
    place = _view(recording).arguments() | {"fetus": fetus, "amend": amend}
    return redirect(url_for(where, public_id=public_id, _anchor="reading", **place), 303)


@blueprint.post("/sessions/<public_id:public_id>/review")
@requires(Permission.REVIEW_WRITE)
def sign_review(public_id: str) -> ResponseReturnValue:
    """Sign the reading; what is not accepted is shown again with everything typed but the password."""
    recording = _load_for_form(public_id)
    form, view = ReadingForm(), _view(recording)
    if not form.validate_on_submit():
        return _page(recording, view, form), 422
    session, actor = current.database(), current.actor()
    # A borrowed browser must not be a place to guess a password.
    attempt = throttle.count(session, "sign", account=str(actor.user_id), address=actor.address)
    begin_writing(session)
    try:
        reviews.sign(
            session,
            actor,
            recording,
            fetus=_number(form.fetus.data),
            stated=form.stated(),
            seen=Seen(form.trace_digest.data or "", view.scale.speed_cm_min, view.scale.bpm_per_cm),
            password=form.password.data,
            amends_id=_number(form.amends.data) if form.amends.data else None,
            amendment_reason=form.amendment_reason.data,
        )
    except Refused as refused:
        field = {"wrong_password": form.password, "reason_needed": form.amendment_reason}.get(refused.code)
        (form.form_errors if field is None else field.errors).append(reading_words.REFUSALS[refused.code])
        return _page(recording, view, form), 422
    except Conflict as conflict:
        if conflict.code == "another_recording":
            raise
        return _both(recording, view, form), 409
    throttle.take_back(session, attempt)
    flash(gettext("The reading is signed."))
    return redirect(url_for("monitoring.session", public_id=public_id, _anchor="reading"), 303)


def _load(public_id: str) -> MonitoringSession:
    return guarded.monitoring_session(current.database(), current.actor(), public_id, Permission.REVIEW_WRITE)


def _load_for_form(public_id: str) -> MonitoringSession:
    recording = _load(public_id)
    check_patient_token(request.form.get(FIELD), recording.patient_id or 0)
    return recording


def _page(recording: MonitoringSession, view: StripView, form: ReadingForm | None = None) -> str:
    session, actor = current.database(), current.actor()
    return render_template(
        "monitoring/review.html",
        words=recording_words,
        banner=banner_arguments(session, actor, recording),
        view=view,
        **review_context(session, actor, recording, view, form=form),
    )


def _both(recording: MonitoringSession, view: StripView, form: ReadingForm) -> str:
    """Somebody was faster: the signed reading and what was typed, so that nothing is lost."""
    session, actor = current.database(), current.actor()
    context = review_context(session, actor, recording, view)
    signed = [one for one in context["newest_reviews"] if str(one.fetus) == form.fetus.data]
    return render_template(
        "monitoring/review_conflict.html",
        words=recording_words,
        banner=banner_arguments(session, actor, recording),
        signed=signed,
        typed=form.stated(),
        **context,
    )


def _both_drafts(recording: MonitoringSession, fetus: int, typed: dict[str, str]) -> str:
    """Another tab has kept something meanwhile: that, what was typed here, and a way to keep either."""
    session, actor = current.database(), current.actor()
    draft = drafts.find(session, actor, recording)
    to_be_kept = {
        **{name: text for name, text in request.form.items() if name not in {"csrf_token", "password"}},
        "draft_opened_with": drafts.version(draft, fetus),
    }
    return render_template(
        "monitoring/draft_conflict.html",
        words=recording_words,
        banner=banner_arguments(session, actor, recording),
        monitoring_session=recording,
        view=_view(recording),
        fetus=fetus,
        amends=typed.get("amends"),
        kept=typed_words(drafts.typed_for(draft, fetus)),
        typed=typed_words(typed),
        to_be_kept=to_be_kept,
    )


def _view(recording: MonitoringSession) -> StripView:
    """The strip that stood beside the form that was sent; 400 without it, and for one that no strip has."""
    if not set(VIEW_FIELDS) <= request.form.keys():
        raise BadRequest
    return session_view(recording, facts_for_page(recording), request.form)


def _number(text: str | None) -> int:
    """A number that one of our hidden fields holds; 400 for anything else."""
    if not text or not text.isascii() or not text.isdigit() or len(text) > 10 or int(text) > MAX_ID:
        raise BadRequest
    return int(text)
