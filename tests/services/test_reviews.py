from dataclasses import replace
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access import Actor, ActorRole, Permission
from app.extensions import db
from app.models import MonitoringResult, MonitoringSession, Review, ReviewDraft, ReviewState
from app.services import drafts, guarded, reading, reviews, transaction
from app.services.drafts import Tab
from app.services.errors import Conflict, DomainError, Refused
from app.services.reading import FEATURES, NEEDED_FEATURES, Reading
from app.services.reviews import Seen
from tests.make import Make
from tests.page import PASSWORD
from tests.services.readings import (
    NO_CONCERN,
    PATHOLOGICAL,
    SUSPICIOUS,
    UNREADABLE,
    amend,
    changed,
    recording,
    seen,
    sign,
    state_of,
    writing,
)
from tests.services.uploads import as_doctor

TAB = Tab("a", "")


def count(session: Session, model: type) -> int:
    session.commit()
    return session.execute(select(func.count()).select_from(model)).scalar_one()


@pytest.mark.parametrize("stated", [NO_CONCERN, PATHOLOGICAL, UNREADABLE])
def test_a_complete_reading_has_no_problem(stated: Reading) -> None:
    assert reading.problems(stated) == []


@pytest.mark.parametrize("field", NEEDED_FEATURES)
def test_an_interpretable_reading_needs_each_feature(field: str) -> None:
    assert [(p.field, p.code) for p in reading.problems(changed(NO_CONCERN, **{field: None}))] == [(field, "needed")]


@pytest.mark.parametrize("field", FEATURES)
def test_a_recording_that_cannot_be_interpreted_has_no_features(field: str) -> None:
    stated = changed(UNREADABLE, **{field: getattr(replace(NO_CONCERN, contractions_per_10_min=3), field)})

    assert [(p.field, p.code) for p in reading.problems(stated)] == [(field, "only_when_interpretable")]


def test_why_it_cannot_be_interpreted_is_needed_and_only_then() -> None:
    without = replace(UNREADABLE, uninterpretable_reason=None)
    both = replace(NO_CONCERN, uninterpretable_reason=UNREADABLE.uninterpretable_reason)

    assert [(p.field, p.code) for p in reading.problems(without)] == [("uninterpretable_reason", "needed")]
    assert [p.code for p in reading.problems(both)] == ["only_when_not_interpretable"]
    assert [p.field for p in reading.problems(replace(NO_CONCERN, is_interpretable=None))] == ["is_interpretable"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("baseline_bpm", 49), ("baseline_bpm", 241), ("contractions_per_10_min", -1), ("contractions_per_10_min", 21)],
)
def test_numbers_that_nobody_means_are_refused(field: str, value: int) -> None:
    assert [(p.field, p.code) for p in reading.problems(changed(NO_CONCERN, **{field: value}))] == [
        (field, "out_of_range")
    ]


def test_a_signed_reading_says_who_when_what_and_what_was_seen(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)

    review = sign(session, doctor, read, SUSPICIOUS, seen=replace(seen(read), speed_cm_min=3, bpm_per_cm=30))

    assert (review.author_id, review.version, review.fetus) == (doctor.id, 1, 1)
    assert reading.of_review(review) == SUSPICIOUS
    assert (review.trace_digest, review.speed_cm_min, review.bpm_per_cm) == (read.trace_digest, 3, 30)
    assert state_of(read) is ReviewState.SIGNED


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"password": "wrong horse battery"}, "wrong_password"),
        ({"password": ""}, "wrong_password"),
        ({"fetus": 2}, "no_such_fetus"),
        ({"fetus": 3}, "no_such_fetus"),
        ({"fetus": 0}, "no_such_fetus"),
        ({"stated": replace(NO_CONCERN, variability=None)}, "incomplete"),
        ({"amends_id": 1, "amendment_reason": ""}, "reason_needed"),
    ],
)
def test_what_may_not_be_signed_stores_nothing(
    session: Session, make: Make, changes: dict[str, object], code: str
) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)

    with pytest.raises(Refused, match=code):
        sign(session, doctor, read, **changes)  # type: ignore[arg-type]

    assert count(session, Review) == 0


def test_a_recording_without_samples_cannot_be_read(session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()

    with pytest.raises(Refused, match="no_recording"):
        sign(session, doctor, make.monitoring_session(patient))


def test_samples_other_than_those_stored_are_not_what_was_seen(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)

    with pytest.raises(Conflict, match="another_recording"):
        sign(session, doctor, read, seen=Seen("0" * 64, 1, 20))

    assert count(session, Review) == 0


def test_the_same_form_sent_twice_is_one_reading(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)

    assert sign(session, doctor, read).id == sign(session, doctor, read).id
    assert count(session, Review) == 1


def test_a_second_first_reading_is_a_conflict(session: Session, make: Make) -> None:
    doctor, other = make.doctor(), make.doctor()
    read = recording(session, make, doctor=doctor)
    sign(session, doctor, read)

    for reader, stated in ((doctor, SUSPICIOUS), (other, NO_CONCERN)):
        with pytest.raises(Conflict, match="already_signed"):
            sign(session, reader, read, stated)

    assert count(session, Review) == 1


def test_an_amendment_is_a_version_beside_the_old_one(session: Session, make: Make) -> None:
    doctor, other = make.doctor(), make.doctor()
    read = recording(session, make, doctor=doctor)
    first = sign(session, doctor, read)

    second = amend(session, other, read, first, SUSPICIOUS)

    assert [(r.version, r.amends_id, r.author_id) for r in reviews.signed(session, read)] == [
        (1, None, doctor.id),
        (2, first.id, other.id),
    ]
    assert second.amendment_reason == "Looked again at 3 cm/min."
    assert reviews.newest(reviews.signed(session, read)) == [second]
    with pytest.raises(Conflict, match="amended_meanwhile"):
        amend(session, doctor, read, first, PATHOLOGICAL)


def test_another_recordings_reading_cannot_be_amended_here(session: Session, make: Make) -> None:
    doctor = make.doctor()
    here, elsewhere = (recording(session, make, doctor=doctor) for _ in range(2))
    foreign = sign(session, doctor, elsewhere)
    own = sign(session, doctor, here)

    with pytest.raises(Conflict, match="amended_meanwhile"):
        amend(session, doctor, here, foreign, SUSPICIOUS)

    assert own.id != foreign.id
    assert count(session, Review) == 2


def test_an_amendment_after_a_release_waits_for_another_release(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    first = sign(session, doctor, read)
    read.review_state = ReviewState.RELEASED
    session.commit()

    amend(session, doctor, read, first, PATHOLOGICAL)

    assert state_of(read) is ReviewState.SIGNED


def test_twins_are_signed_when_both_are(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor, fetuses=2)

    sign(session, doctor, read, fetus=2)
    assert state_of(read) is ReviewState.TO_REVIEW
    assert count(session, MonitoringResult) == 0

    sign(session, doctor, read, SUSPICIOUS, fetus=1)
    assert state_of(read) is ReviewState.SIGNED


def test_doctors_who_sign_at_the_same_moment_store_one_reading(app: Flask, session: Session, make: Make) -> None:
    doctors = [make.doctor() for _ in range(4)]
    read = recording(session, make, doctor=doctors[0])
    for doctor in doctors[1:]:
        make.link(doctor, read.patient)  # type: ignore[arg-type]
    answers = at_once(app, read, [(doctor.id, 1) for doctor in doctors])

    assert sorted(answers) == ["already_signed", "already_signed", "already_signed", "signed"]
    assert count(session, Review) == 1


def test_twins_signed_by_two_doctors_at_the_same_moment_are_complete(app: Flask, session: Session, make: Make) -> None:
    doctors = [make.doctor() for _ in range(2)]
    read = recording(session, make, doctor=doctors[0], fetuses=2)
    make.link(doctors[1], read.patient)  # type: ignore[arg-type]

    assert at_once(app, read, [(doctors[0].id, 1), (doctors[1].id, 2)]) == ["signed", "signed"]

    session.rollback()
    session.refresh(read)
    assert state_of(read) is ReviewState.SIGNED
    assert count(session, MonitoringResult) == 1


def at_once(app: Flask, read: MonitoringSession, readers: list[tuple[int, int]]) -> list[str]:
    """The answers when each of these doctors signs for a fetus at the same moment, each in its own transaction."""
    with app.app_context():
        engine = db.engine
    barrier, answers = Barrier(len(readers)), []

    def one(doctor_id: int, fetus: int) -> None:
        with Session(engine, expire_on_commit=False) as session:
            actor = Actor(role=ActorRole.DOCTOR, user_id=doctor_id, is_validated=True)
            barrier.wait()
            try:
                with transaction.unit_of_work(session):
                    mine = guarded.monitoring_session(session, actor, read.public_id, Permission.REVIEW_WRITE)
                    reviews.sign(
                        session, actor, mine, fetus=fetus, stated=NO_CONCERN, seen=seen(mine), password=PASSWORD
                    )
                answers.append("signed")
            except DomainError as error:
                answers.append(error.code)

    threads = [Thread(target=one, args=reader) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_draft_is_kept_exactly_as_typed_and_is_its_authors_alone(session: Session, make: Make) -> None:
    doctor, other = make.doctor(), make.doctor()
    read = recording(session, make, doctor=doctor, fetuses=2)
    typed = {"baseline_bpm": " 14o ", "comment": "two\r\nlines  ", "variability": "nonsense", "emoji": "👶"}

    with writing(session):
        drafts.save(session, as_doctor(doctor), read, fetus=1, typed=typed, tab=TAB)
        drafts.save(session, as_doctor(doctor), read, fetus=2, typed={"plan": "later"}, tab=TAB)
        drafts.save(session, as_doctor(doctor), read, fetus=2, typed={"plan": "now"}, tab=TAB)
    session.expire_all()

    draft = drafts.find(session, as_doctor(doctor), read)
    assert draft is not None
    assert draft.fields == {"1": {**typed, "draft_tab": "a"}, "2": {"plan": "now", "draft_tab": "a"}}
    assert drafts.find(session, as_doctor(other), read) is None


def test_signing_ends_the_draft_of_that_fetus_alone(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor, fetuses=2)
    with writing(session):
        for fetus in (1, 2):
            drafts.save(session, as_doctor(doctor), read, fetus=fetus, typed={"plan": str(fetus)}, tab=TAB)

    sign(session, doctor, read, fetus=1)
    left = drafts.find(session, as_doctor(doctor), read)
    assert left is not None
    assert left.fields == {"2": {"plan": "2", "draft_tab": "a"}}

    sign(session, doctor, read, fetus=2)
    assert count(session, ReviewDraft) == 0


def test_a_draft_is_no_store_for_files(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)

    for typed, fetus, code in (({"plan": "x" * 20_001}, 1, "draft_too_long"), ({"plan": "x"}, 3, "no_such_fetus")):
        with pytest.raises(Refused, match=code), writing(session):
            drafts.save(session, as_doctor(doctor), read, fetus=fetus, typed=typed, tab=TAB)

    assert count(session, ReviewDraft) == 0
