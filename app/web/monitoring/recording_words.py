"""What a recording is called, and what was noted when it came."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from flask_babel import format_datetime, gettext, lazy_gettext

from app.charts import StripSummary
from app.ctg.findings import Reason
from app.models import MonitoringSession, MonitoringType, Movement, Record, RecordSource
from app.models.base import NO_TIME
from app.web import sentences
from app.web.i18n import date_local, datetime_local, duration_words, percent, time_local, zone_names
from app.web.recorded_at import recorded_at, with_doubt

KINDS = {
    MonitoringType.CLINIC: lazy_gettext("Clinic CTG"),
    MonitoringType.HOME: lazy_gettext("Home recording"),
}

MOVEMENTS = {
    Movement.AS_USUAL: lazy_gettext("moving as usual"),
    Movement.LESS: lazy_gettext("moving less than usual"),
    Movement.CHANGED: lazy_gettext("the pattern of movements has changed"),
    Movement.NOT_SURE: lazy_gettext("not sure about movements"),
}


SOURCES = {
    RecordSource.CLINIC: lazy_gettext("Clinic recording"),
    RecordSource.SELF: lazy_gettext("Home recording"),
}
# Longer than any recording: such an end was never written, or by a clock that was wrong.
LONGEST_STATED = timedelta(days=7)


def kind(recording: MonitoringSession | Record) -> str:
    """Clinic CTG or Home recording; the older system had no CTG, its clinics recorded with a handheld too."""
    if isinstance(recording, Record):
        return str(SOURCES[recording.source])
    if recording.is_carried_over and recording.monitoring_type is MonitoringType.CLINIC:
        return str(SOURCES[RecordSource.CLINIC])
    return str(KINDS[recording.monitoring_type])


def title(recording: MonitoringSession | Record) -> str:
    """Clinic CTG, 22 Nov 2026, 08:14–08:44 WIB."""
    return str(gettext("%(kind)s, %(when)s", kind=kind(recording), when=when(recording)))


def length(recording: MonitoringSession | Record) -> str:
    """42 min; of the older system what its end says; a dash where nothing does."""
    seconds = recording.duration_s if isinstance(recording, MonitoringSession) else None
    if seconds is None and recording.end_time is not None and recording.began_at != NO_TIME:
        stated = recording.end_time - recording.began_at
        seconds = stated.total_seconds() if timedelta(0) < stated <= LONGEST_STATED else None
    return "–" if seconds is None else duration_words(seconds)


def when(recording: MonitoringSession | Record) -> str:
    """22 Nov 2026, 08:14–08:44 WIB, with the second date where it ends on another day."""
    begin, end = recording.began_at, recording.end_time
    if end is None or begin == NO_TIME:
        return recorded_at(recording)
    same_day = date_local(begin) == date_local(end)
    until = time_local(end) if same_day else str(format_datetime(end, "d MMM y, HH:mm"))
    begin_zone, end_zone = zone_names(begin, end)
    since = f"{date_local(begin)}, {time_local(begin)} {begin_zone}".strip()
    return with_doubt(f"{since}–{until} {end_zone}", recording)


def arrival(recording: MonitoringSession) -> str:
    """When the portal got it and how long after its end that was; '' when nobody knows."""
    received, end = recording.received_at, recording.end_time
    if recording.is_carried_over:
        # When the older system got it says nothing about us.
        return str(gettext("from the earlier system"))
    if received is None:
        return ""
    at = datetime_local(received)
    if end is None or received < end:
        return str(gettext("received %(at)s", at=at))
    delay = duration_words((received - end).total_seconds())
    return str(gettext("received %(at)s, %(delay)s after its end", at=at, delay=delay))


def is_her_note(recording: MonitoringSession) -> bool:
    """Whether the patient wrote what stands in `notes`; its `patient` is loaded.

    The older system kept a doctor's notes in a field of their own; of ours whoever uploads it writes them.
    """
    if not (recording.notes or "").strip():
        return False
    by_her = recording.patient is not None and recording.uploaded_by_id == recording.patient.user_id
    return recording.is_carried_over or by_her


def facts(recording: MonitoringSession) -> Sequence[tuple[str, str]]:
    """What was stated with the recording beside its notes, as pairs of label and value."""
    # Whether the older system asked for these nobody knows.
    unasked = ("", "") if recording.is_carried_over else (gettext("not measured"), gettext("not asked"))
    pulse = unasked[0] if recording.maternal_bpm is None else f"{recording.maternal_bpm} bpm"
    movement = unasked[1] if recording.movement is None else str(MOVEMENTS[recording.movement])
    pairs = [
        (gettext("Mother's pulse"), pulse),
        (gettext("Movements"), movement),
        (gettext("Device"), recording.device_name),
        (gettext("Original number"), recording.id),
    ]
    return [(label, value) for label, value in pairs if value]


def notes(recording: MonitoringSession, of_curve: Iterable[Reason] = ()) -> Sequence[str]:
    """What a reader has to know about the file, and of how a curve was made of what is stored, as sentences."""
    of_file = [Reason.from_document(document) for document in recording.format_notes or []]
    return [sentences.note(reason) for reason in (*of_file, *of_curve)]


def strip_alt(summary: StripSummary) -> str:
    """The strip for a reader who cannot see it."""
    if summary.begin is None or summary.end is None:
        return str(gettext("Heart rate strip"))
    losses = ", ".join(percent(loss) for loss in summary.loss_fractions)
    values = {
        "date": date_local(summary.begin),
        "begin": f"{time_local(summary.begin)} {summary.begin_zone_name}".strip(),
        "end": time_local(summary.end),
        "zone": summary.zone_name,
        "speed": summary.speed_cm_min,
        "bpm": summary.bpm_per_cm,
        "loss": losses,
    }
    sentence = (
        gettext(
            "Cardiotocogram on %(date)s from %(begin)s to %(end)s %(zone)s at %(speed)d cm/min and "
            "%(bpm)d bpm/cm: fetal heart rate and uterine activity, signal loss %(loss)s.",
            **values,
        )
        if "toco" in summary.channels
        else gettext(
            "Fetal heart rate strip on %(date)s from %(begin)s to %(end)s %(zone)s at %(speed)d cm/min and "
            "%(bpm)d bpm/cm, signal loss %(loss)s.",
            **values,
        )
    )
    return str(sentence)
