"""Samples as SVG path data: the lowest and highest of each column, and never a line across loss or a jump."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.ctg.trace import FloatArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

# SAFETY.md, rule 6: neighbours further apart than this are not joined.
JUMP_BPM = 30.0

# Up to here the samples themselves are no more points than a lowest and a highest for each column.
_SAMPLES_PER_COLUMN = 2.0


@dataclass(frozen=True, slots=True)
class Points:
    """Samples to draw.

    Attributes
    ----------
    index : ndarray of int, shape (m,)
        Which samples, rising.
    starts : ndarray of bool, shape (m,)
        True where the pen is set down anew; the first is always True.
    """

    index: IntArray
    starts: BoolArray


def column_of(samples: int, first: float, per_sample: float) -> IntArray | None:
    """The device column of each sample, shape (samples,), or None when all samples are to be drawn.

    `first` is where the first sample lies in columns from the left edge, `per_sample` how far apart samples are.
    """
    if per_sample * _SAMPLES_PER_COLUMN >= 1:
        return None
    # A millionth of a column, so that a sample on an edge falls into the same column on every machine.
    places: IntArray = np.floor(np.arange(samples) * per_sample + (first + 1e-6)).astype(np.int64)
    return places


def points(values: FloatArray, columns: IntArray | None, max_jump: float | None = None) -> Points:
    """The samples that show all of `values`, shape (n,): of each line in each column its lowest and its highest.

    A line ends at loss (NaN) and where two neighbours differ by more than `max_jump`. With `columns` None
    every sample is kept. Each kept point is a sample: nothing is averaged or interpolated.
    """
    if len(values) == 0:
        return Points(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_))
    lost = np.isnan(values)
    breaks = np.empty(len(values), dtype=np.bool_)
    breaks[0] = True
    np.not_equal(lost[1:], lost[:-1], out=breaks[1:])
    if max_jump is not None:
        breaks[1:] |= np.abs(values[1:] - values[:-1]) > max_jump
    if columns is None:
        valid = np.flatnonzero(~lost)
        return Points(valid, breaks[valid])

    # A group is what one line has in one column, or a stretch of loss, which is dropped at the end.
    begins = breaks.copy()
    begins[1:] |= columns[1:] != columns[:-1]
    first = np.flatnonzero(begins)
    sizes = np.diff(first, append=len(values))
    group = np.repeat(np.arange(len(first)), sizes)
    shown = ~lost[first]
    lowest = _first_equal(values, np.minimum.reduceat(values, first), sizes, group)
    highest = _first_equal(values, np.maximum.reduceat(values, first), sizes, group)
    index = np.empty((len(lowest), 2), dtype=np.int64)
    np.minimum(lowest, highest, out=index[:, 0])
    np.maximum(lowest, highest, out=index[:, 1])
    starts = np.zeros(index.shape, dtype=np.bool_)
    starts[:, 0] = breaks[first[shown]]
    is_point = np.ones(index.shape, dtype=np.bool_)
    is_point[:, 1] = lowest != highest
    return Points(index[is_point], starts[is_point])


def _first_equal(values: FloatArray, extremes: FloatArray, sizes: IntArray, group: IntArray) -> IntArray:
    """For each group without loss the first sample that equals the group's extreme."""
    equal = np.flatnonzero(values == np.repeat(extremes, sizes))
    if len(equal) == 0:
        return equal
    in_group = group[equal]
    is_first = np.empty(len(equal), dtype=np.bool_)
    is_first[0] = True
    np.not_equal(in_group[1:], in_group[:-1], out=is_first[1:])
    return equal[is_first]


def path_data(x: IntArray, y: IntArray, starts: BoolArray, smallest: float = 0.0) -> tuple[str, str]:
    """SVG path data through whole-number points, relative after each start: the lines, and the points for dots.

    Dots are the points alone, and those of a line that is less wide and less high than `smallest`.
    """
    steps = np.empty((max(0, len(x) - 1), 2), dtype=np.int64)
    np.subtract(x[1:], x[:-1], out=steps[:, 0])
    np.subtract(y[1:], y[:-1], out=steps[:, 1])
    words = _words(steps.ravel())
    first = np.flatnonzero(starts)
    extents = [np.maximum.reduceat(along, first) - np.minimum.reduceat(along, first) for along in (x, y)]
    is_small = (np.maximum(*extents) < max(smallest, 1)).tolist()
    begins = first.tolist()
    lines, dots = [], []
    for begin, end, small in zip(begins, [*begins[1:], len(x)], is_small, strict=True):
        if not small:
            lines.append(f"M{x[begin]} {y[begin]}l{''.join(words[2 * begin : 2 * (end - 1)])}")
        else:
            dots += [f"M{x[k]} {y[k]}h0" for k in range(begin, end)]
    return "".join(lines), "".join(dots)


def _words(numbers: IntArray) -> list[str]:
    """Each number as it stands in path data, parted from the one before by its sign or a blank."""
    words = _WORDS[np.clip(numbers, -_LARGEST_WORD, _LARGEST_WORD) + _LARGEST_WORD]
    for place in np.flatnonzero(np.abs(numbers) > _LARGEST_WORD):
        words[place] = _word(int(numbers[place]))
    written: list[str] = words.tolist()
    return written


def _word(number: int) -> str:
    """One number of path data."""
    return str(number) if number < 0 else f" {number}"


# Writing numbers takes most of the time of a strip, and looking them up is several times as fast. A step of a
# heart rate line is at most 30 bpm, 3000 hundredths.
_LARGEST_WORD = 4096
_WORDS = np.array([_word(number) for number in range(-_LARGEST_WORD, _LARGEST_WORD + 1)], dtype=object)
