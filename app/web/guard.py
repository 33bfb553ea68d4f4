"""Deny by default: a view runs only if it declares a permission that the actor can have, or that it is public."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden

from app.access import ActorRole, Permission, may_enter
from app.services import audit
from app.web import current, signed_in
from app.web.request_log import request_id

View = TypeVar("View", bound=Callable[..., Any])

_PERMISSION = "dopply_permission"
_PUBLIC = "dopply_public"


def requires(permission: Permission) -> Callable[[View], View]:
    """Declare the permission of a view. One about a patient is completed by a loader of `app.services.guarded`."""

    def declare(view: View) -> View:
        setattr(view, _PERMISSION, permission)
        return view

    return declare


def public(view: View) -> View:
    """Declare that a view is for everybody, signed in or not."""
    setattr(view, _PUBLIC, True)
    return view


def permission_of(app: Flask, endpoint: str) -> Permission | None:
    """The permission that the endpoint's view declares."""
    return getattr(app.view_functions[endpoint], _PERMISSION, None)


def is_public(app: Flask, endpoint: str) -> bool:
    """Whether the endpoint's view declares that it is public."""
    return getattr(app.view_functions[endpoint], _PUBLIC, False)


def init_app(app: Flask) -> None:
    """Check each request before its view; Flask's own static files are the one public endpoint we do not write."""
    app.view_functions["static"] = public(app.view_functions["static"])

    @app.before_request
    def check() -> ResponseReturnValue | None:
        endpoint = request.endpoint
        if endpoint is None or endpoint == "static":
            return None
        person = signed_in.person()
        g.actor = signed_in.as_actor(person, address=request.remote_addr or "", request_id=request_id())
        if is_public(app, endpoint):
            return None
        permission = permission_of(app, endpoint)
        if permission is None:
            raise Forbidden
        if g.actor.role is ActorRole.ANONYMOUS:
            g.sent_to_sign_in = True
            had_signed_in = session.pop("_user_id", None) is not None
            return redirect(sign_in_url(expired=had_signed_in), 303)
        if not may_enter(g.actor, permission):
            audit.record(
                current.database(), g.actor, "refused", is_refusal=True, permission=permission.value, object_type="page"
            )
            raise Forbidden
        return None


def sign_in_url(*, expired: bool) -> str:
    """The sign-in page that leads back to the page asked for, or to the page of the form that was sent."""
    wanted = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else sent_from()
    return url_for("auth.sign_in", next=wanted, expired=1 if expired else None)


def sent_from() -> str | None:
    """The page of ours that the browser names as the one it comes from, as a path; None for every other."""
    host, slash, path = (request.referrer or "").partition("://")[2].partition("/")
    return slash + path if host == request.host else None
