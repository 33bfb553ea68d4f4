"""The audit trail: who did what to whose record; acts, never what was read or measured."""

import json

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.access import Permission
from app.services import audit_search
from app.web import current, places
from app.web.admin import blueprint
from app.web.admin.forms import AuditSearchForm
from app.web.guard import requires


@blueprint.get("/audit")
@requires(Permission.ADMIN_AUDIT)
def audit() -> ResponseReturnValue:
    """What matches the search, newest first."""
    form = AuditSearchForm(request.args)
    if not form.validate():
        return render_template("admin/audit.html", form=form, page=None), 422
    page = audit_search.search(
        current.database(),
        current.actor(),
        form.criteria(),
        older_than=places.position("older"),
        newer_than=places.position("newer"),
    )
    return render_template(
        "admin/audit.html",
        form=form,
        page=page,
        details={row.event.position: json.loads(row.event.detail) for row in page.rows},
        previous_href=_link(form, "newer", page.newer_than),
        next_href=_link(form, "older", page.older_than),
    )


def _link(form: AuditSearchForm, name: str, position: int | None) -> str | None:
    return None if position is None else url_for("admin.audit", **{**form.arguments(), name: position})
