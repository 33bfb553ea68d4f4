import numpy as np
import pytest

from app.ctg.cleaning import clean
from app.ctg.maternal import coincidences, low_rates_without_pulse
from tests.ctg.signals import lost, rate, replaced


def test_a_rate_with_the_maternal_channel_is_found_with_its_times() -> None:
    mother = rate(85, 10, spread_bpm=2)
    fetal = replaced(rate(140, 10), 120, 300, mother[480:1200] + 2)
    assert coincidences(clean(fetal), mother, None) == [(120.0, 300.0)]


@pytest.mark.parametrize(("seconds", "is_found"), [(9.75, False), (10, True)])
def test_it_must_last_ten_seconds(seconds: float, is_found: bool) -> None:
    fetal = replaced(rate(140, 5), 100, 100 + seconds, 85.0)
    assert bool(coincidences(clean(fetal), np.full(1200, 85.0), None)) == is_found


@pytest.mark.parametrize(("difference", "is_found"), [(5, True), (6, False)])
def test_the_channel_has_a_narrow_band(difference: int, is_found: bool) -> None:
    assert bool(coincidences(clean(np.full(1200, 85.0 + difference)), np.full(1200, 85.0), None)) == is_found


@pytest.mark.parametrize(("difference", "is_found"), [(-10, True), (10, True), (11, False)])
def test_a_stated_pulse_has_a_wide_band(difference: int, is_found: bool) -> None:
    assert bool(coincidences(clean(np.full(1200, 85.0 + difference)), None, 85.0)) == is_found


def test_short_loss_does_not_split_a_stretch_and_long_loss_does() -> None:
    fetal = lost(lost(np.full(1200, 85.0), 50, 65), 150, 170)
    assert coincidences(clean(fetal), None, 85.0) == [(0.0, 150.0), (170.0, 300.0)]


def test_stretches_that_nearly_touch_are_one() -> None:
    fetal = replaced(replaced(np.full(1200, 85.0), 100, 103, 110.0), 200, 216, 110.0)
    assert coincidences(clean(fetal), None, 85.0) == [(0.0, 200.0), (216.0, 300.0)]


def test_without_a_pulse_nothing_coincides() -> None:
    silent = np.full(1200, np.nan)
    cleaned = clean(np.full(1200, 85.0))
    assert coincidences(cleaned, None, None) == []
    assert coincidences(cleaned, silent, None) == []
    assert coincidences(cleaned, None, 0.0) == []


def test_a_low_rate_is_flagged_only_where_no_pulse_is_known() -> None:
    fetal = replaced(rate(140, 10), 60, 240, 80.0)
    cleaned = clean(fetal)
    assert low_rates_without_pulse(cleaned, None, None) == [(60.0, 240.0)]
    assert low_rates_without_pulse(cleaned, None, 110.0) == []
    half = lost(np.full(2400, 110.0), 0, 150)
    assert low_rates_without_pulse(cleaned, half, None) == [(60.0, 150.0)]


def test_the_dip_of_a_deceleration_is_no_low_rate() -> None:
    assert low_rates_without_pulse(clean(replaced(rate(140, 10), 60, 119, 80.0)), None, None) == []
