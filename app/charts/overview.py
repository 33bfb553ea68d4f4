"""The whole recording at a glance as an SVG of any width: how high the heart rate was, what is lost, what was found.

It holds no word and no number: a page stretches it to the width it has, and writes the hours over it.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

import numpy as np
from numpy.typing import NDArray

from app.charts import style
from app.charts.path import JUMP_BPM
from app.charts.strip import SECOND_FETUS_OFFSET_BPM, TimeAxis
from app.charts.text import number
from app.ctg.findings import Analysis, Event, EventKind
from app.ctg.quality import is_missing
from app.ctg.trace import FloatArray, Trace

# Part of every ETag: raise it when the same input gives another picture.
OVERVIEW_VERSION = "2"

# Units of the picture, which is drawn at any width and about as many pixels high.
WIDTH, HEIGHT = 1200, 64
# More than the picture is high.
_APART = 100.0
LOW_BPM, HIGH_BPM = 50.0, 210.0
BAND_BPM = (110.0, 160.0)
_HEART_TOP, _HEART_HEIGHT = 2.0, 40.0
_LOSS_TOP, _LOSS_HEIGHT = 44.0, 6.0
_EVENTS_TOP, _EVENTS_HEIGHT = 52.0, 5.0
_UTERUS_TOP, _UTERUS_HEIGHT = 59.0, 4.0
# A loss or an event of seconds in a day stays to be seen.
_SMALLEST_LOSS, _SMALLEST_EVENT = 1.0, 1.5

# Upper and lower half tell a rise from a fall; what lasts fills the lane.
_PLACES: dict[EventKind, tuple[float, float]] = {
    "bradycardia": (_EVENTS_TOP, _EVENTS_HEIGHT),
    "tachycardia": (_EVENTS_TOP, _EVENTS_HEIGHT),
    "possible_maternal": (_EVENTS_TOP, _EVENTS_HEIGHT),
    "acceleration": (_EVENTS_TOP, _EVENTS_HEIGHT / 2),
    "deceleration": (_EVENTS_TOP + _EVENTS_HEIGHT / 2, _EVENTS_HEIGHT / 2),
    "contraction": (_UTERUS_TOP, _UTERUS_HEIGHT),
}


# How far apart marks stand on paper of up to so many seconds.
_EVERY_S = ((3 * 3600, 600), (12 * 3600, 1800), (float("inf"), 3600))


@dataclass(frozen=True, slots=True)
class Overview:
    """One picture of a whole recording for a clinician, on `paper_s` seconds of paper.

    Full hours of `zone` are marked, or hours of the recording where they are asked for or nobody knows its start.
    """

    trace: Trace
    analyses: tuple[Analysis, ...]
    paper_s: float
    zone: tzinfo
    time: TimeAxis = TimeAxis.CLOCK


def overview_etag(
    *, data_digest: str, start: datetime | None, analysis_ids: Sequence[str], zone: tzinfo, time: TimeAxis
) -> str:
    """64 hexadecimal digits that differ whenever the picture may differ; without quotation marks."""
    identity = [
        OVERVIEW_VERSION,
        data_digest,
        None if start is None else start.timestamp(),
        list(analysis_ids),
        str(zone),
        time,
    ]
    return hashlib.sha256(json.dumps(identity).encode()).hexdigest()


def overview_svg(overview: Overview) -> bytes:
    """The picture as SVG 1.1 in UTF-8; the same input gives the same bytes."""
    trace, paper_s = overview.trace, overview.paper_s
    per_s = WIDTH / paper_s
    columns = _column_starts(trace, per_s)
    events = [event for analysis in overview.analyses for event in analysis.events]
    second = "" if trace.fhr2 is None else _envelope(trace.fhr2 + SECOND_FETUS_OFFSET_BPM, columns, style.SECOND_INK)
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="{WIDTH}" height="{HEIGHT}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{style.SHEET}"/>',
        f'<rect width="{number(trace.duration_s * per_s)}" height="{HEIGHT}" fill="{style.PAPER}"/>',
        _band(trace.duration_s * per_s),
        _hours(overview, per_s),
        second,
        _envelope(trace.fhr1, columns, style.INK),
        _loss(trace, columns),
        _events(events, per_s),
        "</svg>\n",
    )
    return "".join(parts).encode()


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    """Where the samples of each column begin, shape (m,), and the left edge and width of the columns."""

    starts: NDArray[np.int64]
    lefts: FloatArray
    width: float


def _column_starts(trace: Trace, per_s: float) -> _Columns:
    """Columns of a unit of the picture, or of a sample where that is wider."""
    width = max(1.0, per_s / trace.rate_hz)
    column = (np.arange(len(trace)) / trace.rate_hz * per_s / width + 1e-9).astype(np.int64)
    starts = np.flatnonzero(np.diff(column, prepend=-1))
    return _Columns(starts, (column[starts] * width).astype(np.float64), width)


def _envelope(rate_bpm: FloatArray, columns: _Columns, colour: str) -> str:
    """For each column a bar from the lowest to the highest rate of each piece of line; a gap stays one, and a jump.

    Bars of a column that lie over one another are one.
    """
    rate_bpm = np.where(is_missing(rate_bpm), np.nan, rate_bpm)
    column, low, high = _pieces(rate_bpm, columns.starts)
    # At least half a unit high, so that a steady rate is seen.
    top = _HEART_TOP + (HIGH_BPM - high) / (HIGH_BPM - LOW_BPM) * _HEART_HEIGHT - 0.25
    bottom = _HEART_TOP + (HIGH_BPM - low) / (HIGH_BPM - LOW_BPM) * _HEART_HEIGHT + 0.25
    # On one long scale of all columns, so that bars of two columns never lie over one another.
    order = np.argsort(column * _APART + top)
    column, top, bottom = column[order], top[order], bottom[order]
    reached = np.maximum.accumulate(column * _APART + bottom)
    begins = np.ones(len(column), dtype=np.bool_)
    begins[1:] = (column * _APART + top)[1:] > reached[:-1]
    (first,) = begins.nonzero()
    if not len(first):
        return ""
    bottom = np.maximum.reduceat(bottom, first)
    lefts = columns.lefts[column[first]]
    bars = [
        f"M{left:g} {a:.1f}h{columns.width:g}V{b:.1f}h-{columns.width:g}z"
        for left, a, b in zip(lefts.tolist(), top[first].tolist(), bottom.tolist(), strict=True)
    ]
    return f'<path fill="{colour}" d="{"".join(bars)}"/>'


def _pieces(rate_bpm: FloatArray, starts: NDArray[np.int64]) -> tuple[NDArray[np.int64], FloatArray, FloatArray]:
    """The pieces of line in the columns that begin at `starts`: column, lowest and highest rate within the axis.

    A line ends where that of the strip does: at loss, and at a jump.
    """
    (at,) = (~np.isnan(rate_bpm)).nonzero()
    rates, column = rate_bpm[at], starts.searchsorted(at, side="right") - 1
    begins = np.ones(len(at), dtype=np.bool_)
    begins[1:] = (np.diff(at) > 1) | (np.abs(np.diff(rates)) > JUMP_BPM) | (np.diff(column) > 0)
    (first,) = begins.nonzero()
    if not len(first):
        return column, rates, rates
    low, high = (extreme.reduceat(rates, first).clip(LOW_BPM, HIGH_BPM) for extreme in (np.minimum, np.maximum))
    return column[first], low, high


def _loss(trace: Trace, columns: _Columns) -> str:
    """For each column the share of its samples that is lost, hanging from the lane's top; of twins in one half each."""
    lane_height = _LOSS_HEIGHT / trace.fetus_count
    drawn = [f'<rect y="{_LOSS_TOP:g}" width="{WIDTH}" height="{_LOSS_HEIGHT:g}" fill="{style.LANE}"/>']
    for fetus in range(1, trace.fetus_count + 1):
        lost = is_missing(trace.fhr(fetus))
        if not lost.any():
            continue
        sizes = np.diff(np.append(columns.starts, len(trace)))
        shares = np.add.reduceat(lost.astype(np.int64), columns.starts) / sizes
        heights = np.maximum(shares * lane_height, _SMALLEST_LOSS)
        top = _LOSS_TOP + (fetus - 1) * lane_height
        bars = [
            f"M{left:g} {top:g}h{columns.width:g}v{height:.1f}h-{columns.width:g}z"
            for left, height, share in zip(columns.lefts.tolist(), heights.tolist(), shares.tolist(), strict=True)
            if share
        ]
        drawn.append(f'<path fill="{style.LOSS}" d="{"".join(bars)}"/>')
    return "".join(drawn)


def _events(events: Sequence[Event], per_s: float) -> str:
    """A bar for each event that was computed; gaps are seen in the lane of loss."""
    bars = []
    for event in events:
        if event.kind in _PLACES:
            top, height = _PLACES[event.kind]
            width = max(_SMALLEST_EVENT, event.duration_s * per_s)
            bars.append(f"M{number(event.start_s * per_s)} {top:g}h{number(width)}v{height:g}h-{number(width)}z")
    return f'<path fill="{style.COMPUTED}" d="{"".join(bars)}"/>' if bars else ""


def _band(width: float) -> str:
    top, bottom = (_HEART_TOP + (HIGH_BPM - bpm) / (HIGH_BPM - LOW_BPM) * _HEART_HEIGHT for bpm in reversed(BAND_BPM))
    return f'<rect y="{top:g}" width="{number(width)}" height="{bottom - top:g}" fill="{style.BAND}"/>'


def _hours(overview: Overview, per_s: float) -> str:
    """Upright rules on `hour_marks`, which stay a pixel wide."""
    start = overview.trace.start if overview.time is TimeAxis.CLOCK else None
    rules = "".join(
        f"M{number(seconds * per_s)} 0V{HEIGHT}" for seconds in hour_marks(start, overview.paper_s, overview.zone)
    )
    return f'<path stroke="{style.GRID}" stroke-width="1" vector-effect="non-scaling-stroke" d="{rules}"/>'


def hour_marks(start: datetime | None, paper_s: float, zone: tzinfo) -> list[float]:
    """Seconds from the start to each mark on `paper_s` of paper.

    Full hours; in less than twelve hours every half, in less than three every ten minutes. Of the recording where it
    has no `start`.
    """
    every_s = next(every for longest_s, every in _EVERY_S if paper_s <= longest_s)
    into_s = 0.0
    if start is not None:
        local = start.astimezone(zone)
        into_s = (local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6) % every_s
    marks: list[float] = np.arange((every_s - into_s) % every_s, paper_s, every_s).tolist()
    return marks
