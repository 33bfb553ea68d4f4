"""Text that can stand in a picture whatever a user typed: what XML 1.0 can hold, and in reading order."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape
from typing import TypeVar

from app.charts.marks import Anchor, Span, Text
from app.charts.style import POINT_MM

# XML 1.0 has no way to write these, not even escaped (https://www.w3.org/TR/xml/#charsets).
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# C1 controls and the marks that turn the direction of text: they could show a caption in another order.
_INVISIBLE = re.compile("[\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

# Inter and its fallbacks are about this wide per character, in parts of the type size.
_EM_PER_CHARACTER = 0.56
_SMALLEST_PT = 5.5
# The same places come again in each picture of a size.
_NUMBERS_KEPT = 4096

T = TypeVar("T")


def clean(text: str) -> str:
    """`text` on one line, without characters that XML or a reader cannot take; not yet escaped."""
    # Nearly all words are: what Python can print has no control character, mark of direction or half a pair.
    if text.isprintable() and "  " not in text and text[:1] != " " != text[-1:]:
        return text
    return " ".join(_INVISIBLE.sub("", _NOT_XML.sub("", text)).split())


def xml(text: str) -> str:
    """`text` cleaned and escaped for element content and attribute values."""
    return escape(clean(text), quote=True)


def width_mm(text: str, size_pt: float, *, bold: bool = False) -> float:
    """About how wide `text` will be; browsers differ, so leave room."""
    return len(text) * _EM_PER_CHARACTER * (1.08 if bold else 1.0) * size_pt * POINT_MM


def in_rows(
    items: Sequence[T], width_of: Callable[[T, float], float], *, room_mm: float, rows: int, size_pt: float
) -> tuple[list[list[T]], float]:
    """The items in rows of `room_mm` and their type size, made smaller only when `rows` do not hold them."""
    while True:
        filled: list[list[T]] = []
        used = room_mm
        for item in items:
            width = width_of(item, size_pt)
            if used + width > room_mm:
                filled.append([])
                used = 0.0
            filled[-1].append(item)
            used += width
        if len(filled) <= rows or size_pt <= _SMALLEST_PT:
            return filled, size_pt
        size_pt -= 0.5


def wrapped(sentences: Sequence[str], *, room_mm: float, size_pt: float) -> list[str]:
    """The bold sentences one after another, broken at spaces into rows of `room_mm`; not escaped."""
    words = [clean(word) for sentence in sentences for word in sentence.split(" ") if clean(word)]
    rows, _ = in_rows(
        words,
        lambda word, size_pt: width_mm(word + " ", size_pt, bold=True),
        room_mm=room_mm,
        rows=len(words),
        size_pt=size_pt,
    )
    return [" ".join(row) for row in rows]


@lru_cache(maxsize=_NUMBERS_KEPT)
def number(value: float) -> str:
    """`value` in millimetres rounded to a micrometre, without trailing zeros."""
    return f"{round(value, 3) + 0.0:.3f}".rstrip("0").rstrip(".")


def text_marks(
    x_mm: float,
    y_mm: float,
    text: str,
    *,
    size_pt: float,
    fill: str,
    bold: bool = False,
    anchor: Anchor = "start",
    angle: float = 0.0,
    halo: str | None = None,
    opacity: float = 1.0,
) -> tuple[Text, ...]:
    """`text`, cleaned, as one mark with its baseline at `y_mm`; none when nothing of it can be shown."""
    content = clean(text)
    if not content:
        return ()
    return (Text(x_mm, y_mm, (Span(content, fill, bold),), size_pt, anchor, angle, halo, opacity),)
