"""Answers without a secret go gzipped to a browser that takes it: pictures, styles, scripts, what a view declares.

HTML is never among them. A page holds the token of its forms beside words that somebody else can choose (a search, a
name, a note), and the length of such a page, compressed, tells how much of the token those words repeat: the BREACH
attack. A picture holds no token, and of its address only numbers.
"""

import gzip
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from flask import Flask, request
from flask.wrappers import Response

View = TypeVar("View", bound=Callable[..., Any])

ALWAYS = frozenset({"image/svg+xml", "text/css", "text/javascript"})
DECLARED = frozenset({"application/json"})
LEVEL = 6
# Below this a packet is a packet, and what the header of gzip adds is not won back.
SMALLEST_BYTES = 500
# More than the styles and scripts that there are: each is packed once in the life of a process.
STATIC_FILES_KEPT = 64

_DECLARATION = "dopply_holds_no_secret"


def holds_no_secret(view: View) -> View:
    """Declare that the JSON of a view holds no token and no words from its address, so that it may be compressed."""
    setattr(view, _DECLARATION, True)
    return view


def init_app(app: Flask) -> None:
    """Compress after every view; to be called before `headers`, whose hook then runs before this one."""

    @app.after_request
    def compress(response: Response) -> Response:
        if not _may_be_compressed(app, response):
            return response
        response.vary.add("Accept-Encoding")
        _weaken_etag(response)
        is_plain = response.status_code == 200 and "Content-Encoding" not in response.headers
        if is_plain and request.accept_encodings["gzip"] > 0:
            _pack(response, is_static=request.endpoint == "static")
        return response


def _may_be_compressed(app: Flask, response: Response) -> bool:
    """Whether this answer, also where it says 304, is of a kind that goes out in two encodings."""
    if response.mimetype in ALWAYS:
        return True
    view = app.view_functions.get(request.endpoint or "")
    return response.mimetype in DECLARED and getattr(view, _DECLARATION, False)


def _weaken_etag(response: Response) -> None:
    """Say that the tag names what is meant and not its bytes: they differ between the two encodings."""
    tag, is_weak = response.get_etag()
    if tag is not None and not is_weak:
        response.set_etag(tag, weak=True)


def _pack(response: Response, *, is_static: bool) -> None:
    # Only then is it read here: a static file comes as an open file that the server would send by itself.
    response.direct_passthrough = False
    content = response.get_data()
    if len(content) < SMALLEST_BYTES:
        return
    response.set_data(_packed_once(content) if is_static else _packed(content))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)


def _packed(content: bytes) -> bytes:
    """`content` as gzip; the same bytes at any time."""
    return gzip.compress(content, LEVEL, mtime=0)


_packed_once = lru_cache(maxsize=STATIC_FILES_KEPT)(_packed)
