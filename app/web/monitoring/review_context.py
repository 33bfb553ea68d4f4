"""What the reading beside a strip shows: signed versions, the draft or empty form, calls and releases."""

from secrets import token_urlsafe
from typing import Any

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.access import Actor
from app.models import MonitoringSession, Review, ReviewDraft
from app.services import contacts, drafts, open_calls, other_records, releases, reviewable, reviews, traces
from app.web.monitoring import reading_words
from app.web.monitoring.review_forms import VIEW_FIELDS, ContactForm, ReadingForm
from app.web.monitoring.strip_view import StripView
from app.web.patient_token import patient_token


def review_context(
    session: Session,
    actor: Actor,
    monitoring_session: MonitoringSession,
    view: StripView,
    *,
    form: ReadingForm | None = None,
) -> dict[str, Any]:
    """The variables of templates/monitoring/_reading.html beside the strip `view`; `form` is one shown again."""
    versions = reviews.signed(session, monitoring_session)
    newest = reviews.newest(versions)
    draft = drafts.find(session, actor, monitoring_session)
    unsigned = reviews.unsigned(monitoring_session, newest)
    digest = traces.digest(session, monitoring_session)
    if form is None:
        form = _form(digest, newest, unsigned, draft)
    if form is not None:
        for name, value in view.arguments().items():
            form[name].data = str(value)
        if digest is None:
            form.offer_without_curve()
    return {
        **contact_context(session, monitoring_session, ContactForm(formdata=None)),
        "has_curve": digest is not None,
        "reviews": versions,
        "newest_reviews": newest,
        "older_reviews": [review for review in versions if review not in newest],
        "fetuses": reviewable.fetuses(monitoring_session),
        "unsigned_fetuses": unsigned,
        "review_form": form,
        "draft": draft,
        "view_fields": VIEW_FIELDS,
        "releases": releases.made(session, monitoring_session),
        "is_call_open": open_calls.is_open(session, monitoring_session),
    }


def contact_context(session: Session, monitoring_session: MonitoringSession, form: ContactForm) -> dict[str, Any]:
    """The variables of templates/monitoring/_contacts.html."""
    patient = monitoring_session.patient
    return {
        "monitoring_session": monitoring_session,
        "phones": [] if patient is None else other_records.of(session, patient).phones(patient),
        "contacts": contacts.logged(session, monitoring_session),
        "contact_form": form,
        "reading_words": reading_words,
        "reading_token": patient_token(monitoring_session.patient_id or 0),
    }


def _form(
    digest: str | None,
    newest: list[Review],
    unsigned: list[int],
    draft: ReviewDraft | None,
) -> ReadingForm | None:
    """The form for the fetus and purpose that the address names, as it was left; None when all is signed."""
    asked = request.args.get("fetus", "")
    amended = next((review for review in newest if str(review.fetus) == asked), None)
    if "amend" in request.args and amended is not None:
        fetus, amends = amended.fetus, str(amended.id)
    elif unsigned:
        fetus, amends = next((number for number in unsigned if str(number) == asked), unsigned[0]), ""
    else:
        return None
    typed = drafts.typed_for(draft, fetus)
    if typed.get("amends", "") != amends:
        typed = {}
    form = ReadingForm(formdata=MultiDict(typed) if typed else None)
    form.fetus.data = str(fetus)
    form.amends.data = amends
    form.trace_digest.data = digest or reviews.NO_CURVE
    form.draft_tab.data = token_urlsafe(9)
    form.draft_opened_with.data = drafts.version(draft, fetus)
    return form
