"""The view of a record's strip that an address asks for."""

from app.charts.strip import MAX_MINUTES
from app.ctg.trace import Trace
from app.models import Record
from app.services import unit
from app.services.traces import Facts
from app.web import current
from app.web.monitoring.strip_address import strip_view
from app.web.monitoring.strip_view import Address, StripView


def record_view(record: Record, duration_s: float, *, longest_min: int = int(MAX_MINUTES)) -> StripView:
    """The view; 400 for anything that is no view."""
    address = Address(
        page="records.show",
        picture="records.strip_svg",
        overview="records.overview_svg",
        samples="records.samples",
        pdf="records.strip_pdf",
        recording={"record_id": record.id},
    )
    return strip_view(address, duration_s, unit.find(current.database()), longest_min=longest_min)


def facts_of(trace: Trace) -> Facts:
    """A record says nothing of its samples but the samples."""
    return Facts(trace.digest(), trace.start, trace.duration_s)
