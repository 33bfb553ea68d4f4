"""What somebody reads whose link is used, too old or mistyped; the three look the same."""

from flask import g, make_response, render_template
from flask.wrappers import Response

from app.services.errors import NotFound
from app.web.auth import blueprint


@blueprint.errorhandler(NotFound)
def link_ended(_error: NotFound) -> Response:
    """404 with the way to a new link."""
    g.failed = True
    return make_response(render_template("auth/link_ended.html"), 404)
