"""The seed's result row, which old patient apps show: made once, from the first signed reading, by a fixed table.

| impression   | overall_classification | risk_level |
|--------------|------------------------|------------|
| no concern   | normal                 | low        |
| suspicious   | concerning             | medium     |
| pathological | abnormal               | high       |

For twins there is one row a session, so the more serious of the two first readings counts and the mean is over
both. A recording of which any part could not be interpreted gets no row, because a class would be read as its
answer. Nothing a program computed goes in but the mean, and no amendment changes the row.
"""

from collections.abc import Sequence

import numpy as np
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.ctg.quality import is_missing
from app.models import (
    Accelerations,
    Decelerations,
    Impression,
    MonitoringResult,
    MonitoringSession,
    OverallClassification,
    Review,
    RiskLevel,
    Variability,
)
from app.services import traces
from app.services.clock import utc_now

CLASSES = {
    Impression.NO_CONCERN: (OverallClassification.NORMAL, RiskLevel.LOW),
    Impression.SUSPICIOUS: (OverallClassification.CONCERNING, RiskLevel.MEDIUM),
    Impression.PATHOLOGICAL: (OverallClassification.ABNORMAL, RiskLevel.HIGH),
}
_SERIOUSNESS = tuple(CLASSES)

VARIABILITY_SENTENCES = {
    Variability.ABSENT: "Variability is absent.",
    Variability.REDUCED: "Variability is reduced.",
    Variability.USUAL: "Variability is within the usual range.",
    Variability.INCREASED: "Variability is increased.",
    Variability.SINUSOIDAL: "The pattern is sinusoidal.",
    Variability.NOT_ASSESSED: "Variability was not assessed.",
}
ACCELERATION_SENTENCES = {
    Accelerations.NONE: "No acceleration.",
    Accelerations.ONE: "One acceleration.",
    Accelerations.TWO_OR_MORE: "Two or more accelerations.",
    Accelerations.NOT_ASSESSED: "Accelerations were not assessed.",
}
DECELERATION_SENTENCES = {
    Decelerations.NONE: "No deceleration.",
    Decelerations.EARLY: "Early decelerations.",
    Decelerations.VARIABLE: "Variable decelerations.",
    Decelerations.LATE: "Late decelerations.",
    Decelerations.PROLONGED: "A prolonged deceleration.",
    Decelerations.UNCLASSIFIED: "Decelerations that were not classified.",
    Decelerations.NOT_ASSESSED: "Decelerations were not assessed.",
}
MOVEMENT_RECOMMENDATION = "Whatever this recording shows: if your baby moves less than usual, call your unit now."
CALL_RECOMMENDATION = "Call your maternity unit now about this recording."


def keep_first(session: Session, monitoring_session: MonitoringSession, versions: Sequence[Review]) -> None:
    """Make the row when each fetus has its first signed reading; nothing when there is one or cannot be one."""
    first = [review for review in versions if review.version == 1]
    impressions = [review.impression for review in first if review.impression is not None]
    if len(impressions) < len(first) or _has_row(session, monitoring_session):
        return
    mean_bpm = _mean_bpm(session, monitoring_session)
    if mean_bpm is None:
        return
    worst = max(impressions, key=_SERIOUSNESS.index)
    overall, risk = CLASSES[worst]
    session.add(
        MonitoringResult(
            session_id=monitoring_session.id,
            overall_classification=overall,
            average_bpm=mean_bpm,
            baseline_variability=None,
            findings=[sentence for review in first for sentence in _findings(review, is_one_of=len(first))],
            recommendations=[
                *([CALL_RECOMMENDATION] if worst is not Impression.NO_CONCERN else []),
                MOVEMENT_RECOMMENDATION,
            ],
            risk_level=risk,
            created_at=utc_now(),
        )
    )


def _has_row(session: Session, monitoring_session: MonitoringSession) -> bool:
    return bool(session.scalar(select(exists().where(MonitoringResult.session_id == monitoring_session.id))))


def _mean_bpm(session: Session, monitoring_session: MonitoringSession) -> float | None:
    """The mean over the samples with a rate, to a tenth; None when there is no such sample."""
    trace = traces.read(session, monitoring_session).trace
    rates_bpm = np.concatenate([trace.fhr(fetus) for fetus in range(1, trace.fetus_count + 1)])
    known_bpm = rates_bpm[~is_missing(rates_bpm)]
    return round(float(known_bpm.mean()), 1) if len(known_bpm) else None


def _findings(review: Review, *, is_one_of: int) -> list[str]:
    """The reading as English sentences, as the old apps expect them."""
    name = f"Fetus {review.fetus}: " if is_one_of > 1 else ""
    sentences = [f"Baseline {review.baseline_bpm} bpm."]
    if review.variability is not None:
        sentences.append(VARIABILITY_SENTENCES[review.variability])
    if review.accelerations is not None:
        sentences.append(ACCELERATION_SENTENCES[review.accelerations])
    if review.decelerations is not None:
        sentences.append(DECELERATION_SENTENCES[review.decelerations])
    if review.contractions_per_10_min is not None:
        sentences.append(f"{review.contractions_per_10_min} contractions in 10 minutes.")
    return [name + sentence for sentence in sentences]
