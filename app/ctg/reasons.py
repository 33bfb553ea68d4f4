"""The sentence behind each reason code, for the person who reads the recording at night.

A sentence says what was found or what cannot be said, with its numbers, and never more than that. The
web layer translates the template and fills it in with the reason's values.
"""

from app.ctg.findings import Reason
from app.ctg.translatable import N_

# Why a recording as a whole cannot be read by a program.
NOT_INTERPRETABLE: dict[str, str] = {
    "no_signal": N_("There is no usable fetal heart rate in this recording."),
    "too_short": N_(
        "Only %(usable_s)d seconds of usable signal: under %(needed_s)d seconds nothing can be determined."
    ),
    "too_long": N_(
        "The times span %(hours)d hours, more than the %(max_hours)d hours that are analysed: "
        "check the times in the file."
    ),
    "loss_over_50_percent": N_(
        "Only %(usable_percent)d %% of the recording is usable: %(missing_percent)d %% has no signal, "
        "%(rejected_percent)d %% was set aside as implausible."
    ),
    "possibly_maternal": N_(
        "The rate runs with the mother's pulse for %(share_percent)d %% of the usable signal "
        "(%(seconds)d seconds): it may be hers."
    ),
    "samples_too_sparse": N_("One value each %(interval_s)d seconds is too sparse for a heart rate trace."),
}

# What could not be determined, or must be known beside the rest; the gravest first, as they are shown.
LIMITS: dict[str, str] = {
    "time_is_estimated": N_(
        "The file does not state its sampling rate: all times, durations and episodes are estimates."
    ),
    "possibly_maternal_in_part": N_(
        "The rate runs with the mother's pulse for %(seconds)d seconds: there it may be hers."
    ),
    "low_rate_without_maternal_pulse": N_(
        "The rate is between 60 and 100 bpm for %(seconds)d seconds while the mother's pulse is not known: "
        "it may be hers."
    ),
    "rate_outside_limits": N_(
        "The rate is below 50 or above 220 bpm for %(seconds)d seconds. This part is not analysed: look at the strip."
    ),
    "rate_held": N_("One value is repeated for %(seconds)d seconds: the device may have held its last value."),
    "baseline_not_determinable": N_("The baseline cannot be determined: there is not enough steady, usable signal."),
    "short_baseline_outside": N_(
        "The baseline of %(baseline_bpm)d bpm is outside 110 to 160 bpm; "
        "under 10 minutes it cannot be said whether this lasts."
    ),
    "baseline_changes": N_(
        "The baseline moves between %(low_bpm)d and %(high_bpm)d bpm: one number does not describe it."
    ),
    "under_10_minutes": N_(
        "Only %(minutes)d full minutes of usable signal, under 10 minutes: a baseline is a rough value, "
        "and bradycardia, tachycardia and variability cannot be determined."
    ),
    "under_20_minutes": N_("%(minutes)d full minutes long: too short for a non-stress test (20 minutes)."),
    "windows_with_high_loss": N_(
        "%(windows)d of %(all_windows)d ten-minute windows have more than 20 %% signal loss (FIGO does not "
        "assess these)."
    ),
    "samples_set_aside": N_(
        "Besides the signal loss, %(percent)d %% of the samples were set aside as implausible and not used."
    ),
    "too_coarse_for_variability": N_(
        "At one value a second or fewer the variability and the types of decelerations cannot be determined."
    ),
}

# What decided a rule set, or why it gives no class.
RULE_SETS: dict[str, str] = {
    "recording_not_interpretable": N_("No class: the recording as a whole is not interpretable."),
    "too_few_values": N_("No class: fewer than two values."),
    "gestation_unknown": N_("No class: the gestational age at the recording is not known."),
    "gestation_implausible": N_("No class: a gestational age of %(days)d days is not plausible."),
    "legacy_irregular": N_(
        "Called irregular: standard deviation %(sd_bpm)d bpm, largest step between neighbours %(jump_bpm)d bpm."
    ),
    "legacy_mean_outside": N_(
        "Mean of all values %(mean_bpm)d bpm, outside %(low_bpm)d to %(high_bpm)d; standard deviation %(sd_bpm)d bpm."
    ),
    "legacy_mean_within": N_(
        "Mean of all values %(mean_bpm)d bpm, within %(low_bpm)d to %(high_bpm)d; standard deviation %(sd_bpm)d bpm."
    ),
}

SENTENCES: dict[str, str] = NOT_INTERPRETABLE | LIMITS | RULE_SETS


def sentence(reason: Reason) -> str:
    """The English sentence of `reason` with its numbers.

    Raises
    ------
    KeyError
        For an unknown code or a missing value.
    """
    return SENTENCES[reason.code] % dict(reason.values)
