"""The answer to "Is your baby moving as usual?", signed for its author, from the question to the upload form."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.models import Movement
from app.web import current

# Long enough to make a recording after the question; an older answer speaks of another moment.
MAX_AGE_S = 2 * 3600


def sign(movement: Movement) -> str:
    """The answer as a text for an address or a hidden field."""
    return str(_serializer().dumps([current.actor().user_id, movement.value]))


def read(token: str | None) -> Movement | None:
    """The answer in `token`; None when it is missing, old, forged or another person's."""
    try:
        author, movement = _serializer().loads(token or "", max_age=MAX_AGE_S)
    except BadSignature:
        return None
    return Movement(movement) if author == current.actor().user_id else None


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="movement")
