"""What an analysis says, as plain values: they can be stored, compared and shown in any language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Scalar = str | int | float | bool
EventKind = Literal[
    "bradycardia",
    "tachycardia",
    "signal_gap",
    "possible_maternal",
    "acceleration",
    "deceleration",
    "contraction",
]


@dataclass(frozen=True, slots=True)
class Reason:
    """One statement with its numbers; `code` names its sentence in `app.ctg.reasons.SENTENCES`."""

    code: str
    values: Mapping[str, Scalar] = field(default_factory=dict)

    def to_document(self) -> dict[str, Any]:
        """As JSON values."""
        return {"code": self.code, "values": dict(self.values)}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Reason":
        """The inverse of `to_document`."""
        return cls(code=document["code"], values=dict(document["values"]))


@dataclass(frozen=True, slots=True)
class Event:
    """A stretch of the recording that has a name; `extreme_bpm` is its lowest or highest rate."""

    kind: EventKind
    start_s: float
    end_s: float
    extreme_bpm: float | None = None

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s

    def to_document(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "kind": self.kind,
            "start_s": self.start_s,
            "end_s": self.end_s,
            "extreme_bpm": self.extreme_bpm,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Event":
        """The inverse of `to_document`."""
        return cls(**document)


@dataclass(frozen=True, slots=True)
class RuleSetResult:
    """What one published or inherited set of rules makes of the findings, and why.

    `outcome` is a code of that rule set, or "not_assessable"; `features` are the numbers that it looked at.
    """

    rule_set: str
    version: str
    outcome: str
    reasons: tuple[Reason, ...]
    features: Mapping[str, Scalar | None]

    def to_document(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "rule_set": self.rule_set,
            "version": self.version,
            "outcome": self.outcome,
            "reasons": [reason.to_document() for reason in self.reasons],
            "features": dict(self.features),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "RuleSetResult":
        """The inverse of `to_document`."""
        return cls(
            rule_set=document["rule_set"],
            version=document["version"],
            outcome=document["outcome"],
            reasons=tuple(Reason.from_document(reason) for reason in document["reasons"]),
            features=dict(document["features"]),
        )


@dataclass(frozen=True, slots=True)
class BaselineSeries:
    """The running baseline in bpm, one value each `step_s` seconds from the start; None where there is none."""

    step_s: float
    values_bpm: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything computed from one fetal channel of one Trace, with what is needed to repeat it.

    `not_interpretable` is empty when the recording can be read by a program at all; `limits` tells what could
    not be determined although the rest could. Fractions are 0 to 1, times are seconds from the start.
    `variability_bpm` and `acceleration_count` are None where the engine does not determine them: no acceleration
    among the events of an engine that never looked for one must not read as none found.
    """

    engine_version: str
    input_digest: str
    fetus: int
    rate_hz: float
    sample_count: int
    duration_s: float
    loss_fraction: float
    loss_per_10_min: tuple[float, ...]
    longest_gap_s: float
    baseline_bpm: int | None
    baseline_low_bpm: int | None
    baseline_high_bpm: int | None
    baseline_series: BaselineSeries | None
    events: tuple[Event, ...]
    not_interpretable: tuple[Reason, ...]
    limits: tuple[Reason, ...]
    rule_sets: tuple[RuleSetResult, ...]
    variability_bpm: float | None = None
    acceleration_count: int | None = None

    @property
    def is_interpretable(self) -> bool:
        """Whether nothing forbids reading it."""
        return not self.not_interpretable

    def to_document(self) -> dict[str, Any]:
        """As JSON values, complete and without NaN."""
        series = self.baseline_series
        return {
            "engine_version": self.engine_version,
            "input_digest": self.input_digest,
            "fetus": self.fetus,
            "rate_hz": self.rate_hz,
            "sample_count": self.sample_count,
            "duration_s": self.duration_s,
            "loss_fraction": self.loss_fraction,
            "loss_per_10_min": list(self.loss_per_10_min),
            "longest_gap_s": self.longest_gap_s,
            "baseline_bpm": self.baseline_bpm,
            "baseline_low_bpm": self.baseline_low_bpm,
            "baseline_high_bpm": self.baseline_high_bpm,
            "baseline_series": None
            if series is None
            else {"step_s": series.step_s, "values_bpm": list(series.values_bpm)},
            "events": [event.to_document() for event in self.events],
            "not_interpretable": [reason.to_document() for reason in self.not_interpretable],
            "limits": [reason.to_document() for reason in self.limits],
            "rule_sets": [result.to_document() for result in self.rule_sets],
            "variability_bpm": self.variability_bpm,
            "acceleration_count": self.acceleration_count,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Analysis":
        """The inverse of `to_document`."""
        series = document["baseline_series"]
        return cls(
            **{
                **document,
                "loss_per_10_min": tuple(document["loss_per_10_min"]),
                "baseline_series": None
                if series is None
                else BaselineSeries(series["step_s"], tuple(series["values_bpm"])),
                "events": tuple(Event.from_document(event) for event in document["events"]),
                "not_interpretable": tuple(Reason.from_document(reason) for reason in document["not_interpretable"]),
                "limits": tuple(Reason.from_document(reason) for reason in document["limits"]),
                "rule_sets": tuple(RuleSetResult.from_document(result) for result in document["rule_sets"]),
            }
        )
