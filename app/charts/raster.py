"""A picture of indexed pixels that can be filled and laid over quickly.

A pixel is a quarter of a millimetre wide and high, as a device column is: a minute is 40, 80 or 120 pixels wide and
20 bpm are 40 or 27 pixels high, without rounding from minute to minute.
"""

from dataclasses import dataclass
from math import ceil, floor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.charts.marks import IntArray, Rectangle

PIXELS_PER_MM = 4
PIXELS_PER_INCH = PIXELS_PER_MM * 25.4

# What lies on an edge by its value must not fall to one side on this machine and to the other on that.
NUDGE = 1e-6

# No entry of the palette: what lies under the pixel shows.
NOTHING = 255

# The bits of a byte that hold its even and its odd column.
UPPER, LOWER = 0xF0, 0x0F

Pixels = NDArray[np.uint8]


class Cover(NamedTuple):
    """A small picture as it is laid on bytes of two pixels each: which bits of them it leaves, and what it adds.

    Attributes
    ----------
    keep, add : ndarray of uint8, shape (height, bytes)
        The even column of a pair is the upper half of its byte.
    """

    keep: Pixels
    add: Pixels

    def repeated(self, rows: int) -> "Cover":
        """A cover of one row in as many rows."""
        return Cover(*(np.broadcast_to(bits, (rows, bits.shape[1])) for bits in self))


@dataclass(frozen=True, slots=True)
class Area:
    """Whole pixels from `left` to before `right` and from `top` to before `bottom`."""

    left: int
    top: int
    right: int
    bottom: int

    def within(self, other: "Area") -> "Area":
        """What both have in common; where that is nothing, edges stand in the wrong order."""
        return Area(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )


class Canvas:
    """Indexed pixels as the file holds them before it is packed: two a byte, in rows that begin with a byte of its own.

    So what is drawn needs not be put together, and the difference of all rows to those above is that of two vectors.

    Attributes
    ----------
    flat : ndarray of uint8, shape ((height + 1) * row_step,)
        Everything, from the row of zeros above the picture on.
    row_step : int
        How far a byte lies in `flat` from the one above it.
    pixels : ndarray of uint8, shape (height, width // 2)
        The bytes that hold pixels.
    area : Area
        All of the picture.
    """

    def __init__(self, rows: Pixels) -> None:
        height, self.row_step = rows.shape
        self.flat = rows.reshape(-1)
        self.pixels = rows[1:, 1:]
        self.area = Area(0, 0, 2 * (self.row_step - 1), height - 1)

    def place(self, x: IntArray, y: IntArray) -> IntArray:
        """Where the bytes of pixels of the picture, shape (n,) each, lie in `flat`."""
        place: IntArray = (y + 1) * self.row_step + 1 + (x >> 1)
        return place

    def fill(self, area: Area, colour: int, clip: Area) -> None:
        """Give one colour to an area, as far as it lies within `clip`."""
        left, right = max(area.left, clip.left), min(area.right, clip.right)
        top, bottom = max(area.top, clip.top), min(area.bottom, clip.bottom)
        if left >= right or top >= bottom:
            return
        rows = self.pixels[top:bottom]
        if left & 1:
            _add(rows[:, left >> 1], UPPER, colour)
        if right & 1:
            _add(rows[:, right >> 1], LOWER, colour << 4)
        if (left + 1) >> 1 < right >> 1:
            rows[:, (left + 1) >> 1 : right >> 1] = colour * 0x11

    def lay(self, left: int, top: int, cover: Cover, clip: Area) -> None:
        """Lay a small picture, packed for this `left`, with its corner at (left, top), as far as it is in `clip`."""
        height, width = cover.keep.shape
        first = left >> 1
        begin, end = max(0, (clip.left >> 1) - first), min(width, ((clip.right + 1) >> 1) - first)
        upper, lower = max(0, clip.top - top), min(height, clip.bottom - top)
        if begin >= end or upper >= lower:
            return
        keep, add = cover
        if end - begin < width or lower - upper < height:
            keep, add = keep[upper:lower, begin:end], add[upper:lower, begin:end]
        # Where the clip cuts a byte in two, the pixel outside of it is kept.
        if clip.left & 1 and first + begin == clip.left >> 1:
            keep, add = _without(keep, add, 0, UPPER)
        if clip.right & 1 and first + end - 1 == clip.right >> 1:
            keep, add = _without(keep, add, -1, LOWER)
        _add(self.pixels[top + upper : top + lower, first + begin : first + end], keep, add)


def _add(under: Pixels, keep: Pixels | int, add: Pixels | int) -> None:
    """Lay bits on others."""
    under &= keep
    under |= add


def _without(keep: Pixels, add: Pixels, column: int, half: int) -> tuple[Pixels, Pixels]:
    """The same, but one half of a column of bytes shows what lies under it."""
    keep, add = keep.copy(), add.copy()
    keep[:, column] |= half
    add[:, column] &= ~half & 0xFF
    return keep, add


def cover_of(picture: Pixels, left: int) -> Cover:
    """A small picture, packed to lie from `left` on.

    Its pixels are entries of the palette, NOTHING where what lies under them shows.
    """
    height, width = picture.shape
    shift = left & 1
    padded = np.full((height, 2 * ((width + shift + 1) // 2)), NOTHING, dtype=np.uint8)
    padded[:, shift : shift + width] = picture
    even_columns, odd_columns = padded[:, ::2], padded[:, 1::2]
    upper, lower = np.array([UPPER, LOWER], dtype=np.uint8)
    keep = upper * (even_columns == NOTHING) | lower * (odd_columns == NOTHING)
    return Cover(keep, ((even_columns << 4) | (odd_columns & LOWER)) & ~keep)


def nearest_pixel(mm: float) -> int:
    """The pixel in which a place lies."""
    return floor(mm * PIXELS_PER_MM + NUDGE)


def area_of(rectangle: Rectangle) -> Area:
    """The pixels nearest to a rectangle: at least one in each direction."""
    left, top = round(rectangle.left_mm * PIXELS_PER_MM), round(rectangle.top_mm * PIXELS_PER_MM)
    right = round((rectangle.left_mm + rectangle.width_mm) * PIXELS_PER_MM)
    bottom = round((rectangle.top_mm + rectangle.height_mm) * PIXELS_PER_MM)
    return Area(left, top, max(left + 1, right), max(top + 1, bottom))


def even(pixels: float) -> int:
    """The next even number of pixels that holds so many: two columns share a byte."""
    return 2 * ceil(pixels / 2 - NUDGE)
