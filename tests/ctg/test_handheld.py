from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.ctg.analysis import analyse
from app.ctg.formats import ParseError
from app.ctg.handheld import Curve, curve_of_seconds
from app.ctg.trace import FloatArray
from tests.ctg.formats.helpers import NAN, same

ORIGIN = datetime(2025, 7, 10, 8, 30, tzinfo=UTC)
DAY_S = 86_400

# Some seconds beside another, as often as they like, with rates, loss and what is neither.
readings = st.lists(
    st.tuples(st.integers(-60, 60), st.one_of(st.integers(50, 220), st.sampled_from([0, -1, 501, 9999]))),
    min_size=1,
    max_size=80,
)


def curve(*values: tuple[int, float], quality: list[float] | None = None) -> Curve:
    """The curve of (second, bpm) in the order in which they were stored."""
    seconds, bpm = np.array(values, dtype=np.float64).reshape(-1, 2).T
    return curve_of_seconds(
        seconds.astype(np.int64), bpm, None if quality is None else np.array(quality), origin=ORIGIN
    )


def codes(made: Curve) -> list[str]:
    return [note.code for note in made.notes]


def test_one_value_a_second_is_that_value() -> None:
    made = curve((3, 140), (4, 141), (5, 139))
    assert same(made.trace.fhr1, [140, 141, 139])
    assert (made.trace.rate_hz, made.trace.start) == (1.0, ORIGIN + timedelta(seconds=3))
    assert not made.trace.time_is_estimated
    assert codes(made) == ["times_to_the_second"]


def test_seconds_without_a_value_and_zeros_are_gaps() -> None:
    made = curve((0, 140), (1, 0), (4, 141))
    assert same(made.trace.fhr1, [140, NAN, NAN, NAN, 141])
    assert made.notes[-1].to_document() == {"code": "seconds_empty", "values": {"count": 2}}


def test_the_order_in_which_they_were_stored_does_not_matter() -> None:
    assert same(curve((4, 141), (0, 140), (2, 150)).trace.fhr1, [140, NAN, 150, NAN, 141])


def test_what_was_stored_twice_is_drawn_once() -> None:
    made = curve((0, 140), (1, 141), (0, 140), (1, 141), (2, 0), (2, 0))
    assert same(made.trace.fhr1, [140, 141, NAN])
    assert made.trace.rate_hz == 1.0
    assert made.notes[0].to_document() == {"code": "values_repeated", "values": {"count": 3}}


def test_several_values_of_a_second_share_it_in_their_order() -> None:
    made = curve((0, 140), (1, 150), (1, 90), (1, 152), (2, 141), (2, 142))
    assert same(made.trace.fhr1, [140, 140, 140, 150, 90, 152, 141, 142, 142])
    assert (made.trace.rate_hz, made.trace.device_rate_hz, made.trace.duration_s) == (3.0, 1.0, 3.0)
    assert codes(made) == ["times_to_the_second", "seconds_shared"]


def test_a_burst_in_one_second_leaves_the_other_times_as_they_are() -> None:
    made = curve(*((second, 140) for second in range(20)), *((20, 130 + value) for value in range(10)))
    assert not made.trace.time_is_estimated
    assert made.trace.duration_s == 21
    assert same(made.trace.fhr1[-10:], list(range(130, 140)))


@pytest.mark.parametrize(
    "values",
    [[(7, 140 + index % 3) for index in range(600)], [(index // 30 * 30, 140 + index % 3) for index in range(600)]],
    ids=["all at once", "in batches"],
)
def test_times_of_sending_are_no_times_of_measurement(values: list[tuple[int, int]]) -> None:
    made = curve(*values)
    assert same(made.trace.fhr1, [bpm for _, bpm in values])
    assert (made.trace.rate_hz, made.trace.time_is_estimated) == (1.0, True)
    assert codes(made) == ["times_not_measured"]


def test_what_no_heart_has_is_loss_and_counted() -> None:
    made = curve((0, 140), (1, -1), (2, 999), (3, 0), (4, 65_535))
    assert same(made.trace.fhr1, [140, NAN, NAN, NAN, NAN])
    assert made.notes[0].to_document() == {"code": "values_no_rate", "values": {"count": 3}}


def test_signal_quality_goes_with_its_value() -> None:
    made = curve((1, 141), (0, 140), (3, 142), quality=[0.5, 0.25, 1.0])
    assert made.trace.quality is not None
    assert same(made.trace.quality, [0.25, 0.5, NAN, 1.0])
    odd = curve((0, 140), (1, 141), quality=[50, 60])
    assert (odd.trace.quality, "quality_ignored" in codes(odd)) == (None, True)
    assert curve((0, 140), quality=[NAN]).trace.quality is None


def test_nothing_is_no_curve() -> None:
    with pytest.raises(ParseError) as caught:
        curve_of_seconds(np.array([], dtype=np.int64), np.array([]), origin=ORIGIN)
    assert caught.value.code == "no_values"


def test_times_that_cannot_be_one_recording_are_refused_before_anything_is_allocated() -> None:
    with pytest.raises(ParseError) as caught:
        curve((0, 140), (40 * 365 * DAY_S, 141))
    assert caught.value.code == "time_span"


def test_a_shared_second_does_not_make_a_handheld_finer_than_it_is() -> None:
    """A device that averages to one value a second shows no variability (CTG.md 2.8)."""
    bpm = 140 + np.round(4 * np.sin(np.arange(1500) / 9))
    made = curve(*((second, rate) for second, rate in enumerate(bpm)), (700, 149))
    assert made.trace.rate_hz == 2.0
    analysis = analyse(made.trace, gestation_days=230)
    assert "too_coarse_for_variability" in [reason.code for reason in analysis.limits]


def test_the_digest_knows_how_many_slots_a_value_fills() -> None:
    twice, held = curve((0, 140), (0, 141)), curve((0, 140), (0, 141)).trace
    assert twice.trace.digest() == held.digest()
    other = type(held)(held.start, held.rate_hz, held.fhr1)
    assert other.digest() != held.digest()


@given(readings)
@example([(0, 140)])
@example([(0, 0)])
@example([(-60, 140), (60, 140)])
@example([(0, 140), (0, 0), (1, 141)])
def test_each_second_shows_what_was_stored_for_it_and_nothing_else(values: list[tuple[int, int]]) -> None:
    made = curve(*values)
    stored: dict[int, list[float]] = {}
    for second, bpm in values:
        rate = float(bpm) if 0 < bpm <= 500 else NAN
        if str(rate) not in map(str, stored.setdefault(second, [])):
            stored[second].append(rate)
    if made.trace.time_is_estimated:
        assert len(values) > 4 * len(stored)
        in_order = [bpm for _, bpm in sorted(values, key=lambda value: value[0])]
        assert same(made.trace.fhr1, [bpm if 0 < bpm <= 500 else NAN for bpm in in_order])
        return
    assert made.trace.start == ORIGIN + timedelta(seconds=min(stored))
    per_second = made.trace.fhr1.reshape(-1, round(made.trace.rate_hz))
    assert len(per_second) == max(stored) - min(stored) + 1
    for second, shown in enumerate(per_second, start=min(stored)):
        assert same(runs_of(shown), stored.get(second, [NAN]))


def runs_of(values: FloatArray) -> list[float]:
    """Each value once for each stretch of it."""
    shown: list[float] = []
    for value in values.tolist():
        if not shown or not same([shown[-1]], [value]):
            shown.append(value)
    return shown
