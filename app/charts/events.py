"""Computed events, for clinicians: brackets above and below the heart rate, bars above the uterine activity."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf

from app.charts import style
from app.charts.layout import Layout, Panel
from app.charts.marks import Boxes, Mark, Pen, Point, Rectangle, Strokes
from app.charts.strip import Frame, MarkKind, Strip
from app.charts.text import text_marks
from app.ctg.findings import Analysis, Event, EventKind

# Signal gaps are left out: the loss lane shows them as they were measured. Contractions are bars over the toco line.
LETTERS: dict[EventKind, str] = {
    "tachycardia": "T",
    "acceleration": "A",
    "bradycardia": "B",
    "deceleration": "D",
    "possible_maternal": "M",
}
_ABOVE: frozenset[EventKind] = frozenset({"tachycardia", "acceleration"})
_BELOW = frozenset(LETTERS) - _ABOVE

_LETTER_PT = 8.5
_LETTER_ROOM_MM = 4.0
_LEG_MM = 1.6
_LEVEL_MM = 4.7
_LEVELS = 6
# Brackets nearer than this stand on levels of their own, so that their letters do not touch.
_APART_MM = 1.0
_LETTER_WIDTH_MM = 4.0
_BAR_MM = 1.2
# What was noted stands at the foot of the panel, beneath the brackets.
_MOVEMENT_ROOM_MM = 4.0
_BRACKET = Pen("bracket", style.COMPUTED, style.BRACKET_MM)


@dataclass(frozen=True, slots=True)
class Bracket:
    """An event's letters, its ends in seconds of the recording and how far it stands from the panel's edge."""

    letters: str
    start_s: float
    end_s: float
    level: int = 0


def events(strip: Strip, layout: Layout) -> tuple[Mark, ...]:
    """The events that reach into the window."""
    shown = list(_in_window(strip))
    if not shown:
        return ()
    marks: list[Mark] = []
    has_movements = any(mark.kind is MarkKind.MOVEMENT for mark in strip.shown_marks)
    for kinds, is_above in ((_ABOVE, True), (_BELOW, False)):
        room_mm = _LETTER_ROOM_MM + (_MOVEMENT_ROOM_MM if has_movements and not is_above else 0.0)
        around = _around_window(strip, layout, kinds, [event for _, event in shown if event.kind in kinds])
        for bracket in _levelled(around, layout):
            if _reaches_into(strip, bracket):
                marks += _bracket(bracket, strip, layout, room_mm, is_above=is_above)
    if layout.toco is not None:
        bars = [_bar(event, strip, layout, layout.toco) for _, event in shown if event.kind == "contraction"]
        if bars:
            marks.append(Boxes(style.COMPUTED, tuple(bars)))
    return tuple(marks)


def kinds_in_window(strip: Strip) -> list[EventKind]:
    """The kinds of events that are drawn, in a fixed order, for the legend."""
    present = {event.kind for _, event in _in_window(strip)}
    return [kind for kind in (*LETTERS, "contraction") if kind in present]


def _in_window(strip: Strip) -> Iterator[tuple[Analysis, Event]]:
    """Each event that reaches into the window, with its analysis."""
    for analysis in strip.shown_analyses:
        for event in analysis.events:
            if _reaches_into(strip, event):
                yield analysis, event


def _reaches_into(strip: Strip, event: Event | Bracket) -> bool:
    """Whether some of it lies within the window."""
    return event.end_s > strip.start_s and event.start_s < strip.end_s


def _around_window(strip: Strip, layout: Layout, kinds: frozenset[EventKind], within: list[Event]) -> list[Bracket]:
    """The brackets of the events `within` the window and of all that touch one of them, one by another; by start.

    So a bracket stands as high in each window that shows a part of it.
    """
    if not within:
        return []
    apart_s = (_LETTER_WIDTH_MM + _APART_MM) / layout.mm_per_s
    found: list[tuple[Event, int]] = []
    start_s, end_s = _extent(within)
    while True:
        around = [
            (event, analysis.fetus)
            for analysis in strip.shown_analyses
            for event in analysis.events
            if event.end_s > start_s - apart_s and event.start_s < end_s + apart_s and event.kind in kinds
        ]
        if len(around) == len(found):
            break
        found = around
        start_s, end_s = _extent([event for event, _ in found])
    brackets = (
        Bracket(LETTERS[event.kind] + ("2" if fetus == 2 else ""), event.start_s, event.end_s) for event, fetus in found
    )
    return sorted(brackets, key=lambda bracket: (bracket.start_s, bracket.end_s, bracket.letters))


def _extent(events: list[Event]) -> tuple[float, float]:
    """From the first start to the last end."""
    return min(event.start_s for event in events), max(event.end_s for event in events)


def _levelled(brackets: list[Bracket], layout: Layout) -> Iterator[Bracket]:
    """The brackets with levels such that neighbours on a level do not touch, as far as there are levels."""
    free_from_mm = [-inf] * _LEVELS
    for bracket in brackets:
        # Wherever in the bracket a window writes the letters, they are this far from its ends.
        left = bracket.start_s * layout.mm_per_s - _LETTER_WIDTH_MM / 2
        right = bracket.end_s * layout.mm_per_s + _LETTER_WIDTH_MM / 2
        level = next((n for n in range(_LEVELS) if free_from_mm[n] <= left), _LEVELS - 1)
        free_from_mm[level] = right + _APART_MM
        yield replace(bracket, level=level)


def _across(event: Event | Bracket, strip: Strip, layout: Layout) -> tuple[float, float]:
    """Where it begins and ends within the window."""
    start_s, end_s = max(event.start_s, strip.start_s), min(event.end_s, strip.end_s)
    left, per_s = layout.fhr.left_mm, layout.mm_per_s
    return left + (start_s - strip.start_s) * per_s, left + (end_s - strip.start_s) * per_s


def _bracket(bracket: Bracket, strip: Strip, layout: Layout, room_mm: float, *, is_above: bool) -> Iterator[Mark]:
    """A bracket with its legs towards the trace; an end that the window cut off has no leg."""
    panel = layout.fhr
    inwards = 1.0 if is_above else -1.0
    y = (panel.top_mm if is_above else panel.bottom_mm) + inwards * (room_mm + bracket.level * _LEVEL_MM)
    start_mm, end_mm = _across(bracket, strip, layout)
    line: list[Point] = [(start_mm, y), (end_mm, y)]
    if bracket.start_s >= strip.start_s:
        line.insert(0, (start_mm, y + inwards * _LEG_MM))
    if bracket.end_s <= strip.end_s:
        line.append((end_mm, y + inwards * _LEG_MM))
    yield Strokes(_BRACKET, (tuple(line),))
    middle = (start_mm + end_mm) / 2
    if strip.frame is Frame.TILE:
        # Letters are whole: a stub that the neighbouring tile shows more of has none.
        whole_mm = (bracket.end_s - bracket.start_s) * layout.mm_per_s
        if end_mm - start_mm < min(_LETTER_WIDTH_MM, whole_mm / 2):
            return
        middle = min(max(middle, panel.left_mm + _LETTER_WIDTH_MM / 2), panel.right_mm - _LETTER_WIDTH_MM / 2)
    baseline = y - 0.8 if is_above else y + 3.0
    yield from text_marks(
        middle, baseline, bracket.letters, size_pt=_LETTER_PT, anchor="middle", bold=True, fill=style.COMPUTED
    )


def _bar(event: Event, strip: Strip, layout: Layout, panel: Panel) -> Rectangle:
    """A bar under the upper edge of the uterine panel for as long as the contraction lasts."""
    start_mm, end_mm = _across(event, strip, layout)
    return Rectangle(start_mm, panel.top_mm + _BAR_MM, end_mm - start_mm, _BAR_MM)
