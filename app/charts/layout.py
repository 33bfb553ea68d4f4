"""Where things lie on the picture, in millimetres: a minute is exactly `speed_cm_min` centimetres wide."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from app.charts import style
from app.charts.strip import Audience, Strip, StripScale
from app.charts.text import wrapped
from app.ctg.trace import Trace

MARGIN_LEFT_MM = 14.0
MARGIN_RIGHT_MM = 13.0
MARGIN_TOP_MM = 2.0
ADVICE_ROW_MM = 5.0
CAPTION_ROW_MM = 5.0
AXIS_GAP_MM = 1.5
LANE_GAP_MM = 1.0
LANE_HEIGHT_MM = 2.2
TITLE_ROW_MM = 6.5
TIME_ROW_MM = 6.5
FOOT_ROW_MM = 5.5

TOCO_HEIGHT_MM = 40.0
TOCO_TOP = 100.0
# The full scale of most devices; used for the whole recording as soon as one sample is above 100.
TOCO_WIDE_TOP = 127.0

# About one pixel of a screen at 100 %, and a little less than the ink is wide.
COLUMN_MM = 0.25

# Shorter windows keep their scale but get a picture wide enough for the caption.
MIN_PICTURE_MM = 115.0
# What a full caption takes in one row, and what twins add to it.
CAPTION_LENGTH_MM = 205.0
TWIN_CAPTION_LENGTH_MM = 45.0
# What the legend takes in one row: of lines, and of everything computed.
LEGEND_LENGTH_MM = 80.0
COMPUTED_LEGEND_LENGTH_MM = 205.0


@dataclass(frozen=True, slots=True)
class Panel:
    """A rectangle of paper with an upright axis from `low` at its foot to `high` at its top."""

    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float
    low: float
    high: float

    @property
    def right_mm(self) -> float:
        """The right edge."""
        return self.left_mm + self.width_mm

    @property
    def bottom_mm(self) -> float:
        """The lower edge."""
        return self.top_mm + self.height_mm

    @property
    def mm_per_unit(self) -> float:
        """Height of one unit of the axis."""
        return self.height_mm / (self.high - self.low)

    @property
    def column_steps(self) -> int:
        """Width of a device column in hundredths of the axis' unit: near COLUMN_MM and a multiple of five.

        So a place in time and a value that devices send (quarters, halves or tenths) share a large divisor.
        """
        return 5 * round(COLUMN_MM / self.mm_per_unit * 20)


@dataclass(frozen=True, slots=True)
class Layout:
    """All places of one picture; equal layouts share one cached paper."""

    scale: StripScale
    minutes: float
    width_mm: float
    height_mm: float
    advice_rows: int
    caption_rows: int
    legend_rows: int
    fhr: Panel
    lane_tops_mm: tuple[float, ...]
    toco: Panel | None

    @property
    def mm_per_s(self) -> float:
        """Paper speed."""
        return self.scale.speed_cm_min * 10.0 / 60.0

    @property
    def caption_top_mm(self) -> float:
        """Where the rows of the caption begin."""
        return MARGIN_TOP_MM + self.advice_rows * ADVICE_ROW_MM

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The heart rate panel and, if there is one, that of uterine activity."""
        return (self.fhr,) if self.toco is None else (self.fhr, self.toco)

    @property
    def time_axis_mm(self) -> float:
        """Height of the line that time is written under."""
        return self.lane_tops_mm[-1] + LANE_HEIGHT_MM if self.toco is None else self.toco.bottom_mm


def layout_of(
    scale: StripScale,
    minutes: float,
    *,
    audience: Audience,
    fetus_count: int = 1,
    has_toco: bool = True,
    toco_top: float = TOCO_TOP,
    advice: tuple[str, ...] = (),
) -> Layout:
    """The places of a picture with these parameters."""
    plot_mm = minutes * scale.speed_cm_min * 10.0
    width = max(plot_mm + MARGIN_LEFT_MM + MARGIN_RIGHT_MM, MIN_PICTURE_MM)
    room = width - MARGIN_LEFT_MM
    caption_rows = ceil((CAPTION_LENGTH_MM + (fetus_count - 1) * TWIN_CAPTION_LENGTH_MM) / room)
    legend_length = LEGEND_LENGTH_MM + (COMPUTED_LEGEND_LENGTH_MM if audience is Audience.CLINICIAN else 0.0)
    legend_rows = ceil(legend_length / room)
    advice_rows = len(wrapped(advice, room_mm=room, size_pt=style.ADVICE_TEXT_PT))
    top = MARGIN_TOP_MM + advice_rows * ADVICE_ROW_MM + caption_rows * CAPTION_ROW_MM + AXIS_GAP_MM
    fhr_height = (scale.high_bpm - scale.low_bpm) * 10.0 / scale.bpm_per_cm
    fhr = Panel(MARGIN_LEFT_MM, top, plot_mm, fhr_height, scale.low_bpm, scale.high_bpm)
    lane_step = LANE_GAP_MM + LANE_HEIGHT_MM
    lanes = tuple(fhr.bottom_mm + LANE_GAP_MM + number * lane_step for number in range(fetus_count))
    foot = lanes[-1] + LANE_HEIGHT_MM
    toco = None
    if has_toco:
        toco = Panel(MARGIN_LEFT_MM, foot + TITLE_ROW_MM, plot_mm, TOCO_HEIGHT_MM, 0.0, toco_top)
        foot = toco.bottom_mm
    return Layout(
        scale=scale,
        minutes=minutes,
        width_mm=width,
        height_mm=foot + TIME_ROW_MM + legend_rows * FOOT_ROW_MM,
        advice_rows=advice_rows,
        caption_rows=caption_rows,
        legend_rows=legend_rows,
        fhr=fhr,
        lane_tops_mm=lanes,
        toco=toco,
    )


def layout_for(strip: Strip) -> Layout:
    """The places of this strip; the uterine scale is that of the whole recording, not of the window."""
    return layout_of(
        strip.scale,
        strip.minutes,
        audience=strip.audience,
        fetus_count=strip.trace.fetus_count,
        has_toco=strip.trace.toco is not None,
        toco_top=_toco_top(strip.trace),
        advice=strip.shown_advice,
    )


def strip_size_cm(
    scale: StripScale, minutes: float, *, audience: Audience, fetus_count: int = 1, has_toco: bool = True
) -> tuple[float, float]:
    """Width and height of the picture in centimetres of print, without reading a sample."""
    layout = layout_of(scale, minutes, audience=audience, fetus_count=fetus_count, has_toco=has_toco)
    return layout.width_mm / 10.0, layout.height_mm / 10.0


def _toco_top(trace: Trace) -> float:
    """The top of the uterine axis: 100, or the devices' full scale when any sample is above 100."""
    if trace.toco is None or len(trace) == 0:
        return TOCO_TOP
    return TOCO_WIDE_TOP if float(np.fmax.reduce(trace.toco)) > TOCO_TOP else TOCO_TOP
