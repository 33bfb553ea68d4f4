"""This browser's cookie: begun anew at every sign-in, emptied at every sign-out; the language chosen stays."""

from flask import request, session
from flask_login import login_user, logout_user

from app.models import Language
from app.web import signed_in
from app.web.signed_in import SignedIn


def enter(key: str) -> None:
    """Make this the browser of the session `key`, with nothing of what its cookie held before."""
    _forget()
    login_user(signed_in.load(key))


def leave() -> None:
    """Make this an anonymous browser."""
    logout_user()
    _forget()


def person() -> SignedIn:
    """The signed-in person, in views that the guard opens to nobody else."""
    found = signed_in.person()
    if found is None:
        raise RuntimeError("nobody is signed in")
    return found


def user_agent() -> str:
    """How the browser calls itself."""
    return request.user_agent.string


def _forget() -> None:
    language = session.get("language")
    session.clear()
    if language in set(Language):
        session["language"] = language
