"""The synthetic recordings are what their scenarios say, sample for sample the same on each run."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import numpy as np
import pytest

from app.ctg.synthetic import SCENARIOS, Scenario, Simulation, Twin, Wave, simulate, simulate_with_truth
from app.ctg.trace import FloatArray, Trace, runs

SEEDS = (1, 2, 3)
NAMED = pytest.mark.parametrize("name", sorted(SCENARIOS))
SHOWN_BY_DEVICES_BPM = (50, 240)


@cache
def named(name: str, seed: int) -> Simulation:
    """One of the named scenarios; nothing in it can be changed, so tests may share it."""
    return simulate_with_truth(SCENARIOS[name], seed=seed)


def minute_bandwidths_bpm(fhr: FloatArray, rate_hz: float) -> FloatArray:
    """Max - min of each whole minute with at least half of its samples (CTG.md 2.4, without the 1-s median)."""
    width = round(60 * rate_hz)
    minutes = fhr[: len(fhr) // width * width].reshape(-1, width)
    kept = minutes[np.mean(~np.isnan(minutes), axis=1) >= 0.5]
    widths: FloatArray = np.nanmax(kept, axis=1) - np.nanmin(kept, axis=1)
    return widths


def sampled(trace: Trace, start_s: float, end_s: float) -> FloatArray:
    return trace.between(start_s, end_s).fhr1


def smooth(values: FloatArray, width: int) -> FloatArray:
    return np.convolve(values, np.full(width, 1 / width), mode="same")


def without_loss(name: str, **changes: object) -> Scenario:
    return replace(SCENARIOS[name], loss_fraction=0.0, search_s=0.0, **changes)  # type: ignore[arg-type]


def fully_inside(simulation: Simulation, waves: tuple[Wave, ...]) -> list[Wave]:
    return [wave for wave in waves if wave.start_s > 5 and wave.end_s < simulation.trace.duration_s - 5]


def contraction_before(simulation: Simulation, wave: Wave) -> Wave:
    """The contraction that a deceleration belongs to: the last whose start is not after the nadir."""
    return max((one for one in simulation.contractions if one.start_s <= wave.peak_s), key=lambda one: one.start_s)


@NAMED
def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(name: str) -> None:
    scenario = SCENARIOS[name]
    first, again, other = (simulate(scenario, seed=seed) for seed in (5, 5, 6))
    assert first.digest() == again.digest()
    assert (first.digest() == other.digest()) == (scenario.loss_fraction == 1 and not scenario.with_toco)


def test_the_start_is_kept_and_changes_no_sample() -> None:
    start = datetime(2026, 3, 1, 20, 15, tzinfo=UTC)
    scenario = SCENARIOS["short_4min"]
    assert simulate(scenario, seed=1, start=start).start == start
    assert simulate(scenario, seed=1, start=start).digest() == simulate(scenario, seed=1).digest()


def test_a_part_with_its_own_random_numbers_leaves_the_others_alone() -> None:
    plain = SCENARIOS["clinic_ctg_late_decelerations"]
    lossy = simulate(replace(plain, loss_fraction=0.3), seed=4)
    whole = simulate(replace(plain, loss_fraction=0.0), seed=4)
    kept = ~np.isnan(lossy.fhr1)
    np.testing.assert_array_equal(lossy.fhr1[kept], whole.fhr1[kept])
    np.testing.assert_array_equal(lossy.toco, whole.toco)


@NAMED
def test_a_named_scenario_has_its_channels_and_its_length(name: str) -> None:
    scenario = SCENARIOS[name]
    trace = named(name, 1).trace
    assert trace.duration_s == scenario.duration_s
    assert trace.rate_hz == scenario.rate_hz
    assert (trace.toco is not None) == scenario.with_toco
    assert (trace.mhr is not None) == scenario.with_mhr
    assert trace.fetus_count == (1 if scenario.twin is None else 2)


@NAMED
def test_values_are_those_a_device_can_send(name: str) -> None:
    scenario = SCENARIOS[name]
    trace = named(name, 2).trace
    for channel, values in trace.channels():
        known = values[~np.isnan(values)]
        quantum = {"toco": 0.5, "mhr": 1.0}.get(channel, 1.0 if scenario.integer_values else 0.25)
        low, high = (0, 127) if channel == "toco" else SHOWN_BY_DEVICES_BPM
        np.testing.assert_array_equal(known % quantum, 0)
        assert np.all((known >= low) & (known <= high)), channel


@NAMED
def test_the_baseline_is_the_one_asked_for(name: str) -> None:
    scenario = SCENARIOS[name]
    for seed in SEEDS:
        simulation = named(name, seed)
        assert len(simulation.baseline_bpm) == len(simulation.trace)
        quiet_bpm = 3 if scenario.behaviour == "cycling" else 0
        allowed_bpm = 3.5 + quiet_bpm + scenario.diurnal_amplitude_bpm
        assert abs(np.mean(simulation.baseline_bpm) - scenario.baseline_bpm) < allowed_bpm


@NAMED
def test_the_signal_lies_on_its_baseline_outside_events(name: str) -> None:
    scenario = SCENARIOS[name]
    simulation = named(name, 3)
    times_s = simulation.trace.times_s()
    usable = ~np.isnan(simulation.trace.fhr1)
    spans = [(wave.start_s, wave.end_s) for wave in simulation.accelerations + simulation.decelerations]
    for start_s, end_s in [*spans, *simulation.miscounts, *scenario.maternal_capture]:
        usable &= (times_s < start_s) | (times_s > end_s + 3)
    if scenario.loss_fraction == 1:
        assert not usable.any()
        return
    off_bpm = (simulation.trace.fhr1 - simulation.baseline_bpm)[usable]
    assert abs(np.median(off_bpm)) < 2


@pytest.mark.parametrize("integer_values", [False, True])
@pytest.mark.parametrize("variability_bpm", [3.0, 6.0, 12.0, 20.0, 30.0])
def test_a_minute_of_baseline_is_as_wide_as_asked_for(variability_bpm: float, integer_values: bool) -> None:
    scenario = Scenario(
        variability_bpm=variability_bpm,
        integer_values=integer_values,
        rate_hz=1 if integer_values else 4,
        accelerations_per_30min=0,
        loss_fraction=0,
    )
    for seed in SEEDS:
        median_bpm = np.median(minute_bandwidths_bpm(simulate(scenario, seed=seed).fhr1, scenario.rate_hz))
        assert 0.75 * variability_bpm - 1 < median_bpm < 1.3 * variability_bpm + 1.5


def test_short_term_variation_of_an_active_term_fetus_is_that_of_real_ones() -> None:
    # CTU-UHB and FHRMA: 10th to 90th percentile 4 to 19 ms by this simple reckoning, term median 9.2 (Nijhuis).
    trace = simulate(without_loss("clinic_ctg_reactive_42min"), seed=1)
    epochs_ms = np.mean(60_000 / trace.fhr1[: len(trace) // 15 * 15].reshape(-1, 15), axis=1)
    assert 5 < np.mean(np.abs(np.diff(epochs_ms))) < 14


def test_most_variability_is_slow_as_in_real_recordings() -> None:
    fhr = simulate(without_loss("clinic_ctg_reactive_42min", accelerations_per_30min=0.0), seed=1).fhr1
    power = np.abs(np.fft.rfft((fhr - fhr.mean()) * np.hanning(len(fhr)))) ** 2
    cpm = np.fft.rfftfreq(len(fhr), 1 / 240)
    oscillation, fast = power[(cpm > 2) & (cpm < 6)].sum(), power[cpm > 15].sum()
    assert oscillation > 3 * fast


@NAMED
def test_the_loss_is_the_one_asked_for(name: str) -> None:
    scenario = SCENARIOS[name]
    for seed in SEEDS:
        fhr = named(name, seed).trace.fhr1
        searched = round(scenario.search_s * scenario.rate_hz)
        assert np.isnan(fhr[:searched]).all()
        assert np.mean(np.isnan(fhr[searched:])) == pytest.approx(scenario.loss_fraction, abs=0.005)


def test_losses_come_in_bursts() -> None:
    trace = simulate(replace(SCENARIOS["long_8h_clinic"], loss_fraction=0.15), seed=1)
    gaps_s = np.array([last - first for first, last in runs(np.isnan(trace.fhr1))]) / trace.rate_hz
    lost = np.isnan(trace.fhr1)[: 8 * 60 * 240].reshape(-1, 240).mean(axis=1)
    # Samples lost one by one would give gaps under 0.3 s and even minutes.
    assert 1.5 < np.median(gaps_s) < 4
    assert np.percentile(gaps_s, 90) > 4 * np.median(gaps_s)
    assert np.std(lost) > 0.2


def test_reduced_variability_has_no_acceleration() -> None:
    simulation = named("home_reduced_variability", 1)
    assert not simulation.accelerations
    assert np.median(minute_bandwidths_bpm(simulation.trace.fhr1, 1)) < 5


@pytest.mark.parametrize(("name", "low_bpm"), [("clinic_ctg_reactive_42min", 15), ("preterm_29w_10x10", 10)])
def test_accelerations_rise_as_their_definition_says(name: str, low_bpm: float) -> None:
    heights: list[float] = []
    for seed in SEEDS:
        simulation = simulate_with_truth(without_loss(name), seed=seed)
        for wave in fully_inside(simulation, simulation.accelerations):
            above = sampled(simulation.trace, wave.start_s, wave.end_s).max()
            heights.append(above - simulation.baseline_bpm[round(wave.start_s * 4)])
            assert wave.duration_s >= 15
            assert wave.peak_s - wave.start_s < 60
    assert len(heights) >= 10
    assert np.quantile(heights, 0.1) >= low_bpm


def test_before_32_weeks_accelerations_are_smaller_and_shorter() -> None:
    def waves(weeks: int) -> tuple[Wave, ...]:
        return simulate_with_truth(Scenario(duration_s=7200, gestation_weeks=weeks), seed=1).accelerations

    early, term = waves(29), waves(39)
    assert max(wave.height for wave in early) < 15 < min(wave.height for wave in term)
    assert np.mean([wave.duration_s for wave in early]) < np.mean([wave.duration_s for wave in term])


def test_contractions_are_bells_over_a_tone_of_10_to_15() -> None:
    simulation = named("clinic_tachysystole", 2)
    toco = simulation.trace.toco
    assert toco is not None
    assert len(simulation.contractions) / (simulation.trace.duration_s / 600) > 5
    assert 8 < np.percentile(toco, 10) < 18
    filtered = smooth(toco, 40)
    for wave in fully_inside(simulation, simulation.contractions):
        first, last = round(wave.start_s * 4), round(wave.end_s * 4)
        assert 45 <= wave.duration_s <= 95
        assert abs((first + int(np.argmax(filtered[first:last]))) / 4 - wave.peak_s) < 10


def nadir_s(simulation: Simulation, wave: Wave) -> float:
    """Time of the lowest smoothed rate within a deceleration, from the signal and not from the truth."""
    filtered = smooth(simulation.trace.fhr1, 40)
    first, last = round(wave.start_s * 4), round(wave.end_s * 4)
    return (first + int(np.argmin(filtered[first:last]))) / 4


@pytest.mark.parametrize("seed", SEEDS)
def test_late_decelerations_reach_their_nadir_after_the_contraction(seed: int) -> None:
    simulation = simulate_with_truth(without_loss("clinic_ctg_late_decelerations"), seed=seed)
    waves = fully_inside(simulation, simulation.decelerations)
    assert len(waves) >= 6
    for wave in waves:
        contraction = contraction_before(simulation, wave)
        assert wave.start_s > contraction.start_s + 20
        assert wave.peak_s - wave.start_s > 30
        assert wave.end_s > contraction.end_s
        assert 20 <= wave.peak_s - contraction.peak_s <= 40
        assert nadir_s(simulation, wave) > contraction.peak_s + 10


@pytest.mark.parametrize("seed", SEEDS)
def test_early_decelerations_mirror_the_contraction(seed: int) -> None:
    simulation = simulate_with_truth(without_loss("clinic_ctg_early_decelerations"), seed=seed)
    waves = fully_inside(simulation, simulation.decelerations)
    assert len(waves) >= 6
    for wave in waves:
        nearest_s = min(abs(one.peak_s - wave.peak_s) for one in simulation.contractions)
        assert nearest_s < 10
        assert wave.peak_s - wave.start_s >= 30


@pytest.mark.parametrize("seed", SEEDS)
def test_variable_decelerations_have_steep_flanks(seed: int) -> None:
    simulation = simulate_with_truth(without_loss("clinic_ctg_variable_decelerations"), seed=seed)
    waves = fully_inside(simulation, simulation.decelerations)
    assert len(waves) >= 6
    for wave in waves:
        fhr = smooth(simulation.trace.fhr1, 8)[round(wave.start_s * 4) : round(wave.end_s * 4)]
        depth_bpm = simulation.baseline_bpm[round(wave.start_s * 4)] - fhr.min()
        in_10_s_bpm = np.max(fhr[:-40] - fhr[40:])
        assert in_10_s_bpm > 0.6 * depth_bpm
        assert depth_bpm > 20
        assert fhr.min() > SHOWN_BY_DEVICES_BPM[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_prolonged_deceleration_lasts_over_three_minutes(seed: int) -> None:
    simulation = simulate_with_truth(without_loss("clinic_prolonged_deceleration"), seed=seed)
    (wave,) = simulation.decelerations
    under = simulation.trace.fhr1 < simulation.baseline_bpm - 15
    longest = max(last - first for first, last in runs(smooth(under.astype(np.float64), 120) > 0.5))
    assert 180 < longest / 4 < 420
    assert wave.height < -50


def test_the_sinusoidal_stretch_is_one_narrow_line() -> None:
    scenario = SCENARIOS["sinusoidal_20min"]
    assert scenario.sinusoidal is not None
    start_s, end_s = scenario.sinusoidal
    assert end_s - start_s >= 20 * 60
    simulation = simulate_with_truth(replace(scenario, loss_fraction=0), seed=1)
    fhr = sampled(simulation.trace, start_s + 60, start_s + 360)
    power = np.abs(np.fft.rfft((fhr - fhr.mean()) * np.hanning(len(fhr)))) ** 2
    cpm = np.fft.rfftfreq(len(fhr), 1 / 240)
    asked = power[(cpm >= 2) & (cpm <= 5)].sum() / power[(cpm >= 0.5) & (cpm <= 10)].sum()
    assert asked > 0.6
    assert 5 <= np.percentile(fhr, 99) - np.percentile(fhr, 1) <= 20


@pytest.mark.parametrize("name", ["home_mostly_maternal_rate", "clinic_maternal_capture"])
def test_the_fetal_channel_shows_the_mother_where_stated_and_only_there(name: str) -> None:
    scenario = replace(SCENARIOS[name], with_mhr=True)
    trace = simulate(scenario, seed=1)
    assert trace.mhr is not None
    off_bpm = np.abs(trace.fhr1 - trace.mhr)
    captured = np.zeros(len(trace), dtype=np.bool_)
    for start_s, end_s in scenario.maternal_capture:
        captured[round(start_s * trace.rate_hz) : round(end_s * trace.rate_hz)] = True
    assert np.nanmedian(off_bpm[captured]) < 2
    assert np.nanpercentile(off_bpm[captured], 95) < 6
    assert np.nanpercentile(off_bpm[~captured], 5) > 20


def test_the_maternal_pulse_varies_less_than_the_fetal_rate() -> None:
    trace = simulate(without_loss("clinic_ctg_reactive_42min"), seed=1)
    assert trace.mhr is not None
    assert 65 < np.nanmedian(trace.mhr) < 95
    assert np.nanstd(trace.mhr) < np.nanstd(trace.fhr1)


def test_halved_stretches_are_short_and_at_half_the_rate() -> None:
    simulation = simulate_with_truth(without_loss("halving_artefacts"), seed=1)
    assert len(simulation.miscounts) >= 5
    trace = simulation.trace
    halved = trace.fhr1 < 0.62 * simulation.baseline_bpm
    assert 0.01 < halved.mean() < 0.15
    np.testing.assert_allclose(trace.fhr1[halved], simulation.baseline_bpm[halved] / 2, atol=20)
    for start_s, end_s in simulation.miscounts:
        assert 2 <= end_s - start_s <= 9
        assert (sampled(trace, start_s, end_s) < 105).all()


def test_a_slow_rate_is_doubled_because_its_half_cannot_be_shown() -> None:
    trace = simulate(
        Scenario(baseline_bpm=80, variability_bpm=5, accelerations_per_30min=0, artefacts_per_hour=60), seed=1
    )
    assert np.nanmax(trace.fhr1) > 140


def test_twins_have_hearts_of_their_own() -> None:
    trace = simulate(replace(SCENARIOS["twins_clinic"], loss_fraction=0), seed=1)
    assert trace.fhr2 is not None
    assert np.median(trace.fhr2) - np.median(trace.fhr1) > 8
    assert abs(np.corrcoef(trace.fhr1, trace.fhr2)[0, 1]) < 0.3


def test_decelerations_are_those_of_the_first_twin_only() -> None:
    calm = Twin(baseline_bpm=150, variability_bpm=5, accelerations_per_30min=0)
    trace = simulate(without_loss("clinic_ctg_late_decelerations", twin=calm), seed=1)
    assert trace.fhr2 is not None
    assert np.percentile(trace.fhr1, 2) < 130
    assert trace.fhr2.min() > 135


def test_a_cycling_fetus_rests_and_moves_in_turns() -> None:
    simulation = named("long_8h_clinic", 1)
    bandwidths = minute_bandwidths_bpm(simulation.trace.fhr1, 4)
    assert np.mean(bandwidths < 8) > 0.2
    assert np.mean(bandwidths > 10) > 0.2
    starts_s = np.array([wave.start_s for wave in simulation.accelerations])
    assert np.diff(starts_s).max() > 15 * 60


def test_the_heart_is_slowest_in_the_early_morning() -> None:
    scenario = Scenario(
        duration_s=20 * 3600, rate_hz=1, diurnal_amplitude_bpm=6, clock_hour_at_start=12, accelerations_per_30min=0
    )
    hours = simulate_with_truth(scenario, seed=1).baseline_bpm.reshape(20, 3600).mean(axis=1)
    assert 2 <= (12 + int(np.argmin(hours))) % 24 <= 6


def test_no_signal_is_no_number() -> None:
    assert np.isnan(simulate(SCENARIOS["home_no_signal"], seed=1).fhr1).all()
