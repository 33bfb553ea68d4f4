"""Equally spaced values as a curve in whole numbers, and as dots where they stand alone."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor

import numpy as np

from app.charts.layout import Layout, Panel
from app.charts.marks import Curve, Dots, IntArray, Pen
from app.charts.path import Points, dots_among, points, samples_per_column
from app.charts.window import Series
from app.ctg.trace import FloatArray

# Columns of a curve and of the loss lane: about a pixel of a screen at 100 %, and as wide as the ink.
COLUMN_MM = 0.25
# On more paper than a screen shows at once columns are wider; their lowest and highest are still a pixel apart.
WIDE_COLUMN_MM = 0.5
_WIDE_PAPER_MM = 600.0

# A value between two losses, or a few close together, would be missed as a point as small as the line is thin.
DOT_MM = 1.0

# A pen may be this much wider across than upright, or the other way round.
_ROUND = 1.26


@dataclass(frozen=True, slots=True)
class Drawn:
    """A curve, dots, both or neither, and whether any value lies off the axis."""

    marks: tuple[Curve | Dots, ...]
    is_off_axis: bool


def curve(series: Series, panel: Panel, pen: Pen, layout: Layout, max_jump: float | None = None) -> Drawn:
    """The series as a curve, and dots for values alone; no mark when all of it is loss.

    Values off the axis run along its edge. Each value lies at its height exactly; in a column it lies less than
    three quarters of the column beside its time, and within the window where its time does.
    """
    sample_mm, per_column = _samples(series.rate_hz, layout)
    window = (series.lead, series.lead + series.count)
    shown = points(series.values, per_column, max_jump, number=series.number, window=window)
    if len(shown.place) == 0:
        return Drawn((), is_off_axis=False)
    values = shown.values
    is_off_axis = bool(np.minimum.reduce(values) < panel.low or np.maximum.reduce(values) > panel.high)
    if is_off_axis:
        values = np.clip(values, panel.low, panel.high)
    # Two values share a column, a quarter of it from its middle; samples of their own lie at their time.
    step_mm, first_mm = sample_mm, 0.0
    column, into_column = divmod(series.number + series.lead, per_column)
    if per_column > 1:
        step_mm, first_mm = sample_mm * per_column / 2, sample_mm * (per_column / 4 - 0.5 - into_column)
        column *= 2
    parts, whole = _whole(values)
    units = _units(parts, panel.mm_per_unit, step_mm)
    x, y = (shown.place - column) * units.step, (round(panel.high * parts) - whole) * units.times
    left_mm = panel.left_mm + series.first_s * layout.mm_per_s + first_mm
    if into_column or (series.number + series.lead + series.count) % per_column:
        margins_mm = (sample_mm * (per_column / 4 - 0.5), sample_mm * (per_column / 4 + 0.5))
        _keep_within(x, shown, (panel.left_mm - left_mm, panel.right_mm - left_mm), margins_mm, units.x_mm)
    place = (left_mm, panel.top_mm, units.x_mm, units.y_mm)
    dot = Pen(f"{pen.name}-dots", pen.colour, max(pen.width_mm, DOT_MM))
    is_dot = dots_among(x, y, shown.starts, smallest=(dot.width_mm / units.x_mm, dot.width_mm / units.y_mm))
    if not np.logical_or.reduce(is_dot):
        return Drawn((Curve(pen, *place, x, y, shown.starts),), is_off_axis)
    # A value that is the lowest and the highest of its column is one dot.
    once = is_dot.copy()
    if per_column > 1:
        once[1::2] &= y[1::2] != y[::2]
    dots = Dots(dot, *place, x[once], y[once])
    if is_dot.all():
        return Drawn((dots,), is_off_axis)
    joined = ~is_dot
    return Drawn((Curve(pen, *place, x[joined], y[joined], shown.starts[joined]), dots), is_off_axis)


def _keep_within(
    x: IntArray, shown: Points, edges_mm: tuple[float, float], margins_mm: tuple[float, float], x_mm: float
) -> None:
    """Move the values of columns that are cut to their side of the edge, as far as those of whole columns lie from it.

    Before an edge and behind it, so that both of the pictures that meet there draw the same; it is less than half a
    column more where units are as coarse as that.
    """
    behind_mm, before_mm = margins_mm
    # A millionth, so that a whole column that ends at the edge stays where it is on every machine.
    last_before, last_within = (floor((edge - before_mm) / x_mm + 1e-6) for edge in edges_mm)
    first_within, first_behind = (ceil((edge + behind_mm) / x_mm - 1e-6) for edge in edges_mm)
    before, within, behind = x[: shown.begin], x[shown.begin : shown.end], x[shown.end :]
    np.minimum(before, last_before, out=before)
    np.maximum(within, first_within, out=within)
    np.minimum(within, last_within, out=within)
    np.maximum(behind, first_behind, out=behind)


def neighbours(rate_hz: float, layout: Layout) -> int:
    """How many samples on each side of a window decide what is drawn within it; `Stretch.around` has as many.

    A column hangs on two of its neighbours. A line that is smaller than a dot is drawn as dots, of which one reaches
    over the edge from half a dot behind it.
    """
    sample_mm, per_column = _samples(rate_hz, layout)
    return ceil(1.5 * DOT_MM / sample_mm - 1e-9) + (2 * per_column if per_column > 1 else 1)


def _samples(rate_hz: float, layout: Layout) -> tuple[float, int]:
    """The width of a sample, and how many share a column; 1 when each is drawn."""
    sample_mm = layout.mm_per_s / rate_hz
    column_mm = COLUMN_MM if layout.fhr.width_mm <= _WIDE_PAPER_MM else WIDE_COLUMN_MM
    return sample_mm, samples_per_column(column_mm, sample_mm)


def _whole(values: FloatArray) -> tuple[int, IntArray]:
    """In how many parts of a unit the values are whole numbers, and these numbers.

    Devices send whole values, halves, quarters or tenths; all others are rounded to hundredths.
    """
    for finest in (4, 10):
        exact = values * finest
        whole = np.rint(exact)
        if np.logical_and.reduce(exact == whole):
            parts, numbers = finest, whole.astype(np.int64)
            while parts % 2 == 0 and not np.bitwise_or.reduce(numbers) & 1:
                parts, numbers = parts // 2, numbers >> 1
            return parts, numbers
    return 100, np.rint(values * 100).astype(np.int64)


@dataclass(frozen=True, slots=True)
class _Units:
    """Whole numbers of a curve: a part of a value is `times` units, from one value to the next are `step`."""

    times: int
    step: int
    x_mm: float
    y_mm: float


@lru_cache(maxsize=64)
def _units(parts: int, mm_per_unit: float, step_mm: float) -> _Units:
    """The coarsest units in which values with `parts` to a unit of the axis, and steps, are whole numbers.

    Numbers are short in coarse units; a pen is round to the eye when the two differ by no more than a quarter.
    """
    times = 1
    while True:
        y_mm = mm_per_unit / (parts * times)
        step = max(1, round(step_mm / y_mm))
        if 1 / _ROUND <= step_mm / step / y_mm <= _ROUND:
            return _Units(times, step, step_mm / step, y_mm)
        times += 1
