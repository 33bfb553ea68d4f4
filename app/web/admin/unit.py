"""The unit: its name, its phone, its promise, and the scale that strips open with."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access import Permission
from app.services import unit as service
from app.web import current
from app.web.admin import blueprint
from app.web.admin.forms import UnitForm
from app.web.guard import requires


@blueprint.get("/unit")
@requires(Permission.ADMIN_UNIT)
def unit() -> ResponseReturnValue:
    """The form, filled with what is set."""
    return render_template("admin/unit.html", form=UnitForm.of(service.find(current.database())))


@blueprint.post("/unit")
@requires(Permission.ADMIN_UNIT)
def save_unit() -> ResponseReturnValue:
    """Set the unit, or show the form again."""
    form = UnitForm()
    if not form.validate_on_submit():
        return render_template("admin/unit.html", form=form), 422
    service.save(
        current.database(),
        current.actor(),
        name=form.name.data,
        phone=form.phone.data,
        reading_within_days=form.reading_within_days.data,
        speed_cm_min=int(form.speed_cm_min.data),
        bpm_per_cm=int(form.bpm_per_cm.data),
    )
    flash(gettext("Saved. Patients see it from now on."))
    return redirect(url_for("admin.unit"), 303)
