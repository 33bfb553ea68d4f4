"""How much a request may send: the text of a form everywhere, a file only to a view that says it takes files."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, request

from app.web import current

View = TypeVar("View", bound=Callable[..., Any])

# The longest text of ours is a pasted recording; everybody may send so much, signed in or not.
FORM_BYTES = 1024 * 1024

_TAKES_FILES = "dopply_takes_files"


def accepts_files(view: View) -> View:
    """Declare that a view takes files, up to the instance's largest upload."""
    setattr(view, _TAKES_FILES, True)
    return view


def takes_files(app: Flask, endpoint: str) -> bool:
    """Whether the endpoint's view declares that it takes files."""
    return getattr(app.view_functions[endpoint], _TAKES_FILES, False)


def init_app(app: Flask) -> None:
    """Answer 413 to more; to be called before anything that reads a form, as the check of its token does.

    Only a body in parts is read piece by piece, its texts counted against FORM_BYTES: any other form comes into
    memory as a whole, wherever it is sent.
    """
    app.config.update(MAX_CONTENT_LENGTH=FORM_BYTES, MAX_FORM_MEMORY_SIZE=FORM_BYTES, MAX_FORM_PARTS=200)

    @app.before_request
    def allow_files() -> None:
        endpoint = request.endpoint
        if endpoint is not None and takes_files(app, endpoint) and request.mimetype == "multipart/form-data":
            request.max_content_length = current.settings().max_upload_bytes
