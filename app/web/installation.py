"""Demo and real data never meet: an instance on a database of the other kind answers 503 on every page."""

from flask import Flask, g, request
from sqlalchemy.exc import ProgrammingError
from werkzeug.exceptions import ServiceUnavailable

from app.services import installation
from app.web import current

# They say what is wrong, or show no data.
UNCHECKED = {"static", "healthz", "readyz"}


def init_app(app: Flask) -> None:
    """Ask the database before the first page, and again as long as the answer is wrong."""
    is_right = False

    @app.before_request
    def check() -> None:
        nonlocal is_right
        if is_right or request.endpoint in UNCHECKED:
            return
        is_right = has_right_database()
        if not is_right:
            app.logger.error("a demo instance needs a demo database, and a real one a real database")
            # Not even the unit's phone is taken from there.
            g.database_is_down = True
            raise ServiceUnavailable


def has_right_database() -> bool:
    """Whether the database is of this instance's kind; one that was never upgraded is not."""
    try:
        return installation.is_demo(current.database()) == current.settings().is_demo
    except ProgrammingError:
        return False
