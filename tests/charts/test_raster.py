"""A canvas of two pixels a byte holds what a plain array of pixels would."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.charts.raster import NOTHING, Area, Canvas, cover_of

WIDTH, HEIGHT = 12, 6
places = st.integers(-3, WIDTH + 3)
areas = st.builds(Area, places, places, places, places)
clips = st.builds(Area, st.integers(0, 5), st.integers(0, 2), st.integers(6, WIDTH), st.integers(3, HEIGHT))
colours = st.integers(1, 15)
pictures = st.lists(st.lists(st.sampled_from([3, 9, NOTHING]), min_size=5, max_size=5), min_size=1, max_size=4)


def pixels_of(canvas: Canvas) -> NDArray[np.uint8]:
    """The pixels one a byte, shape (height, width)."""
    return np.stack((canvas.pixels >> 4, canvas.pixels & 15), axis=2).reshape(HEIGHT, WIDTH)


def blank() -> Canvas:
    """A canvas of zeros."""
    return Canvas(np.zeros((HEIGHT + 1, WIDTH // 2 + 1), dtype=np.uint8))


@given(areas, colours, clips)
def test_an_area_is_filled_from_any_column_to_any_other(area: Area, colour: int, clip: Area) -> None:
    canvas, wanted = blank(), np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    canvas.fill(area, colour, clip)
    for y in range(max(area.top, clip.top), min(area.bottom, clip.bottom)):
        for x in range(max(area.left, clip.left), min(area.right, clip.right)):
            wanted[y, x] = colour
    assert (pixels_of(canvas) == wanted).all()
    assert not canvas.flat[: canvas.row_step].any()


@given(places, places, pictures, clips)
def test_a_picture_is_laid_at_any_place_and_cut_at_any_column(
    left: int, top: int, picture: list[list[int]], clip: Area
) -> None:
    canvas, wanted = blank(), np.zeros((HEIGHT, WIDTH), dtype=np.uint8)
    canvas.lay(left, top, cover_of(np.array(picture, dtype=np.uint8), left), clip)
    for y, row in enumerate(picture, start=top):
        for x, entry in enumerate(row, start=left):
            if entry != NOTHING and clip.left <= x < clip.right and clip.top <= y < clip.bottom:
                wanted[y, x] = entry
    assert (pixels_of(canvas) == wanted).all()
