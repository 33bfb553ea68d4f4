"""A strip as an SVG document: the same drawing gives the same bytes."""

from collections.abc import Callable
from functools import lru_cache
from html import escape
from math import sqrt
from typing import Any

from app.charts import style
from app.charts.drawing import Drawing, drawing_of
from app.charts.marks import (
    Bars,
    Boxes,
    Curve,
    Dots,
    Hatch,
    Layer,
    Pen,
    Point,
    Polygons,
    Rectangle,
    Span,
    Strokes,
    Text,
)
from app.charts.paper import paper
from app.charts.strip import Frame, Strip
from app.charts.style import POINT_MM
from app.charts.svg_path import dots_data, lines_data
from app.charts.text import number

_HATCH_OPACITY = 0.55
_HALO_MM = 1.2
_WORDS_KEPT = 1024


def strip_svg(strip: Strip) -> bytes:
    """The strip as SVG 1.1 in UTF-8, true to scale when it is shown or printed at 100 %.

    It refers to nothing outside itself, so that it works as an image under a strict content security policy.
    """
    return svg(drawing_of(strip))


def svg(drawing: Drawing) -> bytes:
    """The drawing as an SVG document: paper, then its layers."""
    sheet = paper(drawing.layout, has_band=drawing.has_band)
    width, height = number(drawing.width_mm), number(drawing.height_mm)
    uses = "".join(f'<use href="#rules" x="{number(shift)}"/>' for shift in drawing.rules_mm)
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="{width}mm" height="{height}mm"'
        f' viewBox="0 0 {width} {height}"{_fitting(drawing)} role="img" aria-labelledby="title desc"'
        f' font-family="{style.FONT_FAMILY}"'
        ' font-variant-numeric="tabular-nums">',
        f'<title id="title">{escape(drawing.title)}</title><desc id="desc">{escape(drawing.description)}</desc>',
        f'<defs><g id="rules">{sheet.rules}</g>{_clips(drawing)}{_patterns(drawing)}</defs>',
        f'<rect width="{width}" height="{height}" fill="{style.SHEET}"/>',
        sheet.sheet,
        f'<g clip-path="url(#paper)">{uses}</g>',
        *map(_layer, drawing.layers),
        "</svg>\n",
    )
    # One by one, because a few words beyond ASCII would make all of a long text slow to encode.
    return b"".join([part.encode() for part in parts])


def _clips(drawing: Drawing) -> str:
    """The clip paths that layers use."""
    return "".join(
        f'<clipPath id="{name}">{"".join(map(_rectangle, rectangles))}</clipPath>'
        for name, rectangles in drawing.clips.items()
    )


def _patterns(drawing: Drawing) -> str:
    """A pattern for each colour of hatching, of slanting lines 3 mm apart."""
    colours = {mark.colour for layer in drawing.layers for mark in layer.marks if isinstance(mark, Hatch)}
    return "".join(
        f'<pattern id="{_pattern_name(colour)}" width="3" height="3" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)"><path d="M0 0v3" stroke="{colour}" stroke-width="0.7"/></pattern>'
        for colour in sorted(colours)
    )


def _pattern_name(colour: str) -> str:
    """The name of a colour's hatching in the document."""
    return f"hatch{colour.removeprefix('#')}"


def _layer(layer: Layer) -> str:
    """The marks one after another, in a group where the layer has a name or a clip."""
    written = "".join(_WRITERS[type(mark)](mark) for mark in layer.marks)
    name = f' id="{layer.name}"' if layer.name else ""
    clip = f' clip-path="url(#{layer.clip})"' if layer.clip else ""
    return f"<g{name}{clip}>{written}</g>" if name or clip else written


@lru_cache(maxsize=_WORDS_KEPT)
def _text(mark: Text) -> str:
    """One line of words; most of them stand at the same place in each window of a layout."""
    if mark.angle:
        place = f'transform="translate({number(mark.x_mm)} {number(mark.y_mm)}) rotate({number(mark.angle)})"'
    else:
        place = f'x="{number(mark.x_mm)}" y="{number(mark.y_mm)}"'
    place += f' font-size="{number(mark.size_pt * POINT_MM)}"'
    if mark.anchor != "start":
        place += f' text-anchor="{mark.anchor}"'
    if mark.halo is not None:
        place += f' stroke="{mark.halo}" stroke-width="{_HALO_MM}" paint-order="stroke"'
    if mark.opacity < 1:
        place += f' fill-opacity="{number(mark.opacity)}"'
    if len(mark.spans) == 1:
        return f"<text {place}{_look(mark.spans[0])}>{escape(mark.spans[0].text)}</text>"
    spans = "".join(f"<tspan{_look(span)}>{escape(span.text)}</tspan>" for span in mark.spans)
    return f'<text {place} xml:space="preserve">{spans}</text>'


def _look(span: Span) -> str:
    """Weight and colour of words."""
    return f' font-weight="600" fill="{span.fill}"' if span.bold else f' fill="{span.fill}"'


def _curve(mark: Curve) -> str:
    """One path in whole numbers of the curve's units."""
    return f'<path{_in_units(mark)} stroke-linejoin="round" d="{lines_data(mark.x, mark.y, mark.starts)}"/>'


def _dots(mark: Dots) -> str:
    """One path of lines without length."""
    return f'<path{_in_units(mark)} d="{dots_data(mark.x, mark.y)}"/>'


def _in_units(mark: Curve | Dots) -> str:
    """Where the whole numbers of a mark lie, and its pen, which is as wide in either direction on the whole."""
    return (
        f' id="{mark.pen.name}" transform="translate({number(mark.left_mm)} {number(mark.top_mm)})'
        f' scale({mark.x_unit_mm:.9g} {mark.y_unit_mm:.9g})" fill="none" stroke-linecap="round"'
        f"{_pen(mark.pen, sqrt(mark.x_unit_mm * mark.y_unit_mm))}"
    )


def _pen(pen: Pen, unit_mm: float = 1.0) -> str:
    """Colour, width and dashes in an element that is drawn `unit_mm` times as large."""
    look = f' stroke="{pen.colour}" stroke-width="{number(pen.width_mm / unit_mm)}"'
    if pen.dashes_mm:
        look += f' stroke-dasharray="{" ".join(number(length / unit_mm) for length in pen.dashes_mm)}"'
    return look


def _strokes(mark: Strokes) -> str:
    """One path of straight lines."""
    lines = "".join(f"M{_corners(line)}" for line in mark.lines)
    return f'<path fill="none"{_pen(mark.pen)} d="{lines}"/>'


def _polygons(mark: Polygons) -> str:
    """One path of filled areas."""
    areas = "".join(f"M{_corners(corners)}z" for corners in mark.corners)
    return f'<path id="{mark.name}" fill="{mark.colour}" d="{areas}"/>'


def _corners(points: tuple[Point, ...]) -> str:
    """Lines from the first point to each of the others."""
    (at_x, at_y), *others = points
    data = f"{number(at_x)} {number(at_y)}"
    for x, y in others:
        if x == at_x:
            data += f"v{number(y - at_y)}"
        elif y == at_y:
            data += f"h{number(x - at_x)}"
        else:
            data += f"L{number(x)} {number(y)}"
        at_x, at_y = x, y
    return data


def _boxes(mark: Boxes) -> str:
    """Filled rectangles."""
    return "".join(_rectangle(rectangle, f' fill="{mark.colour}"') for rectangle in mark.rectangles)


def _bars(mark: Bars) -> str:
    """One path in whole columns, as thick as the bars are high."""
    ends = (0, *(end for _, end in mark.runs))
    runs = "".join([f"m{start - at} 0h{end - start}" for at, (start, end) in zip(ends, mark.runs, strict=False)])
    place = f"translate({number(mark.left_mm)} {number(mark.top_mm + mark.height_mm / 2)})"
    return (
        f'<path id="{mark.name}" transform="{place} scale({number(mark.column_mm)} {number(mark.height_mm)})"'
        f' stroke="{mark.colour}" d="{runs}"/>'
    )


def _hatch(mark: Hatch) -> str:
    """Rectangles filled with the pattern of the colour."""
    look = f' fill="url(#{_pattern_name(mark.colour)})" fill-opacity="{_HATCH_OPACITY}"'
    return "".join(_rectangle(rectangle, look) for rectangle in mark.rectangles)


def _rectangle(rectangle: Rectangle, attributes: str = "") -> str:
    """A rectangle element."""
    return (
        f'<rect x="{number(rectangle.left_mm)}" y="{number(rectangle.top_mm)}"'
        f' width="{number(rectangle.width_mm)}" height="{number(rectangle.height_mm)}"{attributes}/>'
    )


_WRITERS: dict[type, Callable[[Any], str]] = {
    Text: _text,
    Curve: _curve,
    Dots: _dots,
    Strokes: _strokes,
    Polygons: _polygons,
    Boxes: _boxes,
    Bars: _bars,
    Hatch: _hatch,
}


def _fitting(drawing: Drawing) -> str:
    """How a picture fills its place: a page gives tiles whole pixels, and a part of one must not open a seam."""
    return "" if drawing.layout.frame is Frame.FULL else ' preserveAspectRatio="none"'
