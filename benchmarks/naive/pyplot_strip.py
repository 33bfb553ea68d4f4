"""The strip as pyplot draws it: datetime axis, tight_layout, PNG. It works on one thread, and everybody knows how."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt  # After the choice of what it draws with.
from matplotlib.dates import DateFormatter, MinuteLocator
from matplotlib.ticker import MultipleLocator

from app.ctg.findings import Analysis
from app.ctg.trace import Trace

EVENT_COLOURS = {"acceleration": "tab:green", "deceleration": "tab:red", "bradycardia": "tab:red"}


def pyplot_png(trace: Trace, analysis: Analysis | None, *, minutes: float) -> bytes:
    """The first `minutes` at about 1 cm/min and 20 bpm/cm: rate, band, baseline, events, and uterine activity."""
    shown = trace.between(0, minutes * 60)
    start: Any = shown.start
    times: Any = [start + timedelta(seconds=index / shown.rate_hz) for index in range(len(shown))]
    figure, (heart, uterus) = plt.subplots(
        2, 1, sharex=True, figsize=(minutes / 2.54 + 1, 6), gridspec_kw={"height_ratios": [2, 1]}
    )
    heart.plot(times, shown.fhr1, color="black", linewidth=0.8)
    heart.axhspan(110, 160, color="tab:green", alpha=0.1)
    if analysis is not None:
        _computed(heart, start, analysis, minutes)
    heart.set_ylim(50, 210)
    heart.set_ylabel("FHR bpm")
    heart.yaxis.set_major_locator(MultipleLocator(20))
    heart.yaxis.set_minor_locator(MultipleLocator(10))
    if shown.toco is not None:
        uterus.plot(times, shown.toco, color="black", linewidth=0.8)
    uterus.set_ylim(0, 100)
    uterus.set_ylabel("Uterine activity")
    uterus.yaxis.set_major_locator(MultipleLocator(20))
    for axes in (heart, uterus):
        axes.grid(which="major", color="0.6", linewidth=0.6)
        axes.grid(which="minor", color="0.85", linewidth=0.4)
    uterus.set_xlim(start, start + timedelta(minutes=minutes))
    uterus.xaxis.set_major_locator(MinuteLocator(byminute=range(0, 60, 10)))  # type: ignore[no-untyped-call]
    uterus.xaxis.set_minor_locator(MinuteLocator())  # type: ignore[no-untyped-call]
    uterus.xaxis.set_major_formatter(DateFormatter("%H:%M"))  # type: ignore[no-untyped-call]
    figure.suptitle(f"Fetal heart rate, {start:%d %b %Y}, 1 cm/min")
    plt.tight_layout()
    written = BytesIO()
    plt.savefig(written, format="png")
    plt.close()
    return written.getvalue()


def _computed(heart: Any, start: Any, analysis: Analysis, minutes: float) -> None:
    series = analysis.baseline_series
    if series is not None:
        count = int(minutes * 60 / series.step_s)
        values = [float("nan") if value is None else value for value in series.values_bpm[:count]]
        times = [start + timedelta(seconds=index * series.step_s) for index in range(len(values))]
        heart.plot(times, values, color="tab:blue", linewidth=1.2, linestyle="--")
    for event in analysis.events:
        if event.kind in EVENT_COLOURS and event.start_s < minutes * 60:
            begin, end = (start + timedelta(seconds=at) for at in (event.start_s, event.end_s))
            heart.axvspan(begin, end, color=EVENT_COLOURS[event.kind], alpha=0.2)
            heart.text(begin, 205, event.kind, fontsize=7, va="top")
