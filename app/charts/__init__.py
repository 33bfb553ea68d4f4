"""Strips of paper with ink on it: values in, bytes out, without Flask, SQL or pyplot."""

from app.charts.etag import strip_etag
from app.charts.layout import strip_size_cm
from app.charts.strip import RENDERER_VERSION, Audience, Strip, StripCaption, StripLabels, StripScale
from app.charts.summary import StripSummary, strip_summary
from app.charts.svg import strip_svg

__all__ = [
    "RENDERER_VERSION",
    "Audience",
    "Strip",
    "StripCaption",
    "StripLabels",
    "StripScale",
    "StripSummary",
    "strip_etag",
    "strip_size_cm",
    "strip_summary",
    "strip_svg",
]
