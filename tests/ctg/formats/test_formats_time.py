from contextlib import suppress
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ctg.formats import ParseError, Place
from app.ctg.formats.grid import MAX_OFFSET_STEPS, grid
from tests.ctg.formats.helpers import BERLIN, NAN, codes, read, refused, same


def times_csv(*times: str) -> bytes:
    return "\n".join(["time,fhr_bpm", *(f"{time},{140 + index}" for index, time in enumerate(times))]).encode()


def test_clocks_put_back_repeat_an_hour_without_a_gap() -> None:
    # In Berlin 03:00 became 02:00 on 27 October 2024.
    parsed = read(
        times_csv("2024-10-27T02:59:58", "2024-10-27T02:59:59", "2024-10-27T02:00:00", "2024-10-27T02:00:01"),
        zone=BERLIN,
    )
    assert same(parsed.trace.fhr1, [140, 141, 142, 143])
    assert parsed.trace.start == datetime(2024, 10, 27, 0, 59, 58, tzinfo=UTC)
    assert codes(parsed) == ["start_ambiguous"]


def test_after_the_repeated_hour_local_time_goes_on() -> None:
    times = [
        (datetime(2024, 10, 27, 0, 30, tzinfo=UTC) + timedelta(minutes=10 * index)).astimezone(BERLIN)
        for index in range(12)
    ]
    parsed = read(times_csv(*(time.replace(tzinfo=None).isoformat() for time in times)), zone=BERLIN)
    assert same(parsed.trace.fhr1, list(range(140, 152)))
    assert parsed.trace.rate_hz == pytest.approx(1 / 600)


def test_a_repeated_time_in_the_repeated_hour_is_still_a_duplicate() -> None:
    error = refused(times_csv("2024-10-27T02:30:00", "2024-10-27T02:30:00", "2024-10-27T02:30:01"), zone=BERLIN)
    assert (error.code, error.place.line) == ("time_duplicate", 3)


def test_a_local_time_that_was_left_out_is_refused() -> None:
    error = refused(times_csv("2024-03-31T01:59:59", "2024-03-31T02:00:00"), zone=BERLIN)
    assert (error.code, error.place.line, error.place.column) == ("time_not_in_zone", 3, "time")


def test_clocks_put_forward_leave_no_gap() -> None:
    parsed = read(times_csv("2024-03-31T01:59:58", "2024-03-31T01:59:59", "2024-03-31T03:00:00"), zone=BERLIN)
    assert same(parsed.trace.fhr1, [140, 141, 142])


@pytest.mark.parametrize(
    ("times", "code", "line"),
    [
        (("0", "1", "1", "2"), "time_duplicate", 4),
        (("0", "1", "3", "2"), "time_backwards", 5),
        (("0", "1", "2", "3.5", "4", "5"), "time_irregular", 5),
        (("0", "1", "2", "3", "4", "5.5"), "time_irregular", 7),
        (("0", "1", ""), "time_missing", 4),
        (("0", "1", "soon"), "value_text", 4),
        (("0", "1", "inf"), "value_not_finite", 4),
        (("0", "1", "1e400"), "value_not_finite", 4),
        (("0", "1e12"), "time_absurd", 3),
        (("0", "0.0001"), "rate_out_of_range", 2),
        (("0", "86400"), "rate_out_of_range", 2),
        (("0", "1", "2", "3", "31536000"), "time_span", 6),
        (("2025-01-01T00:00:00", "later"), "time_unreadable", 3),
        (("2025-01-01T00:00:00", ""), "time_missing", 3),
        (("2025-01-01T00:00:00", "2025-01-01T00:00:01Z"), "time_zone_mixed", 3),
        (("2025-01-01T00:00:00Z", "2025-01-01T00:00:01"), "time_zone_mixed", 3),
        (("0001-01-01T00:00:00", "0001-01-01T00:00:01"), "time_absurd", 2),
        (("9999-12-31T23:59:59+00:00",), "time_absurd", 2),
        (("2025-02-29T00:00:00",), "time_unreadable", 2),
        (("2025-07-03T10:00:00", "2025-07-03T10:00:00", "2025-07-03T10:00:01"), "time_duplicate", 3),
    ],
)
def test_times_that_cannot_be_meant_are_refused_with_their_line(times: tuple[str, ...], code: str, line: int) -> None:
    error = refused(times_csv(*times))
    assert (error.code, error.place.line, error.place.column) == (code, line, "time")


@pytest.mark.parametrize("step_s", [1, 60, 1800, 3600])
def test_a_week_is_read_and_no_second_more(step_s: int) -> None:
    steps = 7 * 86_400 // step_s
    assert read(spaced_csv(step_s, steps)).trace.duration_s == pytest.approx(7 * 86_400)
    error = refused(spaced_csv(step_s, steps + 1))
    assert (error.code, error.place.line, error.values) == ("lasts_too_long", steps + 2, {"days": 7})
    assert str(error).endswith("The recording lasts longer than 7 days, the longest that is read.")


def test_of_a_decade_the_first_row_beyond_a_week_is_named() -> None:
    error = refused(spaced_csv(3600, 100_000))
    assert (error.code, error.place.line) == ("lasts_too_long", 7 * 24 + 2)


def spaced_csv(step_s: int, rows: int) -> bytes:
    return "\n".join(["time_s,fhr_bpm", *(f"{number * step_s},140" for number in range(rows))]).encode()


def here(index: int) -> Place:
    return Place("times", sample=index + 1)


def test_times_rounded_to_milliseconds_do_not_drift() -> None:
    count = 20_000
    found = grid(np.round(np.arange(count) / 3, 3), here)
    assert found.rate_hz == 3.0
    assert found.missing == 0


def test_a_gap_of_hours_in_rounded_times_is_counted_exactly() -> None:
    slots = np.concatenate((np.arange(3000), np.arange(3000 + 21_600, 6000 + 21_600)))
    found = grid(np.round(slots / 3, 3), here)
    assert np.array_equal(found.slots, slots)
    assert (found.rate_hz, found.missing) == (3.0, 21_600)


@pytest.mark.parametrize("rate_hz", [4.0, 2.5, 1.0, 0.5, 1 / 60, 1 / 3.75, 100.0])
@pytest.mark.parametrize("count", [2, 3, 50, 5000])
def test_round_rates_come_back_exactly(rate_hz: float, count: int) -> None:
    assert grid(np.arange(count) / rate_hz, here).rate_hz == pytest.approx(rate_hz, rel=1e-12)


@given(
    slots=st.lists(st.integers(1, 4), min_size=40, max_size=80),
    extra=st.integers(0, 30),
    rate_hz=st.sampled_from([0.5, 1.0, 2.0, 4.0]),
    first_s=st.floats(0, 1e6),
)
def test_each_sample_goes_to_its_own_slot(slots: list[int], extra: int, rate_hz: float, first_s: float) -> None:
    steps = [1] * (len(slots) + extra + 1) + slots
    expected = np.concatenate(([0], np.cumsum(steps)))
    found = grid(first_s + expected / rate_hz, here)
    assert np.array_equal(found.slots, expected)
    assert found.rate_hz == pytest.approx(rate_hz, rel=1e-6)
    values = np.arange(len(expected), dtype=float)
    filled = found.fill(values)
    assert np.array_equal(filled[~np.isnan(filled)], values)


@given(st.lists(st.floats(-0.2, 0.2), min_size=30, max_size=60))
def test_jitter_below_half_a_step_is_taken_out(jitter_steps: list[float]) -> None:
    times_s = np.arange(len(jitter_steps)) + np.array(jitter_steps)
    found = grid(times_s, here)
    assert np.array_equal(found.slots, np.arange(len(jitter_steps)))


@given(
    steps=st.lists(st.sampled_from([0.0, -1.0, 0.3, 0.6, 1.0, 1.0, 1.0, 1.2, 1.5, 2.0, 3.1]), min_size=1, max_size=12)
)
def test_a_grid_holds_every_time_or_is_refused(steps: list[float]) -> None:
    times_s = np.concatenate(([0.0], np.cumsum(steps)))
    with suppress(ParseError):
        found = grid(times_s, here)
        assert (np.diff(found.slots) >= 1).all()
        off_steps = times_s * found.rate_hz - found.slots
        assert np.ptp(off_steps) <= 2 * MAX_OFFSET_STEPS + 0.1


def test_a_missing_row_in_jittered_times_is_one_slot_of_loss() -> None:
    parsed = read(b"time_s,fhr_bpm\n0,140\n1.1,141\n1.9,142\n4.05,144\n5,145\n5.95,146\n")
    assert same(parsed.trace.fhr1, [140, 141, 142, NAN, 144, 145, 146])
