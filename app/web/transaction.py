"""One transaction per request, ended in one place: kept when the view answered, undone when it raised."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, g, has_request_context, request
from flask.wrappers import Response
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.exceptions import Forbidden

from app.access import is_about_a_patient
from app.database import WRITES, begin_writing, begin_writing_after_reading
from app.extensions import db
from app.services import browser_sessions, guarded, transaction
from app.web import current, errors, guard, signed_in

View = TypeVar("View", bound=Callable[..., Any])

READING_METHODS = {"GET", "HEAD", "OPTIONS"}

_READS_FIRST = "dopply_reads_first"


def reads_first(view: View) -> View:
    """Declare that a view of POST reads and computes before it writes, and begins writing by itself.

    A transaction that writes locks all of SQLite: one that begins with the request keeps everybody waiting while a
    long recording is analysed. What decides whether the view may write is asked again after it began to.
    """
    setattr(view, _READS_FIRST, True)
    return view


def begins_by_itself(app: Flask, endpoint: str) -> bool:
    """Whether the endpoint's view declares that it reads first."""
    return getattr(app.view_functions[endpoint], _READS_FIRST, False)


def init_app(app: Flask) -> None:
    """Begin before the guard loads anybody; end after the view, before the answer leaves."""

    @app.before_request
    def begin() -> None:
        endpoint = request.endpoint
        if endpoint in {None, "static", "healthz"} or request.method in READING_METHODS:
            return
        if not begins_by_itself(app, str(endpoint)):
            begin_writing(current.database())

    @app.after_request
    def end(response: Response) -> Response:
        if request.endpoint in {None, "static", "healthz", "readyz"} or "actor" not in g:
            return response
        session = current.database()
        if g.get("failed"):
            transaction.roll_back(session)
            return response
        permission = guard.permission_of(app, str(request.endpoint))
        if (
            permission is not None
            and is_about_a_patient(permission)
            and response.status_code < 400
            and not g.get("sent_to_sign_in")
            and not guarded.was_authorized(session, permission)
        ):
            # The view answered without asking whether this patient is the actor's to see: nothing leaves.
            app.logger.error("view %s never checked %s", request.endpoint, permission)
            transaction.roll_back(session)
            return errors.respond(Forbidden())
        touch_browser(session)
        transaction.commit(session)
        return response


@event.listens_for(db.session, "before_flush")
def refuse_changes_by_reading(session: Session, *_: object) -> None:
    """Raise when a view has changed an object while it read: only a transaction that began as a writing one may."""
    if has_request_context() and not session.info.get(WRITES):
        raise RuntimeError("a request that only reads changed data")


def touch_browser(session: Session) -> None:
    """Write that this browser was used, in the transaction that ends the request."""
    person = signed_in.person()
    if person is not None and person.needs_touch:
        begin_writing_after_reading(session)
        browser_sessions.touch(session, person.browser_id)
