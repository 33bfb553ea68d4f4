"""What a page needs to show the strip of a whole recording: axis, windows of ten minutes, overview and caption.

No sample is read for it, so that the page of a day comes as fast as that of twenty minutes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext

from app.charts.events import LETTERS
from app.charts.overview import hour_marks
from app.charts.strip import TimeAxis
from app.ctg.findings import Analysis, EventKind
from app.models import MonitoringSession, Record
from app.web import current
from app.web.i18n import percent
from app.web.monitoring import recording_words
from app.web.monitoring.drawing import pixels
from app.web.monitoring.jump import Refusals, refusals, zones
from app.web.monitoring.strip_picture import device, labels
from app.web.monitoring.strip_tiles import Image, Shape, Tile, axis_image, label_at, percent_of, tiles
from app.web.monitoring.strip_view import TILE_S, StripView

# More hours than these would touch each other on a phone.
MOST_HOUR_LABELS = 7


@dataclass(frozen=True, slots=True)
class HourLabel:
    """A time under the overview, at `left` percent of its width."""

    text: str
    left: float


@dataclass(frozen=True, slots=True)
class StripBox:
    """The viewer of one recording; times in seconds from its start, `window` in percent of the overview.

    `time` is how its times are counted: from the start where nobody knows the clock. `zones` are the names behind a
    time of the day.
    """

    axis: Image
    tiles: list[Tile]
    hours: list[HourLabel]
    window: tuple[float, float]
    pixels_per_s: float
    time: TimeAxis
    zones: list[str]
    clock_s: float | None
    caption: list[str]
    legend: list[tuple[str, str]]
    example: str
    refusals: Refusals


def strip_box(
    recording: MonitoringSession | Record, view: StripView, shape: Shape, analyses: Sequence[Analysis]
) -> StripBox:
    """The viewer of this view; the loss of each window is that of its analyses, where there are some."""
    return StripBox(
        axis=axis_image(view, shape),
        tiles=tiles(view, shape, analyses),
        hours=_hours(view, shape),
        window=_window(view),
        pixels_per_s=pixels(TILE_S / 60 * view.scale.speed_cm_min) / TILE_S,
        time=TimeAxis.ELAPSED if shape.start is None else view.time,
        zones=[] if shape.start is None else zones(shape.start, view.duration_s),
        clock_s=_clock_s(view, shape),
        caption=_caption(recording, view, shape),
        legend=_legend(analyses),
        example=_example(view, shape),
        refusals=refusals(view, shape.start),
    )


def _window(view: StripView) -> tuple[float, float]:
    """What is in sight before a script says it to the second: browsers are led to where a window begins."""
    first_s = view.start_s // TILE_S * TILE_S
    return percent_of(first_s, view), percent_of(min(view.minutes * 60.0, view.paper_s - first_s), view)


def _example(view: StripView, shape: Shape) -> str:
    """What could be typed to go to the middle of the recording."""
    middle_s = view.duration_s / 2
    if shape.start is not None and view.time is TimeAxis.CLOCK:
        return label_at(view, shape, middle_s)
    hours, minutes = divmod(int(middle_s // 60), 60)
    return f"{hours}:{minutes:02d}" if hours else str(minutes)


def _caption(recording: MonitoringSession | Record, view: StripView, shape: Shape) -> list[str]:
    """What stands over the paper and is not part of any window: the scale first, for nothing is read without it."""
    parts = [
        gettext("%(speed)d cm/min · %(bpm)d bpm/cm", speed=view.scale.speed_cm_min, bpm=view.scale.bpm_per_cm),
        recording_words.when(recording),
        gettext("signal loss %(loss)s", loss=percent(shape.loss_fraction)),
        device(recording) or "",
        gettext("time axis estimated") if shape.time_is_estimated else "",
    ]
    return [part for part in parts if part]


def _legend(analyses: Sequence[Analysis]) -> list[tuple[str, str]]:
    """What of the whole recording was computed and is drawn: how it looks, or its letter, and its name."""
    words = labels()
    kinds = {event.kind for analysis in analyses for event in analysis.events}
    signs: list[tuple[str, EventKind]] = [(letter, kind) for kind, letter in LETTERS.items()]
    legend = [(sign, words.event(kind)) for sign, kind in [*signs, ("▬", "contraction")] if kind in kinds]
    if any(analysis.baseline_series for analysis in analyses):
        legend.insert(0, ("– –", words.baseline))
    return legend


def _hours(view: StripView, shape: Shape) -> list[HourLabel]:
    """Times under the overview, on its rules and far enough from each other and from the edges."""
    is_elapsed = view.time is TimeAxis.ELAPSED
    marks = hour_marks(None if is_elapsed else shape.start, view.paper_s, current.settings().time_zone)
    step = -(-len(marks) // MOST_HOUR_LABELS) or 1
    return [
        HourLabel(label_at(view, shape, seconds), left)
        for seconds in marks[::step]
        if 3 <= (left := percent_of(seconds, view)) <= 97
    ]


def _clock_s(view: StripView, shape: Shape) -> float | None:
    """Seconds from midnight to the start where the clock runs evenly through the recording; else None.

    A page's script may then find the place of a time of the day; in a night of summer time only we can.
    """
    if shape.start is None:
        return None
    zone = current.settings().time_zone
    begin = shape.start.astimezone(zone)
    end = (shape.start + timedelta(seconds=view.duration_s)).astimezone(zone)
    if begin.utcoffset() != end.utcoffset():
        return None
    return begin.hour * 3600 + begin.minute * 60 + begin.second + begin.microsecond / 1e6
