"""What a reader sees when something does not work: a page with the way on, a reference number, the emergency card."""

from collections.abc import Sequence

from flask import Flask, current_app, g, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError, TimeoutError
from werkzeug.exceptions import (
    BadRequest,
    Conflict,
    HTTPException,
    InternalServerError,
    NotFound,
    ServiceUnavailable,
    TooManyRequests,
    UnprocessableEntity,
)

from app.services import errors as domain
from app.web import current
from app.web.request_log import request_id
from app.web.typed_text import TypedText, page_of_the_form, typed_texts

RETRY_AFTER_S = 5


def init_app(app: Flask) -> None:
    """Register a handler for everything that a view can raise."""
    app.register_error_handler(HTTPException, handle_http)
    app.register_error_handler(CSRFError, handle_old_form)
    app.register_error_handler(domain.DomainError, handle_domain)
    app.register_error_handler(OperationalError, handle_database)
    app.register_error_handler(TimeoutError, handle_database)
    app.register_error_handler(InternalServerError, handle_crash)


def handle_http(error: HTTPException) -> Response:
    """The page of an HTTP error; a redirect that werkzeug raises is no error."""
    if error.code is not None and error.code < 400:
        return make_response(error.get_response())
    return respond(error)


def handle_old_form(error: CSRFError) -> Response:
    """A form of another sign-in: what was typed into it stands on the page, to be taken over into a new one."""
    return respond(error, typed=typed_texts(), form_href=page_of_the_form())


def handle_domain(error: domain.DomainError) -> Response:
    """A use case said no and its view had nothing better to say."""
    if isinstance(error, domain.Moved):
        return make_response(redirect(_page_of_current_record(error), 303))
    if isinstance(error, domain.NotFound):
        return respond(NotFound())
    if isinstance(error, domain.Conflict):
        return respond(Conflict())
    if isinstance(error, domain.Throttled):
        return respond(TooManyRequests(retry_after=int(str(error.values["retry_after_s"]))))
    return respond(UnprocessableEntity())


def _page_of_current_record(error: domain.Moved) -> str:
    """The same page of her current record, where there is one, else that record."""
    arguments = request.view_args or {}
    if request.method == "POST" or "patient_id" not in arguments:
        return url_for("patients.show", patient_id=error.values["patient_id"])
    return url_for(str(request.endpoint), **{**arguments, "patient_id": error.values["patient_id"]})


def handle_database(error: DBAPIError | TimeoutError) -> Response:
    """The database does not answer: 503, and no further question to it."""
    current_app.logger.error("database unavailable: %s", type(error).__name__)
    g.database_is_down = True
    return respond(ServiceUnavailable(retry_after=RETRY_AFTER_S))


def handle_crash(error: InternalServerError) -> Response:
    """A defect of ours, or a database that went away while the transaction ended."""
    if isinstance(error.original_exception, OperationalError | TimeoutError):
        return handle_database(error.original_exception)
    return respond(error)


def respond(error: HTTPException, *, form_href: str | None = None, typed: Sequence[TypedText] = ()) -> Response:
    """The error page; the transaction hook sees `g.failed` and undoes what the view did."""
    g.failed = True
    undo()
    status = error.code or BadRequest.code
    limit_mb = current.settings().max_upload_mb
    words = render_template(
        "errors/error.html",
        status=status,
        reference=request_id(),
        max_upload_mb=limit_mb,
        form_href=form_href,
        typed=typed,
    )
    page = make_response(words, status)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            page.headers[name] = value
    return page


def undo() -> None:
    """Roll back at once: the page asks the database, which must not see what the view left half done."""
    if g.get("database_is_down"):
        return
    try:
        current.database().rollback()
    except SQLAlchemyError:
        g.database_is_down = True
