"""Doctors and midwives: validation and unit cover."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access import Permission
from app.services import doctors as service
from app.services.errors import Refused
from app.web import current, places
from app.web.admin import blueprint
from app.web.admin.places import link
from app.web.guard import requires


@blueprint.get("/doctors")
@requires(Permission.ADMIN_DOCTORS)
def doctors() -> ResponseReturnValue:
    """Those who wait, then those who work."""
    session = current.database()
    waiting = service.waiting(session, after_id=places.row("waiting_after") or 0)
    validated = service.validated(session, after_id=places.row("after") or 0)
    return render_template(
        "admin/doctors.html",
        waiting=waiting.doctors,
        more_waiting_href=link("admin.doctors", "waiting_after", waiting.goes_on_after),
        validated=validated.doctors,
        more_validated_href=link("admin.doctors", "after", validated.goes_on_after),
    )


@blueprint.post("/doctors/<int:user_id>/validate")
@requires(Permission.ADMIN_DOCTORS)
def validate_doctor(user_id: int) -> ResponseReturnValue:
    """Let her work."""
    doctor = service.validate(current.database(), current.actor(), user_id)
    flash(gettext("%(name)s is validated and can ask patients for access.", name=doctor.user.name))
    return redirect(url_for("admin.doctors"), 303)


@blueprint.post("/doctors/<int:user_id>/withdraw")
@requires(Permission.ADMIN_DOCTORS)
def withdraw_doctor(user_id: int) -> ResponseReturnValue:
    """End her validation and her browser sessions."""
    doctor = service.withdraw(current.database(), current.actor(), user_id)
    flash(
        gettext(
            "%(name)s is no longer validated and is signed out. What she was to read is on the unit list.",
            name=doctor.user.name,
        )
    )
    return redirect(url_for("admin.doctors"), 303)


@blueprint.post("/doctors/<int:user_id>/unit-cover")
@requires(Permission.ADMIN_DOCTORS)
def unit_cover(user_id: int) -> ResponseReturnValue:
    """Put her on unit cover (`on` = 1) or take her off (0)."""
    if request.form.get("on") not in {"0", "1"}:
        abort(400)
    is_on = request.form["on"] == "1"
    try:
        doctor = service.set_unit_cover(current.database(), current.actor(), user_id, is_on=is_on)
    except Refused:
        flash(gettext("Only a validated doctor with an open account can be on unit cover."), "error")
        return redirect(url_for("admin.doctors"), 303)
    words = gettext("%(name)s is on unit cover.") if is_on else gettext("%(name)s is off unit cover.")
    flash(words % {"name": doctor.user.name})
    return redirect(url_for("admin.doctors"), 303)
