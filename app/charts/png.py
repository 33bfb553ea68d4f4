"""A strip as a PNG of sixteen colours, true to scale in print: the same drawing gives the same bytes."""

import zlib
from collections.abc import Callable
from struct import pack
from typing import Any

from app.charts import raster_ink, raster_paper, raster_text
from app.charts.drawing import Drawing, drawing_of
from app.charts.marks import Bars, Boxes, Curve, Dots, Hatch, Polygons, Strokes, Text
from app.charts.raster import PIXELS_PER_MM, Area, Canvas, area_of
from app.charts.raster_palette import PALETTE
from app.charts.strip import Strip

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BITS = 4
_INDEXED = 3
_PER_METRE = 1
# Rows are mostly like the one above: after the filter they are zeros. The second level saves a thirtieth of the
# bytes for a twentieth of the time, the third a tenth for a quarter.
_ZLIB_LEVEL = 1


def strip_png(strip: Strip) -> bytes:
    """The strip as PNG at 4 pixels a millimetre, which it states, so that it prints true to scale at 100 %."""
    return png(drawing_of(strip))


def png(drawing: Drawing) -> bytes:
    """The drawing as a PNG: paper, then its layers."""
    canvas = raster_paper.blank(drawing)
    clips = {name: [area_of(rectangle) for rectangle in clip] for name, clip in drawing.clips.items()}
    for layer in drawing.layers:
        for clip in clips[layer.clip] if layer.clip else [canvas.area]:
            within = clip.within(canvas.area)
            for mark in layer.marks:
                _WRITERS[type(mark)](canvas, mark, within)
    return _encoded(canvas)


def _encoded(canvas: Canvas) -> bytes:
    """The file: each row of bytes as the difference to the one above (PNG 1.2, sections 3 to 6)."""
    rows = canvas.flat[canvas.row_step :] - canvas.flat[: -canvas.row_step]
    width, height = canvas.area.right, canvas.area.bottom
    metre = PIXELS_PER_MM * 1000
    return b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", pack(">IIBBBBB", width, height, _BITS, _INDEXED, 0, 0, 0)),
            _chunk(b"PLTE", PALETTE.tobytes()),
            _chunk(b"pHYs", pack(">IIB", metre, metre, _PER_METRE)),
            _chunk(b"IDAT", zlib.compress(rows.data, _ZLIB_LEVEL)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    """A chunk of the file with its length and checksum."""
    return pack(">I", len(content)) + name + content + pack(">I", zlib.crc32(content, zlib.crc32(name)))


_WRITERS: dict[type, Callable[[Canvas, Any, Area], None]] = {
    Text: raster_text.write,
    Curve: raster_ink.curve,
    Dots: raster_ink.dots,
    Strokes: raster_ink.strokes,
    Polygons: raster_ink.polygons,
    Boxes: raster_ink.boxes,
    Bars: raster_ink.bars,
    Hatch: raster_ink.hatch,
}
