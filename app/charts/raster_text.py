"""Words as small pictures, drawn by matplotlib's font engine once for each size and kept."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, cos, floor, radians, sin

import numpy as np

from app.charts.fonts import drawable, face, face_in_use
from app.charts.marks import Anchor, BoolArray, Span, Text
from app.charts.raster import NOTHING, PIXELS_PER_INCH, Area, Canvas, Cover, Pixels, cover_of, nearest_pixel
from app.charts.raster_palette import index_of

_WORDS_KEPT = 1024
_ROWS_KEPT = 256
_HALO_PIXELS = 2
# How much of a pixel the letters cover, of 0 to 255, from which on it is pale, half dark and dark, and how much of
# their colour it then gets.
_LEVELS = (40, 110, 190)
_OPACITIES = (0.3, 0.6, 1.0)
# Type becomes smaller by so much at a time where a row does not fit the picture.
_SMALLER_PT = 0.5
_SMALLEST_PT = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """Words that look alike.

    Attributes
    ----------
    levels : ndarray of uint8, shape (height, width)
        0 for nothing, 1 for pale, 2 for half dark, 3 for dark.
    left, top : int
        Where the upper left corner lies from the place of the first letter on its baseline, in pixels.
    advance : float
        Where the next word begins, in pixels along the baseline.
    """

    levels: Pixels
    left: int
    top: int
    advance: float


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A row of words: where its upper left corner lies from its anchor, and itself packed for either place."""

    left: int
    top: int
    width: int
    covers: tuple[Cover, Cover]


def write(canvas: Canvas, mark: Text, clip: Area) -> None:
    """Lay a row of words, in smaller type where it would run out of the picture."""
    x, y, size_pt = nearest_pixel(mark.x_mm), nearest_pixel(mark.y_mm), mark.size_pt
    row = _row(mark.spans, size_pt, mark.anchor, mark.angle, mark.halo, mark.opacity)
    while x + row.left + row.width > canvas.area.right and not mark.angle and size_pt > _SMALLEST_PT:
        size_pt -= _SMALLER_PT
        row = _row(mark.spans, size_pt, mark.anchor, mark.angle, mark.halo, mark.opacity)
    left = x + row.left
    canvas.lay(left, y + row.top, row.covers[left % 2], clip)


@lru_cache(maxsize=_ROWS_KEPT)
def _row(
    spans: tuple[Span, ...], size_pt: float, anchor: Anchor, angle: float, halo: str | None, opacity: float
) -> Row:
    """The spans one after another."""
    words = [_word(span.text, size_pt, span.bold) for span in spans]
    length = sum(word.advance for word in words)
    along = {"start": 0.0, "middle": -length / 2, "end": -length}[anchor]
    places = []
    for word in words:
        places.append((round(along) + word.left, word.top))
        along += word.advance
    left, top = (min(place) - _HALO_PIXELS for place in zip(*places, strict=True))
    right = max(x + word.levels.shape[1] for (x, _), word in zip(places, words, strict=True)) + _HALO_PIXELS
    bottom = max(y + word.levels.shape[0] for (_, y), word in zip(places, words, strict=True)) + _HALO_PIXELS
    picture = np.full((bottom - top, right - left), NOTHING, dtype=np.uint8)
    for (x, y), word, span in zip(places, words, spans, strict=True):
        height, width = word.levels.shape
        under = picture[y - top : y - top + height, x - left : x - left + width]
        np.copyto(under, _entries(span.fill, opacity)[word.levels], where=word.levels > 0)
    if halo is not None:
        picture[_around(picture != NOTHING) & (picture == NOTHING)] = index_of(halo)
    if angle:
        picture, left, top = _turned(picture, left, top, radians(angle))
    return Row(left, top, picture.shape[1], (cover_of(picture, 0), cover_of(picture, 1)))


def _around(letters: BoolArray) -> BoolArray:
    """The letters and the pixels near them."""
    steps = range(-_HALO_PIXELS, _HALO_PIXELS + 1)
    for axis in (0, 1):
        letters = np.logical_or.reduce([np.roll(letters, step, axis) for step in steps])
    return letters


@lru_cache(maxsize=64)
def _entries(fill: str, opacity: float) -> Pixels:
    """The palette's entries of the four levels; the first is never laid."""
    return np.array([NOTHING, *(index_of(fill, opacity * part) for part in _OPACITIES)], dtype=np.uint8)


@lru_cache(maxsize=_WORDS_KEPT)
def _word(text: str, size_pt: float, bold: bool) -> Word:
    """The words at this size."""
    from matplotlib.ft2font import LoadFlags

    with face_in_use:
        font = face(bold=bold)
        font.set_size(size_pt, PIXELS_PER_INCH)
        font.set_text(drawable(text, bold=bold), 0.0, flags=LoadFlags.FORCE_AUTOHINT)
        advance = font.get_width_height()[0] / 64
        font.draw_glyphs_to_bitmap(antialiased=True)
        image = np.array(font.get_image())
        left, _ = font.get_bitmap_offset()
        below = font.get_descent() / 64
    levels = np.digitize(image, _LEVELS).astype(np.uint8)
    return Word(levels, round(left / 64), round(below) - len(levels), advance)


def _turned(picture: Pixels, left: int, top: int, turn: float) -> tuple[Pixels, int, int]:
    """The picture turned clockwise about the place (0, 0), and its new corner: each pixel takes what it comes from."""
    height, width = picture.shape
    corners = [(left + x, top + y) for x in (0, width) for y in (0, height)]
    across = [x * cos(turn) - y * sin(turn) for x, y in corners]
    down = [x * sin(turn) + y * cos(turn) for x, y in corners]
    new_left, new_top = floor(min(across)), floor(min(down))
    y, x = np.ogrid[new_top : ceil(max(down)), new_left : ceil(max(across))]
    from_x = np.floor((x + 0.5) * cos(turn) + (y + 0.5) * sin(turn)).astype(np.int64) - left
    from_y = np.floor((y + 0.5) * cos(turn) - (x + 0.5) * sin(turn)).astype(np.int64) - top
    inside = (from_x >= 0) & (from_x < width) & (from_y >= 0) & (from_y < height)
    turned = np.full(inside.shape, NOTHING, dtype=np.uint8)
    turned[inside] = picture[from_y[inside], from_x[inside]]
    return turned, new_left, new_top
