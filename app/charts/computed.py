"""What was computed, as SVG for clinicians: dashed baselines and bracketed events, never to be taken for ink."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from app.charts import style
from app.charts.ink import Pen, Series, line
from app.charts.layout import Layout, Panel
from app.charts.strip import SECOND_FETUS_OFFSET_BPM, Strip
from app.charts.text import number, text_element
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

_DASHES_MM = {1: (2.0, 1.4), 2: (0.6, 1.2)}
_LETTER_PT = 8.5
_LETTER_ROOM_MM = 4.0
_LEG_MM = 1.6
_LEVEL_MM = 4.7
_LEVELS = 6
# Brackets nearer than this stand on levels of their own, so that their letters do not touch.
_APART_MM = 1.0
_LETTER_WIDTH_MM = 4.0
_BAR_MM = 1.2


@dataclass(frozen=True, slots=True)
class Bracket:
    """An event within the window: its letters, its ends and whether each end is the event's own."""

    letters: str
    start_mm: float
    end_mm: float
    starts_here: bool
    ends_here: bool
    level: int = 0


def baselines(strip: Strip, layout: Layout) -> str:
    """The running baseline of each fetus as a thin dashed blue line; the second with its offset."""
    drawn = []
    for analysis in strip.shown_analyses:
        series = analysis.baseline_series
        if series is None:
            continue
        values = np.array([np.nan if value is None else value for value in series.values_bpm], dtype=np.float64)
        if analysis.fetus == 2:
            values += SECOND_FETUS_OFFSET_BPM
        pen = Pen(f"baseline{analysis.fetus}", style.BASELINE, style.BASELINE_MM, _DASHES_MM[analysis.fetus])
        drawn.append(line(Series(values, 1 / series.step_s, -strip.start_s), layout.fhr, pen, layout))
    return "".join(drawn)


def events(strip: Strip, layout: Layout) -> str:
    """Events as brackets above and below the heart rate and as bars above the uterine activity."""
    above = _levelled(_brackets(strip, layout, kinds=_ABOVE))
    below = _levelled(_brackets(strip, layout, kinds=LETTERS.keys() - _ABOVE))
    marks = [_bracket(bracket, layout.fhr, top=True) for bracket in above]
    marks += [_bracket(bracket, layout.fhr, top=False) for bracket in below]
    if layout.toco is not None:
        marks += [_bar(bracket, layout.toco) for bracket in _brackets(strip, layout, kinds={"contraction"})]
    return f'<g id="events">{"".join(marks)}</g>' if marks else ""


def kinds_in_window(strip: Strip) -> list[EventKind]:
    """The kinds of events that are drawn, in a fixed order, for the legend."""
    present = {event.kind for _, event in _in_window(strip)}
    return [kind for kind in (*LETTERS, "contraction") if kind in present]


def _in_window(strip: Strip) -> Iterator[tuple[Analysis, Event]]:
    """Each event that reaches into the window, with its analysis."""
    for analysis in strip.shown_analyses:
        for event in analysis.events:
            if event.end_s > strip.start_s and event.start_s < strip.end_s:
                yield analysis, event


def _brackets(strip: Strip, layout: Layout, *, kinds: Iterable[str]) -> list[Bracket]:
    """The events of these kinds, cut to the window, by start."""
    wanted = set(kinds)
    found = []
    for analysis, event in _in_window(strip):
        if event.kind in wanted:
            start_s, end_s = max(event.start_s, strip.start_s), min(event.end_s, strip.end_s)
            found.append(
                Bracket(
                    LETTERS.get(event.kind, "") + ("2" if analysis.fetus == 2 else ""),
                    layout.fhr.left_mm + (start_s - strip.start_s) * layout.mm_per_s,
                    layout.fhr.left_mm + (end_s - strip.start_s) * layout.mm_per_s,
                    starts_here=event.start_s >= strip.start_s,
                    ends_here=event.end_s <= strip.end_s,
                )
            )
    return sorted(found, key=lambda bracket: (bracket.start_mm, bracket.end_mm, bracket.letters))


def _levelled(brackets: list[Bracket]) -> Iterator[Bracket]:
    """The brackets with levels such that neighbours on a level do not touch, as far as there are levels."""
    free_from_mm = [-np.inf] * _LEVELS
    for bracket in brackets:
        middle = (bracket.start_mm + bracket.end_mm) / 2
        left = min(bracket.start_mm, middle - _LETTER_WIDTH_MM / 2)
        right = max(bracket.end_mm, middle + _LETTER_WIDTH_MM / 2)
        level = next((n for n in range(_LEVELS) if free_from_mm[n] <= left), _LEVELS - 1)
        free_from_mm[level] = right + _APART_MM
        yield Bracket(bracket.letters, bracket.start_mm, bracket.end_mm, bracket.starts_here, bracket.ends_here, level)


def _bracket(bracket: Bracket, panel: Panel, *, top: bool) -> str:
    """A bracket with its legs towards the trace; an end that the window cut off has no leg."""
    room = _LETTER_ROOM_MM + bracket.level * _LEVEL_MM
    y = panel.top_mm + room if top else panel.bottom_mm - room
    leg = _LEG_MM if top else -_LEG_MM
    path = f"M{number(bracket.start_mm)} {number(y)}"
    if bracket.starts_here:
        path += f"m0 {number(leg)}v{number(-leg)}"
    path += f"H{number(bracket.end_mm)}"
    if bracket.ends_here:
        path += f"v{number(leg)}"
    letter = text_element(
        (bracket.start_mm + bracket.end_mm) / 2,
        y - 0.8 if top else y + 3.0,
        bracket.letters,
        size_pt=_LETTER_PT,
        anchor="middle",
        bold=True,
        fill=style.COMPUTED,
    )
    return f'<path fill="none" stroke="{style.COMPUTED}" stroke-width="{number(style.BRACKET_MM)}" d="{path}"/>{letter}'


def _bar(bracket: Bracket, panel: Panel) -> str:
    """A bar under the upper edge of the uterine panel for as long as the contraction lasts."""
    width = number(bracket.end_mm - bracket.start_mm)
    return (
        f'<rect x="{number(bracket.start_mm)}" y="{number(panel.top_mm + _BAR_MM)}" width="{width}"'
        f' height="{number(_BAR_MM)}" fill="{style.COMPUTED}"/>'
    )
