"""The vocabulary of readings, contacts and releases in the reader's language."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from markupsafe import Markup

from app.models import (
    Accelerations,
    ContactOutcome,
    Decelerations,
    Impression,
    ReleaseKind,
    Review,
    Uninterpretable,
    Variability,
)
from app.services.reading import (
    MAX_BASELINE_BPM,
    MAX_CONTRACTIONS_PER_10_MIN,
    MAX_TEXT_CHARACTERS,
    MIN_BASELINE_BPM,
    Reading,
)

UNINTERPRETABLE: Mapping[Uninterpretable | None, object] = {
    Uninterpretable.TOO_SHORT: _("Too short"),
    Uninterpretable.SIGNAL_LOSS: _("Too much signal loss"),
    Uninterpretable.MATERNAL_RATE: _("Probably the mother's rate"),
    Uninterpretable.ARTEFACT: _("Artefacts"),
    Uninterpretable.WRONG_PATIENT: _("Probably another patient's recording"),
    Uninterpretable.OTHER: _("Another reason (say it in the comment)"),
}
VARIABILITY: Mapping[Variability | None, object] = {
    Variability.ABSENT: _("Absent"),
    Variability.REDUCED: _("Reduced (under 5 bpm)"),
    Variability.USUAL: _("Usual (5 to 25 bpm)"),
    Variability.INCREASED: _("Increased (over 25 bpm)"),
    Variability.SINUSOIDAL: _("Sinusoidal"),
    Variability.NOT_ASSESSED: _("Not assessed"),
}
ACCELERATIONS: Mapping[Accelerations | None, object] = {
    Accelerations.NONE: _("No accelerations"),
    Accelerations.ONE: _("One"),
    Accelerations.TWO_OR_MORE: _("Two or more"),
    Accelerations.NOT_ASSESSED: _("Not assessed"),
}
DECELERATIONS: Mapping[Decelerations | None, object] = {
    Decelerations.NONE: _("No decelerations"),
    Decelerations.EARLY: _("Early"),
    Decelerations.VARIABLE: _("Variable"),
    Decelerations.LATE: _("Late"),
    Decelerations.PROLONGED: _("Prolonged"),
    Decelerations.UNCLASSIFIED: _("Not classified"),
    Decelerations.NOT_ASSESSED: _("Not assessed"),
}
IMPRESSIONS: Mapping[Impression | None, object] = {
    Impression.NO_CONCERN: _("No concern"),
    Impression.SUSPICIOUS: _("Suspicious"),
    Impression.PATHOLOGICAL: _("Pathological"),
}
OUTCOMES = {
    ContactOutcome.REACHED: _("Reached"),
    ContactOutcome.NO_ANSWER: _("No answer"),
    ContactOutcome.WRONG_NUMBER: _("Wrong number"),
    ContactOutcome.OTHER: _("Something else (say what)"),
}
RELEASE_KINDS = {
    ReleaseKind.MESSAGE: _("A message"),
    ReleaseKind.PLEASE_CALL: _("Please call the unit now"),
    ReleaseKind.NOT_READABLE: _("The recording could not be read"),
}

# What a patient is told of the reason, as the end of a sentence of ours (SAFETY.md, section 3).
REASONS_FOR_PATIENTS = {
    Uninterpretable.TOO_SHORT: _("it is too short"),
    Uninterpretable.SIGNAL_LOSS: _("too much of the signal is missing"),
    Uninterpretable.MATERNAL_RATE: _("it may have picked up your own pulse"),
    Uninterpretable.ARTEFACT: _("the signal is disturbed"),
    Uninterpretable.WRONG_PATIENT: _("it may not be yours"),
    Uninterpretable.OTHER: _("the recording is not clear enough"),
}

_NEEDED = {
    "is_interpretable": _("Say whether it can be interpreted."),
    "uninterpretable_reason": _("Choose why it cannot be interpreted."),
    "baseline_bpm": _("Enter the baseline."),
    "variability": _("Choose the variability."),
    "accelerations": _("Choose the accelerations."),
    "decelerations": _("Choose the decelerations."),
    "impression": _("Choose your impression."),
}
_RANGES = {
    "baseline_bpm": _("Enter a baseline from %(low)d to %(high)d bpm.", low=MIN_BASELINE_BPM, high=MAX_BASELINE_BPM),
    "contractions_per_10_min": _(
        "Enter a number of contractions from %(low)d to %(high)d.", low=0, high=MAX_CONTRACTIONS_PER_10_MIN
    ),
}
_OTHERS: Mapping[str, object] = {
    "only_when_not_interpretable": _("Leave the reason empty when the recording can be interpreted."),
    "too_long": _("Use at most %(limit)s characters.", limit=MAX_TEXT_CHARACTERS),
}
# Said once, above the fields that it is about.
NO_FEATURES = _("It cannot be interpreted, so it has no features: empty those below, or answer Yes.")

DRAFT_CHANGED = _("Not saved: this reading was changed in another tab. Reload the page to see what is kept.")

REFUSALS = {
    "no_such_fetus": _("This recording has no such fetus."),
    "no_recording": _("There is no curve here that could be interpreted."),
    "reason_needed": _("Say why you change the reading."),
    "wrong_password": _("This is not your password."),
    "draft_too_long": _("This is too long for a draft."),
    "message_needed": _("Write the message."),
    "message_too_long": _("Write a shorter message."),
    "contact_needed": _("Log an attempt to reach her first. One without an answer counts."),
    "recording_is_readable": _("The reading says that this recording can be interpreted."),
    "words_to_confirm": _("Confirm the words that can be misread, or change the text."),
}


def pairs(reading: Reading | Review) -> list[tuple[object, object]]:
    """A reading as labels and values in the reader's order; what is not stated is left out."""
    is_interpretable = reading.is_interpretable
    stated = [
        (_("Interpretable"), None if is_interpretable or is_interpretable is None else _("No")),
        (_("Because"), UNINTERPRETABLE.get(reading.uninterpretable_reason)),
        (_("Baseline"), None if reading.baseline_bpm is None else _("%(bpm)d bpm", bpm=reading.baseline_bpm)),
        (_("Variability"), VARIABILITY.get(reading.variability)),
        (_("Accelerations"), ACCELERATIONS.get(reading.accelerations)),
        (_("Decelerations"), DECELERATIONS.get(reading.decelerations)),
        (_("Contractions in 10 min"), reading.contractions_per_10_min),
        (_("Impression"), IMPRESSIONS.get(reading.impression)),
        (_("Comment"), as_typed(reading.comment)),
        (_("Plan"), as_typed(reading.plan)),
    ]
    return [(label, value) for label, value in stated if value is not None]


def as_typed(text: str) -> Markup | None:
    """`text` with its lines, escaped; None for nothing."""
    return Markup('<span class="as-typed">{}</span>').format(text) if text else None


def problem_sentence(field: str, code: str, label: object) -> object:
    """What is wrong with a field of a reading; the summary lists it away from the field, so it names the field."""
    if code == "only_when_interpretable":
        return _("%(field)s: leave this empty.", field=label)
    if code == "needed":
        return _NEEDED[field]
    if code == "out_of_range":
        return _RANGES[field]
    return _OTHERS[code]
