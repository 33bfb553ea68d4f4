"""Doctor-patient links: ask, accept, decline, end."""

from flask import Blueprint

blueprint = Blueprint("links", __name__, url_prefix="/links")

# The views hang themselves on the blueprint.
from app.web.links import views  # noqa: E402, F401
