"""Recordings: upload, strip, queue, review and release."""

from flask import Blueprint

blueprint = Blueprint("monitoring", __name__, url_prefix="/monitoring")

# The views register themselves on the blueprint, so they come after it.
from app.web.monitoring import (  # noqa: E402
    compare,  # noqa: F401
    contact,  # noqa: F401
    damaged,  # noqa: F401
    overview,  # noqa: F401
    queue,  # noqa: F401
    release,  # noqa: F401
    review,  # noqa: F401
    samples,  # noqa: F401
    session,  # noqa: F401
    sessions,  # noqa: F401
    strip,  # noqa: F401
    strip_files,  # noqa: F401
    unit,  # noqa: F401
    upload,  # noqa: F401
)
