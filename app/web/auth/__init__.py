"""Signing in and out, registration, passwords, and the page of a doctor who waits."""

from flask import Blueprint

blueprint = Blueprint("auth", __name__, url_prefix="/auth")

# The views hang themselves on the blueprint.
from app.web.auth import activate, link_ended, password, register, sign_in, waiting  # noqa: E402, F401
