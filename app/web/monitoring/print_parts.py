"""What is too long for one PDF, in parts that can be printed one after another and are numbered as one print."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Response, make_response, render_template
from flask_babel import gettext

from app.access import Actor
from app.charts import Audience
from app.charts.sheets import Sheet
from app.charts.strip import TimeAxis
from app.models import MonitoringSession, Record
from app.web import current
from app.web.banner import banner_arguments
from app.web.i18n import datetime_local
from app.web.monitoring.strip_tiles import Shape, label_at
from app.web.monitoring.strip_view import StripView


def print_in_parts(
    actor: Actor,
    recording: MonitoringSession | Record,
    view: StripView,
    shape: Shape,
    parts: Sequence[Sequence[Sheet]],
    audience: Audience,
) -> Response:
    """The page with a link to each part; a clinician's says whose recording it is."""
    is_clinicians = audience is Audience.CLINICIAN
    links = []
    last = 0
    for number, part in enumerate(parts, start=1):
        first, last = last + 1, last + len(part)
        name = gettext(
            "Sheets %(first)d to %(last)d: %(begin)s to %(end)s",
            first=first,
            last=last,
            begin=_when(view, shape, part[0].start_s),
            end=_when(view, shape, min(part[-1].start_s + part[-1].minutes * 60, view.duration_s)),
        )
        links.append((name, view.pdf_url(part=number)))
    page = render_template(
        "monitoring/print_in_parts.html",
        banner=banner_arguments(current.database(), actor, recording) if is_clinicians else None,
        count=last,
        most=len(parts[0]),
        parts=links,
        # The page shows no window as long as what is printed.
        back=view.page_url(minutes=None),
    )
    return make_response(page)


def _when(view: StripView, shape: Shape, seconds: float) -> str:
    """A place with its date, for a night has two of them; counted from the start where the view does so."""
    if shape.start is None or view.time is TimeAxis.ELAPSED:
        return label_at(view, shape, seconds)
    return datetime_local(shape.start + timedelta(seconds=seconds))
