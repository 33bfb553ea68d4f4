"""The mark of synthetic data: pale slanted words over all of the paper and under the ink."""

from collections.abc import Iterator
from math import ceil

from app.charts import style
from app.charts.layout import Layout
from app.charts.marks import Text
from app.charts.strip import Frame, Strip
from app.charts.text import clean, text_marks, width_mm

_DEMO_PT = 20.0
_SMALLEST_DEMO_PT = 8.0
_APART_MM = (95.0, 42.0)
# On tiles: one of ten minutes is as wide as one, two or three of them.
_ON_TILES_APART_MM = 100.0
_FIRST_MM = 6.0
_LAST_MM = 2.0
_ANGLE = -12.0
_OPACITY = 0.13


def demo(strip: Strip, layout: Layout) -> tuple[Text, ...]:
    """The words of a demo recording in rows; nothing for real recordings."""
    words = clean(strip.caption.labels.demo)
    if not strip.is_demo or not words:
        return ()
    is_tile = strip.frame is Frame.TILE
    # On a narrow window the words are smaller, so that they are read as a whole.
    row_pt = _DEMO_PT if is_tile else _fitting_pt(words, layout.fhr.width_mm - _FIRST_MM - _LAST_MM)
    down = _APART_MM[1] * row_pt / _DEMO_PT
    marks: list[Text] = []
    for panel in layout.panels:
        for row in range(max(1, int(panel.height_mm / down + 0.5))):
            y = panel.top_mm + min((row + 0.62) * down, panel.height_mm - 6.0)
            for place, size_pt in _on_tile(strip, layout, words, row) if is_tile else _alone(layout, row_pt, row):
                x = panel.left_mm + place
                marks += text_marks(
                    x, y, words, size_pt=size_pt, bold=True, fill=style.DEMO, angle=_ANGLE, opacity=_OPACITY
                )
    return tuple(marks)


def _alone(layout: Layout, size_pt: float, row: int) -> Iterator[tuple[float, float]]:
    """Where the words of a row begin on a picture that stands alone, and their size."""
    across = _APART_MM[0] * size_pt / _DEMO_PT
    for column in range(int(layout.fhr.width_mm / across) + 1):
        yield _FIRST_MM + (column + 0.5 * (row % 2)) * across, size_pt


def _on_tile(strip: Strip, layout: Layout, words: str, row: int) -> Iterator[tuple[float, float]]:
    """Where the words of a row begin on a tile, and their size: they stand on the paper of the whole recording.

    So those that a tile's edge cuts go on in its neighbour, however short that is. Those that would run over the end
    of the recording are smaller.
    """
    tile_mm = layout.fhr.width_mm
    first_mm = _FIRST_MM + 0.5 * (row % 2) * _ON_TILES_APART_MM - strip.start_s * layout.mm_per_s
    is_last = strip.end_s >= strip.stretch.recording_s
    number = max(0, ceil(-(first_mm + width_mm(words + " ", _DEMO_PT, bold=True)) / _ON_TILES_APART_MM))
    while (place := first_mm + number * _ON_TILES_APART_MM) < tile_mm:
        fitting_pt = _fitting_pt(words, tile_mm - place - _LAST_MM) if is_last and place > 0 else _DEMO_PT
        # In less room than for the smallest type they stay as they are: cut, but seen.
        yield place, fitting_pt if fitting_pt > _SMALLEST_DEMO_PT else _DEMO_PT
        number += 1


def _fitting_pt(words: str, room_mm: float) -> float:
    """The size at which the words fit, as far as they are still read."""
    return min(_DEMO_PT, max(_SMALLEST_DEMO_PT, room_mm / width_mm(words + " ", 1.0, bold=True)))
