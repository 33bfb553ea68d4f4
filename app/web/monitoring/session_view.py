"""The view of a session's strip that an address or a form asks for."""

from collections.abc import Mapping

from app.models import MonitoringSession
from app.services import unit
from app.services.traces import Facts
from app.web import current
from app.web.monitoring.strip_view import Address, StripView, strip_view


def session_view(
    recording: MonitoringSession, facts: Facts | None, asked: Mapping[str, str] | None = None
) -> StripView:
    """The view; `asked` is a form that carries one, else the address does. 400 for anything that is no view."""
    address = Address("monitoring.session", "monitoring.strip_svg", {"public_id": recording.public_id})
    return strip_view(address, 0.0 if facts is None else facts.duration_s, unit.find(current.database()), asked)
