"""A patient's own access log: who opened or changed her record, and when."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.access import ActorRole, Permission
from app.services import access_log, guarded
from app.services.access_log import LogEntry
from app.web import current, places
from app.web.guard import requires
from app.web.patients import blueprint

ROLES: Mapping[str, Any] = {
    ActorRole.PATIENT: _("patient"),
    ActorRole.DOCTOR: _("doctor or midwife"),
    ActorRole.ADMIN: _("administrator"),
    ActorRole.OPERATOR: _("operator of the portal"),
    ActorRole.JOB: _("the portal itself"),
    ActorRole.ANONYMOUS: _("somebody who was not signed in"),
}

ACTS: Mapping[str, Any] = {
    "refused": _("tried to open something of the record and was refused"),
    "patient:read": _("opened the record"),
    "patient:preregister": _("made the record"),
    "pregnancy:edit": _("opened the form for the pregnancy"),
    "pregnancy:date": _("changed the pregnancy"),
    "access_log:read": _("opened this list"),
    "link:request": _("asked for access"),
    "link:clinic_consent": _("wrote down consent given in the clinic, which opened the record"),
    "link:accept": _("accepted a request for access"),
    "link:decline": _("declined a request for access"),
    "link:end": _("ended an access"),
    "link:take_over": _("opened the record to read on for the unit, for a limited time"),
    "recording:upload": _("opened the upload or sent a recording"),
    "movement:answer": _("said how the baby moves"),
    "session:read": _("opened a recording"),
    "session:store": _("saved a recording"),
    "session:hear_worry": _("sent a recording again with a worry about the baby's movements"),
    "session:disown": _("left a recording to the unit when the access ended"),
    "session:flag_mix_up": _("marked a recording as possibly mixed up"),
    "record:read": _("opened a recording of the earlier system"),
    "analysis:read": _("opened a recording"),
    "analysis:read:patient": _("looked at the recordings of a pregnancy together"),
    "review:write": _("worked on the reading of a recording"),
    "review:draft": _("saved a draft of a reading"),
    "review:sign": _("signed a reading"),
    "review:amend": _("amended a signed reading"),
    "contact:log": _("wrote down a try to reach the patient"),
    "release:write": _("prepared a message about a recording"),
    "release:make": _("released a message about a recording"),
    "unit:leave_message": _("left a message for the unit"),
    "unit:take_over": _("took over for the unit"),
    "unit:close_message": _("closed a message to the unit"),
    "queue:read": _("saw the name and the state of a recording in the list of what waits for a reading"),
    "patient:list": _("saw the name and the gestation in the list of patients"),
    "session:list": _("saw the name in the list of recordings"),
    "record:list": _("saw the name in the list of older recordings"),
    "link:list": _("saw the name in the list of open records"),
    "upload:open": _("saw the name when choosing for whom to upload"),
    "audit:search": _("searched the audit trail for this record"),
    "unit:read": _("saw the name and phone on the unit list"),
}


@blueprint.get("/<int:patient_id>/access-log", endpoint="access_log")
@requires(Permission.ACCESS_LOG_READ)
def show(patient_id: int) -> ResponseReturnValue:
    """The newest page, or the one before a position; her own acts only when she asks for them."""
    session, actor = current.database(), current.actor()
    patient = guarded.patient(session, actor, patient_id, Permission.ACCESS_LOG_READ)
    includes_own = request.args.get("own") == "1"
    page = access_log.page(session, patient, includes_own=includes_own, older_than=places.position("older"))
    own = "1" if includes_own else None
    return render_template(
        "patients/access_log.html",
        patient=patient,
        entries=[(entry, who(entry), what(entry)) for entry in page.entries],
        next_href=None
        if page.older_than is None
        else url_for("patients.access_log", patient_id=patient.id, older=page.older_than, own=own),
        first_href=url_for("patients.access_log", patient_id=patient.id, own=own) if "older" in request.args else None,
        choices=[
            SimpleNamespace(
                label=label,
                href=url_for("patients.access_log", patient_id=patient.id, own=value),
                is_current=own == value,
            )
            for label, value in ((gettext("Others"), None), (gettext("Everybody, me too"), "1"))
        ],
    )


def who(entry: LogEntry) -> str:
    """Name and role; a program has only its role, and a stranger neither."""
    if entry.is_stranger:
        return str(gettext("somebody without access"))
    role = str(ROLES.get(entry.role, entry.role))
    return str(gettext("%(name)s, %(role)s", name=entry.name, role=role)) if entry.name else role


def what(entry: LogEntry) -> str:
    """The act in words; an act that has none yet is not hidden."""
    of_what = f"{entry.act}:{entry.object_type}"
    return str(
        ACTS.get(of_what) or ACTS.get(entry.act) or gettext("did something with the record (%(act)s)", act=entry.act)
    )
