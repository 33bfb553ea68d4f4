"""A picture of indexed pixels that can be filled and laid over quickly.

A pixel is a quarter of a millimetre wide and high, as a device column is: a minute is 40, 80 or 120 pixels wide and
20 bpm are 40 or 27 pixels high, without rounding from minute to minute.
"""

from dataclasses import dataclass
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from app.charts.marks import BoolArray, IntArray, Rectangle

PIXELS_PER_MM = 4
PIXELS_PER_INCH = PIXELS_PER_MM * 25.4

# What lies on an edge by its value must not fall to one side on this machine and to the other on that.
NUDGE = 1e-6

# No entry of the palette: what lies under the pixel shows.
NOTHING = 255

Pixels = NDArray[np.uint8]
# Entries and which of them show, of the even and of the odd columns.
Halves = tuple[tuple[Pixels, BoolArray], tuple[Pixels, BoolArray]]


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
    """Indexed pixels in two planes, those of even and those of odd columns.

    Two neighbours share a byte in the file, and planes are joined to bytes several times as fast as columns.

    Attributes
    ----------
    planes : ndarray of uint8, shape (2, height, width // 2)
        The entries of the palette.
    flat : ndarray of uint8, shape (height * width,)
        The same pixels one after another.
    row_step : int
        How far a pixel lies in `flat` from the one above it.
    area : Area
        All of the picture.
    """

    def __init__(self, planes: Pixels) -> None:
        _, height, half = planes.shape
        self.planes = planes
        self.flat = planes.reshape(-1)
        self.row_step = half
        self.area = Area(0, 0, 2 * half, height)

    def places(self, x: IntArray, y: IntArray) -> IntArray:
        """Where pixels of the picture, shape (n,) each, lie in `flat`."""
        places: IntArray = (x & 1) * (self.row_step * self.area.bottom) + y * self.row_step + (x >> 1)
        return places

    def fill(self, area: Area, colour: int, clip: Area) -> None:
        """Give one colour to an area, as far as it lies within `clip`."""
        left, right = max(area.left, clip.left), min(area.right, clip.right)
        top, bottom = max(area.top, clip.top), min(area.bottom, clip.bottom)
        if left < right and top < bottom:
            self.planes[0, top:bottom, (left + 1) // 2 : (right + 1) // 2] = colour
            self.planes[1, top:bottom, left // 2 : right // 2] = colour

    def lay(self, left: int, top: int, halves: Halves, clip: Area) -> None:
        """Lay a small picture, split for this `left`, with its corner at (left, top), as far as it is in `clip`."""
        for parity, (entries, shown) in enumerate(halves):
            first = (left + 1 - parity) // 2
            begin = max(0, (clip.left + 1 - parity) // 2 - first)
            end = min(entries.shape[1], (clip.right + 1 - parity) // 2 - first)
            upper, lower = max(0, clip.top - top), min(entries.shape[0], clip.bottom - top)
            if begin < end and upper < lower:
                under = self.planes[parity, top + upper : top + lower, first + begin : first + end]
                np.copyto(under, entries[upper:lower, begin:end], where=shown[upper:lower, begin:end])


def halves_of(picture: Pixels, left: int) -> Halves:
    """The columns of a small picture that fall on even and on odd ones when it lies from `left` on.

    Its pixels are entries of the palette, NOTHING where what lies under them shows.
    """
    even_columns, odd_columns = (np.ascontiguousarray(picture[:, (left + parity) % 2 :: 2]) for parity in (0, 1))
    return (even_columns, even_columns != NOTHING), (odd_columns, odd_columns != NOTHING)


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
