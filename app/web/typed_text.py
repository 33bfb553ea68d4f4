"""What was typed into a form that cannot be accepted: shown again, so that nobody types it twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, request, url_for
from wtforms import BooleanField, FileField, HiddenField, PasswordField
from wtforms.fields.core import UnboundField

from app.web.auth.next_page import inside
from app.web.guard import sent_from
from app.web.portal_form import PortalForm

# What nobody types, or nobody may read over a shoulder.
NOT_SHOWN = (HiddenField, PasswordField, FileField, BooleanField)


@dataclass(frozen=True, slots=True)
class TypedText:
    """One field as it was sent."""

    name: str
    label: object
    text: str


def typed_texts() -> list[TypedText]:
    """The fields of this request that one of our forms asks for, by the form that fits best; no password."""
    sent = request.form
    forms = [_fields(form) for form in PortalForm.__subclasses__()]
    fitting: Mapping[str, UnboundField] = max(forms, key=lambda fields: len(fields.keys() & sent.keys()), default={})
    return [
        TypedText(name, next(iter(field.args), name), sent[name])
        for name, field in fitting.items()
        if sent.get(name) and not issubclass(field.field_class, NOT_SHOWN)
    ]


def page_of_the_form() -> str:
    """Where this request's form stands: the page it was sent from, else its own address, else the first page."""
    for address in (inside(sent_from()), request.path):
        if address and _can_be_opened(urlsplit(address).path):
            return address
    return url_for("home")


def _can_be_opened(path: str) -> bool:
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and adapter.test(path, method="GET")


def _fields(form: type[PortalForm]) -> dict[str, UnboundField]:
    """The fields of a form in the order in which they are declared."""
    found = {name: field for name in dir(form) if isinstance(field := getattr(form, name), UnboundField)}
    return dict(sorted(found.items(), key=lambda item: item[1].creation_counter))
