"""Computed analyses of a stored recording: one row per fetus, engine version and input; the newest is shown."""

import hashlib
import json
import logging
from collections.abc import Sequence
from datetime import tzinfo

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.ctg.analysis import ENGINE_VERSION, analyse
from app.ctg.findings import Analysis
from app.ctg.trace import Trace
from app.models import MonitoringSession, Record, SessionAnalysis
from app.services import pregnancy_then, traces
from app.services.clock import utc_now
from app.services.traces import Facts

logger = logging.getLogger(__name__)


def run(
    session: Session, monitoring_session: MonitoringSession, trace: Trace, *, gestation_days: int | None
) -> list[Analysis]:
    """Analyse each fetus of a stored recording as in `compute` and store the results."""
    found = compute(trace, gestation_days=gestation_days, maternal_bpm=monitoring_session.maternal_bpm)
    keep(session, monitoring_session, found, gestation_days=gestation_days)
    return found


def compute(trace: Trace, *, gestation_days: int | None, maternal_bpm: int | None) -> list[Analysis]:
    """The analysis of each fetus; nothing is stored.

    A recording is worth more than what a program says of it: a crash of the engine is logged and its result
    missing, and nothing else is touched.
    """
    found = []
    for fetus in range(1, trace.fetus_count + 1):
        try:
            found.append(analyse(trace, fetus=fetus, gestation_days=gestation_days, maternal_bpm=maternal_bpm))
        except Exception:
            logger.exception("analysis of trace %s, fetus %s failed", trace.digest(), fetus)
    return found


def keep(
    session: Session, monitoring_session: MonitoringSession, found: Sequence[Analysis], *, gestation_days: int | None
) -> None:
    """Store what `compute` found for this recording at this gestation."""
    if not found:
        return
    inputs = {"gestation_days": gestation_days, "maternal_bpm": monitoring_session.maternal_bpm}
    now = utc_now()
    session.execute(
        insert(SessionAnalysis),
        [
            {
                "session_id": monitoring_session.id,
                "fetus": analysis.fetus,
                "engine_version": analysis.engine_version,
                "input_digest": _input_digest(analysis, inputs),
                "is_interpretable": analysis.is_interpretable,
                "document": analysis.to_document(),
                "computed_at": now,
            }
            for analysis in found
        ],
    )


def newest(session: Session, monitoring_session: MonitoringSession) -> list[Analysis]:
    """The newest analysis of each fetus, in their order; empty where the engine gave none."""
    return newest_of_each(session, [monitoring_session.id]).get(monitoring_session.id, [])


def newest_of_each(session: Session, session_ids: Sequence[str]) -> dict[str, list[Analysis]]:
    """As `newest` of each of these sessions, in one statement; a session without any is left out."""
    # A document of a day is a quarter of a megabyte: those of earlier engines are not read.
    ids = (
        select(func.max(SessionAnalysis.id))
        .where(SessionAnalysis.session_id.in_(session_ids))
        .group_by(SessionAnalysis.session_id, SessionAnalysis.fetus)
    )
    rows = session.execute(
        select(SessionAnalysis.session_id, SessionAnalysis.document)
        .where(SessionAnalysis.id.in_(ids))
        .order_by(SessionAnalysis.session_id, SessionAnalysis.fetus)
    )
    found: dict[str, list[Analysis]] = {}
    for row in rows:
        found.setdefault(row.session_id, []).append(Analysis.from_document(row.document))
    return found


def newest_ids(session: Session, monitoring_session: MonitoringSession) -> Sequence[str]:
    """What names each of `newest` for an ETag, without reading a document."""
    rows = session.execute(
        select(SessionAnalysis.fetus, SessionAnalysis.engine_version, SessionAnalysis.input_digest)
        .where(SessionAnalysis.session_id == monitoring_session.id)
        .order_by(SessionAnalysis.id)
    )
    by_fetus = {row.fetus: f"{row.engine_version}:{row.input_digest}:{row.fetus}" for row in rows}
    return [by_fetus[fetus] for fetus in sorted(by_fetus)]


def shown(session: Session, recording: MonitoringSession | Record, trace: Trace, *, zone: tzinfo) -> Sequence[Analysis]:
    """What a clinician is shown: the newest of each fetus.

    What came with an older database has none stored. It is computed to be looked at and stored nowhere: opening a page
    changes nothing.
    """
    stored = newest(session, recording) if isinstance(recording, MonitoringSession) else []
    if stored or not _is_computed_when_shown(recording):
        return stored
    return compute(trace, **_inputs(session, recording, zone))


def drawn(session: Session, monitoring_session: MonitoringSession, *, zone: tzinfo) -> Sequence[Analysis]:
    """As `shown`; the whole recording is read only where nothing is stored and all of it has to be computed."""
    stored = newest(session, monitoring_session)
    if stored or not _is_computed_when_shown(monitoring_session):
        return stored
    trace = traces.read(session, monitoring_session).trace
    return compute(trace, **_inputs(session, monitoring_session, zone))


def shown_ids(session: Session, recording: MonitoringSession | Record, facts: Facts, *, zone: tzinfo) -> Sequence[str]:
    """What names each of `shown` for an ETag, without computing anything or reading a document."""
    stored = newest_ids(session, recording) if isinstance(recording, MonitoringSession) else []
    if stored or not _is_computed_when_shown(recording):
        return stored
    inputs = _inputs(session, recording, zone)
    return [f"{ENGINE_VERSION}:{facts.version}:{inputs['gestation_days']}:{inputs['maternal_bpm']}"]


def _is_computed_when_shown(recording: MonitoringSession | Record) -> bool:
    return isinstance(recording, Record) or recording.is_carried_over


def _inputs(session: Session, recording: MonitoringSession | Record, zone: tzinfo) -> dict[str, int | None]:
    """What the engine is given beside the samples."""
    return {
        "gestation_days": pregnancy_then.gestation_days(session, recording, zone),
        "maternal_bpm": recording.maternal_bpm if isinstance(recording, MonitoringSession) else None,
    }


def _input_digest(analysis: Analysis, inputs: dict[str, int | None]) -> str:
    """A digest over everything that the engine was given."""
    given = json.dumps([analysis.input_digest, inputs], sort_keys=True)
    return hashlib.sha256(given.encode()).hexdigest()
