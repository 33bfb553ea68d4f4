"""What forbids reading a recording by program, and what limits it: the reasons, decided in one place.

A reason that makes the whole not interpretable stops every further finding. A limit stands beside the
findings. Both are results (SAFETY.md 2.7), not failures.
"""

from collections.abc import Sequence

from app.ctg.baseline import MIN_WMFB_S, SHORT_RULE_MIN_S
from app.ctg.cleaning import Cleaned
from app.ctg.episodes import BRADYCARDIA_BELOW_BPM, TACHYCARDIA_ABOVE_BPM
from app.ctg.findings import Reason
from app.ctg.quality import (
    HELD_S,
    MAX_LOSS_FRACTION,
    MAX_WINDOW_LOSS_FRACTION,
    BoolArray,
    longest_hold_s,
    loss_per_window,
)
from app.ctg.resampling import ENGINE_RATE_HZ, MIN_ANALYSED_RATE_HZ
from app.ctg.trace import FloatArray, Trace

# A week: more is a mistaken time column, and memory has to stay bounded (own rule).
MAX_ANALYSED_S = 7 * 86_400.0
NON_STRESS_TEST_S = 1200.0
# At or below this rate a device averages, and nothing finer than the baseline can be read (CTG.md 2.8).
COARSE_RATE_HZ = 1.0
# NICE NG229 asks about a baseline that has moved by 20 bpm; one number then no longer describes it.
CHANGED_BASELINE_BPM = 20.0
# More than half of the usable signal with the mother's rate: the rest cannot be trusted either (own rule).
MAX_MATERNAL_FRACTION = 0.5

Stretches = Sequence[tuple[float, float]]


def obstacles_before_analysis(trace: Trace) -> list[Reason]:
    """Why the samples are not brought to 4 Hz at all: too few in time, or too long a time."""
    if len(trace) == 0:
        return [Reason("no_signal")]
    if trace.rate_hz < MIN_ANALYSED_RATE_HZ:
        return [Reason("samples_too_sparse", {"interval_s": round(1 / trace.rate_hz)})]
    if trace.duration_s > MAX_ANALYSED_S:
        hours = {"hours": int(trace.duration_s // 3600), "max_hours": int(MAX_ANALYSED_S // 3600)}
        return [Reason("too_long", hours)]
    return []


def obstacles(cleaned: Cleaned, missing: BoolArray, maternal: Stretches) -> list[Reason]:
    """Why the recording as a whole is not interpretable; empty when it is.

    Parameters
    ----------
    cleaned : Cleaned
        The rate at 4 Hz, at least one sample.
    missing : ndarray of bool, shape (n,)
        Loss in the samples as recorded.
    maternal : sequence of (start_s, end_s)
        Stretches that run with the mother's pulse.
    """
    if not cleaned.usable.any():
        return [Reason("no_signal")]
    reasons = []
    if cleaned.usable_s < SHORT_RULE_MIN_S:
        values = {"usable_s": int(cleaned.usable_s), "needed_s": int(SHORT_RULE_MIN_S)}
        reasons.append(Reason("too_short", values))
    usable_fraction = float(cleaned.usable.mean())
    if 1 - usable_fraction > MAX_LOSS_FRACTION:
        missing_percent, usable_percent = round(100 * float(missing.mean())), int(100 * usable_fraction)
        shares = {
            "usable_percent": usable_percent,
            "missing_percent": missing_percent,
            "rejected_percent": max(0, 100 - usable_percent - missing_percent),
        }
        reasons.append(Reason("loss_over_50_percent", shares))
    maternal_s = usable_seconds(cleaned, maternal)
    if maternal_s > MAX_MATERNAL_FRACTION * cleaned.usable_s:
        share = {"share_percent": round(100 * maternal_s / cleaned.usable_s), "seconds": round(maternal_s)}
        reasons.append(Reason("possibly_maternal", share))
    return reasons


def limits_of_signal(
    trace: Trace, rate_bpm: FloatArray, missing: BoolArray, cleaned: Cleaned, maternal: Stretches, low_rates: Stretches
) -> list[Reason]:
    """What a reader must know about the signal, whether or not a program can read it."""
    reasons = []
    if maternal:
        seconds = round(usable_seconds(cleaned, maternal))
        reasons.append(Reason("possibly_maternal_in_part", {"seconds": seconds}))
    if low_rates:
        seconds = round(usable_seconds(cleaned, low_rates))
        reasons.append(Reason("low_rate_without_maternal_pulse", {"seconds": seconds}))
    outside_s = float(cleaned.outside.sum()) / ENGINE_RATE_HZ
    if outside_s:
        reasons.append(Reason("rate_outside_limits", {"seconds": round(outside_s)}))
    held_s = longest_hold_s(rate_bpm, missing, trace.rate_hz)
    if held_s >= HELD_S:
        reasons.append(Reason("rate_held", {"seconds": round(held_s)}))
    return reasons


def limits_of_loss(trace: Trace, missing: BoolArray, cleaned: Cleaned) -> list[Reason]:
    """What loss and coarse sampling take from a recording that is interpretable as a whole."""
    reasons = []
    windows = loss_per_window(missing, trace.rate_hz)
    lossy = sum(share > MAX_WINDOW_LOSS_FRACTION for share in windows)
    if lossy:
        reasons.append(Reason("windows_with_high_loss", {"windows": lossy, "all_windows": len(windows)}))
    set_aside_percent = round(100 * (1 - float(missing.mean()) - float(cleaned.usable.mean())))
    if set_aside_percent >= 1:
        reasons.append(Reason("samples_set_aside", {"percent": set_aside_percent}))
    if trace.device_rate_hz <= COARSE_RATE_HZ:
        reasons.append(Reason("too_coarse_for_variability"))
    return reasons


def limits_of_length(duration_s: float, usable_s: float) -> list[Reason]:
    """What a recording is too short for."""
    if usable_s < MIN_WMFB_S:
        return [Reason("under_10_minutes", {"minutes": int(usable_s // 60)})]
    if duration_s < NON_STRESS_TEST_S:
        return [Reason("under_20_minutes", {"minutes": int(duration_s // 60)})]
    return []


def limits_of_baseline(
    *, is_short: bool, baseline_bpm: float | None, low_bpm: float | None, high_bpm: float | None
) -> list[Reason]:
    """What the course of the baseline leaves open."""
    if baseline_bpm is None:
        return [Reason("baseline_not_determinable")]
    if is_short and not BRADYCARDIA_BELOW_BPM <= round(baseline_bpm) <= TACHYCARDIA_ABOVE_BPM:
        return [Reason("short_baseline_outside", {"baseline_bpm": round(baseline_bpm)})]
    if low_bpm is not None and high_bpm is not None and high_bpm - low_bpm >= CHANGED_BASELINE_BPM:
        return [Reason("baseline_changes", {"low_bpm": round(low_bpm), "high_bpm": round(high_bpm)})]
    return []


def usable_seconds(cleaned: Cleaned, stretches: Stretches) -> float:
    """Seconds of usable signal inside the stretches."""
    rate = ENGINE_RATE_HZ
    count = sum(int(cleaned.usable[round(start * rate) : round(end * rate)].sum()) for start, end in stretches)
    return count / rate
