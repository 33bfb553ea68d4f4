from pathlib import Path

import numpy as np
import pytest

from app.ctg.baseline import DECIMATION, short_baseline_bpm, wmfb
from app.ctg.trace import FloatArray
from tests.ctg.signals import lost, rate, replaced
from tests.data import data_folder

# Mean absolute difference from the original program, both rounded down. The goal is 0.5 bpm; this is what the
# implementation reaches, with a little room, so that a slip in any of its steps shows.
REACHED_BPM = 0.38
SAMPLE = [f"test{number:02d}" for number in range(1, 91, 10)] + [f"train{number:02d}" for number in range(1, 67, 10)]


def raw_signal(folder: Path, name: str) -> FloatArray:
    """max(FHR1, FHR2) of an FHRMA file as it is, zeros included: the input of the original's run."""
    path = folder / "fhrma" / name.rstrip("0123456789") / f"{name}.fhr"
    samples = np.fromfile(path, np.uint8)[4:].reshape(-1, 6)
    sensors = np.ascontiguousarray(samples[:, :4]).view("<u2")
    return np.asarray(sensors.max(axis=1) / 4.0, dtype=np.float64)


def difference_bpm(folder: Path, original: FloatArray, name: str) -> float:
    signal = raw_signal(folder, name)
    points = wmfb(signal)
    ours = np.interp(np.arange(len(signal)), np.arange(len(points)) * DECIMATION, points)
    return float(np.abs(np.floor(ours) - original).mean())


def test_the_baseline_is_that_of_the_original_program_on_a_sample() -> None:
    folder = data_folder()
    with np.load(folder / "peer_outputs" / "wmfb_matlab_raw_signal.npz") as peers:
        found = [
            difference_bpm(folder, peers[f"{name}_baseline_4hz_floor"].astype(np.float64), name) for name in SAMPLE
        ]
    assert np.mean(found) <= REACHED_BPM
    assert np.median(found) <= REACHED_BPM / 2


@pytest.mark.sweep
def test_the_baseline_is_that_of_the_original_program_on_all_records() -> None:
    folder = data_folder()
    suffix = "_baseline_4hz_floor"
    with np.load(folder / "peer_outputs" / "wmfb_matlab_raw_signal.npz") as peers:
        names = [key.removesuffix(suffix) for key in peers.files if key.endswith(suffix)]
        found = {name: difference_bpm(folder, peers[name + suffix].astype(np.float64), name) for name in names}
    assert len(found) == 156
    assert np.mean(list(found.values())) <= REACHED_BPM
    assert max(found.values()) < 2.5


def test_a_steady_rate_is_its_own_baseline() -> None:
    points = wmfb(rate(140, 30))
    assert len(points) == 30 * 10
    assert np.abs(points - 140).max() < 2


def test_accelerations_and_decelerations_do_not_move_it() -> None:
    signal = rate(140, 40)
    for minute in range(2, 40, 6):
        signal = replaced(signal, minute * 60, minute * 60 + 30, signal[0] + 25)
        signal = replaced(signal, minute * 60 + 150, minute * 60 + 195, signal[0] - 40)
    assert np.abs(wmfb(signal) - 140).max() < 3


def test_it_follows_a_lasting_change() -> None:
    points = wmfb(np.concatenate((rate(130, 30), rate(160, 30))))
    assert np.abs(points[:200] - 130).max() < 3
    assert np.abs(points[400:] - 160).max() < 3


def test_it_is_symmetric_under_a_shift_of_the_rate() -> None:
    signal = replaced(rate(140, 25), 600, 660, 110.0)
    np.testing.assert_allclose(wmfb(signal + 10), wmfb(signal) + 10, atol=1e-6)


def test_the_line_drawn_across_a_long_gap_has_no_weight() -> None:
    signal = np.concatenate((rate(120, 15), np.linspace(120, 180, 30 * 240), rate(180, 15)))
    known = np.ones(len(signal), dtype=np.bool_)
    known[15 * 240 : 45 * 240] = False
    points = wmfb(signal, known)
    assert np.abs(points[:149] - 120).max() < 3
    assert np.abs(points[451:] - 180).max() < 3


def test_nothing_is_known_further_from_signal_than_the_window_reaches() -> None:
    signal = rate(140, 90)
    known = np.ones(len(signal), dtype=np.bool_)
    known[15 * 240 : 75 * 240] = False
    points = wmfb(signal, known)
    assert np.isnan(points[45 * 10])
    assert not np.isnan(points[:150]).any()
    assert not np.isnan(points[751:]).any()


def test_it_needs_ten_minutes() -> None:
    with pytest.raises(ValueError, match="10 minutes"):
        wmfb(rate(140, 9.9))


def test_a_short_record_gives_the_median_of_its_steady_signal() -> None:
    signal = replaced(rate(140, 5), 200, 230, 90.0)
    bpm = short_baseline_bpm(signal, np.ones(len(signal), dtype=np.bool_))
    assert bpm is not None
    assert abs(bpm - 140) < 2


def test_a_short_record_without_two_minutes_of_steady_signal_has_no_baseline() -> None:
    two_minutes = rate(140, 1.9)
    assert short_baseline_bpm(two_minutes, np.ones(len(two_minutes), dtype=np.bool_)) is None

    signal = rate(140, 5)
    usable = ~np.isnan(lost(signal, 100, 290))
    assert short_baseline_bpm(signal, usable) is None

    restless = 140 + 40 * np.sin(np.arange(5 * 240) / 40)
    assert short_baseline_bpm(restless, np.ones(len(restless), dtype=np.bool_)) is None
