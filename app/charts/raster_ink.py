"""Marks as indexed pixels: lines column by column, so that no value between two columns is lost."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, pairwise
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from app.charts.marks import Bars, BoolArray, Boxes, Curve, Dots, Hatch, IntArray, Pen, Polygons, Strokes
from app.charts.raster import (
    LOWER,
    NOTHING,
    NUDGE,
    PIXELS_PER_MM,
    UPPER,
    Area,
    Canvas,
    area_of,
    cover_of,
    nearest_pixel,
)
from app.charts.raster_palette import index_of

# The distance of slanting lines 3 mm apart along a row of pixels, and how many pixels one of them takes.
_HATCH_APART = 17
_HATCH_WIDTH = 2

Place = tuple[int, int]


def curve(canvas: Canvas, mark: Curve, clip: Area) -> None:
    """Draw the line through the points."""
    x, y = _places(mark, clip)
    _line(canvas, x, y, mark.starts, mark.pen, clip)


def strokes(canvas: Canvas, mark: Strokes, clip: Area) -> None:
    """Draw straight lines from point to point."""
    lines = [[(nearest_pixel(x), nearest_pixel(y)) for x, y in line] for line in mark.lines]
    ends = [pair for line in lines for pair in pairwise(line)]
    if all(x == to_x or y == to_y for (x, y), (to_x, to_y) in ends) and (len(ends) == 1 or not mark.pen.dashes_mm):
        _straight(canvas, ends, mark.pen, clip)
        return
    x, y = np.array([point for line in lines for point in line]).T
    starts = np.zeros(len(x), dtype=np.bool_)
    starts[[0, *accumulate(len(line) for line in lines[:-1])]] = True
    _line(canvas, x, y, starts, mark.pen, clip)


def _straight(canvas: Canvas, ends: list[tuple[Place, Place]], pen: Pen, clip: Area) -> None:
    """Draw lines that go straight along or up: nearly all that are no curve."""
    width, colour = _width(pen), index_of(pen.colour)
    before = width // 2
    for (x, y), (to_x, to_y) in ends:
        left, top = min(x, to_x) - before, min(y, to_y) - before
        area = Area(left, top, left + abs(to_x - x) + width, top + abs(to_y - y) + width)
        for part in _dashes(area, pen) if pen.dashes_mm else (area,):
            canvas.fill(part, colour, clip)


def _dashes(area: Area, pen: Pen) -> Iterator[Area]:
    """The dashes of a line as long as the area; the last one is cut where it ends."""
    on, off = _in_pixels(pen.dashes_mm)
    is_level = area.right - area.left >= area.bottom - area.top
    begin, end = (area.left, area.right) if is_level else (area.top, area.bottom)
    for first in range(begin, end, on + off):
        last = min(first + on, end)
        yield Area(first, area.top, last, area.bottom) if is_level else Area(area.left, first, area.right, last)


def dots(canvas: Canvas, mark: Dots, clip: Area) -> None:
    """Draw round dots."""
    x, y = _places(mark, clip)
    columns, low, high = _dot(_width(mark.pen))
    x, low, high = ((middle[:, None] + apart).ravel() for middle, apart in ((x, columns), (y, low), (y, high)))
    _fill_runs(canvas, x, low, high, mark.pen, clip)


@lru_cache(maxsize=16)
def _dot(size: int) -> tuple[IntArray, IntArray, IntArray]:
    """The columns of a round dot of so many pixels from its middle, and from where to where each is filled."""
    place = np.arange(size) - (size - 1) / 2
    inside = place[:, None] ** 2 + place**2 <= size**2 / 4
    low = inside.argmax(axis=0) - size // 2
    return np.arange(size) - size // 2, low, low + inside.sum(axis=0) - 1


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
    column, origin = mark.column_mm * PIXELS_PER_MM, mark.left_mm * PIXELS_PER_MM
    firsts = [floor(start * column + origin + NUDGE) for start, _ in mark.runs]
    lasts = [ceil(end * column + origin - NUDGE) for _, end in mark.runs]
    top, bottom = (round(mm * PIXELS_PER_MM) for mm in (mark.top_mm, mark.top_mm + mark.height_mm))
    left = firsts[0]
    row = np.full((1, max(firsts[-1] + 1, lasts[-1]) - left), NOTHING, dtype=np.uint8)
    colour = index_of(mark.colour)
    for first, last in zip(firsts, lasts, strict=True):
        row[0, first - left : max(last, first + 1) - left] = colour
    # All runs are laid at once: a row of them, in as many rows as they are high.
    canvas.lay(left, top, cover_of(row, left).repeated(max(bottom - top, 1)), clip)


def hatch(canvas: Canvas, mark: Hatch, clip: Area) -> None:
    """Draw slanting lines over rectangles."""
    for rectangle in mark.rectangles:
        area = area_of(rectangle)
        y, x = np.ogrid[area.top : area.bottom, area.left : area.right]
        _lay(canvas, area.left, area.top, (x + y) % _HATCH_APART < _HATCH_WIDTH, mark.colour, clip)


def _places(mark: Curve | Dots, clip: Area) -> tuple[IntArray, IntArray]:
    """The pixels in which the points lie; a value at the foot of a panel is drawn in its last row."""
    x = _pixels(mark.x, mark.x_unit_mm, mark.left_mm)
    y = _pixels(mark.y, mark.y_unit_mm, mark.top_mm)
    return x, np.minimum(y, clip.bottom - 1, out=y)


def _pixels(numbers: IntArray, unit_mm: float, from_mm: float) -> IntArray:
    """The pixels in which whole numbers of units lie."""
    places: IntArray = np.floor(numbers * (unit_mm * PIXELS_PER_MM) + (from_mm * PIXELS_PER_MM + NUDGE)).astype(
        np.int64
    )
    return places


def _in_pixels(dashes_mm: tuple[float, ...]) -> tuple[int, int]:
    """How many pixels a dash and the gap behind it take."""
    on, off = (max(1, round(length * PIXELS_PER_MM)) for length in dashes_mm)
    return on, off


def _width(pen: Pen) -> int:
    """How many pixels wide the pen is."""
    return max(1, round(pen.width_mm * PIXELS_PER_MM))


def _lay(canvas: Canvas, left: int, top: int, shape: BoolArray, colour: str, clip: Area) -> None:
    """Give a colour to the pixels of a shape."""
    picture = np.where(shape, np.uint8(index_of(colour)), np.uint8(NOTHING))
    canvas.lay(left, top, cover_of(picture, left), clip)


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
    steps = np.zeros_like(x)
    np.subtract(x[1:], x[:-1], out=steps[1:])
    steps[starts] = 0
    apart = np.abs(steps)
    if np.maximum.reduce(apart) <= 1:
        return x, y, starts
    counts = np.maximum(apart, 1)
    end = np.arange(len(x)).repeat(counts)
    ahead = counts.cumsum().repeat(counts)
    ahead -= np.arange(1, len(end) + 1)
    rise = np.zeros(len(y), dtype=np.float64)
    np.subtract(y[:-1], y[1:], out=rise[1:])
    rise /= counts
    return (
        x[end] - ahead * np.sign(steps)[end],
        y[end] + np.floor(ahead * rise[end] + 0.5).astype(np.int64),
        starts[end] & (ahead == counts[end] - 1),
    )


def _runs(x: IntArray, y: IntArray, starts: BoolArray) -> tuple[IntArray, IntArray, IntArray]:
    """For each line and column in it: the column, and its first and last row.

    What joins two columns is drawn half in the one and half in the other.
    """
    begins = starts.copy()
    begins[1:] |= x[1:] != x[:-1]
    (first,) = begins.nonzero()
    low, high = np.minimum.reduceat(y, first), np.maximum.reduceat(y, first)
    after = first[1:]
    leaves, enters = y[after - 1], y[after]
    middle = (leaves + enters) >> 1
    # Where the pen is set down anew each side keeps to itself.
    is_new = starts[after]
    for run, own in ((slice(-1), leaves), (slice(1, None), enters)):
        reached = np.where(is_new, own, middle)
        np.minimum(low[run], reached, out=low[run])
        np.maximum(high[run], reached, out=high[run])
    return x[first], low, high


def _fill_runs(canvas: Canvas, columns: IntArray, low: IntArray, high: IntArray, pen: Pen, clip: Area) -> None:
    """Give the pen's colour to the rows `low` to `high` of columns, as far as they lie within `clip`."""
    low = np.maximum(low, clip.top)
    counts = np.minimum(high, clip.bottom - 1)
    counts -= low
    counts += 1
    np.maximum(counts, 0, out=counts)
    if len(columns) and (np.minimum.reduce(columns) < clip.left or np.maximum.reduce(columns) >= clip.right):
        counts[(columns < clip.left) | (columns >= clip.right)] = 0
    # Both pixels of a byte may be given a colour: those of even columns go first.
    is_odd = (columns & 1).astype(np.bool_)
    if pen.dashes_mm:
        places = _places_in(canvas, columns, low, counts)
        on, off = _in_pixels(pen.dashes_mm)
        shown = np.arange(len(places)) % (on + off) < on
        places, is_odd = places[shown], is_odd.repeat(counts)[shown]
        evens, odds = places[~is_odd], places[is_odd]
    else:
        (even_runs,), (odd_runs,) = (~is_odd).nonzero(), is_odd.nonzero()
        order = np.concatenate((even_runs, odd_runs))
        counts = counts[order]
        places = _places_in(canvas, columns[order], low[order], counts)
        count = int(np.add.reduce(counts[: len(even_runs)]))
        evens, odds = places[:count], places[count:]
    colour, flat = index_of(pen.colour), canvas.flat
    for half, keep, add in ((evens, LOWER, colour << 4), (odds, UPPER, colour)):
        bits = flat[half]
        bits &= keep
        bits |= add
        flat[half] = bits


def _places_in(canvas: Canvas, columns: IntArray, low: IntArray, counts: IntArray) -> IntArray:
    """Where the bytes of runs of `counts` pixels lie in the flat canvas, run by run."""
    step = canvas.row_step
    first = canvas.place(columns, low)
    first += (counts - counts.cumsum()) * step
    # A run's own place once for each of its pixels, and a row further down from one to the next.
    places: IntArray = first.repeat(counts)
    places += np.arange(0, len(places) * step, step)
    return places
