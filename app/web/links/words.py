"""Links in words: on what they rest and how they ended."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext

from app.models import AccessBasis, AccessState, CareStatus, DoctorPatient
from app.services import links
from app.services.clock import utc_now
from app.services.errors import Refused
from app.web.i18n import datetime_local

BASES: Mapping[AccessBasis, Any] = {
    AccessBasis.ACCEPTED: lazy_gettext("the patient accepted the request"),
    AccessBasis.CLINIC_CONSENT: lazy_gettext("the patient agreed in the clinic"),
    AccessBasis.CARRIED_OVER: lazy_gettext("carried over from the portal used before"),
    AccessBasis.UNIT_COVER: lazy_gettext("unit cover, for a limited time"),
}

BASES_FOR_PATIENTS: Mapping[AccessBasis, Any] = {
    AccessBasis.ACCEPTED: lazy_gettext("you accepted the request"),
    AccessBasis.CLINIC_CONSENT: lazy_gettext("you agreed in the clinic"),
    AccessBasis.CARRIED_OVER: lazy_gettext("carried over from the portal used before"),
    AccessBasis.UNIT_COVER: lazy_gettext("the doctor on duty took over, for a limited time"),
}

CARE_STATUSES: Mapping[str, Any] = {
    CareStatus.ACTIVE: lazy_gettext("active"),
    CareStatus.INACTIVE: lazy_gettext("inactive"),
    CareStatus.DISCHARGED: lazy_gettext("discharged"),
}


def basis(link: DoctorPatient, *, for_patient: bool = False) -> str:
    """Why the link opens the record, with the reason or the consent that was written down."""
    if link.access_basis is None:
        return str(gettext("not stated"))
    words = str((BASES_FOR_PATIENTS if for_patient else BASES)[link.access_basis])
    return f"{words}: {link.access_reason}" if link.access_reason else words


def since(link: DoctorPatient) -> str:
    """When it became live."""
    return datetime_local(links.since(link))


def until(link: DoctorPatient) -> str:
    """When it ends by itself."""
    return datetime_local(link.access_expires_at) if link.access_expires_at else str(gettext("until it is ended"))


def ending(link: DoctorPatient) -> str:
    """How a link that opens nothing any more came to its end."""
    if link.access_state is AccessState.DECLINED:
        return str(gettext("Declined %(at)s", at=datetime_local(link.decided_at or link.assigned_at)))
    if link.ended_at is not None:
        return str(gettext("Ended %(at)s", at=datetime_local(link.ended_at)))
    if link.access_expires_at is not None and link.access_expires_at <= utc_now():
        return str(gettext("Ended by itself %(at)s", at=datetime_local(link.access_expires_at)))
    return str(gettext("Closed while the doctor is not validated"))


def care_status(link: DoctorPatient) -> str:
    """The care status; texts of older databases stand as they are."""
    if link.status is None:
        return str(gettext("not set"))
    return str(CARE_STATUSES.get(link.status, link.status))


def refusal(refused: Refused) -> str:
    """Why a doctor cannot end a link."""
    return str(
        gettext(
            "You are the last who reads for this patient, and something of hers is open: recordings without an "
            "outcome: %(recordings)d, messages that wait for a call: %(calls)d. Hand over to a colleague first.",
            **refused.values,
        )
    )
