"""What was computed from one fetal channel, in the order in which a reader asks, as rows ready to show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext, lazy_gettext, ngettext

from app.charts.strip import TimeAxis
from app.ctg.findings import Analysis, Event, EventKind, RuleSetResult
from app.ctg.quality import LOSS_WINDOW_S
from app.web import sentences
from app.web.i18n import clock_local, duration_words, elapsed_words, percent, stretch_words
from app.web.monitoring.strip_view import StripView

EVENT_NAMES = {
    "bradycardia": lazy_gettext("Bradycardia"),
    "tachycardia": lazy_gettext("Tachycardia"),
    "signal_gap": lazy_gettext("Signal gap"),
    "possible_maternal": lazy_gettext("Possibly the mother's rate"),
    "acceleration": lazy_gettext("Acceleration"),
    "deceleration": lazy_gettext("Deceleration"),
    "contraction": lazy_gettext("Contraction"),
}

LEGACY_OUTCOMES = {
    "normal": lazy_gettext("normal range"),
    "concerning": lazy_gettext("concerning"),
    "abnormal": lazy_gettext("abnormal"),
    "not_assessable": lazy_gettext("no class"),
}


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One line of the table of findings; `href` leads to the place in the strip, a quiet one has no bold value."""

    label: str
    value: str
    detail: str = ""
    href: str | None = None
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class EventRow:
    """One named stretch with the place where it is seen."""

    name: str
    begin: str
    lasts: str
    extreme_bpm: str
    href: str


@dataclass(frozen=True, slots=True)
class LossWindow:
    """The share of signal lost in ten minutes."""

    begin: str
    loss: str
    href: str


@dataclass(frozen=True, slots=True)
class AnalysisBlock:
    """Everything a page says about one analysis; `not_interpretable` is empty when it can be read."""

    fetus: int
    not_interpretable: list[str]
    findings: list[FindingRow]
    events: list[EventRow]
    loss_windows: list[LossWindow]
    limits: list[str]
    method: list[tuple[str, str]]


def analysis_block(
    analysis: Analysis, view: StripView, *, start: datetime | None, maternal_bpm: int | None
) -> AnalysisBlock:
    """The rows of this analysis, linked to the strip; `start` is that of its first sample, where one is known."""
    places, times = view.places(), _Times(start, view.time is TimeAxis.ELAPSED)
    return AnalysisBlock(
        fetus=analysis.fetus,
        not_interpretable=[sentences.finding(reason) for reason in analysis.not_interpretable],
        findings=[
            _baseline(analysis),
            _episodes(analysis, "bradycardia", times, view),
            _episodes(analysis, "tachycardia", times, view),
            _signal(analysis, view),
            _maternal(analysis, maternal_bpm, view),
            *(_rule_set(result) for result in analysis.rule_sets),
        ],
        events=[_event_row(event, times, view) for event in analysis.events],
        loss_windows=[
            LossWindow(
                times.at(number * LOSS_WINDOW_S),
                percent(loss),
                places.url(number * LOSS_WINDOW_S),
            )
            for number, loss in enumerate(analysis.loss_per_10_min)
        ],
        limits=[sentences.finding(reason) for reason in analysis.limits],
        method=_method(analysis, times),
    )


def _baseline(analysis: Analysis) -> FindingRow:
    if analysis.baseline_bpm is None:
        return FindingRow(gettext("Baseline"), gettext("not determined"))
    low, high = analysis.baseline_low_bpm, analysis.baseline_high_bpm
    moves = "" if low is None or low == high else gettext("between %(low)d and %(high)d bpm", low=low, high=high)
    return FindingRow(gettext("Baseline"), gettext("%(bpm)d bpm", bpm=analysis.baseline_bpm), moves)


@dataclass(frozen=True, slots=True)
class _Times:
    """How this page says a place in the recording: by the clock, or counted from the start as its axis is."""

    start: datetime | None
    is_elapsed: bool

    def at(self, seconds: float) -> str:
        """The time at this place as the axis has it."""
        if self.start is None or self.is_elapsed:
            return elapsed_words(seconds)
        return clock_local(self.start + timedelta(seconds=seconds))

    def both_at(self, seconds: float) -> str:
        """The same, and by the clock where the axis counts from the start."""
        if self.start is None or not self.is_elapsed:
            return self.at(seconds)
        return f"{self.at(seconds)} ({clock_local(self.start + timedelta(seconds=seconds))})"


def _episodes(analysis: Analysis, kind: EventKind, times: _Times, view: StripView) -> FindingRow:
    label = str(EVENT_NAMES[kind])
    episodes = _of_kind(analysis.events, kind)
    if not episodes:
        is_known = analysis.is_interpretable and not any(
            reason.code == "under_10_minutes" for reason in analysis.limits
        )
        return FindingRow(label, gettext("none found") if is_known else gettext("not determined"))
    total = stretch_words(sum(event.duration_s for event in episodes))
    first = times.at(episodes[0].start_s)
    return FindingRow(
        label,
        ngettext("%(num)d episode", "%(num)d episodes", len(episodes)),
        gettext("%(total)s in all, the first at %(clock)s", total=total, clock=first),
        view.url_showing(episodes[0].start_s, episodes[0].end_s),
    )


def _signal(analysis: Analysis, view: StripView) -> FindingRow:
    usable = duration_words((1 - analysis.loss_fraction) * analysis.duration_s)
    longest = max(_of_kind(analysis.events, "signal_gap"), key=lambda gap: gap.duration_s, default=None)
    return FindingRow(
        gettext("Signal loss"),
        percent(analysis.loss_fraction),
        gettext(
            "%(usable)s of %(whole)s with signal, longest gap %(gap)s",
            usable=usable,
            whole=duration_words(analysis.duration_s),
            gap=stretch_words(analysis.longest_gap_s),
        ),
        None if longest is None else view.url_showing(longest.start_s, longest.end_s),
    )


def _maternal(analysis: Analysis, maternal_bpm: int | None, view: StripView) -> FindingRow:
    stated = (
        gettext("pulse not stated")
        if maternal_bpm is None
        else gettext("pulse stated as %(bpm)d bpm", bpm=maternal_bpm)
    )
    suspects = _of_kind(analysis.events, "possible_maternal")
    if not suspects:
        # Without a pulse nothing was compared, and silence must not read as "compared and none found".
        compared = "" if maternal_bpm is None else gettext("no stretch runs with it")
        return FindingRow(gettext("Maternal rate"), stated, compared)
    total = stretch_words(sum(event.duration_s for event in suspects))
    return FindingRow(
        gettext("Maternal rate"),
        stated,
        gettext("may be hers for %(total)s", total=total),
        view.url_showing(suspects[0].start_s, suspects[0].end_s),
    )


def _rule_set(result: RuleSetResult) -> FindingRow:
    label = LEGACY_OUTCOMES.get(result.outcome, result.outcome)
    return FindingRow(
        gettext("Legacy rule set, not a verdict"),
        str(label),
        " ".join(sentences.finding(reason) for reason in result.reasons),
        is_quiet=True,
    )


def _event_row(event: Event, times: _Times, view: StripView) -> EventRow:
    return EventRow(
        name=str(EVENT_NAMES[event.kind]),
        begin=times.both_at(event.start_s),
        lasts=stretch_words(event.duration_s),
        extreme_bpm="" if event.extreme_bpm is None else f"{event.extreme_bpm:.0f}",
        href=view.url_showing(event.start_s, event.end_s),
    )


def _method(analysis: Analysis, times: _Times) -> list[tuple[str, str]]:
    rule_sets = ", ".join(f"{result.rule_set} {result.version}" for result in analysis.rule_sets)
    return [
        (gettext("Engine"), analysis.engine_version),
        (gettext("Rule sets"), rule_sets),
        (gettext("Gestation used"), _gestation_used(analysis)),
        (gettext("Window"), f"{times.at(0)}–{times.at(analysis.duration_s)}"),
        (
            gettext("Samples"),
            gettext("%(count)s at %(rate)s Hz", count=f"{analysis.sample_count:,}", rate=f"{analysis.rate_hz:g}"),
        ),
        (gettext("Input"), analysis.input_digest[:12]),
    ]


def _gestation_used(analysis: Analysis) -> str:
    """The week that the rules were asked with; a later dating of the pregnancy does not change it."""
    weeks = [
        result.features["gestation_weeks"] for result in analysis.rule_sets if "gestation_weeks" in result.features
    ]
    return str(ngettext("%(num)d week", "%(num)d weeks", int(weeks[0] or 0)) if weeks else gettext("not used"))


def _of_kind(events: Iterable[Event], kind: EventKind) -> Sequence[Event]:
    return [event for event in events if event.kind == kind]
