"""The only page of a doctor whom no administrator has validated."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.access import Permission
from app.web.auth import blueprint
from app.web.guard import requires


@blueprint.get("/waiting")
@requires(Permission.WAITING_READ)
def waiting() -> ResponseReturnValue:
    """What a doctor reads until she is validated."""
    return render_template("auth/waiting.html")
