"""What was measured, as SVG on the paper: lines, the loss lane and marks where a value is off the axis."""

from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from app.charts import style
from app.charts.layout import COLUMN_MM, LANE_HEIGHT_MM, Layout, Panel
from app.charts.path import JUMP_BPM, column_of, path_data, points
from app.charts.strip import SECOND_FETUS_OFFSET_BPM, Strip
from app.charts.text import number
from app.ctg.quality import is_missing
from app.ctg.trace import FloatArray, runs

# A value between two losses, or a few close together, would be missed as a point as small as the line is thin.
_DOT_MM = 1.0

_CLAMP_BAR_MM = 0.7
_CLAMP_ARROW_MM = 1.8
# Stretches off the axis closer than this share one arrow.
_CLAMP_JOIN_MM = 2.0


@dataclass(frozen=True, slots=True)
class Pen:
    """How a line looks: its name in the document, colour, width and dashes."""

    name: str
    colour: str
    width_mm: float
    dashes_mm: tuple[float, ...] = ()


FIRST_FETUS = Pen("fhr1", style.INK, style.INK_MM)
SECOND_FETUS = Pen("fhr2", style.SECOND_INK, style.SECOND_INK_MM)
MATERNAL = Pen("mhr", style.MATERNAL_INK, style.MATERNAL_INK_MM, (1.3, 1.1))
TOCO = Pen("toco", style.INK, style.INK_MM)


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Equally spaced values and where they belong: `first_s` is from the left edge of the window."""

    values: FloatArray
    rate_hz: float
    first_s: float


def windowed(values: FloatArray, rate_hz: float, strip: Strip) -> Series:
    """The samples of the window and one neighbour on each side, so that lines run on across its edges."""
    first = max(0, ceil(strip.start_s * rate_hz - 1e-9) - 1)
    last = min(len(values), ceil(strip.end_s * rate_hz - 1e-9) + 1)
    first = min(first, last)
    return Series(values[first:last], rate_hz, first / rate_hz - strip.start_s)


def line(series: Series, panel: Panel, pen: Pen, layout: Layout, max_jump: float | None = None) -> str:
    """The series as one path, and one of dots for values alone; empty when all of it is loss.

    Values off the axis run along its edge. Coordinates are whole numbers of 0.01 units of the axis.
    """
    step_mm = panel.mm_per_unit / 100
    per_sample = layout.mm_per_s / series.rate_hz / step_mm
    first = series.first_s * layout.mm_per_s / step_mm
    width = panel.column_steps
    columns = column_of(len(series.values), first / width, per_sample / width)
    shown = points(series.values, columns, max_jump)
    if len(shown.index) == 0:
        return ""
    if columns is None:
        x, left = np.rint(shown.index * per_sample).astype(np.int64), first
    else:
        x, left = columns[shown.index] * width, width / 2
    values = np.clip(series.values[shown.index], panel.low, panel.high)
    y = np.rint((panel.high - values) * 100).astype(np.int64)
    # Devices send quarters of a beat or whole ones: the same places in larger steps are shorter to write.
    common = max(1, int(np.gcd(np.gcd.reduce(x), np.gcd.reduce(y))))
    scale = step_mm * common
    dot = max(pen.width_mm, _DOT_MM) / scale
    lines, dots = path_data(x // common, y // common, shown.starts, smallest=dot)
    place = (
        f'transform="translate({number(panel.left_mm + left * step_mm)} {number(panel.top_mm)}) scale({scale:.9g})"'
        f' fill="none" stroke="{pen.colour}" stroke-linecap="round" stroke-linejoin="round"'
    )
    dashes = f' stroke-dasharray="{_numbers(pen.dashes_mm, scale)}"' if pen.dashes_mm else ""
    drawn = ""
    if lines:
        drawn += f'<path id="{pen.name}" {place} stroke-width="{number(pen.width_mm / scale)}"{dashes} d="{lines}"/>'
    if dots:
        drawn += f'<path id="{pen.name}-dots" {place} stroke-width="{number(dot)}" d="{dots}"/>'
    return drawn


def _numbers(lengths_mm: tuple[float, ...], scale: float) -> str:
    """Lengths as numbers of an element that is drawn `scale` times as large."""
    return " ".join(number(length / scale) for length in lengths_mm)


def heart_rates(strip: Strip, layout: Layout) -> str:
    """Maternal rate and fetuses, the first fetus on top."""
    trace = strip.trace
    channels = (
        (trace.mhr, MATERNAL, 0.0),
        (trace.fhr2, SECOND_FETUS, SECOND_FETUS_OFFSET_BPM),
        (trace.fhr1, FIRST_FETUS, 0.0),
    )
    drawn = []
    for values, pen, offset_bpm in channels:
        if values is not None:
            series = windowed(values, trace.rate_hz, strip)
            higher = replace(series, values=series.values + offset_bpm)
            drawn.append(line(higher, layout.fhr, pen, layout, JUMP_BPM) + _off_axis(higher, layout.fhr, pen, layout))
    return "".join(drawn)


def uterine_activity(strip: Strip, layout: Layout) -> str:
    """The line of the second panel, which has no jumps; empty when there is none."""
    if layout.toco is None or strip.trace.toco is None:
        return ""
    series = windowed(strip.trace.toco, strip.trace.rate_hz, strip)
    return line(series, layout.toco, TOCO, layout) + _off_axis(series, layout.toco, TOCO, layout)


def loss_lanes(strip: Strip, layout: Layout) -> str:
    """For each fetus a lane in which every column with a lost sample is dark, however short the loss."""
    trace = strip.trace
    lanes = []
    for fetus, top_mm in enumerate(layout.lane_tops_mm, start=1):
        series = windowed(trace.fhr(fetus), trace.rate_hz, strip)
        lost = _columns(is_missing(series.values), series, layout)
        marks = "".join(f"M{start} 0h{end - start}v1h{start - end}z" for start, end in lost)
        lanes.append(
            f'<rect x="{number(layout.fhr.left_mm)}" y="{number(top_mm)}" width="{number(layout.fhr.width_mm)}"'
            f' height="{number(LANE_HEIGHT_MM)}" fill="{style.LANE}"/>'
        )
        if marks:
            lanes.append(
                f'<path id="loss{fetus}" fill="{style.LOSS}"'
                f' transform="translate({number(layout.fhr.left_mm)} {number(top_mm)})'
                f' scale({COLUMN_MM} {LANE_HEIGHT_MM})" d="{marks}"/>'
            )
    return f'<g clip-path="url(#lanes)">{"".join(lanes)}</g>'


def _columns(mask: NDArray[np.bool_], series: Series, layout: Layout) -> list[tuple[int, int]]:
    """Half-open runs of the columns within the window that a sample of `mask`, shape (n,), touches."""
    if not mask.any():
        return []
    per_s = layout.mm_per_s / COLUMN_MM
    last_column = ceil(layout.fhr.width_mm / COLUMN_MM - 1e-9)
    touched = np.zeros(last_column, dtype=np.bool_)
    for first, last in runs(mask):
        start_s, end_s = (sample / series.rate_hz + series.first_s for sample in (first, last))
        if end_s > 1e-9:
            touched[max(0, floor(start_s * per_s + 1e-6)) : ceil(end_s * per_s - 1e-6)] = True
    return runs(touched)


def _off_axis(series: Series, panel: Panel, pen: Pen, layout: Layout) -> str:
    """A bar along the edge and an arrow over it wherever the axis ends before the values do."""
    marks = []
    with np.errstate(invalid="ignore"):
        above, below = series.values > panel.high, series.values < panel.low
    for mask, edge_mm, inwards in ((above, 0.0, 1.0), (below, panel.height_mm, -1.0)):
        stretches = [(a * COLUMN_MM, b * COLUMN_MM) for a, b in _columns(mask, series, layout)]
        bar, tip, foot = (edge_mm + inwards * mm for mm in (_CLAMP_BAR_MM, 0.9, 0.9 + _CLAMP_ARROW_MM))
        marks += [f"M{number(a)} {number(edge_mm)}H{number(b)}V{number(bar)}H{number(a)}z" for a, b in stretches]
        for start_mm, end_mm in _joined(stretches):
            middle = (start_mm + end_mm) / 2
            left, right = number(middle - _CLAMP_ARROW_MM / 2), number(middle + _CLAMP_ARROW_MM / 2)
            marks.append(f"M{number(middle)} {number(tip)}L{right} {number(foot)}H{left}z")
    if not marks:
        return ""
    return (
        f'<path id="{pen.name}-off-axis" fill="{pen.colour}"'
        f' transform="translate({number(panel.left_mm)} {number(panel.top_mm)})" d="{"".join(marks)}"/>'
    )


def _joined(stretches: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches with those that lie close together made one."""
    joined: list[tuple[float, float]] = []
    for start, end in stretches:
        if joined and start - joined[-1][1] < _CLAMP_JOIN_MM:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
