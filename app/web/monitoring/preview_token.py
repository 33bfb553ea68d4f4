"""A signature over the words that a doctor has seen as the patient will: nothing else can be released."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from app.services.releases import Words
from app.web import current


def sign(public_id: str, review_id: int, words: Words) -> str:
    """The token of the confirmation page."""
    return str(_serializer().dumps(_seen(public_id, review_id, words)))


def is_for(token: str | None, public_id: str, review_id: int, words: Words) -> bool:
    """Whether `token` was made for this release by this doctor."""
    try:
        return bool(_serializer().loads(token or "") == _seen(public_id, review_id, words))
    except BadSignature:
        return False


def _seen(public_id: str, review_id: int, words: Words) -> list[object]:
    return [current.actor().user_id, public_id, review_id, words.kind.value, words.message]


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="release-preview")
