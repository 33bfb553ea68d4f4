"""What is printed beside a strip: whose it is, when it was recorded, who read it, and what the strip is not."""

from collections.abc import Sequence

from flask_babel import get_locale, gettext
from markupsafe import Markup

from app.access import Actor
from app.charts import Audience
from app.charts.pdf import Field, PrintWords
from app.models import MonitoringSession, Record, Review
from app.services import patient_view, reviewable, reviews
from app.web import current
from app.web.banner import banner_arguments
from app.web.i18n import datetime_local
from app.web.monitoring import patient_words, reading_words
from app.web.monitoring.strip_view import StripView
from app.web.recorded_at import recorded_at

_APART = " · "


def print_words(
    actor: Actor, recording: MonitoringSession | Record, view: StripView, audience: Audience, *, has_computed: bool
) -> PrintWords:
    """The words of each sheet for this reader; of a reading only what she may see."""
    banner = banner_arguments(current.database(), actor, recording)
    is_clinicians = audience is Audience.CLINICIAN
    remarks = [banner["other_woman"]] if is_clinicians and banner["other_woman"] else []
    then = [Field(gettext("Gestation then"), banner["gestation_then"])] if is_clinicians else []
    return PrintWords(
        title=gettext("Fetal heart rate strip"),
        name=banner["name"],
        identity=(
            Field(gettext("Born"), banner["birth_date"], is_identifier=True),
            Field(gettext("Record"), banner["record_number"], is_identifier=True),
        ),
        recording=(*then, Field(gettext("Recorded"), recorded_at(recording)), Field(gettext("Scale"), _scale(view))),
        readings=(*remarks, *(_readings(recording) if is_clinicians else [_told(recording)])),
        notes=tuple(_notes(has_computed=has_computed and is_clinicians)),
        page=gettext("Page %(page)s of %(pages)s", page="%(page)d", pages="%(pages)d"),
        unprintable=gettext("(with letters that cannot be printed here)"),
        language=get_locale().language,
    )


def _scale(view: StripView) -> str:
    """Paper speed and scale of the heart rate."""
    speed, rate = gettext("cm/min"), gettext("bpm/cm")
    return f"{view.scale.speed_cm_min} {speed}{_APART}{view.scale.bpm_per_cm} {rate}"


def _notes(*, has_computed: bool) -> list[str]:
    """What the strip is and is not."""
    notes = [gettext("DEMO – synthetic data")] if current.settings().is_demo else []
    if has_computed:
        notes.append(gettext("Blue lines, brackets and letters are computed: for reference, not a diagnosis."))
    return [*notes, gettext("True to scale when printed at 100 %.")]


def _told(recording: MonitoringSession | Record) -> str:
    """What a patient has been told of who read it."""
    if isinstance(recording, Record):
        return str(gettext("This recording came from the earlier system. Nobody has read it here."))
    return patient_words.line(patient_view.state_of(current.database(), [recording])[recording.id])


def _readings(recording: MonitoringSession | Record) -> list[str]:
    """For each fetus what was signed, by whom and when."""
    if isinstance(recording, Record):
        return [gettext("This recording came from the earlier system. Nobody has read it here.")]
    signed = {review.fetus: review for review in reviews.newest(reviews.signed(current.database(), recording))}
    fetuses = reviewable.fetuses(recording)
    return [_reading(fetus, signed.get(fetus), fetuses) for fetus in fetuses]


def _reading(fetus: int, review: Review | None, fetuses: Sequence[int]) -> str:
    """One reading in a row or two; its free text stays in the portal."""
    whose = gettext("Reading, fetus %(number)d:", number=fetus) if len(fetuses) > 1 else gettext("Reading:")
    if review is None:
        unread = gettext("not read yet.")
        return f"{whose} {unread}"
    # What somebody typed at length is marked up for a page, and may fill one.
    stated = [f"{label} {value}" for label, value in reading_words.pairs(review) if not isinstance(value, Markup)]
    sentences = [whose, f"{_APART.join(stated)}."]
    if review.comment or review.plan:
        sentences.append(gettext("Comment and plan stand in the portal."))
    who = gettext("Signed by %(name)s, %(when)s", name=review.author.name, when=datetime_local(review.signed_at))
    sentences.append(f"{who}.")
    if review.amends_id is not None:
        sentences.append(gettext("Amended: this is version %(version)d.", version=review.version))
    return " ".join(sentences)
