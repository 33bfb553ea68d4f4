"""Marks as indexed pixels: lines column by column, so that no value between two columns is lost."""

import numpy as np
from numpy.typing import NDArray

from app.charts.marks import Bars, BoolArray, Boxes, Curve, Dots, Hatch, IntArray, Pen, Polygons, Strokes
from app.charts.raster import NOTHING, NUDGE, PIXELS_PER_MM, Area, Canvas, area_of, halves_of
from app.charts.raster_palette import index_of

# The distance of slanting lines 3 mm apart along a row of pixels, and how many pixels one of them takes.
_HATCH_APART = 17
_HATCH_WIDTH = 2


def curve(canvas: Canvas, mark: Curve, clip: Area) -> None:
    """Draw the line through the points."""
    x, y = _places(mark, clip)
    _line(canvas, x, y, mark.starts, mark.pen, clip)


def strokes(canvas: Canvas, mark: Strokes, clip: Area) -> None:
    """Draw straight lines from point to point."""
    points = np.array([point for line in mark.lines for point in line]) * PIXELS_PER_MM + NUDGE
    x, y = np.floor(points.T).astype(np.int64)
    starts = np.zeros(len(points), dtype=np.bool_)
    starts[np.cumsum([0, *(len(line) for line in mark.lines[:-1])])] = True
    _line(canvas, x, y, starts, mark.pen, clip)


def dots(canvas: Canvas, mark: Dots, clip: Area) -> None:
    """Draw round dots."""
    x, y = _places(mark, clip)
    size = _width(mark.pen)
    place = np.arange(size) - (size - 1) / 2
    across, down = np.nonzero(place[:, None] ** 2 + place**2 <= size**2 / 4)
    x = (x[:, None] + across - size // 2).ravel()
    y = (y[:, None] + down - size // 2).ravel()
    _fill_runs(canvas, x, y, y, mark.pen, clip)


def polygons(canvas: Canvas, mark: Polygons, clip: Area) -> None:
    """Fill areas: each pixel whose middle lies within, and all that a thin one touches."""
    for corners in mark.corners:
        left, top, inside = _inside(np.array(corners) * PIXELS_PER_MM)
        _lay(canvas, left, top, inside, mark.colour, clip)


def boxes(canvas: Canvas, mark: Boxes, clip: Area) -> None:
    """Fill rectangles."""
    for rectangle in mark.rectangles:
        canvas.fill(area_of(rectangle), index_of(mark.colour), clip)


def bars(canvas: Canvas, mark: Bars, clip: Area) -> None:
    """Fill runs of columns, each at least one pixel wide."""
    edges = np.array(mark.runs) * (mark.column_mm * PIXELS_PER_MM) + mark.left_mm * PIXELS_PER_MM
    firsts = np.floor(edges[:, 0] + NUDGE).astype(np.int64)
    lasts = np.maximum(np.ceil(edges[:, 1] - NUDGE).astype(np.int64), firsts + 1)
    top, bottom = (round(mm * PIXELS_PER_MM) for mm in (mark.top_mm, mark.top_mm + mark.height_mm))
    colour = index_of(mark.colour)
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        canvas.fill(Area(first, top, last, max(bottom, top + 1)), colour, clip)


def hatch(canvas: Canvas, mark: Hatch, clip: Area) -> None:
    """Draw slanting lines over rectangles."""
    for rectangle in mark.rectangles:
        area = area_of(rectangle)
        y, x = np.ogrid[area.top : area.bottom, area.left : area.right]
        _lay(canvas, area.left, area.top, (x + y) % _HATCH_APART < _HATCH_WIDTH, mark.colour, clip)


def _places(mark: Curve | Dots, clip: Area) -> tuple[IntArray, IntArray]:
    """The pixels in which the points lie; a value at the foot of a panel is drawn in its last row."""
    x = np.floor(mark.x * (mark.x_unit_mm * PIXELS_PER_MM) + (mark.left_mm * PIXELS_PER_MM + NUDGE)).astype(np.int64)
    y = np.floor(mark.y * (mark.y_unit_mm * PIXELS_PER_MM) + (mark.top_mm * PIXELS_PER_MM + NUDGE)).astype(np.int64)
    return x, np.minimum(y, clip.bottom - 1)


def _width(pen: Pen) -> int:
    """How many pixels wide the pen is."""
    return max(1, round(pen.width_mm * PIXELS_PER_MM))


def _lay(canvas: Canvas, left: int, top: int, shape: BoolArray, colour: str, clip: Area) -> None:
    """Give a colour to the pixels of a shape."""
    picture = np.where(shape, np.uint8(index_of(colour)), np.uint8(NOTHING))
    canvas.lay(left, top, halves_of(picture, left), clip)


def _inside(corners: NDArray[np.float64]) -> tuple[int, int, BoolArray]:
    """Left, top and pixels of the area between `corners`, in pixels, shape (n, 2).

    A pixel is inside when a line from its middle to the right crosses the edge an odd number of times.
    """
    left, top = np.floor(corners.min(axis=0) + NUDGE).astype(np.int64)
    right, bottom = np.maximum(np.ceil(corners.max(axis=0) - NUDGE).astype(np.int64), (left + 1, top + 1))
    y, x = (places + 0.5 for places in np.ogrid[top:bottom, left:right])
    inside = np.zeros((bottom - top, right - left), dtype=np.bool_)
    for (from_x, from_y), (to_x, to_y) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if from_y != to_y:
            is_level = (y > min(from_y, to_y)) & (y <= max(from_y, to_y))
            inside ^= is_level & (x < from_x + (y - from_y) * ((to_x - from_x) / (to_y - from_y)))
    return int(left), int(top), inside if inside.any() else ~inside


def _line(canvas: Canvas, x: IntArray, y: IntArray, starts: BoolArray, pen: Pen, clip: Area) -> None:
    """Draw lines through whole pixels, shape (n,); the pen is set down anew at each of `starts`.

    A line is one upright run of pixels in each column: from where it enters the column to where it leaves it.
    """
    columns, low, high = _runs(*_in_each_column(x, y, starts))
    width = _width(pen)
    before = width // 2
    for step in range(width):
        _fill_runs(canvas, columns + (step - before), low - before, high + (width - 1 - before), pen, clip)


def _in_each_column(x: IntArray, y: IntArray, starts: BoolArray) -> tuple[IntArray, IntArray, BoolArray]:
    """The points, and one more in each column between two that are joined and further apart."""
    steps = np.diff(x, prepend=x[:1])
    steps[starts] = 0
    apart = np.abs(steps)
    if apart.max() <= 1:
        return x, y, starts
    counts = np.maximum(apart, 1)
    end = np.repeat(np.arange(len(x)), counts)
    ahead = np.repeat(np.cumsum(counts), counts) - np.arange(1, len(end) + 1)
    rise = (y[np.maximum(end - 1, 0)] - y[end]) / counts[end]
    return (
        x[end] - ahead * np.sign(steps)[end],
        np.floor(y[end] + ahead * rise + 0.5).astype(np.int64),
        starts[end] & (ahead == counts[end] - 1),
    )


def _runs(x: IntArray, y: IntArray, starts: BoolArray) -> tuple[IntArray, IntArray, IntArray]:
    """For each line and column in it: the column, and its first and last row.

    What joins two columns is drawn half in the one and half in the other.
    """
    begins = starts.copy()
    begins[1:] |= x[1:] != x[:-1]
    first = np.flatnonzero(begins)
    low, high = np.minimum.reduceat(y, first), np.maximum.reduceat(y, first)
    joined = np.flatnonzero(~starts[first])
    middle = (y[first[joined] - 1] + y[first[joined]]) // 2
    for run in (joined, joined - 1):
        low[run] = np.minimum(low[run], middle)
        high[run] = np.maximum(high[run], middle)
    return x[first], low, high


def _fill_runs(canvas: Canvas, columns: IntArray, low: IntArray, high: IntArray, pen: Pen, clip: Area) -> None:
    """Give the pen's colour to the rows `low` to `high` of columns, as far as they lie within `clip`."""
    inside = (columns >= clip.left) & (columns < clip.right) & (high >= clip.top) & (low < clip.bottom)
    if not inside.all():
        columns, low, high = columns[inside], low[inside], high[inside]
    low = np.maximum(low, clip.top)
    counts = np.minimum(high, clip.bottom - 1) - low + 1
    begins = np.cumsum(counts) - counts
    steps = np.arange(int(counts.sum()))
    places = np.repeat(canvas.places(columns, low) - begins * canvas.row_step, counts) + steps * canvas.row_step
    if pen.dashes_mm:
        on, off = (max(1, round(length * PIXELS_PER_MM)) for length in pen.dashes_mm)
        places = places[steps % (on + off) < on]
    canvas.flat[places] = index_of(pen.colour)
