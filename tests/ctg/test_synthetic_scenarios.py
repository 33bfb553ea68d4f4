"""Any scenario within its stated limits gives a valid recording; any other is refused by the name of its fault."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.ctg.synthetic import Scenario, Twin, simulate_with_truth

SHOWN_BY_DEVICES_BPM = (50, 240)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rate_hz": 3.0}, "rate_hz"),
        ({"duration_s": 0.0}, "duration_s"),
        ({"baseline_bpm": float("nan")}, "baseline_bpm"),
        ({"loss_fraction": 1.2}, "loss_fraction"),
        ({"contractions_per_10min": 12.0}, "contractions_per_10min"),
        ({"search_s": 1e6}, "search_s"),
        ({"maternal_capture": ((20.0, 10.0),)}, "stretch"),
        ({"sinusoidal": (-5.0, 10.0)}, "stretch"),
    ],
)
def test_an_impossible_scenario_is_refused_by_name(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(Scenario(), **changes)  # type: ignore[arg-type]


def stretches(longest_s: float) -> st.SearchStrategy[tuple[float, float]]:
    return st.tuples(st.floats(0, longest_s), st.floats(0.5, longest_s)).map(lambda pair: (pair[0], sum(pair)))


SCENARIO_STRATEGY = st.builds(
    Scenario,
    duration_s=st.floats(10, 900),
    rate_hz=st.sampled_from([1.0, 2.0, 4.0]),
    integer_values=st.booleans(),
    gestation_weeks=st.integers(20, 43),
    baseline_bpm=st.floats(60, 210),
    variability_bpm=st.floats(1, 40),
    accelerations_per_30min=st.floats(0, 30),
    behaviour=st.sampled_from(["active", "quiet", "cycling"]),
    diurnal_amplitude_bpm=st.floats(0, 15),
    clock_hour_at_start=st.floats(0, 24),
    contractions_per_10min=st.one_of(st.just(0.0), st.floats(0.1, 7)),
    decelerations=st.sampled_from(["none", "early", "late", "variable", "prolonged"]),
    deceleration_share=st.floats(0, 1),
    deceleration_depth_bpm=st.floats(10, 90),
    sinusoidal=st.one_of(st.none(), stretches(900)),
    loss_fraction=st.floats(0, 1),
    loss_burst_s=st.floats(0.5, 120),
    search_s=st.floats(0, 10),
    artefacts_per_hour=st.floats(0, 120),
    maternal_bpm=st.floats(45, 150),
    maternal_capture=st.lists(stretches(900), max_size=3).map(tuple),
    with_toco=st.booleans(),
    with_mhr=st.booleans(),
    twin=st.one_of(st.none(), st.builds(Twin, baseline_bpm=st.floats(60, 210))),
)


@settings(max_examples=150, deadline=None)
@given(scenario=SCENARIO_STRATEGY, seed=st.integers(0, 2**63))
def test_every_scenario_gives_a_valid_trace(scenario: Scenario, seed: int) -> None:
    simulation = simulate_with_truth(scenario, seed=seed)
    trace = simulation.trace
    assert len(trace) == len(simulation.baseline_bpm) == round(scenario.duration_s * scenario.rate_hz)
    assert trace.fetus_count == (1 if scenario.twin is None else 2)
    for name, values in trace.channels():
        known = values[~np.isnan(values)]
        low, high = (0, 127) if name == "toco" else SHOWN_BY_DEVICES_BPM
        assert np.all((known >= low) & (known <= high)), name
    for wave in simulation.accelerations + simulation.decelerations + simulation.contractions:
        assert wave.start_s < wave.peak_s < wave.end_s
    for before, after in zip(simulation.contractions, simulation.contractions[1:], strict=False):
        assert before.end_s <= after.start_s
    for before, after in zip(simulation.decelerations, simulation.decelerations[1:], strict=False):
        assert before.end_s <= after.start_s
