from dataclasses import replace

from app.ctg.findings import Analysis, Event, Reason
from app.services.computed import ComputedKind, headline

QUIET = Analysis(
    engine_version="1",
    input_digest="0" * 64,
    fetus=1,
    rate_hz=4.0,
    sample_count=2400,
    duration_s=600.0,
    loss_fraction=0.0,
    loss_per_10_min=(),
    longest_gap_s=0.0,
    baseline_bpm=140,
    baseline_low_bpm=None,
    baseline_high_bpm=None,
    baseline_series=None,
    events=(Event("signal_gap", 0, 20), Event("acceleration", 30, 50)),
    not_interpretable=(),
    limits=(Reason("under_20_minutes", {"minutes": 10}),),
    rule_sets=(),
)
SLOW = replace(QUIET, fetus=2, events=(Event("bradycardia", 0, 200, 92.0), Event("bradycardia", 300, 310, 90.0)))


def test_nothing_striking_has_no_line() -> None:
    assert headline([QUIET]) is None
    assert headline([]) is None


def test_the_longest_episode_is_named_with_its_fetus() -> None:
    found = headline([QUIET, SLOW])

    assert found is not None
    assert (found.kind, found.fetus, found.longest_s) == (ComputedKind.BRADYCARDIA, 2, 200)


def test_a_few_seconds_near_the_mothers_rate_are_no_reason() -> None:
    for length_s, is_named in ((13, False), (59.9, False), (60, True)):
        touched = replace(
            QUIET, events=(Event("possible_maternal", 0, 13), Event("possible_maternal", 100, 100 + length_s))
        )
        found = headline([touched])
        assert (found is not None and found.kind is ComputedKind.POSSIBLE_MATERNAL) is is_named


def test_what_cannot_be_interpreted_comes_before_everything() -> None:
    reason = Reason("loss_over_50_percent", {"usable_percent": 39})

    found = headline([SLOW, replace(QUIET, not_interpretable=(reason,))])

    assert found is not None
    assert (found.kind, found.reason) == (ComputedKind.NOT_INTERPRETABLE, reason)


def test_a_baseline_outside_110_to_160_is_named() -> None:
    for bpm, is_named in ((109, True), (110, False), (160, False), (161, True)):
        found = headline([replace(QUIET, baseline_bpm=bpm)])
        assert (found is not None and (found.kind, found.bpm) == (ComputedKind.BASELINE, bpm)) is is_named
