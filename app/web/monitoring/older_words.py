"""What the older system wrote of a session, as labels and values for a clinician; never for a patient."""

from collections.abc import Sequence

from flask_babel import gettext, lazy_gettext, ngettext

from app.models import MonitoringSession, RiskLevel
from app.services.older_results import OlderResult
from app.web.i18n import datetime_local
from app.web.monitoring.analysis_block import LEGACY_OUTCOMES
from app.web.monitoring.reading_words import as_typed

RISKS = {
    RiskLevel.LOW: lazy_gettext("low"),
    RiskLevel.MEDIUM: lazy_gettext("medium"),
    RiskLevel.HIGH: lazy_gettext("high"),
}

Pairs = Sequence[tuple[object, object]]


def stated(recording: MonitoringSession) -> Pairs:
    """What people had written there beside the values."""
    weeks = recording.gestational_age
    pairs = [
        (gettext("Gestation as written"), ngettext("%(num)d week", "%(num)d weeks", weeks) if weeks > 0 else None),
        (gettext("Shared with a doctor"), gettext("yes") if recording.shared_with_doctor else gettext("no")),
        (gettext("Notes of a doctor"), as_typed(recording.doctor_notes or "")),
    ]
    return [(label, value) for label, value in pairs if value is not None]


def result(found: OlderResult) -> Pairs:
    """What its program had made of the values."""
    mean = gettext("%(bpm)d bpm", bpm=round(found.average_bpm))
    variability = None if found.variability_bpm is None else gettext("%(bpm)d bpm", bpm=round(found.variability_bpm))
    pairs = [
        (gettext("Class"), LEGACY_OUTCOMES[found.overall.value]),
        (gettext("Risk level"), RISKS[found.risk]),
        (gettext("Mean of all values"), mean),
        (gettext("Variability"), variability),
        (gettext("Findings"), as_typed("\n".join(found.findings))),
        (gettext("Recommendations"), as_typed("\n".join(found.recommendations))),
        (gettext("Written"), datetime_local(found.written_at)),
    ]
    return [(label, value) for label, value in pairs if value is not None]
