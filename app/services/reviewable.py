"""A recording as something to read: which fetuses need a reading, and one writer at a time."""

from sqlalchemy.orm import Session

from app.models import MonitoringSession


def fetuses(monitoring_session: MonitoringSession) -> range:
    """The numbers of the fetuses that need a reading each."""
    return range(1, (monitoring_session.fetus_count or 1) + 1)


def lock(session: Session, monitoring_session: MonitoringSession) -> None:
    """Hold the session's row until the end of the transaction: who writes about one recording does so in turn."""
    session.refresh(monitoring_session, ["review_state"], with_for_update=True)
