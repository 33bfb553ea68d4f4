"""A portal without the unit's phone shows a patient whom to call, and nothing else (SAFETY 2.5)."""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

from app.access import ActorRole, Permission
from app.web import current, guard
from app.web.transaction import READING_METHODS
from app.web.viewer import emergency_contact

# Without a permission: public pages, such as the one to sign in. Her account she can always change and leave.
SHOWN_ALL_THE_SAME = {None, Permission.ACCOUNT_MANAGE}


def init_app(app: Flask) -> None:
    """Ask before each page of a patient; what she sends is taken, for it may be a worry that the unit must hear."""

    @app.before_request
    def check() -> ResponseReturnValue | None:
        if request.endpoint is None or request.method not in READING_METHODS:
            return None
        if guard.permission_of(app, request.endpoint) in SHOWN_ALL_THE_SAME:
            return None
        if current.actor().role is not ActorRole.PATIENT or emergency_contact().is_the_unit:
            return None
        return render_template("errors/not_ready.html"), 503
