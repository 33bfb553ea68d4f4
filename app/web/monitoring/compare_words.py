"""What a page of two recordings says of each: which is older and by how much, and what both were made with."""

from datetime import tzinfo

from flask_babel import gettext, ngettext

from app.models import MonitoringSession
from app.models.base import NO_TIME
from app.web.i18n import duration_words, gestation, percent
from app.web.monitoring import recording_words


def age(recording: MonitoringSession, other: MonitoringSession, zone: tzinfo) -> str:
    """The older one, recorded 3 days before the other; or that nobody can say."""
    began, others = recording.began_at, other.began_at
    if NO_TIME in (began, others):
        return str(gettext("Nobody knows which of the two is older: a time is missing."))
    if began == others:
        return str(gettext("Both are said to begin at the same moment."))
    days = (began.astimezone(zone).date() - others.astimezone(zone).date()).days
    apart = duration_words(abs((began - others).total_seconds()))
    if days < 0:
        return str(
            ngettext(
                "The older one, recorded %(num)d day before the other",
                "The older one, recorded %(num)d days before the other",
                -days,
            )
        )
    if days > 0:
        return str(
            ngettext(
                "The newer one, recorded %(num)d day after the other",
                "The newer one, recorded %(num)d days after the other",
                days,
            )
        )
    if began < others:
        return str(gettext("The older one, begun %(time)s before the other on the same day", time=apart))
    return str(gettext("The newer one, begun %(time)s after the other on the same day", time=apart))


def facts(recording: MonitoringSession, gestation_days: int | None) -> list[tuple[str, str]]:
    """What the strip's own caption does not say, as pairs of label and value; the loss is that of all of it."""
    pairs = [
        (gettext("Gestation then"), gestation(gestation_days)),
        (gettext("Length"), recording_words.length(recording)),
        (gettext("Signal loss in all of it"), percent(recording.loss_fraction)),
        (gettext("Kind"), recording_words.kind(recording)),
        (gettext("Device"), recording.device_name or gettext("not stated")),
    ]
    return [(str(label), str(value)) for label, value in pairs]
