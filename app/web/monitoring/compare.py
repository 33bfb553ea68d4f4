"""Two recordings of one woman, one above the other at the same scale, for a doctor."""

from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access import Permission
from app.models import MonitoringSession
from app.services import comparable, guarded, pregnancy_then
from app.web import current
from app.web.banner import banner_arguments
from app.web.guard import requires
from app.web.monitoring import blueprint, compare_words, recording_words
from app.web.monitoring.compare_picture import Picture, picture
from app.web.monitoring.compare_view import BOTH, Moves, Pair, pair
from app.web.monitoring.damaged import facts_for_page
from app.web.monitoring.segment import Segment


@dataclass(frozen=True, slots=True)
class Compared:
    """One of the two, ready to show; without picture where its values make no curve, for the reason."""

    recording: MonitoringSession
    age: str
    facts: list[tuple[str, str]]
    moves: list[Segment]
    href: str
    picture: Picture | None
    no_curve: str


@blueprint.get("/sessions/<public_id:public_id>/compare", endpoint="compare_with_previous")
@requires(Permission.ANALYSIS_READ)
def find(public_id: str) -> ResponseReturnValue:
    """Lead to the recording before this one; a page that says there is none, with the others to choose from."""
    session, zone = current.database(), current.settings().time_zone
    recording = guarded.monitoring_session(session, current.actor(), public_id, Permission.ANALYSIS_READ)
    other = comparable.previous(session, recording, zone=zone)
    if other is not None:
        return redirect(url_for("monitoring.compare", public_id=public_id, other_id=other.public_id), 303)
    return _page(recording)


@blueprint.get("/sessions/<public_id:public_id>/compare/<public_id:other_id>", endpoint="compare")
@requires(Permission.ANALYSIS_READ)
def show(public_id: str, other_id: str) -> ResponseReturnValue:
    """Both strips. What is another woman's, or the same recording again, is no page, as what does not exist."""
    session, actor = current.database(), current.actor()
    one, other = (
        guarded.monitoring_session(session, actor, name, Permission.ANALYSIS_READ) for name in (public_id, other_id)
    )
    if one.woman_id != other.woman_id or one is other:
        guarded.refuse_unknown(session, actor, Permission.ANALYSIS_READ, object_type="session", object_id=other_id)
    return _page(one, other)


def _page(recording: MonitoringSession, other: MonitoringSession | None = None) -> str:
    session, zone = current.database(), current.settings().time_zone
    views = None
    compared: list[Compared] = []
    if other is not None:
        both = (recording, other)
        views = pair(both, (facts_for_page(recording), facts_for_page(other)))
        compared = [_compared(both[number], both[1 - number], views, number) for number in BOTH]
    return render_template(
        "monitoring/compare.html",
        recording=recording,
        other=other,
        pair=views,
        moves=_moves(),
        compared=compared,
        choices=comparable.choices(session, recording, zone=zone),
        words=recording_words,
        banner=banner_arguments(session, current.actor(), recording),
    )


def _compared(recording: MonitoringSession, other: MonitoringSession, views: Pair, number: int) -> Compared:
    session, zone = current.database(), current.settings().time_zone
    drawn, no_curve = picture(recording, views.views[number])
    return Compared(
        recording=recording,
        age=compare_words.age(recording, other, zone),
        facts=compare_words.facts(recording, pregnancy_then.gestation_days(session, recording, zone)),
        moves=views.moves(_moves(), of=(number,)),
        href=views.views[number].place_url(views.views[number].start_s),
        picture=drawn,
        no_curve=no_curve,
    )


def _moves() -> Moves:
    return Moves(gettext("◀ 10 min"), gettext("Start"), gettext("End"), gettext("10 min ▶"))
