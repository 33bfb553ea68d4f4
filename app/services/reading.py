"""What a doctor states about one fetal channel, and what a statement must hold before it can be signed."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.models import Accelerations, Decelerations, Impression, Review, Uninterpretable, Variability

# Rates outside these are slips of the keyboard: no strip is drawn there.
MIN_BASELINE_BPM = 50
MAX_BASELINE_BPM = 240
# One contraction lasts half a minute or more.
MAX_CONTRACTIONS_PER_10_MIN = 20
MAX_TEXT_CHARACTERS = 4000

FEATURES = ("baseline_bpm", "variability", "accelerations", "decelerations", "contractions_per_10_min", "impression")
NEEDED_FEATURES = ("baseline_bpm", "variability", "accelerations", "decelerations", "impression")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading as its author states it; None is "not stated", and nothing has a default."""

    is_interpretable: bool | None
    uninterpretable_reason: Uninterpretable | None
    baseline_bpm: int | None
    variability: Variability | None
    accelerations: Accelerations | None
    decelerations: Decelerations | None
    contractions_per_10_min: int | None
    impression: Impression | None
    comment: str
    plan: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a reading cannot be signed: which field, and the code of the sentence about it."""

    field: str
    code: str


def problems(reading: Reading) -> list[Problem]:
    """Everything that keeps `reading` from being signed; empty when it is complete and not contradictory."""
    return list(_problems(reading))


def of_review(review: Review) -> Reading:
    """What a signed row states."""
    return Reading(**{name: getattr(review, name) for name in Reading.__dataclass_fields__})


def _problems(reading: Reading) -> Iterator[Problem]:
    if reading.is_interpretable is None:
        yield Problem("is_interpretable", "needed")
    elif reading.is_interpretable:
        yield from (Problem(name, "needed") for name in NEEDED_FEATURES if getattr(reading, name) is None)
        if reading.uninterpretable_reason is not None:
            yield Problem("uninterpretable_reason", "only_when_not_interpretable")
    else:
        if reading.uninterpretable_reason is None:
            yield Problem("uninterpretable_reason", "needed")
        yield from (Problem(name, "only_when_interpretable") for name in FEATURES if getattr(reading, name) is not None)
    if reading.baseline_bpm is not None and not MIN_BASELINE_BPM <= reading.baseline_bpm <= MAX_BASELINE_BPM:
        yield Problem("baseline_bpm", "out_of_range")
    contractions = reading.contractions_per_10_min
    if contractions is not None and not 0 <= contractions <= MAX_CONTRACTIONS_PER_10_MIN:
        yield Problem("contractions_per_10_min", "out_of_range")
    yield from (
        Problem(name, "too_long") for name in ("comment", "plan") if len(getattr(reading, name)) > MAX_TEXT_CHARACTERS
    )
