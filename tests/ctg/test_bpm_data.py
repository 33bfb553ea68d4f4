import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ctg.bpm_data import curve_of_bpm_data
from app.ctg.formats import ParseError
from app.ctg.handheld import Curve
from tests.ctg.formats.helpers import NAN, same

START = datetime(2025, 7, 10, 1, 30, tzinfo=UTC)

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["time", "bpm", "x"]), inner),
    max_leaves=8,
)
numbers = st.integers(-5, 600) | st.none()
timed = st.lists(
    st.fixed_dictionaries(
        {"time": st.floats(-100, 100) | st.integers(0, 100), "bpm": numbers},
        optional={"signal_quality": st.floats(-1, 2) | st.none(), "classification": st.text(max_size=5)},
    ),
    min_size=1,
    max_size=40,
)


def curve(document: Any, *, encodings: int = 1) -> Curve:
    for _ in range(encodings):
        document = json.dumps(document)
    return curve_of_bpm_data(document, start=START)


def codes(made: Curve) -> list[str]:
    return [note.code for note in made.notes]


@pytest.mark.parametrize("encodings", [1, 2])
def test_plain_numbers_have_an_estimated_time_axis(encodings: int) -> None:
    made = curve([140, 0, None, 141], encodings=encodings)
    assert same(made.trace.fhr1, [140, NAN, NAN, 141])
    assert (made.trace.start, made.trace.rate_hz, made.trace.time_is_estimated) == (START, 1.0, True)
    assert codes(made) == ["rate_not_stored"]


@pytest.mark.parametrize("encodings", [1, 2])
def test_timed_values_have_their_own_rate_and_gaps(encodings: int) -> None:
    values = ((0, 140), (0.25, 141), (0.5, 0), (1.25, 142))
    made = curve([{"time": t, "bpm": bpm} for t, bpm in values], encodings=encodings)
    assert same(made.trace.fhr1, [140, 141, NAN, NAN, NAN, 142])
    assert (made.trace.rate_hz, made.trace.time_is_estimated) == (4.0, False)
    assert codes(made) == ["samples_missing"]


def test_values_with_quality_and_class_keep_the_quality() -> None:
    items = [{"time": t, "bpm": 140, "signal_quality": t / 10, "classification": "normal"} for t in range(3)]
    assert same(curve(items).trace.quality, [0, 0.1, 0.2])
    assert codes(curve([item | {"signal_quality": 80} for item in items])) == ["quality_ignored"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "no_values"),
        ("null", "no_values"),
        ("[]", "no_values"),
        ('"[]"', "no_values"),
        ("[140", "json_unreadable"),
        ('{"a": 1}', "json_shape"),
        ('["140"]', "value_text"),
        ("140", "json_shape"),
    ],
)
def test_what_holds_no_values_says_why(text: str | None, code: str) -> None:
    with pytest.raises(ParseError) as caught:
        curve_of_bpm_data(text, start=START)
    assert caught.value.code == code


def test_the_curve_begins_at_its_first_value() -> None:
    assert curve([{"time": 5, "bpm": 140}, {"time": 6, "bpm": 141}]).trace.start == START + timedelta(seconds=5)
    unix = curve([{"time": 1_752_136_200 + index, "bpm": 140} for index in range(3)])
    assert (unix.trace.start, codes(unix)) == (START, ["starts_late"])


def test_values_are_drawn_by_their_times() -> None:
    assert same(curve([{"time": t, "bpm": 140 + t} for t in (3, 0, 2, 1)]).trace.fhr1, [140, 141, 142, 143])


def test_times_that_repeat_or_wander_count_to_the_second() -> None:
    """A file with them is refused; a record is shown."""
    made = curve([{"time": t, "bpm": bpm} for t, bpm in ((0, 140), (1, 141), (1, 150), (2.6, 142), (3.4, 143))])
    assert same(made.trace.fhr1, [140, 140, 141, 150, 142, 142, 143, 143])
    assert codes(made) == ["times_to_the_second", "seconds_shared"]


@pytest.mark.parametrize(
    ("times", "rate_hz", "slots"),
    [([0, 1, 3], 1.0, [0, 1, 3]), ([0, 2, 4, 8], 0.5, [0, 1, 2, 4]), ([0, 1, 2, 9], 1.0, [0, 1, 2, 9])],
)
def test_whole_seconds_stay_where_they_are(times: list[int], rate_hz: float, slots: list[int]) -> None:
    trace = curve([{"time": time, "bpm": 140} for time in times]).trace
    assert trace.rate_hz == rate_hz
    assert np.flatnonzero(~np.isnan(trace.fhr1)).tolist() == slots


def test_one_odd_value_hides_none_of_the_others() -> None:
    assert same(curve([140, -1, 5000, 141]).trace.fhr1, [140, NAN, NAN, 141])


@given(st.lists(numbers, min_size=1, max_size=40), timed)
def test_rates_are_those_that_were_stored(plain: list[int | None], items: list[dict[str, Any]]) -> None:
    for document, bpm in ((plain, plain), (items, [item["bpm"] for item in items])):
        trace = curve(document).trace
        rates = {float(value) for value in bpm if value is not None and 0 < value <= 500}
        assert set(trace.fhr1[~np.isnan(trace.fhr1)].tolist()) == rates
        assert trace.start is not None


@given(anything | timed)
def test_any_document_is_a_curve_or_says_why_not(document: Any) -> None:
    with suppress(ParseError):
        assert len(curve(document).trace) > 0
