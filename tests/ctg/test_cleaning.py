import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from app.ctg.cleaning import clean, straight_lines
from app.ctg.trace import FloatArray
from tests.ctg.signals import lost, rate, replaced


def test_a_clean_signal_is_kept_whole() -> None:
    signal = rate(140, 5)
    np.testing.assert_array_equal(clean(signal).bpm, signal)


@pytest.mark.parametrize("bpm", [49.9, 220.1, 300.0])
def test_rates_outside_the_limits_are_not_used_but_remembered(bpm: float) -> None:
    cleaned = clean(replaced(rate(140, 5), 100, 160, bpm))
    assert cleaned.usable_s == 240
    assert cleaned.outside.sum() / 4 == 60
    assert not cleaned.gap.any()


@pytest.mark.parametrize("bpm", [50.0, 220.0])
def test_the_limits_themselves_are_used(bpm: float) -> None:
    assert clean(np.full(1200, bpm)).usable.all()


def test_a_spike_outside_the_limits_is_loss() -> None:
    cleaned = clean(replaced(rate(140, 5), 100, 101, 230.0))
    assert not cleaned.outside.any()
    assert cleaned.gap.sum() == 4


@pytest.mark.parametrize(("samples", "is_kept"), [(18, False), (19, True)])
def test_specks_between_gaps_are_dropped(samples: int, is_kept: bool) -> None:
    signal = lost(rate(140, 5), 60, 200)
    signal[500 : 500 + samples] = 140.0
    assert clean(signal).usable[500] == is_kept


def test_specks_at_the_ends_are_kept() -> None:
    signal = lost(rate(140, 5), 2, 298)
    assert clean(signal).usable.sum() == 16


@pytest.mark.parametrize(
    ("bpm", "seconds", "is_kept"), [(70, 20, False), (110, 20, False), (120, 20, True), (70, 30, True)]
)
def test_islands_on_another_level_are_dropped(bpm: float, seconds: int, is_kept: bool) -> None:
    signal = lost(np.full(1200, 140.0), 60, 200)
    signal = replaced(signal, 100, 100 + seconds, bpm)
    assert clean(signal).usable[405] == is_kept


def test_a_step_to_another_level_is_no_island() -> None:
    signal = np.concatenate((np.full(400, 140.0), np.full(80, 110.0), np.full(400, 80.0)))
    signal[398:402] = np.nan
    signal[478:482] = np.nan
    assert clean(signal).usable[440]


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_short_doubling_and_halving_is_dropped(factor: float) -> None:
    signal = rate(100, 5)
    jump = replaced(signal, 100, 108, signal[400:432] * factor)
    cleaned = clean(jump)
    assert not cleaned.usable[400:432].any()
    assert cleaned.usable.sum() == 1200 - 32


def test_lasting_halving_is_left_for_a_person_to_judge() -> None:
    signal = rate(140, 5)
    assert clean(replaced(signal, 100, 112, signal[400:448] / 2)).usable.all()


def test_half_the_rate_after_a_gap_may_be_true() -> None:
    signal = lost(replaced(np.full(1200, 140.0), 100, 108, 70.0), 95, 100)
    assert clean(signal).usable[400:432].all()


def test_a_deep_deceleration_is_kept() -> None:
    signal = rate(140, 5)
    fall = np.concatenate((np.linspace(140, 65, 40), np.full(120, 65.0), np.linspace(65, 140, 40)))
    assert clean(replaced(signal, 100, 150, fall)).usable.all()


def test_straight_lines_join_what_is_known() -> None:
    filled = straight_lines(np.array([np.nan, 100.0, np.nan, np.nan, 130.0, np.nan]))
    assert filled.tolist() == [100.0, 100.0, 110.0, 120.0, 130.0, 130.0]
    with pytest.raises(ValueError, match="no sample"):
        straight_lines(np.array([np.nan]))


@given(
    hnp.arrays(
        np.float64,
        st.integers(0, 600),
        elements=st.one_of(st.just(np.nan), st.sampled_from([0.0, 65.0, 70.0, 140.0, 280.0]), st.floats(-1e9, 1e9)),
    )
)
def test_cleaning_only_takes_away(signal: FloatArray) -> None:
    before = signal.copy()
    cleaned = clean(signal)
    np.testing.assert_array_equal(signal, before)
    np.testing.assert_array_equal(cleaned.bpm[cleaned.usable], signal[cleaned.usable])
    assert np.isnan(cleaned.bpm[~cleaned.usable]).all()
    assert not (cleaned.usable & cleaned.outside).any()
    assert ((cleaned.bpm[cleaned.usable] >= 50) & (cleaned.bpm[cleaned.usable] <= 220)).all()
