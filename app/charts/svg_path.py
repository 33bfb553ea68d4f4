"""Points in whole numbers as SVG path data.

Writing numbers takes most of the time of a strip, so the text of each step is looked up in a table.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.charts.marks import BoolArray, IntArray

# Steps up to here are in the table: 25 bpm in quarters. Longer words would make all of them wider.
_LARGEST = 99
_TABLES_KEPT = 16


def lines_data(x: IntArray, y: IntArray, starts: BoolArray) -> str:
    """Lines through the points, shape (m,), each relative to the one before.

    Most steps are as wide as one another; only those that are not, and the starts, are written singly.
    """
    across, down = _steps(x), _steps(y)
    step = int(across[np.argmin(starts)])
    index = down + _LARGEST
    # As a number without sign a place before the table is one far behind it.
    singly = index.view(np.uint64) > 2 * _LARGEST
    singly |= starts
    singly |= across != step
    (alone,) = singly.nonzero()
    index[alone] = _LARGEST
    words = _words(step)
    size, data, at = words.itemsize, words.take(index).tobytes(), 0
    pieces: list[bytes] = []
    for place, is_start, by_x, by_y in zip(
        *(along.tolist() for along in (alone, starts[alone], across[alone], down[alone])), strict=True
    ):
        pieces += (data[at : place * size], (b"m%d%+d" if is_start else b"l%d%+d") % (by_x, by_y))
        at = (place + 1) * size
    pieces.append(data[at:])
    return b"".join(pieces).translate(None, b"\0").decode("ascii")


def _steps(along: IntArray) -> IntArray:
    """From each number to the next, shape (m,); the first from zero."""
    steps = np.empty_like(along)
    steps[0] = along[0]
    np.subtract(along[1:], along[:-1], out=steps[1:])
    return steps


def dots_data(x: IntArray, y: IntArray) -> str:
    """A line of no length at each point, each relative to the one before: a round pen draws it as a dot."""
    steps = zip(_steps(x).tolist(), _steps(y).tolist(), strict=True)
    return "".join([f"m{across}{down:+d}h0" for across, down in steps])


def _parted(number: int) -> str:
    """A number after another one, parted from it by its sign or a blank."""
    return str(number) if number < 0 else f" {number}"


@lru_cache(maxsize=_TABLES_KEPT)
def _words(step: int) -> NDArray[np.bytes_]:
    """The path data of each step of this width."""
    sizes = range(-_LARGEST, _LARGEST + 1)
    words = [f"l{step}{_parted(down)}" if down else f"h{step}" for down in sizes]
    return np.array([word.encode() for word in words])
