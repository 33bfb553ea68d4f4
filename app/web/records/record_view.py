"""The view of a record's strip that an address asks for."""

from app.ctg.trace import Trace
from app.models import Record
from app.services import unit
from app.services.traces import Facts
from app.web import current
from app.web.monitoring.strip_view import Address, StripView, strip_view


def record_view(record: Record, duration_s: float) -> StripView:
    """The view; 400 for anything that is no view."""
    address = Address("records.show", "records.strip_svg", {"record_id": record.id})
    return strip_view(address, duration_s, unit.find(current.database()))


def facts_of(trace: Trace) -> Facts:
    """A record says nothing of its samples but the samples."""
    return Facts(trace.digest(), trace.start, trace.duration_s)
