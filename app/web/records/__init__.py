"""Recordings in the older store of the older system: a list, and each with its strip."""

from flask import Blueprint

blueprint = Blueprint("records", __name__, url_prefix="/records")

# The views hang themselves on the blueprint.
from app.web.records import listing, overview, record, strip, strip_files  # noqa: E402, F401
