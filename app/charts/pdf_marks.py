"""Marks on a page of a PDF: what matplotlib draws of each, in millimetres from the picture's upper left corner."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.charts.fonts import drawable, font_path, width_pt
from app.charts.marks import (
    Bars,
    Boxes,
    Curve,
    Dots,
    Hatch,
    Mark,
    Pen,
    Point,
    Polygons,
    Rectangle,
    Strokes,
    Text,
)
from app.charts.style import POINT_MM

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from matplotlib.path import Path
    from matplotlib.transforms import Transform

_HALO_PT = 1.2 / POINT_MM
_HATCH_APART_MM = 3.0
_HATCH_MM = 0.35
_HATCH_OPACITY = 0.55
_SMALLER_PT = 0.5
_SMALLEST_PT = 4.0

# A path's commands as matplotlib numbers them (matplotlib.path.Path).
_MOVE, _LINE, _CLOSE = 1, 2, 79


@dataclass(frozen=True, slots=True)
class Page:
    """A figure that marks are laid on.

    Attributes
    ----------
    in_mm : Transform
        From millimetres of the picture to the figure.
    width_mm : float
        Words that begin at a place end before it.
    """

    figure: "Figure"
    in_mm: "Transform"
    width_mm: float


def lay(page: Page, mark: Mark, clip: Sequence[Rectangle], order: int) -> None:
    """Put a mark on the page over all of a lower `order`; it shows within the rectangles, or everywhere without any."""
    for artist in _DRAWERS[type(mark)](page, mark):
        artist.set_zorder(order)
        page.figure.add_artist(artist, clip=False)
        if clip:
            artist.set_clip_path(_outline([_corners(rectangle) for rectangle in clip]), page.in_mm)


def _curve(page: Page, mark: Curve) -> list["Artist"]:
    """The line through the points."""
    codes = np.where(mark.starts, _MOVE, _LINE).astype(np.uint8)
    return [_stroked(page, _path(_places(mark), codes), mark.pen)]


def _dots(page: Page, mark: Dots) -> list["Artist"]:
    """A line of no length at each point, which a round pen draws as a dot."""
    codes = np.tile(np.array([_MOVE, _LINE], dtype=np.uint8), len(mark.x))
    return [_stroked(page, _path(np.repeat(_places(mark), 2, axis=0), codes), mark.pen)]


def _places(mark: Curve | Dots) -> NDArray[np.float64]:
    """The points in millimetres, shape (m, 2)."""
    return np.column_stack((mark.left_mm + mark.x * mark.x_unit_mm, mark.top_mm + mark.y * mark.y_unit_mm))


def _strokes(page: Page, mark: Strokes) -> list["Artist"]:
    """Straight lines."""
    codes = np.concatenate([[_MOVE] + [_LINE] * (len(line) - 1) for line in mark.lines])
    points = np.array([point for line in mark.lines for point in line])
    return [_stroked(page, _path(points, codes.astype(np.uint8)), mark.pen, cap="butt")]


def _polygons(page: Page, mark: Polygons) -> list["Artist"]:
    """Filled areas."""
    return [_filled(page, _outline(mark.corners), mark.colour)]


def _boxes(page: Page, mark: Boxes) -> list["Artist"]:
    """Filled rectangles."""
    return [_filled(page, _outline([_corners(rectangle) for rectangle in mark.rectangles]), mark.colour)]


def _bars(page: Page, mark: Bars) -> list["Artist"]:
    """Filled runs of columns."""
    runs = [
        Rectangle(mark.left_mm + first * mark.column_mm, mark.top_mm, (last - first) * mark.column_mm, mark.height_mm)
        for first, last in mark.runs
    ]
    return [_filled(page, _outline([_corners(run) for run in runs]), mark.colour)]


def _hatch(page: Page, mark: Hatch) -> list["Artist"]:
    """Slanting lines within each rectangle."""
    artists: list[Artist] = []
    step = _HATCH_APART_MM * np.sqrt(2)
    for area in mark.rectangles:
        right, bottom = area.left_mm + area.width_mm, area.top_mm + area.height_mm
        sums = np.arange(np.ceil((area.left_mm + area.top_mm) / step), (right + bottom) / step) * step
        starts = np.column_stack((sums - bottom, np.full(len(sums), bottom)))
        ends = np.column_stack((sums - area.top_mm, np.full(len(sums), area.top_mm)))
        points = np.stack((starts, ends), axis=1).reshape(-1, 2)
        codes = np.tile(np.array([_MOVE, _LINE], dtype=np.uint8), len(sums))
        lines = _stroked(page, _path(points, codes), Pen("hatch", mark.colour, _HATCH_MM), cap="butt")
        lines.set_alpha(_HATCH_OPACITY)
        lines.set_clip_path(_outline([_corners(area)]), page.in_mm)
        artists.append(lines)
    return artists


def _text(page: Page, mark: Text) -> list["Artist"]:
    """The spans one after another, in smaller type where they would run out of the picture."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.patheffects import withStroke
    from matplotlib.text import Text as Words

    size_pt = mark.size_pt
    room_mm = page.width_mm - mark.x_mm
    while mark.anchor == "start" and _length_mm(mark, size_pt) > room_mm and size_pt > _SMALLEST_PT:
        size_pt -= _SMALLER_PT
    length = _length_mm(mark, size_pt)
    along = {"start": 0.0, "middle": -length / 2, "end": -length}[mark.anchor]
    turn = np.radians(mark.angle)
    artists: list[Artist] = []
    for span in mark.spans:
        text = drawable(span.text, bold=span.bold)
        words = Words(
            mark.x_mm + along * np.cos(turn),
            mark.y_mm + along * np.sin(turn),
            text.strip(),
            color=span.fill,
            alpha=mark.opacity if mark.opacity < 1 else None,
            fontproperties=FontProperties(fname=font_path(bold=span.bold), size=size_pt),
            rotation=-mark.angle,
            rotation_mode="anchor",
            horizontalalignment="left",
            verticalalignment="baseline",
            transform=page.in_mm,
            parse_math=False,
        )
        if mark.halo is not None:
            words.set_path_effects([withStroke(linewidth=_HALO_PT, foreground=mark.halo)])
        leading = len(text) - len(text.lstrip())
        words.set_x(words.get_unitless_position()[0] + width_pt(text[:leading], size_pt, bold=span.bold) * POINT_MM)
        if text.strip():
            artists.append(words)
        along += width_pt(text, size_pt, bold=span.bold) * POINT_MM
    return artists


def _length_mm(mark: Text, size_pt: float) -> float:
    """How long the row of words is."""
    return sum(width_pt(span.text, size_pt, bold=span.bold) for span in mark.spans) * POINT_MM


def _stroked(page: Page, path: "Path", pen: Pen, *, cap: Any = "round") -> "Artist":
    """A line along the path; the pen's lengths become points, and dashes multiples of its width."""
    from matplotlib.patches import PathPatch

    width = pen.width_mm / POINT_MM
    dashes = tuple(length / pen.width_mm for length in pen.dashes_mm)
    line = PathPatch(
        path,
        fill=False,
        edgecolor=pen.colour,
        linewidth=width,
        capstyle="butt" if dashes else cap,
        joinstyle="round" if cap == "round" else "miter",
        transform=page.in_mm,
    )
    if dashes:
        line.set_linestyle((0.0, dashes))
    return line


def _filled(page: Page, path: "Path", colour: str) -> "Artist":
    """An area without an edge."""
    from matplotlib.patches import PathPatch

    return PathPatch(path, facecolor=colour, linewidth=0.0, transform=page.in_mm)


def _corners(area: Rectangle) -> tuple[Point, ...]:
    """The corners of a rectangle."""
    right, bottom = area.left_mm + area.width_mm, area.top_mm + area.height_mm
    return (area.left_mm, area.top_mm), (right, area.top_mm), (right, bottom), (area.left_mm, bottom)


def _outline(areas: Sequence[Sequence[Point]]) -> "Path":
    """The closed path around each area."""
    points = np.array([point for corners in areas for point in (*corners, corners[0])], dtype=np.float64)
    codes = np.concatenate([[_MOVE] + [_LINE] * (len(corners) - 1) + [_CLOSE] for corners in areas])
    return _path(points, codes.astype(np.uint8))


def _path(points: NDArray[np.float64], codes: NDArray[np.uint8]) -> "Path":
    """A path of which matplotlib keeps every point: it would leave out those that it holds to be hidden."""
    from matplotlib.path import Path

    path = Path(points, codes)
    path.should_simplify = False
    return path


_DRAWERS: dict[type, Callable[[Page, Any], list["Artist"]]] = {
    Text: _text,
    Curve: _curve,
    Dots: _dots,
    Strokes: _strokes,
    Polygons: _polygons,
    Boxes: _boxes,
    Bars: _bars,
    Hatch: _hatch,
}
