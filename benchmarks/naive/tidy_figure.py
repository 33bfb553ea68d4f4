"""The strip by somebody who knows matplotlib: no global state, numbers for time, axes placed by hand, PNG."""

from io import BytesIO

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from app.ctg.findings import Analysis
from app.ctg.trace import Trace

EVENT_COLOURS = {"acceleration": "tab:green", "deceleration": "tab:red", "bradycardia": "tab:red"}


def figure_png(trace: Trace, analysis: Analysis | None, *, minutes: float) -> bytes:
    """The first `minutes` at 1 cm/min and 20 bpm/cm: rate, band, baseline, events, and uterine activity."""
    shown = trace.between(0, minutes * 60)
    times_min = shown.times_s() / 60
    width = minutes / 2.54 + 1
    figure = Figure(figsize=(width, 6))
    FigureCanvasAgg(figure)
    heart = figure.add_axes((0.6 / width, 0.36, 1 - 1 / width, 0.54))
    uterus = figure.add_axes((0.6 / width, 0.07, 1 - 1 / width, 0.26))
    heart.axhspan(110, 160, color="tab:green", alpha=0.1, linewidth=0)
    heart.plot(times_min, shown.fhr1, color="black", linewidth=0.8)
    if analysis is not None:
        _computed(heart, analysis, minutes)
    _paper(heart, minutes, 50, 210, "FHR bpm")
    heart.tick_params(labelbottom=False)
    if shown.toco is not None:
        uterus.plot(times_min, shown.toco, color="black", linewidth=0.8)
    _paper(uterus, minutes, 0, 100, "Uterine activity")
    figure.text(0.6 / width, 0.94, f"Fetal heart rate, {trace.start:%d %b %Y}, 1 cm/min")
    written = BytesIO()
    figure.savefig(written, format="png")
    return written.getvalue()


def _computed(heart: Axes, analysis: Analysis, minutes: float) -> None:
    series = analysis.baseline_series
    if series is not None:
        values = np.array([np.nan if value is None else value for value in series.values_bpm])
        heart.plot(np.arange(len(values)) * series.step_s / 60, values, color="tab:blue", linewidth=1.2, linestyle="--")
    for event in analysis.events:
        if event.kind in EVENT_COLOURS and event.start_s < minutes * 60:
            heart.axvspan(event.start_s / 60, event.end_s / 60, color=EVENT_COLOURS[event.kind], alpha=0.2)
            heart.text(event.start_s / 60, 205, event.kind, fontsize=7, va="top")


def _paper(axes: Axes, minutes: float, low: int, high: int, label: str) -> None:
    """Rules as two collections of lines, so that there is no tick for each of them."""
    levels = tuple([value for value in range(low, high + 1) if value % step == 0] for step in (10, 20))
    upright = (range(int(minutes)), range(0, int(minutes), 10))
    for values, at_min, grey, width in zip(levels, upright, ("0.85", "0.6"), (0.4, 0.6), strict=True):
        rules = [((0, value), (minutes, value)) for value in values]
        rules += [((minute, low), (minute, high)) for minute in at_min]
        axes.add_collection(LineCollection(rules, colors=grey, linewidths=width, zorder=0))
    axes.set(xlim=(0, minutes), ylim=(low, high), ylabel=label)
    axes.xaxis.set_major_locator(FixedLocator(list(range(0, int(minutes) + 1, 10))))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda minute, _: f"{int(minute)} min"))
    axes.yaxis.set_major_locator(FixedLocator(levels[1]))
