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
    return Picture(Strip(trace, fields.pop("caption", WIB), **fields))


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
        place = re.fullmatch(r"translate\((\S+) (\S+)\) scale\((\S+)\)", element.get("transform", ""))
        assert place is not None
        left, top, scale = map(float, place.groups())
        lines = []
        for data in element.get("d", "").split("M")[1:]:
            numbers = [int(number) for number in re.findall(r"-?\d+", data)]
            x, y = numbers[0], numbers[1]
            line = [(x, y)]
            if "h0" not in data:
                for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
                    x, y = x + dx, y + dy
                    line.append((x, y))
            lines.append([(left + px * scale, top + py * scale) for px, py in line])
        return Path(lines)

    def bpm(self, y_mm: float) -> float:
        """The heart rate that a height on the picture stands for."""
        from app.charts.layout import layout_for

        panel = layout_for(self.strip).fhr
        return panel.high - (y_mm - panel.top_mm) / panel.mm_per_unit

    def lanes_mm(self, fetus: int = 1) -> list[tuple[float, float]]:
        """The dark stretches of the loss lane, from the left edge of the paper."""
        element = self.root.find(f".//{SVG}path[@id='loss{fetus}']")
        data = "" if element is None else element.get("d", "")
        return [
            (int(start) / 4, (int(start) + int(width)) / 4) for start, width in re.findall(r"M(\d+) 0h(\d+)v", data)
        ]
