"""A stored recording as a strip: the values, words and identity of its picture."""

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import get_locale, gettext

from app.access import Actor, ActorRole
from app.charts import Audience, Frame, Strip, StripCaption, StripLabels, strip_etag
from app.ctg.findings import Analysis
from app.ctg.stretch import Stretch
from app.models import MonitoringSession, Record
from app.services import traces
from app.services.traces import Facts
from app.web import current
from app.web.i18n import zone_names
from app.web.monitoring.strip_view import StripView
from app.web.recorded_at import with_doubt
from app.web.viewer import emergency_contact


def audience_of(actor: Actor) -> Audience:
    """Only a doctor gets the clinicians' picture."""
    return Audience.CLINICIAN if actor.role is ActorRole.DOCTOR else Audience.PATIENT


def make_strip(
    recording: MonitoringSession | Record,
    stretch: Stretch,
    analyses: Sequence[Analysis],
    view: StripView,
    audience: Audience,
    frame: Frame = Frame.FULL,
) -> Strip:
    """The strip of this view, from the samples of its window at least."""
    return Strip(
        stretch=stretch,
        caption=_caption(recording, view),
        start_s=view.start_s,
        minutes=view.minutes,
        scale=view.scale,
        audience=audience,
        analyses=tuple(analyses),
        is_demo=current.settings().is_demo,
        frame=frame,
        time=view.time,
    )


def etag(
    recording: MonitoringSession | Record,
    facts: Facts,
    analysis_ids: Sequence[str],
    view: StripView,
    audience: Audience,
    frame: Frame = Frame.FULL,
) -> str:
    """What names the picture of this view, without reading a sample."""
    return strip_etag(
        data_digest=facts.version,
        start=facts.start,
        analysis_ids=analysis_ids,
        start_s=view.start_s,
        minutes=view.minutes,
        scale=view.scale,
        audience=audience,
        caption=_caption(recording, view),
        is_demo=current.settings().is_demo,
        frame=frame,
        time=view.time,
        marks=(),
    )


def _caption(recording: MonitoringSession | Record, view: StripView) -> StripCaption:
    end_s = max(view.start_s, min(view.start_s + view.minutes * 60.0, view.duration_s))
    begin, end = (recording.began_at + timedelta(seconds=seconds) for seconds in (view.start_s, end_s))
    begin_zone, end_zone = zone_names(begin, end)
    return StripCaption(
        zone=current.settings().time_zone,
        zone_name=with_doubt(end_zone, recording),
        begin_zone_name=begin_zone,
        device=device(recording),
        advice=advice(),
        labels=labels(),
    )


def device(recording: MonitoringSession | Record) -> str | None:
    """What it was recorded with; of the older system's values how exact they are."""
    if isinstance(recording, Record):
        return str(gettext("record of the earlier system"))
    if traces.are_readings(recording):
        return str(gettext("handheld, one value a second, times to the second"))
    return recording.device_name


def advice() -> tuple[str, ...]:
    """What stands beside a recording wherever a patient sees one (SAFETY.md, section 3), and whom to call."""
    contact = emergency_contact()
    return (
        gettext("Finding a heartbeat does not mean your baby is well."),
        gettext("Your baby's movements matter more than this recording."),
        f"{contact.label} ·",
        gettext("Phone: %(unit_phone)s", unit_phone=contact.phone.replace(" ", "\u00a0")),
    )


def labels() -> StripLabels:
    """The words of a strip in the reader's language."""
    months = get_locale().months["format"]["abbreviated"]
    return StripLabels(
        title=gettext("Fetal heart rate strip"),
        fhr_bpm=gettext("FHR bpm"),
        uterine_activity=gettext("Uterine activity"),
        cm_per_min=gettext("cm/min"),
        bpm_per_cm=gettext("bpm/cm"),
        minute=gettext("min"),
        hour=gettext("h"),
        signal_loss=gettext("signal loss"),
        loss=gettext("loss"),
        no_signal=gettext("no signal"),
        end_of_recording=gettext("end of recording"),
        time_is_estimated=gettext("time axis estimated"),
        demo=gettext("DEMO – synthetic data"),
        fetus_1=gettext("1"),
        fetus_2=gettext("2 (+20 bpm)"),
        maternal_rate=gettext("maternal rate"),
        movement=gettext("movement noted"),
        computed=gettext("computed:"),
        baseline=gettext("baseline"),
        bradycardia=gettext("bradycardia"),
        tachycardia=gettext("tachycardia"),
        possible_maternal=gettext("possibly maternal"),
        acceleration=gettext("acceleration"),
        deceleration=gettext("deceleration"),
        contraction=gettext("contraction"),
        months=tuple(months[number] for number in range(1, 13)),
    )
