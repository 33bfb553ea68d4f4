"""Releases: a signed reading given to the patient in plain words; append-only, and the newest is what she sees."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.access import Actor
from app.models import (
    ContactAttempt,
    Impression,
    Language,
    MonitoringSession,
    Release,
    ReleaseKind,
    Review,
    ReviewState,
    Uninterpretable,
    User,
)
from app.services import audit, contacts, forbidden_words, outbox, reviewable, reviews
from app.services.clock import utc_now
from app.services.errors import Conflict, Refused
from app.services.words import in_language

MAX_MESSAGE_CHARACTERS = 2000
BAD_NEWS = (Impression.SUSPICIOUS, Impression.PATHOLOGICAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the patient is to be told: the kind, and the doctor's own words with it."""

    kind: ReleaseKind
    message: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A release that may be made: the reading it rests on, why that says nothing, and words to be confirmed."""

    reading: Review
    reason: Uninterpretable | None
    words_to_confirm: tuple[str, ...]


def prepare(session: Session, monitoring_session: MonitoringSession, words: Words, *, review_id: int) -> Prepared:
    """What a release of these words would be; nothing is stored.

    Raises
    ------
    Conflict
        not_signed, or amended_meanwhile when `review_id` is not the newest reading: the doctor saw another one.
    Refused
        message_needed, message_too_long, contact_needed, recording_is_readable.
    """
    versions = reviews.signed(session, monitoring_session)
    _check_newest(monitoring_session, versions, review_id)
    return _prepared(words, versions, calls_that_count(session, monitoring_session, versions))


def release(
    session: Session,
    actor: Actor,
    monitoring_session: MonitoringSession,
    words: Words,
    *,
    review_id: int,
    words_are_confirmed: bool,
) -> Release:
    """The release, with the notice to the patient in the outbox; the same one again for the same form sent twice.

    Raises
    ------
    Conflict
        As `prepare`.
    Refused
        As `prepare`, and words_to_confirm.
    """
    reviewable.lock(session, monitoring_session)
    versions = reviews.signed_now(session, monitoring_session)
    _check_newest(monitoring_session, versions, review_id)
    last = newest(session, monitoring_session)
    if last is not None and _is_sent_again(last, actor, words, review_id):
        return last
    prepared = _prepared(words, versions, calls_that_count(session, monitoring_session, versions, last))
    if prepared.words_to_confirm and not words_are_confirmed:
        raise Refused("words_to_confirm", words=prepared.words_to_confirm)
    patient = monitoring_session.patient
    if patient is None:
        raise Conflict("no_patient")
    made = Release(
        session_id=monitoring_session.id,
        review_id=review_id,
        released_by_id=actor.signed_in_id,
        released_at=utc_now(),
        kind=words.kind,
        language=patient.user.language or Language.ENGLISH,
        message=words.message,
        reason=prepared.reason,
    )
    session.add(made)
    monitoring_session.review_state = ReviewState.RELEASED
    monitoring_session.updated_at = utc_now()
    session.flush()
    # Of a record that may be another woman's the account is told nothing.
    if patient.current_user_id is not None:
        _send_notice(session, patient.user)
    audit.record(
        session,
        actor,
        "release:make",
        patient_id=patient.id,
        object_type="session",
        object_id=monitoring_session.public_id,
    )
    return made


def asks_for_a_call(versions: Sequence[Review]) -> bool:
    """Whether the newest reading of any fetus is bad news, which is given by voice (SAFETY.md, rule 4)."""
    return any(review.impression in BAD_NEWS for review in reviews.newest(versions))


def calls_that_count(
    session: Session,
    monitoring_session: MonitoringSession,
    versions: Sequence[Review],
    last: Release | None = None,
) -> list[ContactAttempt]:
    """The attempts to reach her that the next release can rest on; `last` is the one before where it is known.

    A call says what was known when it was made: not what was released since, nor a reading that has replaced the
    one it was about.
    """
    if last is None:
        last = next(reversed(made(session, monitoring_session)), None)
    replaced = {review.amends_id for review in reviews.newest(versions)}
    ended = [review.signed_at for review in versions if review.id in replaced]
    since = max([*ended, *([last.released_at] if last else [])], default=None)
    attempts = contacts.logged(session, monitoring_session)
    return [attempt for attempt in attempts if since is None or attempt.made_at > since]


def made(session: Session, monitoring_session: MonitoringSession) -> list[Release]:
    """Every release with who made it, oldest first."""
    return list(
        session.scalars(
            select(Release)
            .where(Release.session_id == monitoring_session.id)
            .options(joinedload(Release.released_by))
            .order_by(Release.id)
        )
    )


def newest(session: Session, monitoring_session: MonitoringSession) -> Release | None:
    """What the patient sees now; a locking read, because the answer decides what is written."""
    return session.scalars(
        select(Release)
        .where(Release.session_id == monitoring_session.id)
        .order_by(Release.id.desc())
        .limit(1)
        .with_for_update(read=True)
    ).one_or_none()


def _check_newest(monitoring_session: MonitoringSession, versions: Sequence[Review], review_id: int) -> None:
    if not versions or reviews.unsigned(monitoring_session, versions):
        raise Conflict("not_signed")
    if review_id != max(review.id for review in versions):
        raise Conflict("amended_meanwhile")


def _prepared(words: Words, versions: Sequence[Review], calls: Sequence[ContactAttempt]) -> Prepared:
    newest_readings = reviews.newest(versions)
    reason = None
    if words.kind is ReleaseKind.MESSAGE and not words.message:
        raise Refused("message_needed")
    if len(words.message) > MAX_MESSAGE_CHARACTERS:
        raise Refused("message_too_long")
    if not calls and (words.kind is ReleaseKind.PLEASE_CALL or asks_for_a_call(versions)):
        raise Refused("contact_needed")
    if words.kind is ReleaseKind.NOT_READABLE:
        if any(review.is_interpretable for review in newest_readings):
            raise Refused("recording_is_readable")
        reason = newest_readings[0].uninterpretable_reason
    last_reading = max(newest_readings, key=lambda review: review.id)
    return Prepared(last_reading, reason=reason, words_to_confirm=tuple(forbidden_words.found_in(words.message)))


def _send_notice(session: Session, user: User) -> None:
    """Tell her that there is something to read, and nothing of what it says: mail is read by others too."""
    _ = in_language(user.language)
    body = [
        _("There is a message for you in Dopply about one of your recordings. Sign in to read it."),
        _("If your baby moves less than usual, call your maternity unit now. Do not wait for a message."),
    ]
    outbox.send(session, to=user.email, subject=_("There is a message for you in Dopply"), body="\n\n".join(body))


def _is_sent_again(last: Release, actor: Actor, words: Words, review_id: int) -> bool:
    return (
        last.released_by_id == actor.user_id
        and last.review_id == review_id
        and last.kind is words.kind
        and last.message == words.message
    )
