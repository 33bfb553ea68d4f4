"""Readings: a draft is kept as typed; a signed one stands for ever, and an amendment is a new version beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from app.access import Actor
from app.models import MonitoringSession, Review, ReviewState, User
from app.services import audit, drafts, passwords, reading, results, reviewable, traces
from app.services.clock import utc_now
from app.services.errors import Conflict, Refused
from app.services.reading import Reading

# What a reading names where there is no curve: no samples have this digest.
NO_CURVE = "0" * 64


@dataclass(frozen=True, slots=True)
class Seen:
    """What the reader had before her: the samples by their digest, and the scale of the strip."""

    trace_digest: str
    speed_cm_min: int
    bpm_per_cm: int


def sign(
    session: Session,
    actor: Actor,
    monitoring_session: MonitoringSession,
    *,
    fetus: int,
    stated: Reading,
    seen: Seen,
    password: str,
    amends_id: int | None = None,
    amendment_reason: str = "",
) -> Review:
    """The signed reading; the same one again when its author sends the same form twice.

    Raises
    ------
    Refused
        no_such_fetus, no_recording (there is no curve that could be interpreted), incomplete, reason_needed,
        wrong_password; nothing is stored.
    Conflict
        another_recording, already_signed, amended_meanwhile; nothing is stored.
    """
    _check_object(session, monitoring_session, fetus, seen, stated)
    if reading.problems(stated):
        raise Refused("incomplete")
    if amends_id is not None and not amendment_reason:
        raise Refused("reason_needed")
    author = session.get_one(User, actor.signed_in_id)
    if not passwords.verify(author.password_hash, password):
        raise Refused("wrong_password")
    reviewable.lock(session, monitoring_session)
    versions = signed_now(session, monitoring_session)
    of_this_fetus = [review for review in versions if review.fetus == fetus]
    last = of_this_fetus[-1] if of_this_fetus else None
    if last is not None and _is_sent_again(last, actor, stated, amends_id, amendment_reason):
        return last
    if amends_id != (last.id if last else None):
        raise Conflict("already_signed" if amends_id is None else "amended_meanwhile")
    review = Review(
        session_id=monitoring_session.id,
        fetus=fetus,
        version=len(of_this_fetus) + 1,
        author_id=author.id,
        author=author,
        signed_at=utc_now(),
        amends_id=amends_id,
        amendment_reason=amendment_reason if amends_id is not None else None,
        trace_digest=seen.trace_digest,
        speed_cm_min=seen.speed_cm_min,
        bpm_per_cm=seen.bpm_per_cm,
        **{field.name: getattr(stated, field.name) for field in fields(stated)},
    )
    try:
        with session.begin_nested():
            session.add(review)
    except IntegrityError:
        raise Conflict("already_signed") from None
    drafts.discard(session, actor, monitoring_session, fetus)
    versions.append(review)
    if not unsigned(monitoring_session, versions):
        # Also after a release: what the patient was told rests on the version before, so it waits for another one.
        monitoring_session.review_state = ReviewState.SIGNED
        monitoring_session.updated_at = utc_now()
        results.keep_first(session, monitoring_session, versions)
    session.flush()
    audit.record(
        session,
        actor,
        "review:sign" if amends_id is None else "review:amend",
        patient_id=monitoring_session.woman_id,
        object_type="session",
        object_id=monitoring_session.public_id,
        fetus=fetus,
        version=review.version,
    )
    return review


def signed(session: Session, monitoring_session: MonitoringSession) -> list[Review]:
    """Every signed version with its author, by fetus and then as they were signed."""
    return list(session.scalars(_all_versions(monitoring_session)))


def signed_now(session: Session, monitoring_session: MonitoringSession) -> list[Review]:
    """As `signed`; a locking read sees what was committed after our transaction began."""
    return list(session.scalars(_all_versions(monitoring_session).with_for_update(read=True)))


def newest(versions: Sequence[Review]) -> list[Review]:
    """The newest version for each fetus, in the order of the fetuses."""
    by_fetus = {review.fetus: review for review in sorted(versions, key=lambda review: review.version)}
    return [by_fetus[fetus] for fetus in sorted(by_fetus)]


def unsigned(monitoring_session: MonitoringSession, versions: Sequence[Review]) -> list[int]:
    """The fetuses without a signed reading."""
    read = {review.fetus for review in versions}
    return [fetus for fetus in reviewable.fetuses(monitoring_session) if fetus not in read]


def _check_object(
    session: Session, monitoring_session: MonitoringSession, fetus: int, seen: Seen, stated: Reading
) -> None:
    if fetus not in reviewable.fetuses(monitoring_session):
        raise Refused("no_such_fetus")
    there = traces.digest(session, monitoring_session)
    # Without a curve "not interpretable" is the one thing that can be said, and it has to be: else it waits for ever.
    if there is None and stated.is_interpretable:
        raise Refused("no_recording")
    if seen.trace_digest != (there or NO_CURVE):
        raise Conflict("another_recording")


def _all_versions(monitoring_session: MonitoringSession) -> Select[Review]:
    return (
        select(Review)
        .where(Review.session_id == monitoring_session.id)
        .options(joinedload(Review.author))
        .order_by(Review.fetus, Review.version)
    )


def _is_sent_again(
    newest_version: Review, actor: Actor, stated: Reading, amends_id: int | None, amendment_reason: str
) -> bool:
    return (
        newest_version.author_id == actor.user_id
        and newest_version.amends_id == amends_id
        and (newest_version.amendment_reason or "") == amendment_reason
        and reading.of_review(newest_version) == stated
    )
