import math
import statistics
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ctg.rulesets.legacy_2025 import assess, range_bpm
from app.ctg.trace import FloatArray


def values(mean: float, sd: float, count: int = 10_000) -> FloatArray:
    """Values in rising order with exactly this mean and sample standard deviation: no large steps."""
    line = np.linspace(-1.0, 1.0, count)
    scaled: FloatArray = mean + sd * line / line.std(ddof=1)
    return scaled


@pytest.mark.parametrize(
    ("weeks", "low", "high"),
    [(8, 120, 180), (19, 120, 180), (20, 115, 170), (31, 115, 170), (32, 110, 160), (42, 110, 160)],
)
def test_the_range_follows_the_completed_week(weeks: int, low: int, high: int) -> None:
    assert range_bpm(weeks) == (low, high)
    features = assess(values(140, 5), weeks * 7 + 6).features
    assert (features["range_low_bpm"], features["range_high_bpm"]) == (low, high)


@pytest.mark.parametrize(
    ("mean", "sd", "classification", "overall", "risk"),
    [
        (140, 5, "normal", "normal", "low"),
        (110.001, 5, "normal", "normal", "low"),
        (140, 16, "normal", "concerning", "medium"),
        (140, 21, "normal", "abnormal", "medium"),
        (140, 26, "irregular", "abnormal", "high"),
        (105, 5, "bradycardia", "concerning", "medium"),
        (105, 21, "bradycardia", "abnormal", "medium"),
        (89, 5, "bradycardia", "concerning", "high"),
        (165, 5, "tachycardia", "concerning", "medium"),
        (181, 5, "tachycardia", "concerning", "high"),
        (181, 26, "irregular", "abnormal", "high"),
    ],
)
def test_the_inherited_rules_at_term(mean: float, sd: float, classification: str, overall: str, risk: str) -> None:
    result = assess(values(mean, sd), 280)
    assert (result.features["classification"], result.outcome, result.features["risk"]) == (
        classification,
        overall,
        risk,
    )
    assert result.features["overall"] == result.outcome
    assert result.features["mean_bpm"] == pytest.approx(mean)
    assert result.features["sd_bpm"] == pytest.approx(sd)


@pytest.mark.parametrize(("jump", "classification"), [(40.0, "normal"), (40.5, "irregular")])
def test_one_step_between_neighbours_makes_it_irregular(jump: float, classification: str) -> None:
    result = assess(np.array([140.0] * 50 + [140.0 + jump] + [140.0] * 50), 280)
    assert result.features["classification"] == classification
    assert result.features["max_jump_bpm"] == jump


def test_loss_is_no_value_and_no_neighbour() -> None:
    signal = np.array([140.0] * 50 + [0.0, np.nan] + [190.0] * 2 + [np.nan] + [140.0] * 50)
    features = assess(signal, 280).features
    assert features["valid_samples"] == 102
    assert features["max_jump_bpm"] == 0.0
    assert features["classification"] == "normal"


@pytest.mark.parametrize(
    ("signal", "gestation_days", "is_interpretable", "code"),
    [
        ([140.0, 141.0], None, True, "gestation_unknown"),
        ([140.0, 141.0], 0, True, "gestation_implausible"),
        ([140.0, 141.0], 400, True, "gestation_implausible"),
        ([140.0], 280, True, "too_few_values"),
        ([], 280, True, "too_few_values"),
        ([140.0, 141.0], 280, False, "recording_not_interpretable"),
    ],
)
def test_without_what_it_needs_it_gives_no_class(
    signal: list[float], gestation_days: int | None, is_interpretable: bool, code: str
) -> None:
    result = assess(np.array(signal), gestation_days, is_interpretable=is_interpretable)
    assert result.outcome == "not_assessable"
    assert [reason.code for reason in result.reasons] == [code]
    assert "risk" not in result.features
    assert result.features["valid_samples"] == len(signal)


@given(
    st.lists(st.one_of(st.just(math.nan), st.just(0.0), st.integers(40, 240).map(float)), max_size=40),
    st.integers(1, 300),
)
def test_it_agrees_with_the_rules_written_as_sentences(signal: list[float], days: int) -> None:
    valid = [value for value in signal if value > 0]
    if len(valid) < 2:
        return
    mean, sd = statistics.fmean(valid), statistics.stdev(valid)
    jump = max((abs(b - a) for a, b in pairwise(signal) if a > 0 and b > 0), default=0)
    low, high = (120, 180) if days < 140 else (115, 170) if days < 224 else (110, 160)
    irregular = sd > 25 or jump > 40
    is_normal = low <= mean <= high and not irregular
    if is_normal and sd < 15:
        expected = ("normal", "low")
    else:
        overall = "abnormal" if irregular or sd > 20 else "concerning"
        expected = (overall, "high" if irregular or mean < low - 20 or mean > high + 20 else "medium")
    result = assess(np.array(signal), days)
    assert (result.outcome, result.features["risk"]) == expected
