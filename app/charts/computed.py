"""What was computed of the level of the rate, for clinicians: dashed baselines, never to be taken for ink."""

from math import ceil, floor

import numpy as np

from app.charts import style
from app.charts.curve import curve
from app.charts.layout import Layout
from app.charts.marks import Mark, Pen
from app.charts.strip import SECOND_FETUS_OFFSET_BPM, Strip
from app.charts.window import Series, series
from app.ctg.findings import BaselineSeries

# Long dashes and dots: in black and white neither is taken for the maternal rate.
DASHES_MM = {1: (3.5, 1.5), 2: (0.6, 1.2)}


def baselines(strip: Strip, layout: Layout) -> tuple[Mark, ...]:
    """The running baseline of each fetus as a thin dashed blue line; the second with its offset."""
    marks: list[Mark] = []
    for analysis in strip.shown_analyses:
        if analysis.baseline_series is not None:
            pen = Pen(f"baseline{analysis.fetus}", style.BASELINE, style.BASELINE_MM, DASHES_MM[analysis.fetus])
            offset_bpm = SECOND_FETUS_OFFSET_BPM if analysis.fetus == 2 else 0.0
            line = _around_window(analysis.baseline_series, offset_bpm, strip)
            marks += curve(line, layout.fhr, pen, layout).marks
    return tuple(marks)


def _around_window(baseline: BaselineSeries, offset_bpm: float, strip: Strip) -> Series:
    """The window's part of a baseline, drawn to a whole bpm: it strays by less than the line is wide."""
    first = max(0, floor(strip.start_s / baseline.step_s) - 1)
    last = ceil(strip.end_s / baseline.step_s) + 2
    # None, where there is no baseline, becomes NaN.
    values = np.array(baseline.values_bpm[first:last], dtype=np.float64)
    return series(np.rint(values) + offset_bpm, 1 / baseline.step_s, first * baseline.step_s, strip)
