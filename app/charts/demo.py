"""The mark of synthetic data: pale slanted words over all of the paper and under the ink."""

from app.charts import style
from app.charts.layout import Layout
from app.charts.marks import Text
from app.charts.strip import Frame, Strip
from app.charts.text import clean, text_marks, width_mm

_DEMO_PT = 20.0
_SMALLEST_DEMO_PT = 8.0
_APART_MM = (95.0, 42.0)
_ANGLE = -12.0
_OPACITY = 0.13


def demo(strip: Strip, layout: Layout) -> tuple[Text, ...]:
    """The words of a demo recording in rows; nothing for real recordings."""
    words = clean(strip.caption.labels.demo)
    if not strip.is_demo or not words:
        return ()
    # On a narrow window the words are smaller, so that they are read as a whole.
    room_mm = layout.fhr.width_mm - 8.0
    size_pt = min(_DEMO_PT, max(_SMALLEST_DEMO_PT, room_mm / width_mm(words + " ", 1.0, bold=True)))
    across, down = (mm * size_pt / _DEMO_PT for mm in _APART_MM)
    first = 0
    if strip.frame is Frame.TILE:
        # Words that a tile's edge cuts are whole in a row of tiles: they repeat after its width.
        across, first = layout.fhr.width_mm / max(1, int(layout.fhr.width_mm / across)), -1
    marks: list[Text] = []
    for panel in layout.panels:
        for row in range(max(1, int(panel.height_mm / down + 0.5))):
            y = panel.top_mm + min((row + 0.62) * down, panel.height_mm - 6.0)
            for column in range(first, int(panel.width_mm / across) + 1):
                x = panel.left_mm + 6.0 + (column + 0.5 * (row % 2)) * across
                marks += text_marks(
                    x, y, words, size_pt=size_pt, bold=True, fill=style.DEMO, angle=_ANGLE, opacity=_OPACITY
                )
    return tuple(marks)
