"""The queue: the home of a doctor."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import BadRequest

from app.access import Permission
from app.services import audit, queue
from app.services.clock import utc_now
from app.services.queue import Place, Shown
from app.web import current, places
from app.web.guard import requires
from app.web.monitoring import blueprint, queue_rows
from app.web.viewer import Link

LABELS = {
    Shown.ALL: _("All"),
    Shown.MINE: _("Mine"),
    Shown.NOBODYS: _("Nobody's"),
    Shown.DUE: _("Due today"),
    Shown.CALLS: _("Waiting for a call"),
}
MAX_RANK = len(queue.Rank) - 1
# Rank, due, received and the session's id.
PLACE = re.compile(rf"(\d)\.({places.INSTANT})\.({places.INSTANT})\.([!-~]{{1,50}})", re.ASCII)


@blueprint.get("/queue", endpoint="queue")
@requires(Permission.QUEUE_READ)
def show_queue() -> ResponseReturnValue:
    """What waits for the doctor's reading or call, in the one fixed order."""
    session, actor = current.database(), current.actor()
    shown = _shown()
    ends = today_ends()
    page = queue.page(session, actor, shown, today_ends=ends, after=_place("after"), before=_place("before"))
    counts = queue.counts(session, actor, today_ends=ends)
    audit.record_named(session, actor, Permission.QUEUE_READ.value, (row.patient.id for row in page.rows))
    return render_template(
        "monitoring/queue.html",
        rows=queue_rows.rows(session, actor, page.rows),
        waiting=counts[Shown.ALL],
        shown=shown,
        filters=[
            Link(str(LABELS[one]), url_for("monitoring.queue", show=_argument(one)), one is shown, counts[one])
            for one in Shown
        ],
        previous_href=_href(shown, "before", page.before),
        next_href=_href(shown, "after", page.after),
    )


def today_ends() -> datetime:
    """The midnight that ends today in the unit's zone."""
    zone = current.settings().time_zone
    return datetime.combine(utc_now().astimezone(zone).date() + timedelta(days=1), time(), tzinfo=zone)


def _shown() -> Shown:
    try:
        return Shown(request.args.get("show", Shown.ALL.value))
    except ValueError:
        raise BadRequest from None


def _argument(shown: Shown) -> str | None:
    """Nothing for the whole queue, so that it has one address."""
    return None if shown is Shown.ALL else shown.value


def _href(shown: Shown, name: str, place: Place | None) -> str | None:
    if place is None:
        return None
    instants = map(places.instant_text, (place.due, place.received))
    arguments: dict[str, Any] = {name: ".".join((str(place.rank), *instants, place.session_id))}
    return url_for("monitoring.queue", show=_argument(shown), **arguments)


def _place(name: str) -> Place | None:
    """The place that the address names; 400 for anything that no link of ours says."""
    match = places.parts(name, PLACE)
    if match is None:
        return None
    if int(match[1]) > MAX_RANK:
        raise BadRequest
    return Place(int(match[1]), places.instant(match[2]), places.instant(match[3]), match[4])
