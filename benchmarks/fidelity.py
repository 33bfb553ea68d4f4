"""C3: what is lost of a line when a screen's column holds six samples of it, in whole pictures and in windows."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from app.charts.curve import COLUMN_MM
from app.charts.drawing import Drawing, drawing_of
from app.charts.marks import Bars, Curve, Dots
from app.ctg.stretch import Stretch
from app.ctg.trace import FloatArray, Trace
from benchmarks.lines import Line, Met
from benchmarks.naive.decimation import Points, averaged, largest_triangles
from benchmarks.run import Run
from benchmarks.signals import clinic, public
from benchmarks.strips import strip

MINUTES = 60
MM_PER_S = 10.0 / 60.0
PUBLIC_RECORDINGS = 5
GAPS = 100
# As the routes read them; a column at 5 Hz does not divide ten minutes, and the odd place divides none.
WINDOWS_S = (0.0, 600.0, 1813.37, 3000.0)
WINDOW_MINUTES = 10
# Less than a hundredth of a pixel: places are written in whole micrometres.
CLIP_SLACK_S = 1e-3
# The picture's own coordinates are hundredths of a beat.
HALF_A_STEP_BPM = 0.005
# Fine enough to find the ends of a column, which is 1.5 s wide.
GRID_S = 0.05


def lines(_run: Run) -> Iterator[Line]:
    """The largest peak or trough that is missing in each way of drawing and in windows, and the gaps that are seen."""
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

    in_windows = max(map(_lost_in_windows, (*_of_all_rates(), *public(MINUTES, PUBLIC_RECORDINGS))))
    ours = f"{in_windows:.2f} bpm"
    met = Met.YES if in_windows <= HALF_A_STEP_BPM else Met.NO
    yield Line("C3", "the same in windows, each by itself", "", ours, ours, "0.00 bpm", met)

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


def _of_all_rates() -> Iterator[Trace]:
    """Recordings whose columns divide a window and some whose columns do not, with extremes at windows' edges."""
    for rate_hz in (1.0, 4.0, 5.0, 10.0, 12.5, 25.0):
        random = np.random.default_rng(1)
        fhr1 = np.round(140 + random.normal(0, 3, round(MINUTES * 60 * rate_hz)), 2)
        for start_s in WINDOWS_S:
            for edge_s in (start_s, start_s + WINDOW_MINUTES * 60):
                first = int(np.ceil(edge_s * rate_hz - 1e-9))
                for place, value in ((first - 1, 168.0), (first, 112.0)):
                    if 0 <= place < len(fhr1):
                        fhr1[place] = value
        yield replace(clinic(MINUTES), rate_hz=rate_hz, fhr1=fhr1, toco=None)


def _lost_in_windows(trace: Trace) -> float:
    """The largest peak or trough of a window that its own picture does not show within its paper."""
    lost = 0.0
    for start_s in WINDOWS_S:
        end_s = start_s + WINDOW_MINUTES * 60
        around = replace(strip(trace, None, WINDOW_MINUTES, start_s), stretch=Stretch.around(trace, start_s, end_s))
        held = trace.between(start_s, end_s).fhr1
        drawn = _clipped(_drawn(drawing_of(around)), WINDOW_MINUTES * 60)
        if not np.isnan(held).all():
            top, bottom = np.clip((np.nanmax(held), np.nanmin(held)), 50, 210)
            lost = max(lost, top - drawn.max(initial=-np.inf), drawn.min(initial=np.inf) - bottom)
    return lost


def _clipped(drawn: list[Points], length_s: float) -> FloatArray:
    """The values of points that lie within the window, shape (n,)."""
    inside = [values[(times_s >= -CLIP_SLACK_S) & (times_s <= length_s + CLIP_SLACK_S)] for times_s, values in drawn]
    return np.concatenate([np.zeros(0), *inside])


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
