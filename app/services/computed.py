"""The one computed finding that is worth a line in a list, for reference: it never changes an order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.ctg.findings import Analysis, EventKind, Reason
from app.ctg.maternal import MIN_LOW_RATE_S

# FIGO 2015, doi:10.1016/j.ijgo.2015.06.020: a baseline outside this range is named.
BASELINE_LOW_BPM = 110
BASELINE_HIGH_BPM = 160

# The shortest episode that is worth the line. Rates that meet the mother's for seconds are in the table of events.
_EPISODES_FROM_S: Mapping[EventKind, float] = {
    "bradycardia": 0.0,
    "tachycardia": 0.0,
    "possible_maternal": MIN_LOW_RATE_S,
}


class ComputedKind(StrEnum):
    """What kind of finding it is."""

    NOT_INTERPRETABLE = "not_interpretable"
    BRADYCARDIA = "bradycardia"
    TACHYCARDIA = "tachycardia"
    POSSIBLE_MATERNAL = "possible_maternal"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Computed:
    """One finding with what its sentence needs."""

    kind: ComputedKind
    fetus: int
    reason: Reason | None = None
    longest_s: float | None = None
    bpm: int | None = None


def headline(analyses: Iterable[Analysis]) -> Computed | None:
    """The finding to name, the most striking first; None when there is none to name."""
    found = [finding for analysis in analyses if (finding := _of_one(analysis)) is not None]
    order = list(ComputedKind)
    return min(found, key=lambda finding: order.index(finding.kind), default=None)


def _of_one(analysis: Analysis) -> Computed | None:
    if analysis.not_interpretable:
        return Computed(ComputedKind.NOT_INTERPRETABLE, analysis.fetus, reason=analysis.not_interpretable[0])
    for kind, from_s in _EPISODES_FROM_S.items():
        longest_s = max((event.duration_s for event in analysis.events if event.kind == kind), default=0.0)
        if longest_s > 0 and longest_s >= from_s:
            return Computed(ComputedKind(kind), analysis.fetus, longest_s=longest_s)
    baseline_bpm = analysis.baseline_bpm
    if baseline_bpm is not None and not BASELINE_LOW_BPM <= baseline_bpm <= BASELINE_HIGH_BPM:
        return Computed(ComputedKind.BASELINE, analysis.fetus, bpm=baseline_bpm)
    return None
