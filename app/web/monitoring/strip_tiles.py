"""The windows that a strip on a page is made of: pictures of ten minutes side by side, and the axis left of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext

from app.charts import Audience, Frame, strip_size_cm
from app.charts.clock import HOURS_FROM_S
from app.charts.strip import TimeAxis
from app.ctg.findings import Analysis
from app.ctg.quality import LOSS_WINDOW_S, is_missing, loss_fraction
from app.ctg.trace import Trace
from app.models import MonitoringSession
from app.services import waveforms
from app.web import current
from app.web.i18n import percent, time_local, zone_names
from app.web.monitoring.drawing import pixels
from app.web.monitoring.strip_view import TILE_S, StripView, anchor, with_start

# A frame around a moment is wide enough to be seen.
NARROWEST_FRAME_PX = 6
FRAME_BEYOND_PX = 4
# Windows that are fetched after the one that is looked at, as many as the widest page shows, and one before it.
TILES_AFTER = 4
# Three weeks of them, which is how far an older system's values can be apart at one a second (MAX_SAMPLES). No page
# has more, whatever a database says.
MOST_TILES = 3400


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides how high the paper is, and what of the whole recording stands over it."""

    start: datetime | None
    fetus_count: int
    has_toco: bool
    loss_fraction: float | None
    time_is_estimated: bool

    @classmethod
    def of_session(cls, recording: MonitoringSession, start: datetime | None) -> "Shape":
        """From the columns of a session whose waveform we keep."""
        channels = waveforms.stored_channels(current.database(), recording)
        return cls(
            start=start,
            fetus_count=2 if "fhr2" in channels else recording.fetus_count or 1,
            has_toco="toco" in channels,
            loss_fraction=recording.loss_fraction,
            time_is_estimated=recording.time_is_estimated,
        )

    @classmethod
    def of_trace(cls, trace: Trace) -> "Shape":
        """From the samples, where an older system's have been read anyway."""
        losses = [loss_fraction(is_missing(trace.fhr(fetus))) for fetus in range(1, trace.fetus_count + 1)]
        return cls(
            start=trace.start,
            fetus_count=trace.fetus_count,
            has_toco=trace.toco is not None,
            loss_fraction=sum(losses) / len(losses),
            time_is_estimated=trace.time_is_estimated,
        )


@dataclass(frozen=True, slots=True)
class Image:
    """A picture at its physical size in CSS pixels."""

    src: str
    alt: str
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A window of ten minutes, or of less at the end.

    `framed_px` are left edge and width of the stretch to be framed in it. `href` leads to it; `left` and `width` are
    its place in the overview, in percent. One that is not `is_near` comes by a script or by its link: a browser
    without scripts would fetch all that there are, in sight or not.
    """

    anchor: str
    is_near: bool
    image: Image
    framed_px: tuple[int, int] | None
    label: str
    href: str
    left: float
    width: float


def axis_image(view: StripView, shape: Shape) -> Image:
    """The piece with the numbers of the axes, which is the same for every window."""
    width, height = _image_px(view, shape, Frame.AXIS, 1)
    return Image(
        src=view.picture_url(start_s=None, minutes=1, frame=Frame.AXIS.value),
        alt=gettext(
            "Axis of the heart rate from %(low)d to %(high)d bpm", low=view.scale.low_bpm, high=view.scale.high_bpm
        ),
        width_px=width,
        height_px=height,
    )


def tiles(view: StripView, shape: Shape, analyses: Sequence[Analysis]) -> list[Tile]:
    """The windows from the start to the end of the paper, `MOST_TILES` at most."""
    # A day has 144 of them: what they have in common is found out once.
    places = view.places()
    source = view.picture_url(start_s=None, minutes=None, frame=Frame.TILE.value)
    sizes = {
        length_s: _image_px(view, shape, Frame.TILE, length_s / 60)
        for length_s in {min(TILE_S, view.paper_s), view.paper_s % TILE_S or TILE_S}
    }
    first_s = view.start_s // TILE_S * TILE_S
    made = []
    starts_s = _starts_s(view)
    label = label_at(view, shape, starts_s.start)
    for start_s in starts_s:
        length_s = min(TILE_S, view.paper_s - start_s)
        end_s = min(start_s + length_s, view.duration_s)
        begin, label = label, label_at(view, shape, end_s)
        begin_zone, end_zone = _zones(view, shape, start_s, end_s)
        width, height = sizes[length_s]
        made.append(
            Tile(
                anchor=anchor(start_s),
                is_near=-TILE_S <= start_s - first_s <= TILES_AFTER * TILE_S,
                image=Image(
                    src=f"{with_start(source, start_s)}&minutes={length_s // 60}",
                    alt=_alt(f"{begin}{begin_zone}–{label}{end_zone}", _losses(analyses, start_s)),
                    width_px=width,
                    height_px=height,
                ),
                framed_px=_framed_px(view, start_s, length_s, width / length_s),
                label=begin,
                href=places.url(start_s),
                left=percent_of(start_s, view),
                width=percent_of(length_s, view),
            )
        )
    return made


def _starts_s(view: StripView) -> range:
    """Where the windows begin; of a recording that is longer than any, those around the place that is looked at."""
    first_s = 0
    if view.paper_s > MOST_TILES * TILE_S:
        first_s = max(0, int(view.start_s) // TILE_S - MOST_TILES // 2) * TILE_S
    return range(first_s, min(view.paper_s, first_s + MOST_TILES * TILE_S), TILE_S)


def label_at(view: StripView, shape: Shape, seconds: float) -> str:
    """The time at a place: of the day, or minutes from the start where nobody knows it or they are asked for."""
    if shape.start is None or view.time is TimeAxis.ELAPSED:
        hours, minutes = divmod(int(seconds // 60), 60)
        if view.duration_s >= HOURS_FROM_S:
            return str(gettext("%(time)s h", time=f"{hours}:{minutes:02d}"))
        return str(gettext("%(minutes)d min", minutes=60 * hours + minutes))
    return time_local(shape.start + timedelta(seconds=seconds))


def _zones(view: StripView, shape: Shape, begin_s: float, end_s: float) -> tuple[str, str]:
    """What stands behind the times at two places: nothing where time is counted from the start."""
    if shape.start is None or view.time is TimeAxis.ELAPSED:
        return "", ""
    first, last = zone_names(*(shape.start + timedelta(seconds=seconds) for seconds in (begin_s, end_s)))
    return f" {first}" if first else "", f" {last}"


def percent_of(seconds: float, view: StripView) -> float:
    """How much of the paper so many seconds are, in percent."""
    return round(100 * seconds / view.paper_s, 3)


def _image_px(view: StripView, shape: Shape, frame: Frame, minutes: float) -> tuple[int, int]:
    width_cm, height_cm = strip_size_cm(
        view.scale,
        minutes,
        audience=Audience.CLINICIAN,
        fetus_count=shape.fetus_count,
        has_toco=shape.has_toco,
        frame=frame,
    )
    return pixels(width_cm), pixels(height_cm)


def _alt(span: str, losses: list[float]) -> str:
    """What a window shows for who cannot see it."""
    if not losses:
        return str(gettext("Strip %(span)s", span=span))
    return str(gettext("Strip %(span)s, signal loss %(loss)s", span=span, loss=", ".join(map(percent, losses))))


def _losses(analyses: Sequence[Analysis], start_s: int) -> list[float]:
    """Of each fetus the loss of the window that begins at `start_s`, as far as it is known without a sample."""
    number = int(start_s // LOSS_WINDOW_S)
    return [one.loss_per_10_min[number] for one in analyses if number < len(one.loss_per_10_min)]


def _framed_px(view: StripView, start_s: int, length_s: int, pixels_per_s: float) -> tuple[int, int] | None:
    """Where in the window the stretch that is shown lies."""
    if view.shown_s is None:
        return None
    begin_s, end_s = max(view.shown_s[0], start_s), min(view.shown_s[1], start_s + length_s)
    # A stretch that ends with a window does not begin in the next one.
    is_in_it = begin_s < start_s + length_s and (end_s > begin_s or begin_s == view.shown_s[0])
    if not is_in_it:
        return None
    left, right = round((begin_s - start_s) * pixels_per_s), round((end_s - start_s) * pixels_per_s)
    # A stretch that goes on in the next window has no side between them: that side lies beyond the picture.
    if begin_s > view.shown_s[0]:
        left -= FRAME_BEYOND_PX
    if end_s < view.shown_s[1] and start_s + length_s < view.paper_s:
        right += FRAME_BEYOND_PX
    return left, max(NARROWEST_FRAME_PX, right - left)
