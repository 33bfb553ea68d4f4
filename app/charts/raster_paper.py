"""The paper of a strip as indexed pixels: drawn by matplotlib once, and laid out as wide as a picture needs it.

Between the axis numbers at both ends each row of the paper has one colour, but for the upright rules. So one narrow
piece of it, and one row of ten minutes of rules for each panel, make paper of any length.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.charts import paper
from app.charts.drawing import Drawing
from app.charts.layout import Layout
from app.charts.paper import matplotlib_is_writing
from app.charts.raster import NOTHING, PIXELS_PER_INCH, PIXELS_PER_MM, Canvas, Pixels, area_of, even, nearest_pixel
from app.charts.raster_palette import nearest, rgb
from app.charts.style import PAPER, SHEET

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PAPERS_KEPT = 64
_NARROW_MM = 20.0
# What matplotlib leaves of a rule in the column beside it is none.
_HARDLY_SEEN = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The cached paper of one layout.

    Attributes
    ----------
    left, middle, right : ndarray of uint8, shape (2, height, any)
        Planes as those of a Canvas, each a whole number of bytes wide; the middle one is one byte wide.
    rules : ndarray of uint8, shape (panels, pixels of ten minutes)
        The entry of each upright rule in each panel, NOTHING where there is none.
    """

    left: Pixels
    middle: Pixels
    right: Pixels
    rules: Pixels


def blank(drawing: Drawing) -> Canvas:
    """The paper of this drawing without ink."""
    layout = drawing.layout
    sheet = _sheet(_narrow(layout), has_band=drawing.has_band)
    width = even(layout.width_mm * PIXELS_PER_MM)
    planes = np.empty((2, sheet.middle.shape[1], width // 2), dtype=np.uint8)
    left, right = sheet.left.shape[2], sheet.right.shape[2]
    planes[:, :, :left] = sheet.left
    planes[:, :, left : width // 2 - right] = sheet.middle
    planes[:, :, width // 2 - right :] = sheet.right
    _lay_rules(planes, sheet.rules, drawing)
    return Canvas(planes)


def _lay_rules(planes: Pixels, rules: Pixels, drawing: Drawing) -> None:
    """Ten minutes after ten minutes of upright rules, within the panels."""
    for panel, row in zip(drawing.clips["paper"], rules, strict=True):
        area = area_of(panel)
        columns = np.full(area.right - area.left + 1, NOTHING, dtype=np.uint8)
        for left_mm in drawing.rules_mm:
            first = nearest_pixel(left_mm)
            begin, end = max(first, 0), min(first + len(row), len(columns))
            if begin < end:
                columns[begin:end] = row[begin - first : end - first]
        places = np.flatnonzero(columns != NOTHING)
        for parity in (0, 1):
            chosen = places[(places + area.left) % 2 == parity]
            planes[parity][area.top : area.bottom, (chosen + area.left) // 2] = columns[chosen]


def _narrow(layout: Layout) -> Layout:
    """The same heights and margins around a short piece of paper: pictures of all lengths share it."""
    width_mm = layout.width_mm - layout.fhr.width_mm + _NARROW_MM
    return replace(
        layout,
        minutes=0.0,
        width_mm=width_mm,
        fhr=replace(layout.fhr, width_mm=_NARROW_MM),
        toco=None if layout.toco is None else replace(layout.toco, width_mm=_NARROW_MM),
    )


@lru_cache(maxsize=_PAPERS_KEPT)
def _sheet(layout: Layout, *, has_band: bool) -> Sheet:
    """The paper of this narrow layout, drawn at most once while it is kept; safe to call from any thread."""
    whole_pixels = even(layout.width_mm * PIXELS_PER_MM), even(layout.height_mm * PIXELS_PER_MM)
    layout = replace(layout, width_mm=whole_pixels[0] / PIXELS_PER_MM, height_mm=whole_pixels[1] / PIXELS_PER_MM)
    red_green_blue, opacity = _pixels(paper.sheet_figure(layout, has_band=has_band))
    colours = _entries(red_green_blue, opacity, SHEET)
    planes = np.ascontiguousarray(colours.reshape(len(colours), -1, 2).transpose(2, 0, 1))
    middle = nearest_pixel(layout.fhr.left_mm + layout.fhr.width_mm / 2) // 2
    return Sheet(
        left=planes[:, :, :middle].copy(),
        middle=planes[:, :, middle : middle + 1].copy(),
        right=planes[:, :, middle + 1 :].copy(),
        rules=_rules(layout),
    )


def _rules(layout: Layout) -> Pixels:
    """The upright rules of ten minutes from the left edge of the paper, one row a panel."""
    red_green_blue, opacity = _pixels(paper.rules_figure(layout))
    rows = []
    for panel in layout.panels:
        row, left = nearest_pixel(panel.top_mm + panel.height_mm / 2), nearest_pixel(panel.left_mm)
        seen = opacity[row : row + 1, left:]
        entries = _entries(red_green_blue[row : row + 1, left:], seen, PAPER)
        rows.append(np.where(seen > _HARDLY_SEEN, entries, NOTHING)[0])
    return np.array(rows, dtype=np.uint8)


def _pixels(figure: "Figure") -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Colours, shape (height, width, 3) of 0 to 255, and opacity, shape (height, width) of 0 to 1, of a figure."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure.set_dpi(PIXELS_PER_INCH)
    canvas = FigureCanvasAgg(figure)
    with matplotlib_is_writing:
        canvas.draw()  # type: ignore[no-untyped-call]
        drawn = np.asarray(canvas.buffer_rgba(), dtype=np.float64)  # type: ignore[no-untyped-call]
    return drawn[:, :, :3], drawn[:, :, 3] / 255


def _entries(red_green_blue: NDArray[np.float64], opacity: NDArray[np.float64], on: str) -> Pixels:
    """The entries of the palette nearest to colours that lie on `on`."""
    mixed = red_green_blue * opacity[:, :, None] + np.array(rgb(on)) * (1 - opacity[:, :, None])
    colours, which = np.unique(mixed.round().reshape(-1, 3), axis=0, return_inverse=True)
    return nearest(colours)[which].reshape(opacity.shape)
