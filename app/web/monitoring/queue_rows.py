"""The rows of the queue, ready to show: why, who, which recording, when, whose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import format_datetime, gettext, lazy_gettext
from sqlalchemy.orm import Session

from app.access import Actor
from app.models import MonitoringSession, Movement, ReviewState
from app.services import patients, pregnancy_then
from app.services.clock import utc_now
from app.services.computed import Computed, ComputedKind, headline
from app.services.queue import Rank, Row
from app.web import current
from app.web.i18n import date_local, duration_words, time_local, zone_name
from app.web.monitoring import recording_words
from app.web.recorded_at import recorded_at

WORRIES = {
    Movement.LESS: lazy_gettext("Says: moving less than usual"),
    Movement.CHANGED: lazy_gettext("Says: the pattern has changed"),
    Movement.NOT_SURE: lazy_gettext("Says: not sure about movements"),
}
# Why a program cannot read it, in the few words that a table has room for; the page of the recording says the rest.
NOT_INTERPRETABLE = {
    "no_signal": lazy_gettext("no usable signal"),
    "too_short": lazy_gettext("too short"),
    "too_long": lazy_gettext("too long, check the times"),
    "loss_over_50_percent": lazy_gettext("only %(usable_percent)d %% usable"),
    "possibly_maternal": lazy_gettext("it may be the mother's rate"),
    "samples_too_sparse": lazy_gettext("too few values"),
}
# A recording that comes at once needs no remark.
SHOWN_DELAY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Due:
    """When it is due, and how strongly that is said: "call", "due" or ""."""

    text: str
    kind: str
    since: str = ""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row; `is_urgent` makes the reason bold, `original_number` is that of the older system or ""."""

    public_id: str
    why: str
    why_detail: str
    is_urgent: bool
    has_note: bool
    name: str
    birth_date: str
    record_number: str
    names_alike: bool
    gestation_days: int | None
    recording: str
    recorded: str
    loss_fraction: float | None
    original_number: str
    received: str
    delay: str
    owner: str
    due: Due


def rows(session: Session, actor: Actor, found: Sequence[Row]) -> list[QueueRow]:
    """These rows in words, in their order."""
    alike = patients.alike_among(session, actor, [row.patient for row in found])
    return [_row(row, actor, is_alike=row.patient.id in alike) for row in found]


def _row(row: Row, actor: Actor, *, is_alike: bool) -> QueueRow:
    recording, patient = row.recording, row.patient
    began_at, duration_s = recording.began_at, recording.duration_s
    zone = current.settings().time_zone
    why, detail = _why(row)
    kind = recording_words.kind(recording)
    owner = row.owner
    return QueueRow(
        public_id=recording.public_id,
        why=why,
        why_detail=detail,
        is_urgent=row.rank is not Rank.OTHER,
        has_note=recording_words.is_her_note(recording),
        name=patient.user.name,
        birth_date="" if patient.birth_date is None else date_local(patient.birth_date),
        record_number=patient.record_number,
        names_alike=is_alike,
        gestation_days=pregnancy_then.days_in(row.pregnancy, recording, zone),
        recording=kind
        if duration_s is None
        else gettext("%(kind)s, %(length)s", kind=kind, length=duration_words(duration_s)),
        # Long ago and perhaps in doubt: said in full.
        recorded=recorded_at(recording)
        if recording.is_carried_over
        else f"{_day_and_time(began_at)} {zone_name(began_at)}",
        loss_fraction=recording.loss_fraction,
        original_number=recording.id if recording.is_carried_over else "",
        received=_received(recording),
        delay=_delay(row),
        owner="–" if owner is None else gettext("you") if owner.id == actor.user_id else owner.name,
        due=_due(row),
    )


def _received(recording: MonitoringSession) -> str:
    """When the portal got it; of what came with an older database nothing, because that says when it did not."""
    received = None if recording.is_carried_over else recording.received_at
    return "" if received is None else _day_and_time(received)


def _why(row: Row) -> tuple[str, str]:
    """The reason in words, and where it comes from."""
    movement = row.recording.movement
    if movement in WORRIES:
        return str(WORRIES[movement]), _standing(row) or gettext("asked before the upload")
    if row.rank is Rank.CALL:
        return gettext("Call open"), _standing(row) or gettext("called, not signed yet")
    if row.recording.review_state is ReviewState.SIGNED:
        return gettext("Signed, not released"), gettext("she has not been told yet")
    finding = headline(row.analyses)
    if finding is not None:
        return computed_sentence(finding), gettext("computed, for reference")
    return gettext("To be read"), ""


def _standing(row: Row) -> str:
    """What is open of a recording that is signed; nothing of one that is to be read."""
    if row.recording.review_state is ReviewState.SIGNED:
        return str(gettext("signed, she has not been told yet"))
    # A released one waits only for a voice.
    return str(gettext("she has not been reached")) if row.recording.review_state is ReviewState.RELEASED else ""


def computed_sentence(finding: Computed) -> str:
    """A computed finding in a few words."""
    longest = duration_words(finding.longest_s or 0)
    if finding.kind is ComputedKind.NOT_INTERPRETABLE and finding.reason is not None:
        short = str(NOT_INTERPRETABLE[finding.reason.code]) % dict(finding.reason.values)
        return str(gettext("Cannot be interpreted: %(reason)s", reason=short))
    if finding.kind is ComputedKind.BRADYCARDIA:
        return str(gettext("Bradycardia, longest %(longest)s", longest=longest))
    if finding.kind is ComputedKind.TACHYCARDIA:
        return str(gettext("Tachycardia, longest %(longest)s", longest=longest))
    if finding.kind is ComputedKind.POSSIBLE_MATERNAL:
        return str(gettext("Possibly the mother's rate, longest %(longest)s", longest=longest))
    return str(gettext("Baseline %(bpm)d bpm", bpm=finding.bpm or 0))


def _delay(row: Row) -> str:
    """How long after its end it came."""
    recording = row.recording
    if recording.received_at is None or recording.duration_s is None:
        return ""
    delay = recording.received_at - recording.began_at - timedelta(seconds=recording.duration_s)
    return "" if delay < SHOWN_DELAY else f"+{duration_words(delay.total_seconds())}"


def _due(row: Row) -> Due:
    if row.rank is not Rank.OTHER:
        return Due(gettext("call now"), "call")
    due_at = row.recording.due_at
    if due_at is None:
        return Due("–", "")
    if due_at < utc_now():
        return Due(gettext("overdue"), "due", since=_day_and_time(due_at))
    is_today = _days_ago(due_at) == 0
    return Due(_day_and_time(due_at), "due") if is_today else Due(str(format_datetime(due_at, "d MMM")), "")


def _day_and_time(instant: datetime) -> str:
    """Today 06:51, yesterday 21:12, or 20 Nov, 08:14."""
    days = _days_ago(instant)
    if days == 0:
        return str(gettext("today %(time)s", time=time_local(instant)))
    if days == 1:
        return str(gettext("yesterday %(time)s", time=time_local(instant)))
    pattern = "d MMM, HH:mm" if 0 <= days < 300 else "d MMM y, HH:mm"
    return str(format_datetime(instant, pattern))


def _days_ago(instant: datetime) -> int:
    zone = current.settings().time_zone
    return (utc_now().astimezone(zone).date() - instant.astimezone(zone).date()).days
