"""`/healthz`: the process lives. `/readyz`: the database answers, is at head and of this instance's kind."""

from functools import cache

from flask import Flask
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.services import installation
from app.web import current
from app.web.guard import public
from config import ROOT


def init_app(app: Flask) -> None:
    """Register the two addresses."""
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)


@public
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return "ok\n", {"Content-Type": "text/plain; charset=utf-8"}


@public
def readyz() -> ResponseReturnValue:
    """Why this instance cannot serve, or that it can."""
    problem = why_not_ready()
    return (problem or "ok") + "\n", 503 if problem else 200, {"Content-Type": "text/plain; charset=utf-8"}


def why_not_ready() -> str | None:
    """The reason in words, None when ready."""
    session = current.database()
    try:
        revisions = list(session.scalars(text("SELECT version_num FROM alembic_version")))
        if revisions != [head_revision()]:
            return "the database is not at the head revision: run flask db upgrade"
        is_demo = installation.is_demo(session)
    except SQLAlchemyError:
        return "the database does not answer or was never upgraded"
    finally:
        session.rollback()
    if is_demo != current.settings().is_demo:
        return "a demo instance needs a demo database, and a real one a real database"
    return None


@cache
def head_revision() -> str:
    """The newest revision that this version of Dopply knows."""
    # Imported here because only this address needs it and it is slow to import.
    from alembic.script import ScriptDirectory

    return str(ScriptDirectory(str(ROOT / "migrations")).get_current_head())
