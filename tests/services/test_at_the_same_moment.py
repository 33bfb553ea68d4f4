"""Two people who write about one patient in the same moment: who waited for the other decides on what is so now."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Permission
from app.database import begin_writing
from app.extensions import db
from app.models import (
    MonitoringResult,
    MonitoringSession,
    Release,
    ReleaseKind,
    Review,
    ReviewState,
    User,
)
from app.services import guarded, releases, reviews, transaction, unit_cover
from app.services.errors import Conflict
from app.services.releases import Words
from tests.make import Make
from tests.page import PASSWORD
from tests.services.readings import NO_CONCERN, PATHOLOGICAL, SUSPICIOUS, amend, call, recording, seen, sign, writing
from tests.services.test_linking_together import together
from tests.services.uploads import as_doctor

MESSAGE = Words(kind=ReleaseKind.MESSAGE, message="See you at your next visit.")


@contextmanager
def already_begun(app: Flask) -> Iterator[Session]:
    """A writing transaction that has begun and read something, as a request's has when it waits for a lock."""
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        pytest.skip("on SQLite nobody can write while another's writing transaction is open")
    with Session(engine, expire_on_commit=False) as own:
        begin_writing(own)
        own.execute(select(func.count()).select_from(User)).one()
        yield own


def release(own: Session, doctor: User, read: MonitoringSession, review: Review) -> Release:
    """The release of `MESSAGE` as a view asks for it."""
    actor = as_doctor(doctor)
    mine = guarded.monitoring_session(own, actor, read.public_id, Permission.RELEASE_WRITE)
    return releases.release(own, actor, mine, MESSAGE, review_id=review.id, words_are_confirmed=True)


def test_a_release_that_waited_for_an_amendment_is_refused(app: Flask, session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    first = sign(session, doctor, read, NO_CONCERN)
    with already_begun(app) as own:
        amend(session, doctor, read, first, PATHOLOGICAL)
        call(session, doctor, read)

        with pytest.raises(Conflict, match="amended_meanwhile"):
            release(own, doctor, read, first)

        transaction.roll_back(own)
    session.rollback()
    session.refresh(read)
    assert read.review_state is ReviewState.SIGNED


def test_a_call_logged_while_the_release_waited_counts(app: Flask, session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    review = sign(session, doctor, read, SUSPICIOUS)
    with already_begun(app) as own:
        call(session, doctor, read)

        assert release(own, doctor, read, review).review_id == review.id

        transaction.roll_back(own)


def test_an_amendment_and_a_release_at_once_leave_the_amendment_to_be_released(
    app: Flask, session: Session, make: Make
) -> None:
    doctor, other = make.doctor(), make.doctor()
    read = recording(session, make, doctor=doctor)
    make.link(other, read.patient)  # type: ignore[arg-type]
    first = sign(session, doctor, read, NO_CONCERN)

    def releasing(own: Session) -> None:
        release(own, doctor, read, first)

    def amending(own: Session) -> None:
        actor = as_doctor(other)
        mine = guarded.monitoring_session(own, actor, read.public_id, Permission.REVIEW_WRITE)
        reviews.sign(
            own,
            actor,
            mine,
            fetus=1,
            stated=PATHOLOGICAL,
            seen=seen(mine),
            password=PASSWORD,
            amends_id=first.id,
            amendment_reason="Looked again at 3 cm/min.",
        )

    released, amended = together(app, releasing, amending)

    assert amended is None
    assert released is None or str(released) == "amended_meanwhile"
    session.rollback()
    session.refresh(read)
    assert read.review_state is ReviewState.SIGNED
    assert session.execute(select(func.count()).select_from(Release)).scalar_one() == (released is None)


def test_one_twin_amended_while_the_other_is_signed_makes_one_result(app: Flask, session: Session, make: Make) -> None:
    doctor = make.doctor()
    twins = recording(session, make, doctor=doctor, fetuses=2)
    first = sign(session, doctor, twins, NO_CONCERN, fetus=1)
    with already_begun(app) as own:
        sign(session, doctor, twins, NO_CONCERN, fetus=2)
        mine = guarded.monitoring_session(own, as_doctor(doctor), twins.public_id, Permission.REVIEW_WRITE)

        reviews.sign(
            own,
            as_doctor(doctor),
            mine,
            fetus=1,
            stated=SUSPICIOUS,
            seen=seen(mine),
            password=PASSWORD,
            amends_id=first.id,
            amendment_reason="Looked again at 3 cm/min.",
        )

        transaction.commit(own)
    session.rollback()
    assert session.execute(select(func.count()).select_from(MonitoringResult)).scalar_one() == 1


def test_who_takes_over_second_does_not_take_the_recordings_away(app: Flask, session: Session, make: Make) -> None:
    first, second = make.doctor(on_unit_cover=True), make.doctor(on_unit_cover=True)
    patient = make.patient()
    left = make.monitoring_session(patient)
    with already_begun(app) as own:
        actor = replace(as_doctor(second), on_unit_cover=True)
        hers = guarded.patient(own, actor, patient.id, Permission.UNIT_TAKE_OVER)
        with writing(session):
            unit_cover.take_over(session, as_doctor(first), patient, reason="Nobody reads for her.")

        unit_cover.take_over(own, actor, hers, reason="Nobody reads for her.")

        transaction.commit(own)
    session.rollback()
    session.refresh(left)
    assert left.doctor_id == first.id
