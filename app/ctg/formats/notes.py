"""What a reader has to know about a file that was accepted, as codes with one English template each."""

from collections.abc import Mapping
from types import MappingProxyType

from app.ctg.findings import Reason, Scalar
from app.ctg.formats.errors import shown
from app.ctg.translatable import N_

NOTE_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "time_estimated": N_(
            "The file states no sampling rate. One value a second is assumed: the time axis is estimated."
        ),
        "starts_late": N_("The first sample is at %(first_s)s s. The strip starts there."),
        "start_ambiguous": N_("The local start time occurred twice that night; the first one is taken."),
        "start_without_date": N_("The file states a time of day but no date, so its start is unknown."),
        "error_codes": N_(
            "%(count)s values of %(name)s are above %(limit)s bpm: a device's codes for an error. They are signal loss."
        ),
        "samples_missing": N_("%(count)s samples are missing in the file; they are signal loss."),
        "sensors_merged": N_("The file has two sensors of one baby; the larger rate of each moment is taken."),
        "sensors_kept_apart": N_(
            "In this format the second channel is usually a second sensor of the same baby. "
            "It is kept apart because twins were stated."
        ),
        "second_fetus_found": N_("One baby was stated, but the file has a heart rate of a second one."),
        "second_fetus_lost": N_("Two babies were stated, but the second heart rate has no signal at all."),
        "second_fetus_absent": N_("Two babies were stated, but the file has one heart rate only."),
        "column_ignored": N_("The column %(name)s is not read."),
        "signal_ignored": N_("The signal %(name)s is not read."),
        "signal_file_name_differs": N_("The header names another signal file (%(expected)s) than the one sent."),
        # Of what an older Dopply stored.
        "rate_not_stored": N_(
            "No sampling rate was stored. One value a second is assumed: the time axis is estimated."
        ),
        "times_not_measured": N_(
            "Many values were stored with the same time, so their times are not those of the measurement. They are "
            "drawn in the order in which they were stored, one a second: the time axis is estimated."
        ),
        "times_to_the_second": N_("The times are known to the second only. A value stands for its whole second."),
        "values_without_time": N_("%(count)s values have no usable time and are not drawn."),
        "values_no_rate": N_("%(count)s values cannot be heart rates. They are signal loss."),
        "values_repeated": N_("%(count)s values were stored twice for the same second. They are drawn once."),
        "seconds_shared": N_(
            "%(count)s seconds have more than one value. The values share their second, in the order in which they "
            "were stored."
        ),
        "begins_apart": N_(
            "The first value is %(minutes)s minutes away from the start that was stored with the recording. The strip "
            "shows the times of the values."
        ),
        "seconds_empty": N_("For %(count)s seconds between the first value and the last none was stored: gaps."),
        "quality_ignored": N_("The signal quality in the file is not on a known scale and is left out."),
    }
)


def note(code: str, **values: Scalar) -> Reason:
    """A note whose texts are fit to be shown; KeyError if the code has no sentence."""
    NOTE_SENTENCES[code]
    return Reason(code, {name: shown(value) if isinstance(value, str) else value for name, value in values.items()})
