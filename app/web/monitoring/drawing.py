"""The strip of a recording on a page and as an answer to a browser, whichever system stored the recording."""

from collections.abc import Callable

from flask import Response, request
from flask_babel import gettext

from app.charts import Strip, strip_svg
from app.charts.damaged import damaged_svg

# CSS pixels in a centimetre: an inch is 96 of them.
PIXELS_PER_CM = 96 / 2.54
# A browser may keep the picture but has to ask each time, so that an ended link is felt at once.
CACHE_CONTROL = "private, no-cache"
# A picture, also where it is opened by itself: it loads nothing and runs nothing.
CONTENT_SECURITY_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def pixels(length_cm: float) -> int:
    """A length of paper in CSS pixels."""
    return round(length_cm * PIXELS_PER_CM)


def svg_response(tag: str, draw: Callable[[], Strip]) -> Response:
    """The strip as SVG, or 304 without drawing it when the browser has the one with this ETag."""
    return picture_response(tag, "image/svg+xml", lambda: strip_svg(draw()))


def damaged_response() -> Response:
    """A picture that says, at any size and without a script, that what is stored gives no strip back; never kept."""
    response = Response(damaged_svg(gettext("The stored samples are damaged.")), 500, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response


def picture_response(tag: str, mimetype: str, write: Callable[[], bytes]) -> Response:
    """What `write` gives, or 304 without calling it when the browser has the picture with this ETag."""
    response = Response(mimetype=mimetype)
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.set_etag(tag)
    # Weakly, because compression makes a tag weak: it names the picture in either encoding.
    if request.if_none_match.contains_weak(tag):
        response.status_code = 304
    else:
        response.set_data(write())
    return response
