"""Plain factories for the tests of strips, and the parts of a drawn picture read back in their own units."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import ArrayLike

from app.charts import Strip, StripCaption, strip_svg
from app.ctg.findings import Analysis, BaselineSeries, Event
from app.ctg.stretch import Stretch
from app.ctg.trace import Trace

START = datetime(2026, 11, 22, 1, 14, tzinfo=UTC)
WIB = StripCaption(ZoneInfo("Asia/Jakarta"), "WIB")
SVG = "{http://www.w3.org/2000/svg}"


def make_trace(fhr: ArrayLike, rate_hz: float = 4.0, **fields: Any) -> Trace:
    """A recording that starts on a full minute."""
    return Trace(start=fields.pop("start", START), rate_hz=rate_hz, fhr1=np.asarray(fhr, dtype=float), **fields)


def wave(minutes: float, rate_hz: float = 4.0, seed: int = 1) -> Trace:
    """A wandering rate with gaps and jumps, and uterine activity."""
    random = np.random.default_rng(seed)
    samples = int(minutes * 60 * rate_hz)
    fhr = 140 + np.cumsum(random.normal(0, 0.4, samples)) + random.normal(0, 2, samples)
    fhr = np.round(np.clip(fhr, 60, 200) * 4) / 4
    fhr[random.random(samples) < 0.02] = np.nan
    toco = 20 + 30 * np.sin(np.arange(samples) / rate_hz / 30) ** 2
    return make_trace(fhr, rate_hz, toco=toco)


def make_analysis(
    trace: Trace, *, fetus: int = 1, events: tuple[Event, ...] = (), baseline_bpm: float = 137
) -> Analysis:
    """An analysis with a level baseline and these events."""
    steps = int(trace.duration_s // 10)
    return Analysis(
        engine_version="1",
        input_digest=trace.digest(),
        fetus=fetus,
        rate_hz=trace.rate_hz,
        sample_count=len(trace),
        duration_s=trace.duration_s,
        loss_fraction=0.0,
        loss_per_10_min=(),
        longest_gap_s=0.0,
        baseline_bpm=round(baseline_bpm),
        baseline_low_bpm=None,
        baseline_high_bpm=None,
        baseline_series=BaselineSeries(10.0, (baseline_bpm,) * steps),
        events=events,
        not_interpretable=(),
        limits=(),
        rule_sets=(),
    )


def draw(trace: Trace, **fields: Any) -> "Picture":
    """The parsed picture of this recording."""
    return Picture(make_strip(trace, fields.pop("caption", WIB), **fields))


def make_strip(trace: Trace, caption: StripCaption = WIB, **fields: Any) -> Strip:
    """The strip of a whole recording."""
    return Strip(Stretch.whole(trace), caption, **fields)


@dataclass(frozen=True)
class Path:
    """One path of the picture in millimetres: its lines, each a list of points."""

    lines: list[list[tuple[float, float]]]

    @property
    def points(self) -> list[tuple[float, float]]:
        """All points, in the order of the pen."""
        return [point for line in self.lines for point in line]


class Picture:
    """A drawn strip, read back by an XML parser."""

    def __init__(self, strip: Strip) -> None:
        self.strip = strip
        self.bytes = strip_svg(strip)
        self.root = ET.fromstring(self.bytes)  # noqa: S314

    @property
    def texts(self) -> list[str]:
        """All words of the picture, without title and description."""
        return ["".join(element.itertext()) for element in self.root.iter(f"{SVG}text")]

    @property
    def ids(self) -> set[str]:
        """The names of elements."""
        return {element.get("id", "") for element in self.root.iter()} - {""}

    def path(self, name: str) -> Path:
        """The path with this name, from its whole numbers and its place; no lines when it is not there."""
        element = self.root.find(f".//{SVG}path[@id='{name}']")
        if element is None:
            return Path([])
        place = re.fullmatch(r"translate\((\S+) (\S+)\) scale\((\S+) (\S+)\)", element.get("transform", ""))
        assert place is not None
        left, top, across, down = map(float, place.groups())
        return Path([[(left + x * across, top + y * down) for x, y in line] for line in lines_in(element.get("d", ""))])

    def bpm(self, y_mm: float) -> float:
        """The heart rate that a height on the picture stands for."""
        from app.charts.layout import layout_for

        panel = layout_for(self.strip).fhr
        return panel.high - (y_mm - panel.top_mm) / panel.mm_per_unit

    @property
    def left_mm(self) -> float:
        """Where the paper begins."""
        from app.charts.layout import layout_for

        return layout_for(self.strip).fhr.left_mm

    def places(self, pattern: str) -> dict[str, float]:
        """The words that match `pattern` whole, and how far right of the paper's left edge each is placed."""
        return {
            element.text or "": float(element.get("x", "")) - self.left_mm
            for element in self.root.iter(f"{SVG}text")
            if re.fullmatch(pattern, element.text or "")
        }

    def lanes_mm(self, fetus: int = 1) -> list[tuple[float, float]]:
        """The dark stretches of the loss lane, from the left edge of the paper."""
        element = self.root.find(f".//{SVG}path[@id='loss{fetus}']")
        lines = [] if element is None else lines_in(element.get("d", ""))
        return [(start[0] / 4, end[0] / 4) for start, end in lines]


def lines_in(data: str) -> list[list[tuple[int, int]]]:
    """The lines of path data in whole numbers, each a list of points; one without length has one point."""
    lines: list[list[tuple[int, int]]] = []
    x = y = 0
    for command, numbers in re.findall(r"([mlhv])([^mlhv]*)", data):
        steps = [int(number) for number in re.findall(r"[-+]?\d+", numbers)]
        across, down = {"h": (steps[0], 0), "v": (0, steps[0])}.get(command) or (steps[0], steps[1])
        x, y = x + across, y + down
        if command == "m":
            lines.append([])
        if (across, down) != (0, 0) or command == "m":
            lines[-1].append((x, y))
    return lines


def corners_of(data: str) -> list[tuple[float, float]]:
    """The corners of one line of path data in millimetres."""
    corners: list[tuple[float, float]] = []
    for command, numbers in re.findall(r"([MLhv])([^MLhv]*)", data):
        steps = [float(number) for number in numbers.split()]
        if command in "hv":
            x, y = corners[-1]
            corners.append((x + steps[0], y) if command == "h" else (x, y + steps[0]))
        else:
            corners.append((steps[0], steps[1]))
    return corners
