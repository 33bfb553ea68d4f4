"""The addresses of our pages as they stand in a mail."""

from typing import Any

from flask import url_for

from app.services.account_mails import Links
from app.services.mail_settings import portal_address
from app.web import current
from config import Environment


def links() -> Links:
    """Where the messages of an account lead."""
    return Links(
        sign_in=address("auth.sign_in"),
        forgot=address("auth.forgot"),
        reset=lambda token: address("auth.reset", token=token),
        activate=lambda token: address("auth.activate", token=token),
    )


def address(endpoint: str, **values: Any) -> str:
    """The page's address for a mail.

    Its host is `portal` in MAIL_URL. The Host header of a request can be forged, and a reset link with the forger's
    host would carry the token to him, so production never uses it: without `portal` a mail holds the path alone.
    """
    settings = current.settings()
    path = url_for(endpoint, **values)
    if portal := portal_address(settings.mail_url):
        return portal.rstrip("/") + path
    if settings.environment is Environment.PRODUCTION:
        return path
    return url_for(endpoint, **values, _external=True)
