"""The result that an older Dopply kept of a session: shown to clinicians as that system's word, never as a finding."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Text, func, select, type_coerce
from sqlalchemy.orm import Session

from app.models import MonitoringResult, MonitoringSession, OverallClassification, Review, RiskLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderResult:
    """One row of `fetal_monitoring_results` as it was written there."""

    overall: OverallClassification
    risk: RiskLevel
    average_bpm: float
    variability_bpm: float | None
    findings: tuple[str, ...]
    recommendations: tuple[str, ...]
    written_at: datetime


def of_session(session: Session, monitoring_session: MonitoringSession) -> OlderResult | None:
    """The result that came with the session; None where there is none, or where a reading signed here made it."""
    if not monitoring_session.is_carried_over:
        return None
    row = session.execute(
        select(
            MonitoringResult.overall_classification,
            MonitoringResult.risk_level,
            MonitoringResult.average_bpm,
            MonitoringResult.baseline_variability,
            # As text: what is no JSON must not take the page with it.
            type_coerce(MonitoringResult.findings, Text).label("findings"),
            type_coerce(MonitoringResult.recommendations, Text).label("recommendations"),
            MonitoringResult.created_at,
        ).where(MonitoringResult.session_id == monitoring_session.id)
    ).one_or_none()
    first_signed_at = session.scalar(
        select(func.min(Review.signed_at)).where(Review.session_id == monitoring_session.id)
    )
    # The row of a reading is written in the second of its signature or after it.
    if row is None or (first_signed_at is not None and row.created_at >= first_signed_at.replace(microsecond=0)):
        return None
    return OlderResult(
        overall=row.overall_classification,
        risk=row.risk_level,
        average_bpm=row.average_bpm,
        variability_bpm=row.baseline_variability,
        findings=lines_in(row.findings),
        recommendations=lines_in(row.recommendations),
        written_at=row.created_at,
    )


def lines_in(text: str | None) -> tuple[str, ...]:
    """The sentences in a JSON list of sentences; a text that is none is one sentence."""
    try:
        document = json.loads(text or "null")
    except (ValueError, RecursionError):
        document = text
    items = document if isinstance(document, list) else [document]
    return tuple(str(item) for item in items if item not in (None, ""))
