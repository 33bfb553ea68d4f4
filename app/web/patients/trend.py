"""What was computed over a pregnancy, for a doctor: small pictures over the weeks, and the same numbers as a table."""

from dataclasses import dataclass

from flask import Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access import Permission
from app.charts.trend import HEIGHT_MM, WIDTH_MM, trend_svg
from app.models import Patient, PregnancyInfo
from app.services import guarded, pregnancies, record_list
from app.services import trend as trends
from app.services.errors import NotFound
from app.services.trend import Trend
from app.web import current, places
from app.web.banner import patient_banner_arguments
from app.web.guard import requires
from app.web.i18n import date_local
from app.web.monitoring.drawing import CACHE_CONTROL, CONTENT_SECURITY_POLICY
from app.web.monitoring.segment import Segment
from app.web.patients import blueprint, trend_measures, trend_rows
from app.web.patients.trend_measures import KINDS, Measure

PIXELS_PER_MM = 96 / 25.4


@dataclass(frozen=True, slots=True)
class Shown:
    """One measure on the page: its picture, or why there is none."""

    title: str
    src: str | None
    alt: str
    none_stated: str


@blueprint.get("/<int:patient_id>/trend", endpoint="trend")
@requires(Permission.ANALYSIS_READ)
def show(patient_id: int) -> ResponseReturnValue:
    """The pictures and the table of one pregnancy, the current one unless the address names another of hers."""
    patient, found = _load(patient_id)
    session, actor = current.database(), current.actor()
    columns = [measure for measure in trend_rows.NUMBERS if _any_states(found, measure)]
    return render_template(
        "patients/trend.html",
        patient=patient,
        banner=patient_banner_arguments(session, actor, patient),
        trend=found,
        choices=_choices(patient, found),
        measures=[_shown(patient, found, measure) for measure in Measure],
        columns=[KINDS[measure].title for measure in columns],
        rows=trend_rows.rows(found, columns),
        is_drawn=any(row.gestation_days is not None and row.analyses for row in found.rows),
        key=_key(found),
        has_older=record_list.has_any(session, actor, patient_id=patient.id),
        width_px=round(WIDTH_MM * PIXELS_PER_MM),
        height_px=round(HEIGHT_MM * PIXELS_PER_MM),
        most=trends.SHOWN,
    )


@blueprint.get("/<int:patient_id>/trend.svg", endpoint="trend_svg")
@requires(Permission.ANALYSIS_READ)
def picture(patient_id: int) -> Response:
    """One measure as SVG; 304 when the browser has it. No picture where no analysis states it."""
    found = _load(patient_id)[1]
    measure = _measure()
    if not trend_measures.is_stated(measure, found):
        raise NotFound("trend")
    settings = current.settings()
    drawn = trend_measures.chart(measure, found, zone=settings.time_zone, is_demo=settings.is_demo)
    response = Response(trend_svg(drawn), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.add_etag()
    response.make_conditional(request)
    return response


def _load(patient_id: int) -> tuple[Patient, Trend]:
    session, actor = current.database(), current.actor()
    patient = guarded.patient(session, actor, patient_id, Permission.ANALYSIS_READ)
    zone = current.settings().time_zone
    return patient, trends.of(session, patient.id, pregnancy_id=places.row("pregnancy"), zone=zone)


def _measure() -> Measure:
    try:
        return Measure(request.args.get("measure", ""))
    except ValueError:
        abort(400)


def _any_states(found: Trend, measure: Measure) -> bool:
    return any(trend_measures.stated(measure, analysis) is not None for row in found.rows for analysis in row.analyses)


def _shown(patient: Patient, found: Trend, measure: Measure) -> Shown:
    kind = KINDS[measure]
    if not trend_measures.is_stated(measure, found):
        return Shown(str(kind.title), None, "", str(kind.none_stated))
    pregnancy_id = None if found.pregnancy is None else found.pregnancy.id
    src = url_for("patients.trend_svg", patient_id=patient.id, measure=measure.value, pregnancy=pregnancy_id)
    return Shown(str(kind.title), src, trend_measures.words(measure, found), "")


def _key(found: Trend) -> list[str]:
    """What the marks mean that stand in the pictures."""
    read = [analysis for row in found.rows for analysis in row.analyses]
    meanings = (
        (gettext("● recorded at home"), True),
        (gettext("■ recorded in the clinic"), True),
        (
            gettext("○ □ hollow: not interpretable, the reason is in the table"),
            not all(analysis.is_interpretable for analysis in read),
        ),
        (
            gettext("thin line: between which values the baseline lay in nine tenths of the recording"),
            any(analysis.baseline_low_bpm is not None for analysis in read),
        ),
        (gettext("2: the second fetus"), any(analysis.fetus == 2 for analysis in read)),
        (
            gettext("dashed line: another version of the engine from here on"),
            len({analysis.engine_version for analysis in read}) > 1,
        ),
    )
    return [meaning for meaning, is_shown in meanings if is_shown]


def _choices(patient: Patient, found: Trend) -> list[Segment]:
    """Her pregnancies, where there is more than one."""
    if len(found.all_pregnancies) < 2:
        return []
    return [
        Segment(
            _name(one),
            url_for("patients.trend", patient_id=patient.id, pregnancy=one.id),
            is_current=one is found.pregnancy,
        )
        for one in found.all_pregnancies
    ]


def _name(pregnancy: PregnancyInfo) -> str:
    due_date = pregnancies.due_date_of(pregnancy)
    return str(gettext("not dated") if due_date is None else gettext("due %(date)s", date=date_local(due_date)))
