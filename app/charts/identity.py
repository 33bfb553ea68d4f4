"""Whose strip it is, in one row of a sheet: however long the name, what tells two women apart stands in full."""

from bisect import bisect_right
from collections.abc import Sequence
from math import ceil

from app.charts.fonts import width_pt
from app.charts.marks import Span
from app.charts.style import POINT_MM

LARGEST_PT = 11.0
# Smaller type is not read from a sheet at arm's length.
SMALLEST_PT = 7.0
_STEP_PT = 0.5
_CUT = "…"


def identity_row(
    name: Span, more: Sequence[Span], *, room_mm: float, smallest_pt: float = SMALLEST_PT
) -> tuple[list[Span], float]:
    """The name and what stands behind it, with the size of their type.

    The type becomes smaller first; where that is not enough it is the name that is cut, and a sign says so. Of `more`
    nothing is ever left out.
    """
    steps = ceil((LARGEST_PT - smallest_pt) / _STEP_PT)
    for size_pt in (max(smallest_pt, LARGEST_PT - step * _STEP_PT) for step in range(steps + 1)):
        if length_mm([name, *more], size_pt) <= room_mm:
            return [name, *more], size_pt
    left_mm = room_mm - length_mm(more, smallest_pt)
    # How many letters fit: the width grows with each.
    fitting = bisect_right(
        range(1, len(name.text)), left_mm, key=lambda count: length_mm([_cut(name, count)], smallest_pt)
    )
    return [_cut(name, fitting), *more], smallest_pt


def length_mm(spans: Sequence[Span], size_pt: float) -> float:
    """How long these words are one after another."""
    return sum(width_pt(span.text, size_pt, bold=span.bold) for span in spans) * POINT_MM


def _cut(name: Span, count: int) -> Span:
    """The first letters of a name."""
    return Span(name.text[:count].rstrip() + _CUT, name.fill, name.bold)
