"""What a trend shows of an analysis: each measure with its words, its axis, and its value as a mark and in a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from itertools import pairwise
from typing import Any

from flask_babel import gettext, lazy_gettext, ngettext

from app.charts.trend import TrendAxis, TrendChart, TrendLabels, TrendMark
from app.ctg.findings import Analysis
from app.models import MonitoringType
from app.services.trend import Trend, TrendRow
from app.web.i18n import gestation

HALF_HOUR_S = 1800.0


class Measure(StrEnum):
    """A number that an analysis may state."""

    BASELINE = "baseline"
    VARIABILITY = "variability"
    ACCELERATIONS = "accelerations"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class Stated:
    """A value with the range that it moved in, where there is one."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """How a measure is called, read from an analysis, and drawn."""

    title: Any
    none_stated: Any
    axis: TrendAxis
    of: Callable[[Analysis], Stated | None]


def _baseline(analysis: Analysis) -> Stated | None:
    if analysis.baseline_bpm is None:
        return None
    return Stated(analysis.baseline_bpm, analysis.baseline_low_bpm, analysis.baseline_high_bpm)


def _variability(analysis: Analysis) -> Stated | None:
    return None if analysis.variability_bpm is None else Stated(analysis.variability_bpm)


def _accelerations(analysis: Analysis) -> Stated | None:
    """In thirty minutes of signal, so that long and short recordings can stand side by side."""
    signal_s = analysis.duration_s * (1 - analysis.loss_fraction)
    if analysis.acceleration_count is None or signal_s <= 0:
        return None
    return Stated(analysis.acceleration_count * HALF_HOUR_S / signal_s)


def _loss(analysis: Analysis) -> Stated:
    return Stated(analysis.loss_fraction * 100)


KINDS: Mapping[Measure, Kind] = {
    Measure.BASELINE: Kind(
        lazy_gettext("Baseline, bpm"),
        lazy_gettext("No analysis here states the baseline."),
        TrendAxis(100, 180, 20),
        _baseline,
    ),
    Measure.VARIABILITY: Kind(
        lazy_gettext("Variability, bpm"),
        lazy_gettext("No analysis here states the variability."),
        TrendAxis(0, 30, 10),
        _variability,
    ),
    Measure.ACCELERATIONS: Kind(
        lazy_gettext("Accelerations in 30 minutes of signal"),
        lazy_gettext("No analysis here states the accelerations."),
        TrendAxis(0, 10, 5),
        _accelerations,
    ),
    Measure.LOSS: Kind(
        lazy_gettext("Signal loss, %"),
        lazy_gettext("No analysis here states the signal loss."),
        TrendAxis(0, 100, 25),
        _loss,
    ),
}


def stated(measure: Measure, analysis: Analysis) -> Stated | None:
    """What the analysis states of it; of a recording that is not interpretable nothing but the loss."""
    if not analysis.is_interpretable and measure is not Measure.LOSS:
        return None
    return KINDS[measure].of(analysis)


def is_stated(measure: Measure, trend: Trend) -> bool:
    """Whether an analysis of a recording whose gestation is known states it: else there is nothing to draw."""
    return any(
        stated(measure, analysis) is not None
        for row in trend.rows
        if row.gestation_days is not None
        for analysis in row.analyses
    )


def numbered(trend: Trend) -> list[tuple[int, TrendRow]]:
    """The recordings with their numbers, 1 for the oldest; newest first, as in the table."""
    count = len(trend.rows)
    return [(count - place, row) for place, row in enumerate(trend.rows)]


def chart(measure: Measure, trend: Trend, *, zone: tzinfo, is_demo: bool) -> TrendChart:
    """The picture of this measure; `is_stated` is true of it."""
    marks = tuple(
        TrendMark(
            days=row.gestation_days + _part_of_day(row.recording.began_at, zone),
            value=None if (found := stated(measure, analysis)) is None else found.value,
            low=None if found is None else found.low,
            high=None if found is None else found.high,
            number=number,
            is_home=row.recording.monitoring_type is MonitoringType.HOME,
            is_interpretable=analysis.is_interpretable,
            fetus=analysis.fetus,
        )
        for number, row in reversed(numbered(trend))
        if row.gestation_days is not None
        for analysis in row.analyses
    )
    return TrendChart(
        marks=marks,
        axis=KINDS[measure].axis,
        labels=TrendLabels(
            title=str(KINDS[measure].title),
            description=words(measure, trend),
            lane=gettext("without a value"),
            demo=gettext("DEMO – synthetic data"),
        ),
        changes=_changes(trend, zone),
        is_demo=is_demo,
    )


def words(measure: Measure, trend: Trend) -> str:
    """The picture for a reader who cannot see it."""
    found = [
        (row.gestation_days, stated(measure, analysis))
        for row in trend.rows
        if row.gestation_days is not None
        for analysis in row.analyses
    ]
    values = [one.value for _, one in found if one is not None]
    days = [one for one, _ in found]
    without = len(found) - len(values)
    said = gettext(
        "%(title)s: from %(low)s to %(high)s between %(first)s and %(last)s.",
        title=KINDS[measure].title,
        low=shown(min(values)),
        high=shown(max(values)),
        first=gestation(min(days)),
        last=gestation(max(days)),
    )
    if not without:
        return str(said)
    return f"{said} {ngettext('%(num)d is without a value.', '%(num)d are without a value.', without)}"


def shown(value: float) -> str:
    """A whole number, or one with a decimal where a whole one would say too little."""
    return f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def _part_of_day(began: datetime, zone: tzinfo) -> float:
    """So that two recordings of one day stand side by side."""
    local = began.astimezone(zone)
    return (local.hour * 60 + local.minute) / (24 * 60)


def _changes(trend: Trend, zone: tzinfo) -> tuple[tuple[float, str], ...]:
    """Between which recordings the engine changes, with the name of the next one."""
    read = [
        (row.gestation_days + _part_of_day(row.recording.began_at, zone), row.analyses[0].engine_version)
        for row in reversed(trend.rows)
        if row.gestation_days is not None and row.analyses
    ]
    return tuple(
        ((before + after) / 2, str(gettext("engine %(version)s", version=name)))
        for (before, earlier), (after, name) in pairwise(read)
        if name != earlier
    )
