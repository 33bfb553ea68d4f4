"""The administrator's pages."""

from typing import Any

from flask import Blueprint, g

from app.services import doctors as doctors_service
from app.services import shared_addresses as shared_addresses_service
from app.services import unit as unit_service
from app.web import current

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.context_processor
def shortcomings() -> dict[str, Any]:
    """What every page here warns of: a list that nobody reads, a unit that has no phone, people who cannot sign in."""
    if g.get("failed"):  # An error page asks the database nothing.
        return {}
    session = current.database()
    return {
        "is_unit_covered": bool(doctors_service.on_unit_cover(session)),
        "is_unit_set": unit_service.find(session) is not None,
        "is_address_unsettled": shared_addresses_service.any_unsettled(session),
    }


from app.web.admin import addresses, audit, doctors, unit, users  # noqa: E402, F401  # The views need the blueprint.
