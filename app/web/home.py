"""`/` sends each reader to the page where her work begins."""

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access import ActorRole
from app.web import current
from app.web.guard import public


def init_app(app: Flask) -> None:
    """Register the address."""
    app.add_url_rule("/", "home", home)


@public
def home() -> ResponseReturnValue:
    """The queue, her record, the doctors to validate, or the sign-in page."""
    return redirect(url_for(home_endpoint()), 303)


def home_endpoint() -> str:
    """The endpoint of the actor's first page."""
    actor = current.actor()
    if actor.role is ActorRole.DOCTOR:
        return "monitoring.queue" if actor.is_validated else "auth.waiting"
    if actor.role is ActorRole.PATIENT:
        return "patients.mine"
    if actor.role is ActorRole.ADMIN:
        return "admin.doctors"
    return "auth.sign_in"
