"""Strips of paper with ink on it: values in, bytes out, without Flask, SQL or pyplot."""

from app.charts.drawing import Drawing, drawing_of
from app.charts.etag import strip_etag
from app.charts.layout import strip_size_cm
from app.charts.strip import (
    RENDERER_VERSION,
    Audience,
    Frame,
    MarkKind,
    Strip,
    StripCaption,
    StripLabels,
    StripMark,
    StripScale,
    TimeAxis,
)
from app.charts.summary import StripSummary, strip_summary
from app.charts.svg import strip_svg

__all__ = [
    "RENDERER_VERSION",
    "Audience",
    "Drawing",
    "Frame",
    "MarkKind",
    "Strip",
    "StripCaption",
    "StripLabels",
    "StripMark",
    "StripScale",
    "StripSummary",
    "TimeAxis",
    "drawing_of",
    "strip_etag",
    "strip_size_cm",
    "strip_summary",
    "strip_svg",
]
