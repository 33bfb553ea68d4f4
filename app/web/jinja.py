"""What every template can use; an undefined name is an error."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, g, url_for
from jinja2 import StrictUndefined

from app.services.browser_sessions import IDLE_LIMIT, TOUCH_EVERY
from app.web import current, i18n
from app.web.recorded_at import is_doubtful, recorded_at
from app.web.viewer import emergency_contact, languages, navigation, viewer
from config import ROOT


def init_app(app: Flask) -> None:
    """Filters, globals and the context of the layout."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    for name in (
        "datetime_local",
        "date_local",
        "time_local",
        "gestation",
        "gestation_words",
        "duration_words",
        "percent",
    ):
        app.jinja_env.filters[name] = getattr(i18n, name)
    app.jinja_env.filters["recorded_at"] = recorded_at
    app.jinja_env.filters["is_doubtful"] = is_doubtful
    app.jinja_env.globals["asset"] = asset
    app.context_processor(layout_context)


def layout_context() -> dict[str, Any]:
    """What layout.html needs; without a single database question once a request has failed."""
    someone = None if g.get("database_is_down") else viewer()
    return {
        "viewer": someone,
        "nav": navigation(someone),
        "is_demo": current.settings().is_demo,
        "emergency": emergency_contact(),
        "languages": languages(),
        # Its last use is written to the minute, so it may end that much earlier.
        "idle_limit_s": int((IDLE_LIMIT - TOUCH_EVERY).total_seconds()),
    }


def asset(path: str) -> str:
    """The address of a static file with its content's hash, so that it can be kept for ever."""
    return url_for("static", filename=path, v=_content_hash(path))


@lru_cache(maxsize=256)
def _content_hash(path: str) -> str:
    return hashlib.sha256(Path(ROOT, "static", path).read_bytes()).hexdigest()[:12]
