"""Where things lie on the picture, in millimetres: a minute is exactly `speed_cm_min` centimetres wide."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from app.charts import style
from app.charts.notes import notes_within, numbered, rows_of_notes
from app.charts.strip import Audience, Frame, Strip, StripMark, StripScale, marks_for
from app.charts.text import wrapped

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
# Above the heart rate, for the numbers of what was noted.
FLAG_ROW_MM = 5.0

# The piece with axis numbers and names, and how much of it is paper already, so that rules meet those of a tile.
AXIS_WIDTH_MM = 20.0
AXIS_PAPER_MM = 0.6

TOCO_HEIGHT_MM = 40.0
TOCO_TOP = 100.0
# The full scale of most devices; used for the whole recording as soon as one sample is above 100.
TOCO_WIDE_TOP = 127.0

# Shorter windows keep their scale but get a picture wide enough for the caption.
MIN_PICTURE_MM = 115.0
# What a full caption takes in one row, and what twins add to it.
CAPTION_LENGTH_MM = 205.0
TWIN_CAPTION_LENGTH_MM = 45.0
# What the legend takes in one row: of lines, and of everything computed; and what twins add to each.
LEGEND_LENGTH_MM = 80.0
TWIN_LEGEND_LENGTH_MM = 25.0
COMPUTED_LEGEND_LENGTH_MM = 205.0
TWIN_COMPUTED_LEGEND_LENGTH_MM = 30.0

# All windows of a recording have one, but for those with words of notes.
_LAYOUTS_KEPT = 256


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
    note_rows: int
    frame: Frame
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
    def legend_bottom_mm(self) -> float:
        """The lower edge of the legend's rows; beneath stand the words of what was noted."""
        return self.height_mm - self.note_rows * FOOT_ROW_MM

    @property
    def panels(self) -> tuple[Panel, ...]:
        """The heart rate panel and, if there is one, that of uterine activity."""
        return (self.fhr,) if self.toco is None else (self.fhr, self.toco)

    @property
    def time_axis_mm(self) -> float:
        """Height of the line that time is written under."""
        return self.lane_tops_mm[-1] + LANE_HEIGHT_MM if self.toco is None else self.toco.bottom_mm


@lru_cache(maxsize=_LAYOUTS_KEPT)
def layout_of(
    scale: StripScale,
    minutes: float,
    *,
    audience: Audience,
    frame: Frame = Frame.FULL,
    fetus_count: int = 1,
    has_toco: bool = True,
    toco_top: float = TOCO_TOP,
    advice: tuple[str, ...] = (),
    has_flags: bool = False,
    note_rows: int = 0,
) -> Layout:
    """The places of a picture with these parameters; tiles and axes of a recording are all of one height."""
    is_full = frame is Frame.FULL
    plot_mm = AXIS_PAPER_MM if frame is Frame.AXIS else minutes * scale.speed_cm_min * 10.0
    left, width = _across(frame, plot_mm)
    room = width - left
    advice_rows = len(wrapped(advice, room_mm=room, size_pt=style.ADVICE_TEXT_PT))
    caption_rows = legend_rows = 0
    if is_full:
        caption_rows = ceil((CAPTION_LENGTH_MM + (fetus_count - 1) * TWIN_CAPTION_LENGTH_MM) / room)
        legend_length = LEGEND_LENGTH_MM + (fetus_count - 1) * TWIN_LEGEND_LENGTH_MM
        if audience is Audience.CLINICIAN:
            legend_length += COMPUTED_LEGEND_LENGTH_MM + (fetus_count - 1) * TWIN_COMPUTED_LEGEND_LENGTH_MM
        legend_rows = ceil(legend_length / room)
    else:
        # With uterine activity the legend of a tile stands in the row of that panel's title.
        legend_rows, note_rows = int(not has_toco), 0
    top = MARGIN_TOP_MM + advice_rows * ADVICE_ROW_MM + caption_rows * CAPTION_ROW_MM + AXIS_GAP_MM
    # Tiles keep the row, so that they do not grow when the first note is made.
    top += FLAG_ROW_MM if has_flags or not is_full else 0.0
    fhr_height = (scale.high_bpm - scale.low_bpm) * 10.0 / scale.bpm_per_cm
    fhr = Panel(left, top, plot_mm, fhr_height, scale.low_bpm, scale.high_bpm)
    lane_step = LANE_GAP_MM + LANE_HEIGHT_MM
    lanes = tuple(fhr.bottom_mm + LANE_GAP_MM + number * lane_step for number in range(fetus_count))
    foot = lanes[-1] + LANE_HEIGHT_MM
    toco = None
    if has_toco:
        toco = Panel(left, foot + TITLE_ROW_MM, plot_mm, TOCO_HEIGHT_MM, 0.0, toco_top)
        foot = toco.bottom_mm
    return Layout(
        scale=scale,
        minutes=minutes,
        width_mm=width,
        height_mm=foot + TIME_ROW_MM + (legend_rows + note_rows) * FOOT_ROW_MM,
        advice_rows=advice_rows,
        caption_rows=caption_rows,
        legend_rows=legend_rows,
        note_rows=note_rows,
        frame=frame,
        fhr=fhr,
        lane_tops_mm=lanes,
        toco=toco,
    )


def layout_for(strip: Strip) -> Layout:
    """The places of this strip; the uterine scale is that of the whole recording, not of the window."""
    marks = strip.shown_marks
    return layout_of(
        strip.scale,
        strip.minutes,
        audience=strip.audience,
        frame=strip.frame,
        fetus_count=strip.stretch.part.fetus_count,
        has_toco=strip.stretch.part.toco is not None,
        toco_top=_toco_top(strip.stretch.toco_peak),
        advice=strip.shown_advice,
        has_flags=bool(numbered(marks)),
        note_rows=_note_rows(strip.scale, strip.start_s, strip.minutes, marks),
    )


def strip_size_cm(
    scale: StripScale,
    minutes: float,
    *,
    audience: Audience,
    fetus_count: int = 1,
    has_toco: bool = True,
    frame: Frame = Frame.FULL,
    start_s: float = 0.0,
    marks: Sequence[StripMark] = (),
) -> tuple[float, float]:
    """Width and height of the picture in centimetres of print, without reading a sample.

    Of a patient's picture it leaves out the rows of advice.
    """
    shown = marks_for(marks, audience)
    layout = layout_of(
        scale,
        minutes,
        audience=audience,
        frame=frame,
        fetus_count=fetus_count,
        has_toco=has_toco,
        has_flags=bool(numbered(shown)),
        note_rows=_note_rows(scale, start_s, minutes, shown),
    )
    return layout.width_mm / 10.0, layout.height_mm / 10.0


def _across(frame: Frame, plot_mm: float) -> tuple[float, float]:
    """Where the paper begins, and the width of the picture."""
    if frame is Frame.TILE:
        return 0.0, plot_mm
    if frame is Frame.AXIS:
        return AXIS_WIDTH_MM - AXIS_PAPER_MM, AXIS_WIDTH_MM
    return MARGIN_LEFT_MM, max(plot_mm + MARGIN_LEFT_MM + MARGIN_RIGHT_MM, MIN_PICTURE_MM)


def _note_rows(scale: StripScale, start_s: float, minutes: float, shown: Sequence[StripMark]) -> int:
    """How many rows the words of the window's notes take in a full picture."""
    left, width = _across(Frame.FULL, minutes * scale.speed_cm_min * 10.0)
    return len(rows_of_notes(notes_within(numbered(shown), start_s, start_s + minutes * 60.0), width - left))


def _toco_top(peak: float | None) -> float:
    """The top of the uterine axis: 100, or the devices' full scale when any sample is above 100."""
    return TOCO_WIDE_TOP if peak is not None and peak > TOCO_TOP else TOCO_TOP
