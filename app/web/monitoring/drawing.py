"""The strip of a recording on a page and as an answer to a browser, whichever system stored the recording."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Response, request

from app.charts import Audience, Strip, strip_size_cm, strip_summary, strip_svg
from app.ctg.findings import Analysis
from app.ctg.trace import Trace
from app.models import MonitoringSession, Record
from app.web.monitoring import recording_words
from app.web.monitoring.strip_picture import make_strip
from app.web.monitoring.strip_view import StripView

# CSS pixels in a centimetre: an inch is 96 of them.
PIXELS_PER_CM = 96 / 2.54
# A browser may keep the picture but has to ask each time, so that an ended link is felt at once.
CACHE_CONTROL = "private, no-cache"
# A picture, also where it is opened by itself: it loads nothing and runs nothing.
CONTENT_SECURITY_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@dataclass(frozen=True, slots=True)
class Picture:
    """What a page needs to show a strip."""

    src: str
    alt: str
    width_px: int
    height_px: int


def picture(
    recording: MonitoringSession | Record, trace: Trace, analyses: Sequence[Analysis], view: StripView
) -> Picture:
    """The strip of this view on a clinician's page, at its physical size."""
    strip = make_strip(recording, trace, analyses, view, Audience.CLINICIAN)
    width_cm, height_cm = strip_size_cm(
        view.scale,
        view.minutes,
        audience=Audience.CLINICIAN,
        fetus_count=trace.fetus_count,
        has_toco=trace.toco is not None,
    )
    return Picture(
        src=view.picture_url(),
        alt=recording_words.strip_alt(strip_summary(strip)),
        width_px=round(width_cm * PIXELS_PER_CM),
        height_px=round(height_cm * PIXELS_PER_CM),
    )


def svg_response(tag: str, draw: Callable[[], Strip]) -> Response:
    """The picture as SVG, or 304 without drawing it when the browser has the one with this ETag."""
    response = Response(mimetype="image/svg+xml")
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.set_etag(tag)
    if request.if_none_match.contains(tag):
        response.status_code = 304
    else:
        response.set_data(strip_svg(draw()))
    return response
