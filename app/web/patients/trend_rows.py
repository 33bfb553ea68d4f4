"""The rows of a trend's table: the numbers of the pictures with a link to each recording, and what limits them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from app.ctg.findings import Analysis
from app.models import MonitoringSession
from app.services.trend import Trend, TrendRow
from app.web import sentences
from app.web.i18n import gestation, percent
from app.web.monitoring import recording_words
from app.web.patients.recording_rows import address
from app.web.patients.trend_measures import Measure, numbered, shown, stated
from app.web.recorded_at import is_doubtful, recorded_at

# In the order of the columns, after the loss.
NUMBERS = (Measure.BASELINE, Measure.VARIABILITY, Measure.ACCELERATIONS)


@dataclass(frozen=True, slots=True)
class NumbersRow:
    """One fetus in one recording; `values` are those of the measures that the table has, "–" where none is stated."""

    number: int
    href: str
    recorded: str
    is_doubtful: bool
    fetus: str
    gestation: str
    kind: str
    length: str
    loss: str
    values: Sequence[str]
    engine: str
    notes: Sequence[str]


def rows(trend: Trend, measures: Sequence[Measure]) -> list[NumbersRow]:
    """Newest first; a recording of twins has two."""
    return [one for number, row in numbered(trend) for one in _rows_of(number, row, measures)]


def _rows_of(number: int, row: TrendRow, measures: Sequence[Measure]) -> list[NumbersRow]:
    if not row.analyses:
        return [_row(number, row, None, measures)]
    return [_row(number, row, analysis, measures) for analysis in row.analyses]


def _row(number: int, row: TrendRow, analysis: Analysis | None, measures: Sequence[Measure]) -> NumbersRow:
    recording = row.recording
    return NumbersRow(
        number=number,
        href=address(recording),
        recorded=recorded_at(recording),
        is_doubtful=is_doubtful(recording),
        fetus=gettext("fetus %(number)d", number=analysis.fetus) if analysis and len(row.analyses) > 1 else "",
        gestation=gestation(row.gestation_days),
        kind=recording_words.kind(recording),
        length=recording_words.length(recording),
        loss=percent(recording.loss_fraction if analysis is None else analysis.loss_fraction),
        values=["–" if analysis is None else _value(measure, analysis) for measure in measures],
        engine="–" if analysis is None else analysis.engine_version,
        notes=_without(recording) if analysis is None else _against(analysis),
    )


def _value(measure: Measure, analysis: Analysis) -> str:
    found = stated(measure, analysis)
    if found is None:
        return "–"
    if found.low is None or found.high is None or found.low == found.high:
        return shown(found.value)
    return str(
        gettext(
            "%(value)s (%(low)s to %(high)s)",
            value=shown(found.value),
            low=shown(found.low),
            high=shown(found.high),
        )
    )


def _without(recording: MonitoringSession) -> list[str]:
    """Why there is no number."""
    if recording.is_carried_over:
        return [gettext("From the earlier system, without a stored analysis. Its page computes one to look at.")]
    return [gettext("No analysis is stored.")]


def _against(analysis: Analysis) -> list[str]:
    """Why nothing can be read from it; else the gravest of its limits."""
    reasons = [sentences.finding(reason) for reason in analysis.not_interpretable]
    if reasons:
        return [gettext("Not interpretable, because:"), *reasons]
    return [sentences.finding(reason) for reason in analysis.limits[:1]]
