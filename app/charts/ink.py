"""What was measured: lines, the loss lane and marks where a value is off the axis."""

from dataclasses import replace
from math import ceil

import numpy as np

from app.charts import style
from app.charts.curve import COLUMN_MM, curve, neighbours
from app.charts.layout import LANE_HEIGHT_MM, Layout, Panel
from app.charts.marks import Bars, BoolArray, Boxes, Mark, Pen, Point, Polygons, Rectangle
from app.charts.path import JUMP_BPM
from app.charts.strip import SECOND_FETUS_OFFSET_BPM
from app.charts.window import Series, Window
from app.ctg.trace import FloatArray

_CLAMP_BAR_MM = 0.7
_CLAMP_ARROW_MM = 1.8
# Stretches off the axis closer than this share one arrow.
_CLAMP_JOIN_MM = 2.0


FIRST_FETUS = Pen("fhr1", style.INK, style.INK_MM)
SECOND_FETUS = Pen("fhr2", style.SECOND_INK, style.SECOND_INK_MM)
MATERNAL = Pen("mhr", style.MATERNAL_INK, style.MATERNAL_INK_MM, (1.3, 1.1))
TOCO = Pen("toco", style.INK, style.INK_MM)


def heart_rates(window: Window, layout: Layout) -> tuple[Mark, ...]:
    """Maternal rate and fetuses, the first fetus on top."""
    part = window.part
    channels = (
        (part.mhr, MATERNAL, 0.0),
        (part.fhr2, SECOND_FETUS, SECOND_FETUS_OFFSET_BPM),
        (part.fhr1, FIRST_FETUS, 0.0),
    )
    marks: list[Mark] = []
    for values, pen, offset_bpm in channels:
        if values is not None:
            marks += _channel(window, values, offset_bpm, pen, layout.fhr, layout, JUMP_BPM)
    return tuple(marks)


def uterine_activity(window: Window, layout: Layout) -> tuple[Mark, ...]:
    """The line of the second panel, which has no jumps; nothing when there is none."""
    values = window.part.toco
    if layout.toco is None or values is None:
        return ()
    return _channel(window, values, 0.0, TOCO, layout.toco, layout, None)


def _channel(
    window: Window,
    values: FloatArray,
    offset: float,
    pen: Pen,
    panel: Panel,
    layout: Layout,
    max_jump: float | None,
) -> tuple[Mark, ...]:
    """The curve of a channel, `offset` higher than it was recorded, and the marks where it leaves the axis."""
    series = window.series(values, neighbours(window.part.rate_hz, layout))
    if offset:
        series = replace(series, values=series.values + offset)
    drawn = curve(series, panel, pen, layout, max_jump)
    return (*drawn.marks, *_off_axis(series, panel, pen, layout)) if drawn.is_off_axis else drawn.marks


def loss_lanes(window: Window, layout: Layout) -> tuple[Mark, ...]:
    """For each fetus a lane in which every column with a lost sample is dark, however short the loss."""
    fhr = layout.fhr
    marks: list[Mark] = []
    for fetus, (top_mm, (series, is_lost)) in enumerate(zip(layout.lane_tops_mm, window.lost, strict=True), start=1):
        marks.append(Boxes(style.LANE, (Rectangle(fhr.left_mm, top_mm, fhr.width_mm, LANE_HEIGHT_MM),)))
        lost = _columns(is_lost, series, layout)
        if lost:
            name = f"loss{fetus}"
            marks.append(Bars(name, style.LOSS, fhr.left_mm, top_mm, COLUMN_MM, LANE_HEIGHT_MM, tuple(lost)))
    return tuple(marks)


def _columns(mask: BoolArray, series: Series, layout: Layout) -> list[tuple[int, int]]:
    """Half-open runs of the lane's columns within the window that a sample of `mask`, shape (n,), touches."""
    if not mask.any():
        return []
    changes = np.empty(len(mask) + 1, dtype=np.bool_)
    changes[0], changes[-1] = mask[0], mask[-1]
    np.not_equal(mask[1:], mask[:-1], out=changes[1:-1])
    (edges,) = changes.nonzero()
    per_s = layout.mm_per_s / COLUMN_MM
    # A millionth of a column, so that a sample on an edge falls into the same column on every machine.
    places = ((edges - series.lead) / series.rate_hz + series.first_s) * per_s
    begins = np.floor(places[0::2] + 1e-6).astype(np.int64)
    ends = np.ceil(places[1::2] - 1e-6).astype(np.int64)
    last = ceil(layout.fhr.width_mm / COLUMN_MM - 1e-9)
    inside = (ends > 0) & (begins < last)
    begins, ends = np.maximum(begins[inside], 0), np.minimum(ends[inside], last)
    # A place where one run does not meet the next ends the one and begins the other.
    (apart,) = (begins[1:] > ends[:-1]).nonzero()
    firsts = [*begins[:1].tolist(), *begins[apart + 1].tolist()]
    return list(zip(firsts, [*ends[apart].tolist(), *ends[-1:].tolist()], strict=True))


def _off_axis(series: Series, panel: Panel, pen: Pen, layout: Layout) -> tuple[Polygons, ...]:
    """A bar along the edge and an arrow over it wherever the axis ends before the values do."""
    marks: list[tuple[Point, ...]] = []
    for mask, edge_mm, inwards in (
        (series.values > panel.high, panel.top_mm, 1.0),
        (series.values < panel.low, panel.bottom_mm, -1.0),
    ):
        stretches = [
            (panel.left_mm + a * COLUMN_MM, panel.left_mm + b * COLUMN_MM) for a, b in _columns(mask, series, layout)
        ]
        bar, tip, foot = (edge_mm + inwards * mm for mm in (_CLAMP_BAR_MM, 0.9, 0.9 + _CLAMP_ARROW_MM))
        marks += [((a, edge_mm), (b, edge_mm), (b, bar), (a, bar)) for a, b in stretches]
        for start_mm, end_mm in _joined(stretches):
            middle, half = (start_mm + end_mm) / 2, _CLAMP_ARROW_MM / 2
            marks.append(((middle, tip), (middle + half, foot), (middle - half, foot)))
    return (Polygons(f"{pen.name}-off-axis", pen.colour, tuple(marks)),) if marks else ()


def _joined(stretches: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Stretches with those that lie close together made one."""
    joined: list[tuple[float, float]] = []
    for start, end in stretches:
        if joined and start - joined[-1][1] < _CLAMP_JOIN_MM:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
