"""Accounts: find one, close it, open it again."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.access import Permission
from app.models import Role
from app.services import users as service
from app.services.errors import Refused
from app.web import current, places
from app.web.admin import blueprint
from app.web.admin.places import link
from app.web.auth.mail_links import links
from app.web.fields import only_typed_characters, trimmed
from app.web.guard import requires

ROLES = {Role.PATIENT: _("Patient"), Role.DOCTOR: _("Doctor or midwife"), Role.ADMIN: _("Administrator")}
REFUSALS = {
    "oneself": _("You cannot deactivate your own account. Another administrator can."),
    "not_waiting": _("This account has a password, or cannot sign in at all."),
    "last_admin": _("This is the last administrator, and somebody must be. Make another one first."),
}
KEPT = ("q", "role")
TEXT_LIMIT = 255


@blueprint.get("/users")
@requires(Permission.ADMIN_USERS)
def users() -> ResponseReturnValue:
    """Accounts that fit the search, newest first."""
    text, role = _wanted()
    page = service.search(
        current.database(), text=text, role=role, older_than=places.row("older"), newer_than=places.row("newer")
    )
    return render_template(
        "admin/users.html",
        users=page.users,
        text=text,
        role=role,
        roles=ROLES,
        own_id=current.actor().user_id,
        previous_href=link("admin.users", "newer", page.newer_than, kept=KEPT),
        next_href=link("admin.users", "older", page.older_than, kept=KEPT),
    )


@blueprint.post("/users/<int:user_id>/deactivate")
@requires(Permission.ADMIN_USERS)
def deactivate_user(user_id: int) -> ResponseReturnValue:
    """Close the account and end its browser sessions."""
    try:
        user = service.deactivate(current.database(), current.actor(), user_id)
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "error")
    else:
        flash(gettext("The account of %(name)s is closed. Nothing of it was deleted.", name=user.name))
    return redirect(url_for("admin.users"), 303)


@blueprint.post("/users/<int:user_id>/reactivate")
@requires(Permission.ADMIN_USERS)
def reactivate_user(user_id: int) -> ResponseReturnValue:
    """Open the account again."""
    user = service.reactivate(current.database(), current.actor(), user_id)
    flash(gettext("%(name)s can sign in again.", name=user.name))
    return redirect(url_for("admin.users"), 303)


@blueprint.post("/users/<int:user_id>/activation")
@requires(Permission.ADMIN_USERS)
def send_activation(user_id: int) -> ResponseReturnValue:
    """Mail the link with which she chooses her first password."""
    try:
        user = service.send_activation(current.database(), current.actor(), user_id, links())
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "error")
    else:
        flash(gettext("A link to choose a password goes to %(email)s. It works once, for 14 days.", email=user.email))
    return redirect(url_for("admin.users"), 303)


def _wanted() -> tuple[str, Role | None]:
    """Text and role of the address; 400 for what no form of ours sends."""
    text, role = trimmed(request.args.get("q")), request.args.get("role", "")
    if len(text) > TEXT_LIMIT or not only_typed_characters(text) or (role and role not in set(Role)):
        abort(400)
    return text, Role(role) if role else None
