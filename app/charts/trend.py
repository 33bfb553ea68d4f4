"""One measure over a pregnancy as an SVG: a mark for each recording on small paper, and no line between them.

Recordings differ in length, place, device and in the engine that read them, so nothing is joined, smoothed or given a
normal range. A square is from the clinic and a circle from home; what could not be read lies hollow at the foot.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from math import ceil, floor
from typing import TYPE_CHECKING

from app.charts import style
from app.charts.paper import svg_elements
from app.charts.style import POINT_MM
from app.charts.text import clean, number, width_mm

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH_MM, HEIGHT_MM = 120.0, 56.0
_LEFT_MM, _RIGHT_MM, _TOP_MM = 13.0, 5.0, 6.5
# Between the axis of the values and that of time: where marks without a value lie.
_LANE_MM, _LANE_GAP_MM, _TIME_MM = 6.0, 1.5, 6.5
_PLOT_WIDTH_MM = WIDTH_MM - _LEFT_MM - _RIGHT_MM
_FOOT_MM = HEIGHT_MM - _TIME_MM
_LANE_TOP_MM = _FOOT_MM - _LANE_MM

_TEXT_PT = 9.5
_SMALL_PT = 8.0
# The second fetus' mark is smaller, so that the first one's is seen under it.
_RADIUS_MM = {1: 1.15, 2: 0.7}
_MARK_PEN_MM = 0.4
_RANGE_PEN_MM = 0.35
# Numbers nearer than this would be read as one.
_NUMBER_ROOM_MM = 4.5

_DAYS_PER_WEEK = 7
# Up to so many weeks: days between two names, and between two rules.
_STEPS_DAYS = ((1, 1, 1), (4, 7, 1), (8, 7, 7), (16, 14, 7), (99, 28, 7))
_PAPERS_KEPT = 64


@dataclass(frozen=True, slots=True)
class TrendMark:
    """What was computed of one fetus in one recording.

    Attributes
    ----------
    days : float
        Gestation at the start, with its part of a day.
    value : float or None
        None where the recording is not interpretable, or where this measure is not stated of it.
    low, high : float or None
        Between which the value moved within the recording.
    number : int
        The row of the table beside the picture that says the rest.
    """

    days: float
    value: float | None
    number: int
    is_home: bool
    is_interpretable: bool
    fetus: int = 1
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class TrendAxis:
    """The upright axis: from `low` to `high`, further where a value asks for it, a rule each `step`."""

    low: float
    high: float
    step: float


@dataclass(frozen=True, slots=True)
class TrendLabels:
    """Every word that can stand in the picture; callers pass translations."""

    title: str
    description: str
    week: str = "w"
    day: str = "d"
    lane: str = "without a value"
    demo: str = "DEMO – synthetic data"


@dataclass(frozen=True, slots=True)
class TrendChart:
    """One picture; `changes` are the days from which on another engine read the recordings, with its name."""

    marks: tuple[TrendMark, ...]
    axis: TrendAxis
    labels: TrendLabels
    changes: tuple[tuple[float, str], ...] = field(default=())
    is_demo: bool = False


@dataclass(frozen=True, slots=True)
class _Paper:
    """What the paper is drawn from; equal ones share it."""

    low: float
    high: float
    step: float
    first_day: int
    last_day: int
    name_days: int
    rule_days: int
    week: str
    day: str
    has_lane: bool

    @property
    def foot_mm(self) -> float:
        """The lower edge of the values."""
        return _LANE_TOP_MM - _LANE_GAP_MM if self.has_lane else _FOOT_MM

    def x_mm(self, days: float) -> float:
        """The place of a day, from the left edge of the picture."""
        return _LEFT_MM + (days - self.first_day) / (self.last_day - self.first_day) * _PLOT_WIDTH_MM

    def y_mm(self, value: float) -> float:
        """The place of a value, from the top of the picture."""
        return _TOP_MM + (self.high - value) / (self.high - self.low) * (self.foot_mm - _TOP_MM)

    def name(self, day: int) -> str:
        """31w, or 31w4d between two weeks."""
        weeks, days = divmod(day, _DAYS_PER_WEEK)
        return f"{weeks}{self.week}" + (f"{days}{self.day}" if days else "")


def trend_svg(chart: TrendChart) -> bytes:
    """The picture as SVG 1.1 in UTF-8; the same chart gives the same bytes. It refers to nothing outside itself.

    Raises
    ------
    ValueError
        When there is no mark: an empty picture would look like a good one.
    """
    if not chart.marks:
        raise ValueError("a trend without a recording is no picture")
    paper = _paper_of(chart)
    parts = (
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="{WIDTH_MM:g}mm" height="{HEIGHT_MM:g}mm"'
        f' viewBox="0 0 {WIDTH_MM:g} {HEIGHT_MM:g}" role="img" aria-labelledby="title desc"'
        f' font-family="{style.FONT_FAMILY}" font-variant-numeric="tabular-nums">',
        f'<title id="title">{escape(clean(chart.labels.title))}</title>',
        f'<desc id="desc">{escape(clean(chart.labels.description))}</desc>',
        f'<rect width="{WIDTH_MM:g}" height="{HEIGHT_MM:g}" fill="{style.SHEET}"/>',
        _sheet(paper),
        _changes(chart, paper),
        _lane(chart, paper),
        _demo(chart),
        "".join(_range(mark, paper) for mark in chart.marks),
        "".join(_mark(mark, paper) for mark in chart.marks),
        _numbers(chart, paper),
        "</svg>\n",
    )
    return "".join(parts).encode()


def _paper_of(chart: TrendChart) -> _Paper:
    """Paper that holds every mark: whole weeks around them, and the axis in whole steps."""
    values = [value for mark in chart.marks for value in (mark.value, mark.low, mark.high) if value is not None]
    axis = chart.axis
    first_day = floor(min(mark.days for mark in chart.marks) / _DAYS_PER_WEEK) * _DAYS_PER_WEEK
    last_day = (floor(max(mark.days for mark in chart.marks) / _DAYS_PER_WEEK) + 1) * _DAYS_PER_WEEK
    weeks = (last_day - first_day) // _DAYS_PER_WEEK
    name_days, rule_days = next(steps for most, *steps in _STEPS_DAYS if weeks <= most)
    return _Paper(
        low=min([axis.low, *(floor(value / axis.step) * axis.step for value in values)]),
        high=max([axis.high, *(ceil(value / axis.step) * axis.step for value in values)]),
        step=axis.step,
        first_day=first_day,
        last_day=last_day,
        name_days=name_days,
        rule_days=rule_days,
        week=clean(chart.labels.week),
        day=clean(chart.labels.day),
        has_lane=any(mark.value is None for mark in chart.marks),
    )


@lru_cache(maxsize=_PAPERS_KEPT)
def _sheet(paper: _Paper) -> str:
    """Paper, rules and the numbers of both axes, drawn by matplotlib at most once while they are kept."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH_MM / 25.4, HEIGHT_MM / 25.4))
    figure.patch.set_visible(False)
    axes = figure.add_axes((0, 0, 1, 1))
    # In millimetres from the upper left corner, as everything that is laid on it.
    axes.set(xlim=(0, WIDTH_MM), ylim=(HEIGHT_MM, 0), xticks=[], yticks=[])
    axes.axis("off")
    fields = [(_TOP_MM, paper.foot_mm), *([(_LANE_TOP_MM, _FOOT_MM)] if paper.has_lane else [])]
    for top, foot in fields:
        _field(axes, top, foot - top)
    right = _LEFT_MM + _PLOT_WIDTH_MM
    steps = round((paper.high - paper.low) / paper.step)
    for value in (paper.low + step * paper.step for step in range(steps + 1)):
        y = paper.y_mm(value)
        _rule(axes, (_LEFT_MM, y), (right, y))
        _words(axes, _LEFT_MM - 1.4, y + 1.2, f"{value:g}", "right")
    for day in range(paper.first_day, paper.last_day + 1, paper.rule_days):
        x, is_named = paper.x_mm(day), (day - paper.first_day) % paper.name_days == 0
        for top, foot in fields:
            _rule(axes, (x, top), (x, foot), style.GRID if is_named else style.GRID_FINE)
        if is_named:
            _words(axes, x, _FOOT_MM + 4.4, paper.name(day), "center")
    return svg_elements(figure)


def _field(axes: "Axes", top_mm: float, height_mm: float) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(
        Rectangle((_LEFT_MM, top_mm), _PLOT_WIDTH_MM, height_mm, facecolor=style.PAPER, edgecolor="none", clip_on=False)
    )


def _rule(axes: "Axes", begin: tuple[float, float], end: tuple[float, float], colour: str = style.GRID) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    axes.add_patch(
        PathPatch(
            Path([begin, end]),
            fill=False,
            edgecolor=colour,
            linewidth=style.GRID_PT,
            capstyle="butt",
            clip_on=False,
        )
    )


def _words(axes: "Axes", x_mm: float, y_mm: float, text: str, align: str) -> None:
    from matplotlib.font_manager import FontProperties

    # DejaVu Sans comes with matplotlib, so that no machine looks for another; the picture names its own fonts.
    font = FontProperties(family="DejaVu Sans", size=_TEXT_PT)
    axes.text(x_mm, y_mm, text, ha=align, va="baseline", fontproperties=font, color=style.MUTED)


def _changes(chart: TrendChart, paper: _Paper) -> str:
    """A dashed upright line where another engine begins, with its name above."""
    drawn = []
    for days, name in chart.changes:
        x = paper.x_mm(days)
        drawn.append(
            f'<path d="M{number(x)} {number(_TOP_MM)}V{number(_FOOT_MM)}" stroke="{style.MUTED}"'
            ' stroke-width="0.3" stroke-dasharray="1.2 1"/>'
        )
        # Near the right edge the words stand to the left of their line.
        is_left = x > _LEFT_MM + _PLOT_WIDTH_MM * 0.75
        drawn.append(_text(x - 0.8 if is_left else x + 0.8, _TOP_MM - 1.2, name, anchor="end" if is_left else "start"))
    return f'<g id="engines">{"".join(drawn)}</g>' if drawn else ""


def _lane(chart: TrendChart, paper: _Paper) -> str:
    """What the lane at the foot is, where something lies in it and leaves one of its ends free."""
    taken_mm = [paper.x_mm(mark.days) for mark in chart.marks if mark.value is None]
    if not taken_mm:
        return ""
    y, right = _LANE_TOP_MM + _LANE_MM / 2 + 1.0, _LEFT_MM + _PLOT_WIDTH_MM
    room_mm = width_mm(chart.labels.lane, _SMALL_PT) + _NUMBER_ROOM_MM
    if min(taken_mm) >= _LEFT_MM + room_mm:
        return _text(_LEFT_MM + 1.0, y, chart.labels.lane)
    return _text(right - 1.0, y, chart.labels.lane, anchor="end") if max(taken_mm) <= right - room_mm else ""


def _range(mark: TrendMark, paper: _Paper) -> str:
    """Between which the value moved, as a thin upright line."""
    if mark.value is None or mark.low is None or mark.high is None:
        return ""
    x, top, foot = (number(place) for place in (paper.x_mm(mark.days), paper.y_mm(mark.high), paper.y_mm(mark.low)))
    return f'<path d="M{x} {top}V{foot}" stroke="{_colour(mark)}" stroke-width="{_RANGE_PEN_MM}"/>'


def _mark(mark: TrendMark, paper: _Paper) -> str:
    """A circle from home, a square from the clinic; hollow where the recording is not interpretable."""
    x, y, radius = paper.x_mm(mark.days), _height(mark, paper), _RADIUS_MM[mark.fetus]
    fill = _colour(mark) if mark.is_interpretable else style.SHEET
    look = f'fill="{fill}" stroke="{_colour(mark)}" stroke-width="{_MARK_PEN_MM}"'
    if mark.is_home:
        drawn = f'<circle cx="{number(x)}" cy="{number(y)}" r="{radius}" {look}/>'
    else:
        left, top, side = number(x - radius), number(y - radius), number(2 * radius)
        drawn = f'<rect x="{left}" y="{top}" width="{side}" height="{side}" {look}/>'
    return drawn + (_text(x + 1.9, y - 0.9, "2", fill=_colour(mark), bold=True) if mark.fetus == 2 else "")


def _numbers(chart: TrendChart, paper: _Paper) -> str:
    """The rows of the table that say why a recording has no value, where they have room beside one another."""
    drawn, free_from_mm = [], 0.0
    for mark in sorted(chart.marks, key=lambda mark: (mark.days, mark.number, mark.fetus)):
        x = paper.x_mm(mark.days)
        if mark.value is None and x >= free_from_mm:
            drawn.append(_text(x + 1.8, _LANE_TOP_MM + _LANE_MM / 2 + 2.2, str(mark.number)))
            free_from_mm = x + _NUMBER_ROOM_MM
    return "".join(drawn)


def _height(mark: TrendMark, paper: _Paper) -> float:
    return _LANE_TOP_MM + _LANE_MM / 2 if mark.value is None else paper.y_mm(mark.value)


def _colour(mark: TrendMark) -> str:
    return style.SECOND_INK if mark.fetus == 2 else style.COMPUTED


def _demo(chart: TrendChart) -> str:
    if not chart.is_demo:
        return ""
    x, y = _LEFT_MM + _PLOT_WIDTH_MM - 1.0, _TOP_MM + 4.0
    return _text(x, y, chart.labels.demo, anchor="end", fill=style.DEMO, bold=True)


def _text(
    x_mm: float, y_mm: float, words: str, *, anchor: str = "start", fill: str = style.MUTED, bold: bool = False
) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{number(x_mm)}" y="{number(y_mm)}" font-size="{number(_SMALL_PT * POINT_MM)}" text-anchor="{anchor}"'
        f' fill="{fill}"{weight} stroke="{style.PAPER}" stroke-width="0.6" paint-order="stroke">'
        f"{escape(clean(words))}</text>"
    )
