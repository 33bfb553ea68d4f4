"""One JSON line per request: when, which route, who by number, status, time; nothing that a patient typed."""

import json
import logging
import secrets
import time
from datetime import UTC, datetime

from flask import Flask, g, request
from flask.wrappers import Response

logger = logging.getLogger("dopply.request")


def request_id() -> str:
    """The reference number of this request, shown on error pages and kept in the audit trail."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    return str(g.request_id)


def init_app(app: Flask) -> None:
    """Time each request and log it when its answer is ready."""

    @app.before_request
    def start() -> None:
        g.started = time.monotonic()

    @app.after_request
    def finish(response: Response) -> Response:
        actor = g.get("actor")
        response.headers["X-Request-Id"] = request_id()
        logger.info(
            json.dumps(
                {
                    "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                    "request": request_id(),
                    "user": None if actor is None else actor.user_id,
                    "method": request.method if request.url_rule else "",
                    "route": str(request.url_rule or ""),
                    "status": response.status_code,
                    "ms": round((time.monotonic() - g.get("started", time.monotonic())) * 1000),
                }
            )
        )
        return response
