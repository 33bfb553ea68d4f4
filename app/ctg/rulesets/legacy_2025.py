"""The classification that the Dopply of 2025 intended, kept so that its old results can be understood.

It judges a recording by the mean of all values, which misleads: half an hour at 100 and half at 180 has a
mean of 140. It is shown to clinicians as what it is, never as the verdict. The original averaged zeros sent
for lost signal into the mean, and took the step across a gap for a jump between neighbours; both made loss
look like disease. Here only samples with a rate count, and only neighbours in time are compared.
"""

import numpy as np

from app.ctg.findings import Reason, RuleSetResult, Scalar
from app.ctg.quality import is_missing
from app.ctg.trace import FloatArray

RULE_SET = "legacy_2025"
VERSION = "1"
NOT_ASSESSABLE = "not_assessable"

# All thresholds: SCHEMA.md, end of section 4. First week that a range no longer holds for, low, high.
RANGES_BPM = ((20, 120, 180), (32, 115, 170))
RANGE_FROM_LAST_WEEK_BPM = (110, 160)
IRREGULAR_SD_BPM = 25.0
IRREGULAR_JUMP_BPM = 40.0
NORMAL_SD_BPM = 15.0
ABNORMAL_SD_BPM = 20.0
FAR_OUTSIDE_BPM = 20.0
# Beyond this no pregnancy lasts: the date it was computed from is wrong.
MAX_GESTATION_DAYS = 45 * 7


def assess(rate_bpm: FloatArray, gestation_days: int | None, *, is_interpretable: bool = True) -> RuleSetResult:
    """What the rules of 2025 say; the outcome is normal, concerning, abnormal or not_assessable.

    Parameters
    ----------
    rate_bpm : ndarray of float64, shape (n,)
        Heart rate as recorded at any rate; loss is NaN or 0.
    gestation_days : int or None
        Gestational age at the recording.
    is_interpretable : bool
        False when the recording as a whole is not: then its numbers are given without a class, because
        "low risk" beside "not interpretable" would be read as comfort.
    """
    features = _numbers(rate_bpm)
    reason = _obstacle(features, gestation_days, is_interpretable)
    if reason is not None or gestation_days is None:
        return _result(NOT_ASSESSABLE, reason or Reason("gestation_unknown"), features)
    low, high = range_bpm(gestation_days // 7)
    mean, sd, jump = (float(features[name] or 0.0) for name in ("mean_bpm", "sd_bpm", "max_jump_bpm"))
    is_irregular = sd > IRREGULAR_SD_BPM or jump > IRREGULAR_JUMP_BPM
    side = "bradycardia" if mean < low else "tachycardia" if mean > high else "normal"
    classification = "irregular" if is_irregular else side
    is_calm = classification == "normal" and sd < NORMAL_SD_BPM
    is_far = mean < low - FAR_OUTSIDE_BPM or mean > high + FAR_OUTSIDE_BPM
    if is_calm:
        overall, risk = "normal", "low"
    else:
        overall = "abnormal" if is_irregular or sd > ABNORMAL_SD_BPM else "concerning"
        risk = "high" if is_irregular or is_far else "medium"
    features |= {
        "gestation_weeks": gestation_days // 7,
        "range_low_bpm": low,
        "range_high_bpm": high,
        "classification": classification,
        "overall": overall,
        "risk": risk,
    }
    return _result(overall, _cause(classification, mean, low, high, sd, jump), features)


def range_bpm(gestation_weeks: int) -> tuple[int, int]:
    """Lowest and highest mean rate that these rules call normal in that week."""
    for end_week, low, high in RANGES_BPM:
        if gestation_weeks < end_week:
            return low, high
    return RANGE_FROM_LAST_WEEK_BPM


def _numbers(rate_bpm: FloatArray) -> dict[str, Scalar | None]:
    """Mean, sample standard deviation and largest step between neighbours; None where there is none."""
    rates = np.where(is_missing(rate_bpm), np.nan, rate_bpm)
    values = rates[~np.isnan(rates)]
    steps = np.abs(np.diff(rates))
    steps = steps[~np.isnan(steps)]
    return {
        "valid_samples": len(values),
        "mean_bpm": float(values.mean()) if len(values) else None,
        "sd_bpm": float(values.std(ddof=1)) if len(values) > 1 else None,
        "max_jump_bpm": float(steps.max()) if len(steps) else None,
    }


def _obstacle(features: dict[str, Scalar | None], gestation_days: int | None, is_interpretable: bool) -> Reason | None:
    """Why no class can be given, or None."""
    if not is_interpretable:
        return Reason("recording_not_interpretable")
    if features["sd_bpm"] is None:
        return Reason("too_few_values")
    if gestation_days is None:
        return Reason("gestation_unknown")
    if not 0 < gestation_days <= MAX_GESTATION_DAYS:
        return Reason("gestation_implausible", {"days": gestation_days})
    return None


def _cause(
    classification: str,
    mean: float,
    low: int,
    high: int,
    sd: float,
    jump: float,
) -> Reason:
    """The numbers that decided the class."""
    if classification == "irregular":
        return Reason("legacy_irregular", {"sd_bpm": round(sd), "jump_bpm": round(jump)})
    values = {"mean_bpm": round(mean), "low_bpm": low, "high_bpm": high, "sd_bpm": round(sd)}
    if classification == "normal":
        return Reason("legacy_mean_within", values)
    return Reason("legacy_mean_outside", values)


def _result(outcome: str, reason: Reason, features: dict[str, Scalar | None]) -> RuleSetResult:
    return RuleSetResult(RULE_SET, VERSION, outcome, (reason,), features)
