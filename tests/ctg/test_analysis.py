import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from app.ctg.analysis import ENGINE_VERSION, analyse
from app.ctg.findings import Analysis, Event
from app.ctg.reasons import LIMITS, NOT_INTERPRETABLE, sentence
from app.ctg.trace import FloatArray, Trace
from tests.ctg.signals import lost, rate, recording, replaced

TERM_DAYS = 280


def codes(analysis: Analysis) -> tuple[list[str], list[str]]:
    """The codes of what forbids reading it, and of its limits."""
    return [reason.code for reason in analysis.not_interpretable], [reason.code for reason in analysis.limits]


def of_kind(analysis: Analysis, kind: str) -> list[Event]:
    return [event for event in analysis.events if event.kind == kind]


def test_a_clean_recording_has_a_baseline_and_no_reservations() -> None:
    trace = recording(rate(140, 30))
    analysis = analyse(trace, gestation_days=TERM_DAYS)
    assert codes(analysis) == ([], [])
    assert analysis.is_interpretable
    assert analysis.events == ()
    assert (analysis.engine_version, analysis.input_digest, analysis.fetus) == (ENGINE_VERSION, trace.digest(), 1)
    assert (analysis.rate_hz, analysis.sample_count, analysis.duration_s) == (4.0, 7200, 1800.0)
    assert (analysis.loss_fraction, analysis.loss_per_10_min, analysis.longest_gap_s) == (0.0, (0.0,) * 3, 0.0)
    assert analysis.baseline_bpm == 140
    assert analysis.baseline_low_bpm is not None
    assert analysis.baseline_high_bpm is not None
    assert 138 <= analysis.baseline_low_bpm <= 140 <= analysis.baseline_high_bpm <= 142
    assert analysis.baseline_series is not None
    assert analysis.baseline_series.step_s * len(analysis.baseline_series.values_bpm) == 1800
    assert [(result.rule_set, result.outcome) for result in analysis.rule_sets] == [("legacy_2025", "normal")]


def test_loss_counts_missing_samples_and_zeros() -> None:
    signal = replaced(lost(rate(140, 30), 300, 390), 900, 990, 0.0)
    analysis = analyse(recording(signal), gestation_days=TERM_DAYS)
    assert analysis.loss_fraction == pytest.approx(0.1)
    assert analysis.loss_per_10_min == pytest.approx((0.15, 0.15, 0.0))
    assert analysis.longest_gap_s == 90
    assert of_kind(analysis, "signal_gap") == [
        Event("signal_gap", 300.0, 390.0),
        Event("signal_gap", 900.0, 990.0),
    ]


def test_no_baseline_is_stated_inside_a_long_gap() -> None:
    analysis = analyse(recording(lost(rate(140, 60), 1200, 1800)), gestation_days=TERM_DAYS)
    assert analysis.baseline_series is not None
    values = analysis.baseline_series.values_bpm
    assert values[200:300] == (None,) * 100
    assert None not in values[:200] + values[300:]


def test_implausible_samples_are_stated_beside_the_loss() -> None:
    analysis = analyse(recording(replaced(rate(140, 30), 600, 780, 235.0)), gestation_days=TERM_DAYS)
    assert analysis.loss_fraction == 0
    assert {reason.code: dict(reason.values) for reason in analysis.limits} == {
        "samples_set_aside": {"percent": 10},
        "rate_outside_limits": {"seconds": 180},
        "rate_held": {"seconds": 180},
    }


def test_windows_with_much_loss_are_counted() -> None:
    analysis = analyse(recording(lost(rate(140, 40), 60, 200)), gestation_days=TERM_DAYS)
    assert codes(analysis) == ([], ["windows_with_high_loss"])
    assert dict(analysis.limits[0].values) == {"windows": 1, "all_windows": 4}


@pytest.mark.parametrize(("lost_s", "is_interpretable"), [(900, True), (901, False)])
def test_more_than_half_lost_is_not_interpretable(lost_s: int, is_interpretable: bool) -> None:
    analysis = analyse(recording(lost(rate(140, 30), 0, lost_s)), gestation_days=TERM_DAYS)
    assert analysis.is_interpretable == is_interpretable
    assert (analysis.baseline_bpm is not None) == is_interpretable


def test_set_aside_samples_count_towards_the_half() -> None:
    signal = replaced(lost(rate(140, 30), 0, 600), 600, 1000, 240.0)
    analysis = analyse(recording(signal), gestation_days=TERM_DAYS)
    (reason,) = analysis.not_interpretable
    assert reason.code == "loss_over_50_percent"
    assert dict(reason.values) == {"usable_percent": 44, "missing_percent": 33, "rejected_percent": 23}


@pytest.mark.parametrize(
    ("signal", "code"),
    [
        (np.empty(0), "no_signal"),
        (np.full(1, 140.0), "too_short"),
        (np.full(7200, np.nan), "no_signal"),
        (np.zeros(7200), "no_signal"),
        (np.full(7200, 30.0), "no_signal"),
        (rate(140, 1.9), "too_short"),
    ],
)
def test_too_little_signal_is_not_interpretable_and_gets_no_class(signal: FloatArray, code: str) -> None:
    analysis = analyse(recording(signal), gestation_days=TERM_DAYS)
    assert codes(analysis)[0] == [code]
    assert analysis.baseline_bpm is None
    assert analysis.baseline_series is None
    assert analysis.rule_sets[0].outcome == "not_assessable"


def test_a_short_recording_has_a_rough_baseline_without_a_course() -> None:
    analysis = analyse(recording(rate(150, 5)), gestation_days=TERM_DAYS)
    assert codes(analysis) == ([], ["under_10_minutes"])
    assert analysis.baseline_bpm is not None
    assert abs(analysis.baseline_bpm - 150) <= 1
    assert (analysis.baseline_low_bpm, analysis.baseline_high_bpm, analysis.baseline_series) == (None, None, None)


def test_a_short_recording_on_a_low_level_says_so() -> None:
    analysis = analyse(recording(rate(105, 5)), gestation_days=TERM_DAYS)
    assert "short_baseline_outside" in codes(analysis)[1]
    assert analysis.events == ()


def test_a_short_restless_recording_has_no_baseline() -> None:
    restless = 140 + 40 * np.sin(np.arange(5 * 240) / 40)
    analysis = analyse(recording(restless), gestation_days=TERM_DAYS)
    assert analysis.baseline_bpm is None
    assert "baseline_not_determinable" in codes(analysis)[1]


@pytest.mark.parametrize(
    ("level", "kind", "minutes"), [(95, "bradycardia", 30), (175, "tachycardia", 30), (80, "bradycardia", 12)]
)
def test_a_lasting_change_of_rate_is_an_episode(level: float, kind: str, minutes: float) -> None:
    signal = np.concatenate((rate(140, 30), rate(level, minutes), rate(140, 30)))
    analysis = analyse(recording(signal), gestation_days=TERM_DAYS, maternal_bpm=120)
    (event,) = analysis.events
    assert event.kind == kind
    assert event.start_s == pytest.approx(1800, abs=90)
    assert event.end_s == pytest.approx(1800 + minutes * 60, abs=90)
    assert event.extreme_bpm == pytest.approx(level, abs=4)


def test_a_baseline_that_moves_is_not_one_number() -> None:
    analysis = analyse(recording(np.concatenate((rate(100, 30), rate(180, 30)))), gestation_days=TERM_DAYS)
    reason = next(reason for reason in analysis.limits if reason.code == "baseline_changes")
    assert dict(reason.values) == {"low_bpm": 100, "high_bpm": 180}
    assert {event.kind for event in analysis.events} == {"bradycardia", "tachycardia"}


def test_mostly_the_rate_of_the_mother_is_not_interpretable() -> None:
    analysis = analyse(recording(rate(88, 30)), gestation_days=TERM_DAYS, maternal_bpm=85)
    assert codes(analysis)[0] == ["possibly_maternal"]
    assert analysis.baseline_bpm is None
    assert of_kind(analysis, "possible_maternal") == [Event("possible_maternal", 0.0, 1800.0)]


def test_partly_the_rate_of_the_mother_is_a_limit() -> None:
    mother = rate(85, 30)
    trace = recording(replaced(rate(140, 30), 600, 900, mother[2400:3600]), mhr=mother)
    analysis = analyse(trace, gestation_days=TERM_DAYS)
    assert analysis.is_interpretable
    assert dict(next(r for r in analysis.limits if r.code == "possibly_maternal_in_part").values) == {"seconds": 300}
    assert of_kind(analysis, "possible_maternal") == [Event("possible_maternal", 600.0, 900.0)]


def test_a_low_rate_without_the_pulse_of_the_mother_is_flagged_and_still_read() -> None:
    analysis = analyse(recording(rate(85, 30)), gestation_days=TERM_DAYS)
    assert analysis.is_interpretable
    assert codes(analysis)[1] == ["low_rate_without_maternal_pulse"]
    assert [event.kind for event in analysis.events] == ["bradycardia"]


def test_a_handheld_of_one_hertz_gives_the_baseline_and_says_what_it_cannot() -> None:
    signal = rate(145, 15, rate_hz=1.0).round()
    analysis = analyse(recording(signal, rate_hz=1.0), gestation_days=200)
    assert codes(analysis) == ([], ["under_20_minutes", "too_coarse_for_variability"])
    assert analysis.baseline_bpm is not None
    assert abs(analysis.baseline_bpm - 145) <= 1


def test_an_episode_and_a_gap_never_overlap() -> None:
    signal = lost(rate(100, 60), 1199.25, 1500)
    low, gap, low_again = analyse(recording(signal), gestation_days=TERM_DAYS, maternal_bpm=75).events
    assert (low.end_s, gap.start_s, gap.end_s) == (1199.25, 1199.25, 1500.0)
    assert low_again.start_s == 1500


def test_estimated_times_are_said_first() -> None:
    analysis = analyse(recording(rate(140, 30), time_is_estimated=True), gestation_days=TERM_DAYS)
    assert codes(analysis)[1][0] == "time_is_estimated"


def test_values_that_are_minutes_apart_are_no_trace() -> None:
    analysis = analyse(recording(rate(140, 90, rate_hz=1 / 60), rate_hz=1 / 60), gestation_days=TERM_DAYS)
    assert codes(analysis)[0] == ["samples_too_sparse"]


def test_months_of_time_are_refused_before_they_cost_memory() -> None:
    analysis = analyse(recording(np.full(200_000, 140.0), rate_hz=0.2), gestation_days=TERM_DAYS)
    assert codes(analysis)[0] == ["too_long"]


def test_the_second_fetus_is_analysed_on_its_own() -> None:
    trace = recording(rate(130, 30), fhr2=rate(155, 30))
    first, second = (analyse(trace, fetus=fetus, gestation_days=TERM_DAYS) for fetus in (1, 2))
    assert (first.fetus, second.fetus) == (1, 2)
    assert (first.baseline_bpm, second.baseline_bpm) == (130, 155)
    assert first.input_digest == second.input_digest
    with pytest.raises(ValueError, match="no fetus 2"):
        analyse(recording(rate(130, 30)), fetus=2, gestation_days=TERM_DAYS)


def test_without_gestation_the_inherited_rules_give_no_class() -> None:
    (result,) = analyse(recording(rate(140, 30)), gestation_days=None).rule_sets
    assert (result.outcome, [reason.code for reason in result.reasons]) == ("not_assessable", ["gestation_unknown"])


def test_a_day_of_signal_is_analysed() -> None:
    signal = lost(rate(140, 24 * 60), 6 * 3600, 9 * 3600)
    analysis = analyse(recording(signal), gestation_days=TERM_DAYS)
    assert analysis.baseline_bpm == 140
    assert of_kind(analysis, "signal_gap") == [Event("signal_gap", 6 * 3600.0, 9 * 3600.0)]


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    rate_hz = draw(st.sampled_from([4.0, 1.0, 0.5, 0.2, 3.7, 16.0, 250.0, 1 / 60, 1 / 3600]))
    seconds = draw(st.sampled_from([1500.0, 900.0, 601.0, 599.0, 300.0, 121.0, 119.0, 30.0, 1.0, 0.0]))
    count = min(draw(st.integers(0, 3)) + round(seconds * rate_hz), 30_000)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))

    def channel() -> FloatArray:
        kind = draw(st.sampled_from(["plausible", "noise", "steps", "wild", "constant", "drawn"]))
        values = 140 + 20 * np.sin(np.arange(count) / rate_hz / draw(st.sampled_from([300.0, 30.0, 3.0])))
        if kind == "noise":
            values += rng.normal(0, draw(st.sampled_from([0.1, 5.0, 60.0])), count)
        elif kind == "steps":
            levels = rng.choice([60.0, 100.0, 140.0, 175.0, 210.0], 8)
            values = np.resize(np.repeat(levels, max(1, count // 8)), count)
        elif kind == "wild":
            values = rng.choice([np.nan, 0.0, 50.0, 70.0, 140.0, 219.0, 220.0, 280.0, 1e300, -1e308], count)
        elif kind == "constant":
            values = np.full(count, draw(st.sampled_from([140.0, 80.0, np.nan, 0.0, 45.0, 225.0, 1e308, 5e-324])))
        elif kind == "drawn" and count:
            few = draw(hnp.arrays(np.float64, st.integers(1, 20), elements=st.floats(allow_infinity=False)))
            values = np.resize(few, count)
        loss = rng.random(count) < draw(st.sampled_from([0.0, 0.01, 0.1, 0.3, 0.6]))
        return np.where(loss, np.nan, values)

    optional = {name: channel() for name in ("fhr2", "toco", "mhr", "quality") if draw(st.booleans())}
    return Trace(
        None,
        rate_hz,
        channel(),
        time_is_estimated=draw(st.booleans()),
        slots_per_value=draw(st.integers(1, 4)),
        **optional,
    )


@settings(max_examples=150)
@given(
    traces(),
    st.one_of(st.none(), st.integers(-1000, 1000)),
    st.one_of(st.none(), st.sampled_from([0.0, -1.0, 80.0, 1e9, float("nan"), float("inf")])),
)
@example(Trace(None, 4.0, np.full(7200, np.nan)), 280, None)
@example(Trace(None, 4.0, np.full(7200, 140.0)), 280, 140.0)
def test_whatever_was_recorded_gives_one_complete_document(
    trace: Trace, gestation_days: int | None, maternal_bpm: float | None
) -> None:
    for fetus in range(1, trace.fetus_count + 1):
        before = trace.digest()
        analysis = analyse(trace, fetus=fetus, gestation_days=gestation_days, maternal_bpm=maternal_bpm)
        text = json.dumps(analysis.to_document(), allow_nan=False)
        assert Analysis.from_document(json.loads(text)) == analysis
        assert analyse(trace, fetus=fetus, gestation_days=gestation_days, maternal_bpm=maternal_bpm) == analysis
        assert trace.digest() == before == analysis.input_digest
        check_consistency(analysis)


def check_consistency(analysis: Analysis) -> None:
    """What holds for any analysis."""
    assert 0 <= analysis.loss_fraction <= 1
    assert 0 <= analysis.longest_gap_s <= analysis.duration_s
    assert all(0 <= share <= 1 for share in analysis.loss_per_10_min)
    for event in analysis.events:
        # Times lie on the engine's quarter of a second.
        assert 0 <= event.start_s < event.end_s <= analysis.duration_s + 0.25
    assert {reason.code for reason in analysis.not_interpretable} <= set(NOT_INTERPRETABLE)
    assert {reason.code for reason in analysis.limits} <= set(LIMITS)
    reasons = [*analysis.not_interpretable, *analysis.limits]
    for result in analysis.rule_sets:
        assert result.reasons
        assert analysis.is_interpretable or result.outcome == "not_assessable"
        reasons += result.reasons
    assert all(sentence(reason) for reason in reasons)
    if not analysis.is_interpretable:
        assert analysis.baseline_bpm is None
        assert not {event.kind for event in analysis.events} & {"bradycardia", "tachycardia"}
    elif analysis.baseline_bpm is None:
        assert "baseline_not_determinable" in codes(analysis)[1]
    else:
        assert 50 <= analysis.baseline_bpm <= 220


def test_the_start_of_the_recording_changes_nothing() -> None:
    trace = recording(rate(140, 30))
    with_start = analyse(trace, gestation_days=TERM_DAYS)
    assert analyse(replace(trace, start=None), gestation_days=TERM_DAYS) == with_start
