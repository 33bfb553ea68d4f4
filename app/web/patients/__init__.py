"""A patient's page and record."""

from flask import Blueprint

blueprint = Blueprint("patients", __name__, url_prefix="/patients")

# The views hang themselves on the blueprint.
from app.web.patients import access_log, listing, pregnancy, preregister, record, trend  # noqa: E402, F401
