"""The whole recording at a glance: nothing of it is lost, nothing computed is added to the samples."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from app.charts.overview import HEIGHT, HIGH_BPM, LOW_BPM, WIDTH, Overview, hour_marks, overview_etag, overview_svg
from app.charts.strip import TimeAxis
from app.charts.style import COMPUTED, INK, LOSS, SECOND_INK
from app.ctg.findings import Event
from app.ctg.trace import Trace
from tests.charts.make import make_analysis, make_trace, wave

JAKARTA = ZoneInfo("Asia/Jakarta")
Box = tuple[float, float, float, float]


def overview(trace: Trace, *, events: tuple[Event, ...] = (), paper_s: float | None = None) -> Overview:
    analyses = (make_analysis(trace, events=events),) if events else ()
    return Overview(trace, analyses, trace.duration_s if paper_s is None else paper_s, JAKARTA)


def boxes(picture: Overview, colour: str) -> list[Box]:
    """Left, top, right and lower edge of the bars in this colour."""
    found = re.search(rf'<path fill="{colour}" d="([^"]*)"', overview_svg(picture).decode())
    if found is None:
        return []
    edges = re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)([vV])([\d.]+)h-", found[1])
    return [
        (float(x), float(y), float(x) + float(width), float(end) + (float(y) if how == "v" else 0.0))
        for x, y, width, how, end in edges
    ]


def test_each_column_reaches_from_its_lowest_to_its_highest_rate() -> None:
    trace = wave(180)
    samples_each = len(trace) // WIDTH
    assert samples_each * WIDTH == len(trace)

    bars = boxes(overview(trace), INK)

    assert {left for left, *_ in bars} == set(range(WIDTH))
    for column in range(WIDTH):
        of_column = [bar for bar in bars if bar[0] == column]
        (left, top, right, _), bottom = of_column[0], of_column[-1][3]
        values = [
            value for value in trace.fhr1[column * samples_each : (column + 1) * samples_each] if not np.isnan(value)
        ]
        assert (left, right) == (column, column + 1)
        for value, edge, margin in ((max(values), top, -0.25), (min(values), bottom, 0.25)):
            height = 2 + (HIGH_BPM - min(max(value, LOW_BPM), HIGH_BPM)) / (HIGH_BPM - LOW_BPM) * 40 + margin
            assert edge == pytest.approx(height, abs=0.051)


def test_a_gap_has_no_bar_and_one_lost_sample_of_a_day_is_seen() -> None:
    rates = np.full(86400, 140.0)
    rates[7200:10800] = np.nan
    rates[40000] = 0.0
    picture = overview(make_trace(rates, 1.0))

    bars = {int(left) for left, *_ in boxes(picture, INK)}
    lost = boxes(picture, LOSS)

    assert set(range(WIDTH)) - bars == set(range(100, 150))
    assert {int(left) for left, *_ in lost} == {*range(100, 150), 555}
    heights = {int(left): bottom - top for left, top, _, bottom in lost}
    assert heights[120] == pytest.approx(6)
    assert heights[555] == pytest.approx(1)


@pytest.mark.parametrize("rates", [[140.0, 70.0], [140.0, np.nan, 70.0]])
def test_a_jump_is_not_joined(rates: list[float]) -> None:
    # More than a sample a column, so that each column holds both.
    bars = boxes(overview(make_trace(rates * 7200, 4.0)), INK)

    assert len(bars) == 2 * WIDTH
    assert {round((top + bottom) / 2, 1) for _, top, _, bottom in bars} == {19.5, 37.0}
    assert all(bottom - top < 0.7 for _, top, _, bottom in bars)


def test_a_step_of_30_bpm_is_joined() -> None:
    bars = boxes(overview(make_trace([140.0, 110.0] * 7200, 4.0)), INK)

    assert len(bars) == WIDTH
    assert {round(bottom - top, 1) for _, top, _, bottom in bars} == {8.0}


def test_few_samples_have_columns_of_their_own() -> None:
    bars = boxes(overview(make_trace([140.0, np.nan, 150.0], 1.0), paper_s=600), INK)

    assert [(left, right) for left, _, right, _ in bars] == [(0, 2), (4, 6)]


def test_a_recording_without_samples_is_an_empty_paper() -> None:
    assert boxes(overview(make_trace([], 4.0), paper_s=600), INK) == []


def test_twins_are_told_apart_by_colour_height_and_lane() -> None:
    trace = make_trace(np.full(4800, 140.0), fhr2=np.full(4800, 140.0))

    first, second = boxes(overview(trace), INK)[0], boxes(overview(trace), SECOND_INK)[0]

    # 20 bpm higher, as on the strip.
    assert first[1] - second[1] == pytest.approx(5, abs=0.11)


def test_events_lie_where_they_are_and_none_is_too_short_to_be_seen() -> None:
    events = (
        Event("bradycardia", 600.0, 1200.0, 90.0),
        Event("acceleration", 1800.0, 1801.0, 165.0),
        Event("signal_gap", 0.0, 300.0),
    )

    bars = boxes(overview(wave(60), events=events), COMPUTED)

    assert [(left, right) for left, _, right, _ in bars] == [(200, 400), (600, 601.5)]
    assert bars[0][3] - bars[0][1] > bars[1][3] - bars[1][1]


def test_the_same_values_give_the_same_bytes_at_any_width() -> None:
    picture = overview(wave(30))

    assert overview_svg(picture) == overview_svg(overview(wave(30)))
    assert f'viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none"' in overview_svg(picture).decode()


START = datetime(2026, 3, 2, 1, 14, 30, tzinfo=UTC)  # 08:14:30 in Jakarta


@pytest.mark.parametrize(
    ("hours", "first", "apart_min"), [(1, "08:20", 10), (3, "08:20", 10), (6, "08:30", 30), (24, "09:00", 60)]
)
def test_marks_stand_on_full_times_and_not_too_near(hours: int, first: str, apart_min: int) -> None:
    marks = hour_marks(START, hours * 3600, JAKARTA)

    times = [(START + timedelta(seconds=mark)).astimezone(JAKARTA) for mark in marks]
    assert times[0].strftime("%H:%M:%S") == f"{first}:00"
    assert {later - earlier for earlier, later in pairwise(times)} == {timedelta(minutes=apart_min)}
    assert marks[-1] < hours * 3600


def test_without_a_start_marks_count_from_it() -> None:
    assert hour_marks(None, 3600, JAKARTA) == [0, 600, 1200, 1800, 2400, 3000]


def test_whatever_changes_the_picture_changes_its_identity() -> None:
    given: dict[str, Any] = {
        "data_digest": "a",
        "start": START,
        "analysis_ids": ["1"],
        "zone": JAKARTA,
        "time": TimeAxis.CLOCK,
    }
    changes: list[dict[str, Any]] = [
        {},
        {"data_digest": "b"},
        {"start": None},
        {"start": START + timedelta(seconds=1)},
        {"analysis_ids": []},
        {"zone": ZoneInfo("Asia/Makassar")},
        {"time": TimeAxis.ELAPSED},
    ]

    assert len({overview_etag(**(given | change)) for change in changes}) == len(changes)


def test_marks_from_the_start_are_drawn_where_they_are_asked_for() -> None:
    picture = replace(overview(replace(wave(60), start=START)), time=TimeAxis.ELAPSED)

    rules = re.search(r'vector-effect="non-scaling-stroke" d="([^"]*)"', overview_svg(picture).decode())
    assert rules is not None
    assert [float(left) for left in re.findall(r"M([\d.]+) 0", rules[1])] == [0, 200, 400, 600, 800, 1000]
