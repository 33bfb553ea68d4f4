"""What a picture is made of, in millimetres from its upper left corner: the same values for every format.

A mark says where something lies and how it looks, never how a format writes it. Words are clean already
(`app.charts.text`): on one line and without characters that turn or hide them, but not escaped. Marks are tuples,
which are made several times as fast as other frozen values: a strip has a hundred.
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

Point = tuple[float, float]
Anchor = Literal["start", "middle", "end"]


class Pen(NamedTuple):
    """How a line looks: its name in the document, colour, width and dashes."""

    name: str
    colour: str
    width_mm: float
    dashes_mm: tuple[float, ...] = ()


class Rectangle(NamedTuple):
    """A rectangle of the picture."""

    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float


class Span(NamedTuple):
    """Words that look alike; blanks at their ends and several in a row count."""

    text: str
    fill: str
    bold: bool = False


class Text(NamedTuple):
    """Spans that follow one another on one line.

    Attributes
    ----------
    x_mm, y_mm : float
        Where the baseline of the letters begins, has its middle or ends, as `anchor` says.
    angle : float
        Degrees that the line is turned about that point, clockwise.
    halo : str or None
        Colour of an edge around the letters that keeps them apart from what lies under them.
    opacity : float
        1 for ink, less for what shines through.
    """

    x_mm: float
    y_mm: float
    spans: tuple[Span, ...]
    size_pt: float
    anchor: Anchor = "start"
    angle: float = 0.0
    halo: str | None = None
    opacity: float = 1.0


class Curve(NamedTuple):
    """Joined points at whole numbers of units from (`left_mm`, `top_mm`), rightwards and downwards.

    Attributes
    ----------
    x_unit_mm, y_unit_mm : float
        Size of a unit; the two are nearly alike, so that a pen in units is nearly round.
    x, y : ndarray of int, shape (m,)
        The points in the order of the pen.
    starts : ndarray of bool, shape (m,)
        True where the pen is set down anew; the first is always True.
    """

    pen: Pen
    left_mm: float
    top_mm: float
    x_unit_mm: float
    y_unit_mm: float
    x: IntArray
    y: IntArray
    starts: BoolArray


class Dots(NamedTuple):
    """Round dots of `pen`'s width; `x` and `y` as those of a Curve."""

    pen: Pen
    left_mm: float
    top_mm: float
    x_unit_mm: float
    y_unit_mm: float
    x: IntArray
    y: IntArray


class Strokes(NamedTuple):
    """Straight lines from point to point, each at least two points."""

    pen: Pen
    lines: tuple[tuple[Point, ...], ...]


class Polygons(NamedTuple):
    """Filled areas, each of at least three corners."""

    name: str
    colour: str
    corners: tuple[tuple[Point, ...], ...]


class Boxes(NamedTuple):
    """Filled rectangles."""

    colour: str
    rectangles: tuple[Rectangle, ...]


class Bars(NamedTuple):
    """Filled runs of columns of one height: half-open pairs of whole `column_mm` from `left_mm` on."""

    name: str
    colour: str
    left_mm: float
    top_mm: float
    column_mm: float
    height_mm: float
    runs: tuple[tuple[int, int], ...]


class Hatch(NamedTuple):
    """Rectangles with thin slanting lines on what lies under them."""

    colour: str
    rectangles: tuple[Rectangle, ...]


Mark = Text | Curve | Dots | Strokes | Polygons | Boxes | Bars | Hatch


class Layer(NamedTuple):
    """Marks that lie on what stands before them, in this order.

    `name` is unique in a picture, or empty; `clip` names the rectangles of the drawing outside of which the marks
    do not show, or is empty.
    """

    name: str
    marks: tuple[Mark, ...]
    clip: str = ""
