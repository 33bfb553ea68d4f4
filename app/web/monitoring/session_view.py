"""The view of a session's strip that an address or a form asks for."""

from collections.abc import Mapping

from app.charts.strip import MAX_MINUTES
from app.models import MonitoringSession
from app.services import unit
from app.services.traces import Facts
from app.web import current
from app.web.monitoring.strip_address import strip_view
from app.web.monitoring.strip_view import Address, StripView


def session_view(
    recording: MonitoringSession,
    facts: Facts | None,
    asked: Mapping[str, str] | None = None,
    *,
    longest_min: int = int(MAX_MINUTES),
) -> StripView:
    """The view; `asked` is a form that carries one, else the address does. 400 for anything that is no view."""
    duration_s = 0.0 if facts is None else facts.duration_s
    return strip_view(address_of(recording), duration_s, unit.find(current.database()), asked, longest_min=longest_min)


def address_of(recording: MonitoringSession) -> Address:
    """Where this session's page and pictures are."""
    return Address(
        page="monitoring.session",
        picture="monitoring.strip_svg",
        overview="monitoring.overview_svg",
        samples="monitoring.samples",
        pdf="monitoring.strip_pdf",
        recording={"public_id": recording.public_id},
    )
