"""Addresses that several accounts of the earlier system have: whose each is."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.access import Permission
from app.services import shared_addresses as service
from app.services.email_addresses import LIMIT
from app.services.errors import Refused
from app.web import current, places
from app.web.admin import blueprint
from app.web.admin.places import link
from app.web.admin.users import ROLES
from app.web.auth.mail_links import links
from app.web.fields import trimmed
from app.web.guard import requires

REFUSALS = {
    "address": _("Enter an e-mail address such as name@example.org."),
    "address_taken": _("Another account has this address. Give this one another."),
}


@blueprint.get("/addresses")
@requires(Permission.ADMIN_USERS)
def addresses() -> ResponseReturnValue:
    """The accounts that cannot sign in, each with a field for its address."""
    page = service.unsettled(current.database(), after_id=places.row("after") or 0)
    return render_template(
        "admin/addresses.html",
        users=page.users,
        roles=ROLES,
        limit=LIMIT,
        more_href=link("admin.addresses", "after", page.goes_on_after),
    )


@blueprint.post("/addresses/<int:user_id>")
@requires(Permission.ADMIN_USERS)
def settle_address(user_id: int) -> ResponseReturnValue:
    """Let this account sign in with the address."""
    email = trimmed(request.form.get("email"))
    try:
        user = service.settle(current.database(), current.actor(), user_id, email, links())
    except Refused as refused:
        flash(str(REFUSALS[refused.code]), "error")
    else:
        flash(gettext("%(name)s signs in with %(email)s from now on.", name=user.name, email=user.email_lower))
    return redirect(url_for("admin.addresses"), 303)
