import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ctg.baseline import DECIMATION
from app.ctg.episodes import gap_events, rate_episodes
from app.ctg.findings import Event
from app.ctg.trace import FloatArray


def steps(*parts: tuple[float, float]) -> FloatArray:
    """A baseline each 6 s from (bpm, minutes) pairs."""
    return np.concatenate([np.full(round(minutes * 10), bpm) for bpm, minutes in parts])


def episodes(baseline: FloatArray, level: FloatArray | None = None) -> list[Event]:
    known_samples = np.repeat(~np.isnan(baseline), DECIMATION)
    return rate_episodes(baseline, baseline if level is None else level, known_samples)


@pytest.mark.parametrize(("kind", "bpm"), [("bradycardia", 109.9), ("tachycardia", 160.1)])
def test_more_than_ten_minutes_outside_is_an_episode(kind: str, bpm: float) -> None:
    assert episodes(steps((140, 20), (bpm, 10.1), (140, 20))) == [Event(kind, 1200.0, 1806.0, bpm)]  # type: ignore[arg-type]


@pytest.mark.parametrize("bpm", [109.9, 160.1])
def test_ten_minutes_outside_are_not_enough(bpm: float) -> None:
    assert episodes(steps((140, 20), (bpm, 10), (140, 20))) == []


@pytest.mark.parametrize("bpm", [110.0, 160.0])
def test_the_limits_themselves_are_normal(bpm: float) -> None:
    assert episodes(steps((bpm, 60))) == []


def test_an_episode_is_stated_on_both_sides_of_a_gap_and_not_inside() -> None:
    found = episodes(steps((100, 8), (np.nan, 3), (95, 7), (140, 20)))
    assert found == [Event("bradycardia", 0.0, 480.0, 100.0), Event("bradycardia", 660.0, 1080.0, 95.0)]


def test_signal_back_to_normal_between_ends_an_episode() -> None:
    assert episodes(steps((100, 8), (np.nan, 3), (140, 1), (100, 7))) == []


def test_a_gap_of_more_than_ten_minutes_joins_nothing() -> None:
    assert episodes(steps((100, 8), (np.nan, 10), (100, 8))) != []
    assert episodes(steps((100, 8), (np.nan, 10.1), (100, 8))) == []


def test_a_rate_that_stays_low_counts_where_the_filter_holds_the_old_baseline() -> None:
    baseline = steps((140, 60))
    level = steps((140, 20), (75, 12), (140, 28))
    assert episodes(baseline, level) == [Event("bradycardia", 1200.0, 1920.0, 75.0)]


def test_an_episode_ends_with_the_recording_or_where_a_gap_begins() -> None:
    baseline = steps((170, 12), (np.nan, 12), (170, 12))
    known_samples = np.ones(36 * 240 - 3, dtype=np.bool_)
    known_samples[12 * 240 - 20 : 24 * 240] = False
    assert rate_episodes(baseline, baseline, known_samples) == [
        Event("tachycardia", 0.0, 715.0, 170.0),
        Event("tachycardia", 1440.0, 2159.25, 170.0),
    ]


@given(st.lists(st.sampled_from([np.nan, 100.0, 140.0, 170.0]), max_size=8), st.integers(1, 150))
def test_episodes_lie_on_known_baseline_that_is_outside(levels: list[float], points: int) -> None:
    baseline = np.repeat(np.array(levels, dtype=np.float64), points)
    for event in episodes(baseline):
        inside = baseline[round(event.start_s / 6) : round(event.end_s / 6)]
        assert len(inside) > 0
        assert (inside < 110).all() if event.kind == "bradycardia" else (inside > 160).all()


def test_a_gap_is_an_event_from_one_minute_on() -> None:
    gap = np.zeros(4000, dtype=np.bool_)
    gap[400:639] = True
    gap[1000:1240] = True
    assert gap_events(gap) == [Event("signal_gap", 250.0, 310.0)]
