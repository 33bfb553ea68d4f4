"""A stretch lies within its recording and knows when that began."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from app.ctg.stretch import NEIGHBOURS_S, Stretch
from app.ctg.trace import Trace

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def trace_of(toco: list[float] | None = None) -> Trace:
    """Eight samples at 4 Hz."""
    return Trace(start=START, rate_hz=4.0, fhr1=np.full(8, 140.0), toco=None if toco is None else np.array(toco))


def test_a_whole_recording_begins_at_its_first_sample() -> None:
    stretch = Stretch.whole(trace_of([0.0, 3.0, np.nan, 104.5, 9.0, 9.0, 9.0, 9.0]))
    assert (stretch.first_s, stretch.recording_s, stretch.toco_peak, stretch.start) == (0.0, 2.0, 104.5, START)


@pytest.mark.parametrize("toco", [None, [np.nan] * 8])
def test_without_a_value_there_is_no_peak(toco: list[float] | None) -> None:
    assert Stretch.whole(trace_of(toco)).toco_peak is None


def test_a_part_tells_when_the_recording_began() -> None:
    part = trace_of().between(1.0, 2.0)
    stretch = Stretch(part=part, first_s=1.0, recording_s=2.0, toco_peak=None)
    assert part.start == START + timedelta(seconds=1)
    assert stretch.start == START


@pytest.mark.parametrize(("first_s", "recording_s"), [(-0.25, 2.0), (0.5, 2.0), (0.0, 1.0)])
def test_a_part_outside_the_recording_is_refused(first_s: float, recording_s: float) -> None:
    with pytest.raises(ValueError, match="do not lie within"):
        Stretch(part=trace_of(), first_s=first_s, recording_s=recording_s, toco_peak=None)


# Of 4 Hz, 61 samples are those of 15 s and one more.
@pytest.mark.parametrize(
    ("start_s", "end_s", "first", "last"),
    [
        (0, 100, 0, 400),
        (50, 60, 139, 301),
        (0, 0.25, 0, 62),
        (95, 120, 319, 400),
        (100, 110, 339, 400),
        (500, 510, 399, 400),
        (50.1, 50.2, 140, 262),
    ],
    ids=["whole", "inside", "at the start", "over the end", "at the end", "far behind it", "between two samples"],
)
def test_a_window_has_neighbours_on_each_side(start_s: float, end_s: float, first: int, last: int) -> None:
    toco = np.zeros(400)
    toco[1] = 90.0
    whole = Trace(start=START, rate_hz=4.0, fhr1=np.arange(400) / 4 + 60, toco=toco)
    stretch = Stretch.around(whole, start_s, end_s)
    np.testing.assert_array_equal(stretch.part.fhr1, whole.fhr1[first:last])
    assert (stretch.first_s, stretch.recording_s, stretch.toco_peak) == (first / 4, 100.0, 90.0)
    assert stretch.start == START


@pytest.mark.parametrize("rate_hz", [1 / 3600, 0.2, 1.0, 5.0])
def test_there_is_a_neighbour_at_any_rate(rate_hz: float) -> None:
    whole = Trace(start=START, rate_hz=rate_hz, fhr1=np.full(200, 140.0))
    stretch = Stretch.around(whole, 100 / rate_hz, 101 / rate_hz)
    before = round(100 - stretch.first_s * rate_hz)
    assert before == len(stretch.part) - before - 1 >= max(1, NEIGHBOURS_S * rate_hz)


def test_an_empty_recording_has_an_empty_window() -> None:
    assert len(Stretch.around(trace_of().part(0, 0), 0, 600).part) == 0
