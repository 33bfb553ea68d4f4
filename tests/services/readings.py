"""Short ways to read, sign and release in tests of the use cases."""

from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.ctg.findings import Analysis
from app.models import (
    Accelerations,
    ContactAttempt,
    ContactOutcome,
    Decelerations,
    Impression,
    MonitoringSession,
    Patient,
    Release,
    ReleaseKind,
    Review,
    ReviewState,
    SessionAnalysis,
    Uninterpretable,
    User,
    Variability,
)
from app.services import contacts, releases, reviews, transaction
from app.services.clock import utc_now
from app.services.reading import Reading
from app.services.releases import Words
from app.services.reviews import Seen
from tests.make import Make
from tests.page import PASSWORD
from tests.services.uploads import as_doctor, csv_file, store

NO_CONCERN = Reading(
    is_interpretable=True,
    uninterpretable_reason=None,
    baseline_bpm=140,
    variability=Variability.USUAL,
    accelerations=Accelerations.TWO_OR_MORE,
    decelerations=Decelerations.NONE,
    contractions_per_10_min=None,
    impression=Impression.NO_CONCERN,
    comment="",
    plan="",
)
SUSPICIOUS = replace(NO_CONCERN, variability=Variability.REDUCED, impression=Impression.SUSPICIOUS)
PATHOLOGICAL = replace(NO_CONCERN, decelerations=Decelerations.LATE, impression=Impression.PATHOLOGICAL)
UNREADABLE = Reading(
    is_interpretable=False,
    uninterpretable_reason=Uninterpretable.SIGNAL_LOSS,
    baseline_bpm=None,
    variability=None,
    accelerations=None,
    decelerations=None,
    contractions_per_10_min=None,
    impression=None,
    comment="",
    plan="",
)


def changed(stated: Reading, **changes: Any) -> Reading:
    """`stated` with other values in the named fields."""
    return replace(stated, **changes)


def state_of(monitoring_session: MonitoringSession) -> ReviewState:
    """How far it has come, as loaded."""
    return monitoring_session.review_state


def writing(session: Session) -> AbstractContextManager[Session]:
    """A unit of work; what the test has read before belongs to a transaction that ends here."""
    session.commit()
    return transaction.unit_of_work(session)


def recording(session: Session, make: Make, *, doctor: User | None = None, **given: Any) -> MonitoringSession:
    """A recording of a linked patient; twins with `fetuses=2`."""
    doctor = doctor or make.doctor()
    patient = make.patient()
    make.link(doctor, patient)
    channels: dict[str, Any] = {"fhr2_bpm": [150.0] * 480} if given.get("fetuses") == 2 else {}
    stored = store(session, as_doctor(doctor), patient, csv_file(minutes=2, **channels), **given).monitoring_session
    session.refresh(stored, ["patient"])
    session.commit()
    return stored


def seen(monitoring_session: MonitoringSession) -> Seen:
    """The strip at 1 cm/min and 20 bpm/cm."""
    return Seen(monitoring_session.trace_digest or "", 1, 20)


def sign(
    session: Session, doctor: User, monitoring_session: MonitoringSession, stated: Reading = NO_CONCERN, **given: Any
) -> Review:
    """A reading signed in a unit of work of its own."""
    values: dict[str, Any] = {"fetus": 1, "seen": seen(monitoring_session), "password": PASSWORD}
    with writing(session):
        return reviews.sign(session, as_doctor(doctor), monitoring_session, stated=stated, **(values | given))


def amend(
    session: Session, doctor: User, monitoring_session: MonitoringSession, old: Review, stated: Reading
) -> Review:
    """A new version in place of `old`."""
    return sign(
        session,
        doctor,
        monitoring_session,
        stated,
        fetus=old.fetus,
        amends_id=old.id,
        amendment_reason="Looked again at 3 cm/min.",
    )


def call(
    session: Session,
    doctor: User,
    monitoring_session: MonitoringSession,
    outcome: ContactOutcome = ContactOutcome.NO_ANSWER,
    note: str = "",
) -> ContactAttempt:
    """An attempt to reach her, in a unit of work of its own."""
    with writing(session):
        return contacts.log(session, as_doctor(doctor), monitoring_session, outcome=outcome, note=note)


def give(
    session: Session,
    doctor: User,
    monitoring_session: MonitoringSession,
    review: Review,
    kind: ReleaseKind = ReleaseKind.MESSAGE,
    message: str = "We have read your recording.",
    *,
    words_are_confirmed: bool = False,
) -> Release:
    """A release in a unit of work of its own."""
    with writing(session):
        session.scalars(
            select(MonitoringSession)
            .where(MonitoringSession.id == monitoring_session.id)
            .options(joinedload(MonitoringSession.patient).joinedload(Patient.user))
            .execution_options(populate_existing=True)
        ).one()
        return releases.release(
            session,
            as_doctor(doctor),
            monitoring_session,
            Words(kind=kind, message=message),
            review_id=review.id,
            words_are_confirmed=words_are_confirmed,
        )


def analysis_row(read: MonitoringSession, *, is_interpretable: bool) -> SessionAnalysis:
    """A stored analysis that found a baseline of 70 bpm."""
    analysis = Analysis(
        engine_version="1",
        input_digest="0" * 64,
        fetus=1,
        rate_hz=4.0,
        sample_count=100,
        duration_s=25.0,
        loss_fraction=0.9,
        loss_per_10_min=(),
        longest_gap_s=0.0,
        baseline_bpm=70,
        baseline_low_bpm=None,
        baseline_high_bpm=None,
        baseline_series=None,
        events=(),
        not_interpretable=(),
        limits=(),
        rule_sets=(),
    )
    return SessionAnalysis(
        session_id=read.id,
        fetus=1,
        engine_version="1",
        input_digest="0" * 64,
        is_interpretable=is_interpretable,
        document=analysis.to_document(),
        computed_at=utc_now(),
    )
