"""The strip of a recording as a file, whichever system stored the recording: a PNG of a view, a PDF of a stretch."""

import hashlib
import json
import re
from dataclasses import asdict, replace
from functools import partial
from math import ceil

from flask import Response, abort, request

from app.charts import Audience, Strip
from app.charts.pdf import words_height_mm
from app.charts.png import strip_png
from app.charts.sheets import Outline, Sheet, sheets_for
from app.web import current
from app.web.monitoring.drawing import picture_response
from app.web.monitoring.print_parts import print_in_parts
from app.web.monitoring.strip_picture import advice
from app.web.monitoring.strip_print import print_words
from app.web.monitoring.strip_source import Recording, StripSource
from app.web.monitoring.strip_view import StripView
from app.web.monitoring.turns import strip_pdf

# A day at 1 cm/min takes 58. A sheet takes about 0.1 s of a processor that also serves pages.
MAX_SHEETS = 60
# Which part of a longer print is asked for.
PART = re.compile(r"\d{1,3}", re.ASCII)
# Beyond this an address is no wish to print; a week is longer than any recording.
MAX_PRINTED_MINUTES = 7 * 24 * 60

# A viewer of PDFs is a plugin to a browser, and a sandbox holds none.
PDF_CONTENT_SECURITY_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def png_response(source: StripSource[Recording], view: StripView) -> Response:
    """The strip as PNG, or 304 without drawing it; its tag is made of that of the same strip as SVG."""
    tag = _tag(source.tag(view), "png")
    return _named(picture_response(tag, "image/png", lambda: strip_png(source.draw(view))), "strip.png")


def pdf_response(source: StripSource[Recording], asked: StripView) -> Response:
    """The stretch of this view as PDF, or 304 without reading a sample; a page with its parts where it is too long.

    Each sheet is a strip of its own, and is drawn only when its turn has come.
    """
    actor, recording, audience, shape = current.actor(), source.recording, source.audience, source.shape()
    left_min = max(1, ceil((asked.duration_s - asked.start_s) / 60))
    view = replace(asked, minutes=min(asked.minutes, left_min))
    words = print_words(actor, recording, view, audience, has_computed=bool(source.analysis_ids))
    outline = Outline(
        scale=view.scale,
        audience=audience,
        fetus_count=shape.fetus_count,
        has_toco=shape.has_toco,
        advice=advice() if audience is Audience.PATIENT else (),
    )
    sheets = sheets_for(outline, view.start_s, view.minutes, words_mm=partial(words_height_mm, words))
    parts = [sheets[first : first + MAX_SHEETS] for first in range(0, len(sheets), MAX_SHEETS)]
    part = _asked_part(len(parts))
    if part is None:
        return print_in_parts(actor, recording, view, shape, parts, audience)
    first = 1 + part * MAX_SHEETS

    def strip_of(sheet: Sheet) -> Strip:
        return source.draw(replace(view, start_s=sheet.start_s, minutes=sheet.minutes))

    name = _tag(source.tag(asked), "pdf", asdict(words), first, len(sheets))
    response = picture_response(
        name, "application/pdf", lambda: strip_pdf(parts[part], strip_of, words, first=first, of=len(sheets))
    )
    response.headers["Content-Security-Policy"] = PDF_CONTENT_SECURITY_POLICY
    return _named(response, "strip.pdf")


def _asked_part(count: int) -> int | None:
    """Which of `count` parts the address asks for, from 0; None where it asks for all of several. 400 for no part."""
    asked = request.args.get("part", "1" if count == 1 else None)
    if asked is None:
        return None
    if PART.fullmatch(asked) is None or not 1 <= int(asked) <= count:
        abort(400)
    return int(asked) - 1


def _tag(tag: str, *more: object) -> str:
    """An ETag over another one and what this file holds beyond it."""
    return hashlib.sha256(json.dumps([tag, *more], sort_keys=True).encode()).hexdigest()


def _named(response: Response, name: str) -> Response:
    """The file's name when it is saved: nothing of whose it is."""
    response.headers["Content-Disposition"] = f"inline; filename={name}"
    return response
