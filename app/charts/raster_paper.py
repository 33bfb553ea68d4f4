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
from app.charts.marks import IntArray, Rectangle
from app.charts.paper import matplotlib_is_writing
from app.charts.raster import (
    NOTHING,
    PIXELS_PER_INCH,
    PIXELS_PER_MM,
    Canvas,
    Cover,
    Pixels,
    area_of,
    cover_of,
    even,
    nearest_pixel,
)
from app.charts.raster_palette import nearest, rgb
from app.charts.strip import Frame
from app.charts.style import PAPER, SHEET

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PAPERS_KEPT = 64
_NARROW_MM = 20.0
# PNG 1.2, section 6.4.
_FILTER_UP = 2
# What matplotlib leaves of a rule in the column beside it is none.
_HARDLY_SEEN = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """The cached paper of one layout.

    Attributes
    ----------
    left, right : Cover
        The margins and the frame at either end, as high as the picture.
    colours : ndarray of uint8, shape (kinds, 1)
        The entry of each kind of row between them: first kinds outside of panels, then those of each panel.
    kinds : ndarray of int, shape (height,)
        Which kind each row is.
    kinds_in : tuple of slice
        The kinds of each panel.
    rules : ndarray of uint8, shape (panels, pixels of ten minutes)
        The entry of each upright rule in each panel, NOTHING where there is none.
    """

    left: Cover
    right: Cover
    colours: Pixels
    kinds: IntArray
    kinds_in: tuple[slice, ...]
    rules: Pixels


def blank(drawing: Drawing) -> Canvas:
    """The paper of this drawing without ink."""
    layout = drawing.layout
    sheet = _sheet(_narrow(layout), has_band=drawing.has_band)
    height, width = len(sheet.kinds), even(layout.width_mm * PIXELS_PER_MM)
    # A handful of rows, each with its upright rules, is copied to wherever the paper has it.
    colours = np.empty((len(sheet.colours), width), dtype=np.uint8)
    colours[:] = sheet.colours
    for panel, kinds, rules in zip(drawing.clips["paper"], sheet.kinds_in, sheet.rules, strict=True):
        area = area_of(panel)
        _lay_rules(colours[kinds, area.left : area.right + 1], rules, drawing.rules_mm)
    rows = np.empty((height + 1, width // 2 + 1), dtype=np.uint8)
    rows[0] = 0
    packed = np.empty((len(colours), rows.shape[1]), dtype=np.uint8)
    np.bitwise_or(colours[:, ::2] << 4, colours[:, 1::2], out=packed[:, 1:])
    # With a way out of range stated, whole rows are copied straight to their place.
    packed.take(sheet.kinds, axis=0, out=rows[1:], mode="clip")
    rows[:, 0] = _up(height)
    canvas = Canvas(rows)
    canvas.lay(0, 0, sheet.left, canvas.area)
    canvas.lay(width - 2 * sheet.right.keep.shape[1], 0, sheet.right, canvas.area)
    return canvas


def _lay_rules(rows: Pixels, rules: Pixels, rules_mm: tuple[float, ...]) -> None:
    """Ten minutes after ten minutes of upright rules on one row of each kind."""
    for left_mm in rules_mm:
        first = nearest_pixel(left_mm)
        begin, end = max(first, 0), min(first + len(rules), rows.shape[1])
        if begin < end:
            shown = rules[begin - first : end - first]
            np.copyto(rows[:, begin:end], shown, where=shown != NOTHING)


@lru_cache(maxsize=_PAPERS_KEPT)
def _up(height: int) -> Pixels:
    """What stands before each row so that its difference to the one above is the number of the filter."""
    up: Pixels = (np.arange(height + 1) * _FILTER_UP).astype(np.uint8)
    up.flags.writeable = False
    return up


@lru_cache(maxsize=_PAPERS_KEPT)
def _narrow(layout: Layout) -> Layout:
    """The same heights and margins around a short piece of paper: pictures of all lengths share it."""
    if layout.frame is Frame.AXIS:
        # It has a still shorter piece of its own.
        return layout
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
    middle = nearest_pixel(layout.fhr.left_mm + layout.fhr.width_mm / 2) // 2 * 2
    panels = np.zeros(len(colours), dtype=np.int64)
    for number, panel in enumerate(layout.panels, start=1):
        area = area_of(Rectangle(panel.left_mm, panel.top_mm, panel.width_mm, panel.height_mm))
        panels[area.top : area.bottom] = number
    found, kinds = np.unique(panels * 256 + colours[:, middle], return_inverse=True)
    begins = np.searchsorted(found, np.arange(1, len(layout.panels) + 2) * 256).tolist()
    row_colours = (found % 256).astype(np.uint8)[:, None]
    # What runs along a whole row is none of the margins.
    margins = np.where(colours == row_colours[kinds], np.uint8(NOTHING), colours)
    return Sheet(
        left=cover_of(margins[:, :middle], 0),
        right=cover_of(margins[:, middle:], 0),
        colours=row_colours,
        kinds=kinds,
        kinds_in=tuple(map(slice, begins[:-1], begins[1:])),
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
