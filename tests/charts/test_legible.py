"""What black and white print and eyes that see few colours leave of a strip."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.charts import style
from app.charts.computed import DASHES_MM
from app.charts.curve import COLUMN_MM
from app.charts.drawing import Drawing, drawing_of
from app.charts.ink import FIRST_FETUS, MATERNAL, SECOND_FETUS, TOCO
from app.charts.marks import Boxes, Curve, Dots, Pen, Strokes
from app.ctg.findings import Event
from tests.charts.make import draw, make_analysis, make_strip, make_trace, wave

INK = (FIRST_FETUS, SECOND_FETUS, MATERNAL, TOCO)
PAPERS = (style.PAPER, style.BAND)
# WCAG 2.2, 1.4.11 and 1.4.3: what is drawn, and what is read, against what lies beneath.
DRAWN_CONTRAST, READ_CONTRAST = 3.0, 4.5


def luminance(colour: str) -> float:
    """Relative luminance of a colour (WCAG 2.2), 0 to 1: what is left of it in shades of grey."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def drawn() -> Drawing:
    """Twins with everything computed and noted."""
    trace = make_trace(wave(10).fhr1, fhr2=wave(10, seed=2).fhr1, mhr=np.full(2400, 80.0), toco=np.full(2400, 20.0))
    events = (Event("bradycardia", 60, 180), Event("acceleration", 300, 330), Event("contraction", 200, 260))
    analyses = (make_analysis(trace, events=events), make_analysis(trace, fetus=2))
    return drawing_of(make_strip(trace, minutes=10, analyses=analyses))


def marks_of(drawing: Drawing, kind: type) -> list[object]:
    """All marks of a kind."""
    return [mark for layer in drawing.layers for mark in layer.marks if isinstance(mark, kind)]


@pytest.mark.parametrize("colour", [pen.colour for pen in INK] + [style.BASELINE, style.COMPUTED, style.LOSS])
@pytest.mark.parametrize("paper", PAPERS)
def test_lines_are_dark_on_each_paper_without_their_colour(colour: str, paper: str) -> None:
    assert contrast(colour, paper) >= DRAWN_CONTRAST


@pytest.mark.parametrize("colour", [style.INK, style.MUTED, style.DEMO, style.NOTED, style.SECOND_INK])
def test_words_can_be_read_without_their_colour(colour: str) -> None:
    assert contrast(colour, style.SHEET) >= READ_CONTRAST


def test_rules_are_paler_than_every_line() -> None:
    palest = min(contrast(colour, style.PAPER) for colour in (*(pen.colour for pen in INK), style.BASELINE))
    for rule in (style.GRID_FINE, style.GRID, style.GRID_STRONG):
        assert contrast(rule, style.PAPER) < palest
    assert style.GRID_STRONG_PT > style.GRID_PT > style.GRID_FINE_PT


def test_lines_of_the_heart_rate_panel_differ_in_more_than_colour() -> None:
    curves = [mark for mark in marks_of(drawn(), Curve) if isinstance(mark, Curve) and mark.pen.name != "toco"]
    shapes = {mark.pen.name: (mark.pen.dashes_mm, round(mark.pen.width_mm, 2)) for mark in curves}
    assert set(shapes) == {"fhr1", "fhr2", "mhr", "baseline1", "baseline2"}
    for one, other in combinations(shapes.values(), 2):
        widths = sorted((one[1], other[1]))
        assert one[0] != other[0] or widths[1] >= 1.5 * widths[0]


def test_nothing_computed_looks_like_ink() -> None:
    solid = {pen.colour for pen in INK if not pen.dashes_mm}
    computed: list[Pen] = []
    for layer in drawn().layers:
        for mark in layer.marks:
            if isinstance(mark, Curve | Strokes) and mark.pen.colour in {style.BASELINE, style.COMPUTED}:
                computed.append(mark.pen)
            if isinstance(mark, Boxes):
                assert mark.colour not in solid
    assert {pen.name for pen in computed} >= {"baseline1", "baseline2", "bracket"}
    for pen in computed:
        assert pen.dashes_mm or pen.name in {"bracket", "contraction"}
    assert MATERNAL.dashes_mm not in DASHES_MM.values()
    # Blue against black and brown: eyes without red or green still see it.
    for colour in (style.BASELINE, style.COMPUTED):
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        assert blue > 1.5 * max(red, green)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(1, 90), st.integers(1, 40)), min_size=1, max_size=12),
    st.sampled_from([1.0, 4.0]),
    st.floats(0, 40),
)
def test_each_gap_is_a_gap_and_stands_in_the_lane(
    stretches: list[tuple[int, int]], rate_hz: float, start_s: float
) -> None:
    fhr = np.concatenate([np.append(np.full(there, 140.0), np.full(lost, np.nan)) for there, lost in stretches])
    fhr = np.append(fhr, 140.0)
    picture = draw(make_trace(fhr, rate_hz), minutes=10, start_s=start_s)
    lanes = picture.lanes_mm()
    per_sample = 1 / rate_hz / 6
    points = [point for line in picture.path("fhr1").lines for point in [*line, (np.nan, np.nan)]]
    edges = np.flatnonzero(np.diff(np.isnan(fhr), prepend=False, append=False))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        left, right = ((edge / rate_hz - start_s) / 6 for edge in (first, last))
        if left >= 0 and right <= 100:
            assert any(begin <= left + 1e-6 and right - 1e-6 <= end for begin, end in lanes)
            # A shorter one is seen in its lane alone: the ends of two lines stand in one column.
            if right - left > 2 * COLUMN_MM:
                middle = picture.left_mm + (left + right - per_sample) / 2
                for (x, _), (next_x, _) in pairwise(points):
                    assert not x <= middle <= next_x


def test_each_value_between_gaps_is_a_dot() -> None:
    fhr = np.full(2400, np.nan)
    fhr[::60] = 140.0
    (dots,) = marks_of(drawing_of(make_strip(make_trace(fhr), minutes=10)), Dots)
    assert isinstance(dots, Dots)
    assert len(dots.x) == 40
