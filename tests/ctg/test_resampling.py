import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ctg.resampling import hold_at_engine_rate


def test_a_slow_signal_repeats_its_last_value() -> None:
    held = hold_at_engine_rate(np.array([140.0, np.nan, 150.0]), 1.0)
    np.testing.assert_array_equal(held, [140.0] * 4 + [np.nan] * 4 + [150.0] * 4)


def test_a_fast_signal_is_thinned_out() -> None:
    assert hold_at_engine_rate(np.arange(16.0), 16.0).tolist() == [0.0, 4.0, 8.0, 12.0]


def test_the_engine_rate_is_left_alone() -> None:
    values = np.arange(5.0)
    assert hold_at_engine_rate(values, 4.0) is values


@pytest.mark.parametrize("rate_hz", [0.2, 1.0, 3.0, 250.0])
def test_nothing_stays_nothing(rate_hz: float) -> None:
    assert len(hold_at_engine_rate(np.empty(0), rate_hz)) == 0


@given(st.integers(1, 500), st.floats(0.2, 1000.0))
def test_no_value_is_invented_and_the_length_is_kept(count: int, rate_hz: float) -> None:
    values = np.arange(float(count))
    held = hold_at_engine_rate(values, rate_hz)
    assert abs(len(held) / 4.0 - count / rate_hz) <= max(0.125, 0.25 - count / rate_hz) + 1e-9
    assert set(held.tolist()) <= set(values.tolist())
    assert (np.diff(held) >= 0).all()
