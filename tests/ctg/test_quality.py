import numpy as np
import pytest

from app.ctg.quality import is_missing, longest_gap_s, longest_hold_s, loss_fraction, loss_per_window


def test_what_counts_as_missing() -> None:
    values = np.array([np.nan, 0.0, -1.0, 0.5, 30.0, 140.0, 500.0, 511.0, 655.35])
    assert is_missing(values).tolist() == [True, True, True, False, False, False, False, True, True]


def test_loss_is_the_share_of_all_samples() -> None:
    assert loss_fraction(np.array([True, False, False, False])) == 0.25
    assert loss_fraction(np.zeros(0, dtype=np.bool_)) == 1.0


def test_loss_by_ten_minutes_has_a_shorter_last_window() -> None:
    missing = np.zeros(25 * 60, dtype=np.bool_)
    missing[600:900] = True
    missing[-60:] = True
    assert loss_per_window(missing, 1.0) == (0.0, 0.5, 0.2)


@pytest.mark.parametrize("rate_hz", [1 / 3600, 1 / 60, 0.3, 4.0, 250.0])
def test_windows_together_hold_every_sample(rate_hz: float) -> None:
    missing = np.arange(1000) % 3 == 0
    size = max(1, round(600 * rate_hz))
    shares = loss_per_window(missing, rate_hz)
    sizes = [min(size, 1000 - start) for start in range(0, 1000, size)]
    assert sum(share * number for share, number in zip(shares, sizes, strict=True)) == pytest.approx(missing.sum())


def test_the_longest_gap_is_in_seconds() -> None:
    missing = np.array([False, True, True, False, True, True, True, True, False])
    assert longest_gap_s(missing, 4.0) == 1.0
    assert longest_gap_s(~missing, 4.0) == 0.25
    assert longest_gap_s(np.zeros(3, dtype=np.bool_), 4.0) == 0.0


def test_a_held_value_is_measured_and_loss_is_not_a_value() -> None:
    values = np.array([140.0, 141.0, 141.0, 141.0, np.nan, np.nan, np.nan, np.nan, np.nan])
    assert longest_hold_s(values, is_missing(values), 1.0) == 3.0
    assert longest_hold_s(np.array([1.0, 2.0]), np.zeros(2, dtype=np.bool_), 1.0) == 0.0
