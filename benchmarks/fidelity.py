"""C3: what is lost of a line when a screen's column holds six samples of it."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from app.charts.curve import COLUMN_MM
from app.charts.drawing import Drawing, drawing_of
from app.charts.marks import Bars, Curve, Dots
from app.ctg.trace import Trace
from benchmarks.lines import Line, Met
from benchmarks.naive.decimation import Points, averaged, largest_triangles
from benchmarks.run import Run
from benchmarks.signals import clinic, public
from benchmarks.strips import strip

MINUTES = 60
MM_PER_S = 10.0 / 60.0
PUBLIC_RECORDINGS = 5
GAPS = 100
# The picture's own coordinates are hundredths of a beat.
HALF_A_STEP_BPM = 0.005
# Fine enough to find the ends of a column, which is 1.5 s wide.
GRID_S = 0.05


def lines(_run: Run) -> Iterator[Line]:
    """The largest peak or trough that is missing in each way of drawing, and the gaps that can still be seen."""
    lost = {"ours": 0.0, "LTTB": 0.0, "averaging": 0.0}
    for trace in (clinic(MINUTES), *public(MINUTES, PUBLIC_RECORDINGS)):
        times_s, columns = trace.times_s(), round(MINUTES * 60 * MM_PER_S / COLUMN_MM)
        ways = {
            "ours": _drawn(drawing_of(strip(trace, None, MINUTES))),
            # As many points as ours has: a lowest and a highest for each column.
            "LTTB": [largest_triangles(times_s, trace.fhr1, 2 * columns)],
            "averaging": [averaged(times_s, trace.fhr1, columns)],
        }
        lost = {name: max(lost[name], lost_bpm(trace, found)) for name, found in ways.items()}
    naive = f"LTTB {lost['LTTB']:.1f}, averaging {lost['averaging']:.1f} bpm"
    ours = f"{lost['ours']:.2f} bpm"
    met = Met.YES if lost["ours"] <= HALF_A_STEP_BPM else Met.NO
    yield Line("C3", "largest extremum lost by decimation", naive, ours, ours, "0.00 bpm", met)

    seen = _gaps_seen()
    found = f"{seen} of {GAPS}"
    naive = f"0 of {GAPS}"
    met = Met.YES if seen == GAPS else Met.NO
    yield Line("C3", "gaps of one sample that can be seen", naive, found, found, f"{GAPS} of {GAPS}", met)


def lost_bpm(trace: Trace, drawn: list[Points]) -> float:
    """How far the drawn lines stay behind the samples, at most, within a column of each sample: a pixel."""
    cells = int(trace.duration_s / GRID_S) + 2
    top, bottom = np.full(cells, -np.inf), np.full(cells, np.inf)
    for times_s, values in drawn:
        at = np.clip(np.rint(times_s / GRID_S).astype(int), 0, cells - 1)
        inside = np.arange(at[0], at[-1] + 1)
        between = np.interp(inside * GRID_S, times_s, values)
        np.maximum.at(top, inside, between)
        np.minimum.at(bottom, inside, between)
        np.maximum.at(top, at, values)
        np.minimum.at(bottom, at, values)
    column = int(np.ceil(COLUMN_MM / MM_PER_S / GRID_S))
    known = ~np.isnan(trace.fhr1)
    values = np.clip(trace.fhr1[known], 50, 210)
    at = np.rint(trace.times_s()[known] / GRID_S).astype(int)
    near = np.clip(at[:, np.newaxis] + np.arange(-column, column + 1), 0, cells - 1)
    behind = np.maximum(values - top[near].max(axis=1), bottom[near].min(axis=1) - values)
    return float(behind.max())


def _drawn(drawing: Drawing) -> list[Points]:
    """The lines of the first fetus in the picture, back in seconds and beats."""
    panel = drawing.layout.fhr
    found: list[Points] = []
    for mark in (mark for layer in drawing.layers for mark in layer.marks):
        if isinstance(mark, Curve | Dots) and mark.pen.name in {"fhr1", "fhr1-dots"}:
            times_s = (mark.left_mm - panel.left_mm + mark.x * mark.x_unit_mm) / MM_PER_S
            values = panel.high - (mark.top_mm - panel.top_mm + mark.y * mark.y_unit_mm) / panel.mm_per_unit
            starts = mark.starts if isinstance(mark, Curve) else np.ones(len(mark.x), dtype=np.bool_)
            cuts = np.flatnonzero(starts)[1:]
            found += zip(np.split(times_s, cuts), np.split(values, cuts), strict=True)
    return found


def _gaps_seen() -> int:
    """Of GAPS losses of one sample, a sixth of a column wide, how many have a mark in the lane below the curve."""
    whole = clinic(MINUTES)
    fhr1 = np.where(np.isnan(whole.fhr1), 140.0, whole.fhr1)
    at = np.linspace(100, len(fhr1) - 100, GAPS).astype(int)
    fhr1[at] = np.nan
    drawing = drawing_of(strip(replace(whole, fhr1=fhr1), None, MINUTES))
    marks = [mark for layer in drawing.layers for mark in layer.marks if isinstance(mark, Bars)]
    lanes = [mark for mark in marks if mark.name == "loss1"]
    dark = [(run[0] * mark.column_mm, run[1] * mark.column_mm) for mark in lanes for run in mark.runs]
    places_mm = (at + 0.5) / whole.rate_hz * MM_PER_S
    return sum(any(left <= place <= right for left, right in dark) for place in places_mm)
