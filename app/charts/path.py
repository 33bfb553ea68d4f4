"""Samples to draw: the lowest and highest of each column, and never a line across loss or a jump.

A column is a whole number of samples, about as wide as the pen. Each stretch of a line within a column is drawn as
its lowest and its highest value, one a quarter of the column from its left and the other from its right, so that
values follow one another at equal steps. Which of the two comes first is chosen as the line goes: a slope is drawn as
a slope. Columns are counted from the start of the recording, and one that lies across an edge of the window is cut
there: what the window holds is all drawn within it, and pictures side by side cut the same column at the same place.
All of it hangs on a column and its neighbours alone, so that each window draws a column the same.
"""

from dataclasses import dataclass

import numpy as np

from app.charts.marks import BoolArray, IntArray
from app.ctg.trace import FloatArray

# SAFETY.md, rule 6: neighbours further apart than this are not joined.
JUMP_BPM = 30.0

# Up to here the samples themselves are no more points than a lowest and a highest for each column.
_FEW_SAMPLES = 2


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Values to draw, in the order of the pen.

    Attributes
    ----------
    place : ndarray of int, shape (m,)
        The half column of each value, or its sample where all samples are drawn, from the start of the recording.
    values : ndarray of float64, shape (m,)
        Samples as they were recorded: nothing is averaged or interpolated.
    starts : ndarray of bool, shape (m,)
        True where the pen is set down anew; the first is always True.
    begin, end : int
        From which value on they lie within the window, and before which.
    """

    place: IntArray
    values: FloatArray
    starts: BoolArray
    begin: int
    end: int


def samples_per_column(column_mm: float, sample_mm: float) -> int:
    """How many samples share a column of at most `column_mm`; 1 when all of them are to be drawn."""
    # A millionth, so that a column that fits exactly does so on every machine.
    count = int(column_mm / sample_mm + 1e-6)
    return count if count > _FEW_SAMPLES else 1


def points(
    values: FloatArray,
    per_column: int,
    max_jump: float | None = None,
    *,
    number: int = 0,
    window: tuple[int, int] | None = None,
) -> Points:
    """The values that show all of `values`, shape (n,), of which the first is the recording's sample `number`.

    A line ends at loss (NaN) and where two neighbours differ by more than `max_jump`. `window` is the first value
    within it and the first one behind it; without it all of them are.
    """
    begin, end = (0, len(values)) if window is None else window
    if per_column == 1:
        return _samples(values, max_jump, number, (begin, end))
    firsts = _first_of_columns(len(values), per_column, number, (begin, end))
    columns = _in_columns(values, per_column, firsts)
    begins = _column_begins(values, firsts, max_jump)
    inside = firsts.searchsorted((begin, end))
    lowest, highest = np.minimum.reduce(columns), np.maximum.reduce(columns)
    # A jump within a column is also a range as wide; what is compared with NaN is never true.
    is_whole = highest - lowest <= (np.inf if max_jump is None else max_jump)
    place: IntArray = (firsts + number) // per_column
    if not np.logical_and.reduce(is_whole):
        (broken,) = (~is_whole).nonzero()
        counts, low, high, starts = _pieces(columns[:, broken], begins[broken], max_jump)
        sizes = np.ones(len(place), dtype=np.int64)
        sizes[broken] = counts
        (at,) = (~is_whole).repeat(sizes).nonzero()
        inside = np.append(0, sizes.cumsum())[inside]
        place, begins = place.repeat(sizes), begins.repeat(sizes)
        lowest, highest = lowest.repeat(sizes), highest.repeat(sizes)
        lowest[at], highest[at], begins[at] = low, high, starts
    upwards = _are_upwards(lowest, highest, begins, place)
    halves = np.empty((len(place), 2), dtype=np.int64)
    both = np.empty(halves.shape, dtype=np.float64)
    starts = np.zeros(halves.shape, dtype=np.bool_)
    np.add(place, place, out=halves[:, 0])
    np.add(halves[:, 0], 1, out=halves[:, 1])
    both[:, 0], both[:, 1] = highest, lowest
    np.copyto(both[:, 0], lowest, where=upwards)
    np.copyto(both[:, 1], highest, where=upwards)
    starts[:, 0] = begins
    return Points(halves.ravel(), both.ravel(), starts.ravel(), 2 * int(inside[0]), 2 * int(inside[1]))


def _are_upwards(lowest: FloatArray, highest: FloatArray, begins: BoolArray, column: IntArray) -> BoolArray:
    """For each piece whether its lowest value is drawn first.

    It is where the line comes from below and its highest where it comes from above, wherever in the piece before it
    comes from; a line sets out towards its second piece. Else pieces take turns, as a swinging line does.
    """
    middle = lowest + highest
    middle *= 0.5
    upwards: BoolArray = (column & 1) == 0
    upwards[1:] |= highest[:-1] <= middle[1:]
    upwards[1:] &= lowest[:-1] <= middle[1:]
    rises = np.ones(len(begins), dtype=np.bool_)
    np.greater_equal(middle[1:], middle[:-1], out=rises[:-1])
    rises[:-1] |= begins[1:]
    np.copyto(upwards, rises, where=begins)
    return upwards


def _samples(values: FloatArray, max_jump: float | None, number: int, window: tuple[int, int]) -> Points:
    """Every sample that is there."""
    (valid,) = (~np.isnan(values)).nonzero()
    shown = values[valid]
    starts = np.ones(len(valid), dtype=np.bool_)
    np.greater(valid[1:] - valid[:-1], 1, out=starts[1:])
    if max_jump is not None:
        starts[1:] |= np.abs(shown[1:] - shown[:-1]) > max_jump
    begin, end = valid.searchsorted(window)
    return Points(valid + number, shown, starts, int(begin), int(end))


def _first_of_columns(count: int, per_column: int, number: int, window: tuple[int, int]) -> IntArray:
    """Which of `count` values are the first of a column: whole columns of the recording, cut at the window's edges."""
    firsts = np.arange(-(number % per_column), count, per_column)
    if len(firsts):
        firsts[0] = 0
    cuts = {cut for cut in window if 0 < cut < count and (number + cut) % per_column}
    return np.sort(np.append(firsts, [*cuts])) if cuts else firsts


def _in_columns(values: FloatArray, per_column: int, firsts: IntArray) -> FloatArray:
    """The samples of each column one under another, shape (per_column, columns), with NaN below where one is cut."""
    filled = np.full(len(firsts) * per_column, np.nan)
    ends = np.append(firsts[1:], len(values))
    (short,) = (ends - firsts < per_column).nonzero()
    # There are five at most: between two of them samples follow one another without a hole.
    begin = column = 0
    for last, end in zip([*short.tolist(), len(firsts) - 1], [*ends[short].tolist(), len(values)], strict=True):
        filled[column * per_column : column * per_column + end - begin] = values[begin:end]
        begin, column = end, last + 1
    return np.ascontiguousarray(filled.reshape(len(firsts), per_column).T)


def _column_begins(values: FloatArray, firsts: IntArray, max_jump: float | None) -> BoolArray:
    """For each column whether its first sample is not joined to the last of the column before."""
    begins = np.ones(len(firsts), dtype=np.bool_)
    later = firsts[1:]
    np.logical_not(_are_joined(values[later - 1], values[later], max_jump), out=begins[1:])
    return begins


def _are_joined(before: FloatArray, after: FloatArray, max_jump: float | None) -> BoolArray:
    """Whether neighbouring samples are on one line."""
    joined: BoolArray = np.abs(after - before) <= (np.inf if max_jump is None else max_jump)
    return joined


def _pieces(
    columns: FloatArray, begins: BoolArray, max_jump: float | None
) -> tuple[IntArray, FloatArray, FloatArray, BoolArray]:
    """The pieces of lines in columns with loss or jumps: how many each column has, and their extremes and starts."""
    valid = ~np.isnan(columns)
    is_first = valid.copy()
    is_first[1:] &= ~_are_joined(columns[:-1], columns[1:], max_jump)
    # A piece starts a line unless it is the first of its column and joined to the column before.
    new_line = is_first.copy()
    new_line[0] &= begins
    in_order = valid.T
    values = columns.T[in_order]
    (first,) = is_first.T[in_order].nonzero()
    if len(first) == 0:
        return np.count_nonzero(is_first, axis=0), values, values, np.zeros(0, dtype=np.bool_)
    return (
        np.count_nonzero(is_first, axis=0),
        np.minimum.reduceat(values, first),
        np.maximum.reduceat(values, first),
        new_line.T[is_first.T],
    )


def dots_among(x: IntArray, y: IntArray, starts: BoolArray, smallest: tuple[float, float]) -> BoolArray:
    """Which points are drawn as dots, shape (m,): alone, or of a line less wide and less high than `smallest`."""
    (first,) = starts.nonzero()
    last = np.empty_like(first)
    last[:-1] = first[1:] - 1
    last[-1] = len(x) - 1
    # Lines run from left to right, so that most are told to be long by their ends.
    is_small = x[last] - x[first] < max(smallest[0], 1)
    if not np.logical_or.reduce(is_small):
        return np.zeros(len(x), dtype=np.bool_)
    is_dot = np.repeat(is_small, last - first + 1)
    (begins,) = starts[is_dot].nonzero()
    heights = y[is_dot]
    heights = np.maximum.reduceat(heights, begins) - np.minimum.reduceat(heights, begins)
    is_small[is_small] = heights < max(smallest[1], 1)
    return np.repeat(is_small, last - first + 1)
