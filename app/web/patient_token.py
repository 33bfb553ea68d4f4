"""A form opened for one patient can never store to another: each carries her id, signed for its reader."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from app.services.errors import Conflict
from app.web import current

FIELD = "patient_token"


def patient_token(patient_id: int) -> str:
    """The hidden value of a form about this patient."""
    return str(_serializer().dumps([current.actor().user_id, patient_id]))


def check_patient_token(token: str | None, patient_id: int) -> None:
    """Pass, or raise Conflict (409) when the form was opened for another patient or by another reader."""
    try:
        opened_for = _serializer().loads(token or "")
    except BadSignature:
        raise Conflict("another_patient") from None
    if opened_for != [current.actor().user_id, patient_id]:
        raise Conflict("another_patient")


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="patient-token")
