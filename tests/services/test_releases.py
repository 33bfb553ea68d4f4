from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import (
    AuditEvent,
    ContactOutcome,
    Language,
    OutgoingMail,
    Release,
    ReleaseKind,
    ReviewState,
    Uninterpretable,
)
from app.services import contacts, forbidden_words, releases
from app.services.errors import Conflict, Refused
from app.services.reading import Reading
from app.services.releases import MAX_MESSAGE_CHARACTERS
from tests.make import Make
from tests.services.readings import (
    NO_CONCERN,
    PATHOLOGICAL,
    SUSPICIOUS,
    UNREADABLE,
    amend,
    call,
    changed,
    give,
    recording,
    sign,
)


def count(session: Session, model: type) -> int:
    session.commit()
    return session.execute(select(func.count()).select_from(model)).scalar_one()


def test_a_message_is_released_in_her_language_with_a_mail_that_says_nothing(session: Session, make: Make) -> None:
    doctor = make.doctor(name="Ratna Dewi")
    read = recording(session, make, doctor=doctor)
    assert read.patient is not None
    read.patient.user.language = Language.INDONESIAN
    session.commit()
    review = sign(session, doctor, read, SUSPICIOUS)
    call(session, doctor, read)

    made = give(session, doctor, read, review, message="Please come on Monday for another recording.")

    assert (made.language, made.kind, made.released_by_id) == (Language.INDONESIAN, ReleaseKind.MESSAGE, doctor.id)
    assert read.review_state is ReviewState.RELEASED
    mail = session.scalars(select(OutgoingMail)).one()
    assert mail.to_address == read.patient.user.email
    text = (mail.subject + mail.body).lower()
    assert not [word for word in ("monday", "suspicious", "bpm", "140", "ratna", "variab") if word in text]
    assert forbidden_words.found_in(mail.subject + " " + mail.body) == []


def test_nothing_is_released_before_it_is_signed(session: Session, make: Make) -> None:
    doctor = make.doctor()
    twins = recording(session, make, doctor=doctor, fetuses=2)
    review = sign(session, doctor, twins, fetus=1)

    with pytest.raises(Conflict, match="not_signed"):
        give(session, doctor, twins, review)

    assert count(session, Release) == 0


def test_a_message_needs_words_and_not_too_many(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    review = sign(session, doctor, read)

    for message, code in (("", "message_needed"), ("x" * (MAX_MESSAGE_CHARACTERS + 1), "message_too_long")):
        with pytest.raises(Refused, match=code):
            give(session, doctor, read, review, message=message)

    assert count(session, Release) == count(session, OutgoingMail) == 0


@pytest.mark.parametrize("outcome", list(ContactOutcome))
def test_a_request_to_call_needs_an_attempt_and_any_attempt_counts(
    session: Session, make: Make, outcome: ContactOutcome
) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    review = sign(session, doctor, read, SUSPICIOUS)
    with pytest.raises(Refused, match="contact_needed"):
        give(session, doctor, read, review, ReleaseKind.PLEASE_CALL, "")

    call(session, doctor, read, outcome, "rang twice")

    assert give(session, doctor, read, review, ReleaseKind.PLEASE_CALL, "").kind is ReleaseKind.PLEASE_CALL
    assert [(a.outcome, a.note, a.made_by.id) for a in contacts.logged(session, read)] == [
        (outcome, "rang twice", doctor.id)
    ]


@pytest.mark.parametrize("stated", [SUSPICIOUS, PATHOLOGICAL])
@pytest.mark.parametrize("kind", [ReleaseKind.MESSAGE, ReleaseKind.PLEASE_CALL])
def test_bad_news_is_given_by_voice_before_it_is_written(
    session: Session, make: Make, stated: Reading, kind: ReleaseKind
) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    review = sign(session, doctor, read, stated)

    with pytest.raises(Refused, match="contact_needed"):
        give(session, doctor, read, review, kind)

    assert count(session, Release) == count(session, OutgoingMail) == 0
    call(session, doctor, read)
    assert give(session, doctor, read, review, kind).kind is kind


def test_one_twin_with_bad_news_is_enough_for_a_call(session: Session, make: Make) -> None:
    doctor = make.doctor()
    twins = recording(session, make, doctor=doctor, fetuses=2)
    sign(session, doctor, twins, PATHOLOGICAL, fetus=1)
    review = sign(session, doctor, twins, UNREADABLE, fetus=2)

    with pytest.raises(Refused, match="contact_needed"):
        give(session, doctor, twins, review)


def test_an_attempt_serves_one_release_and_the_same_form_again_needs_no_second(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    review = sign(session, doctor, read, NO_CONCERN)
    call(session, doctor, read)
    first = give(session, doctor, read, review, ReleaseKind.PLEASE_CALL, "")
    assert give(session, doctor, read, review, ReleaseKind.PLEASE_CALL, "").id == first.id

    with pytest.raises(Refused, match="contact_needed"):
        give(session, doctor, read, review, ReleaseKind.PLEASE_CALL, "Once more.")

    call(session, doctor, read)
    assert give(session, doctor, read, review, ReleaseKind.PLEASE_CALL, "Once more.").id > first.id


def test_a_call_about_the_reading_before_says_nothing_of_the_one_that_replaced_it(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    call(session, doctor, read)
    first = sign(session, doctor, read, NO_CONCERN)
    second = amend(session, doctor, read, first, PATHOLOGICAL)

    with pytest.raises(Refused, match="contact_needed"):
        give(session, doctor, read, second)

    call(session, doctor, read)
    assert give(session, doctor, read, second).review_id == second.id


def test_an_attempt_about_another_recording_does_not_count(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read, other = (recording(session, make, doctor=doctor) for _ in range(2))
    review = sign(session, doctor, read, SUSPICIOUS)
    call(session, doctor, other)

    with pytest.raises(Refused, match="contact_needed"):
        give(session, doctor, read, review, ReleaseKind.PLEASE_CALL, "")


def test_not_readable_says_what_the_reading_says_and_only_then(session: Session, make: Make) -> None:
    doctor = make.doctor()
    readable, unreadable = (recording(session, make, doctor=doctor) for _ in range(2))
    review = sign(session, doctor, readable)
    with pytest.raises(Refused, match="recording_is_readable"):
        give(session, doctor, readable, review, ReleaseKind.NOT_READABLE, "")

    stated = replace(UNREADABLE, uninterpretable_reason=Uninterpretable.TOO_SHORT)
    made = give(session, doctor, unreadable, sign(session, doctor, unreadable, stated), ReleaseKind.NOT_READABLE, "")

    assert made.reason is Uninterpretable.TOO_SHORT


def test_words_that_can_be_misread_must_be_confirmed(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    review = sign(session, doctor, read)
    message = "Everything looks Normal, bayi sehat."

    with pytest.raises(Refused, match="words_to_confirm") as refused:
        give(session, doctor, read, review, message=message)
    assert refused.value.values["words"] == ("normal", "sehat")

    assert give(session, doctor, read, review, message=message, words_are_confirmed=True).message == message


def test_a_release_rests_on_the_newest_reading_that_the_doctor_saw(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    old = sign(session, doctor, read)
    new = amend(session, doctor, read, old, changed(NO_CONCERN, comment="Seen again."))

    with pytest.raises(Conflict, match="amended_meanwhile"):
        give(session, doctor, read, old)

    assert give(session, doctor, read, new).review_id == new.id


def test_the_same_release_sent_twice_is_one_and_another_stands_beside_it(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    review = sign(session, doctor, read, NO_CONCERN)

    first = give(session, doctor, read, review)
    assert give(session, doctor, read, review).id == first.id
    assert count(session, OutgoingMail) == 1

    second = give(session, doctor, read, review, message="One more thing: come on Monday.")
    assert [one.id for one in releases.made(session, read)] == [first.id, second.id]


def test_every_write_is_audited_without_a_clinical_value(session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    review = sign(session, doctor, read, SUSPICIOUS)
    call(session, doctor, read, ContactOutcome.REACHED, "she will come")
    give(session, doctor, read, review, message="Come on Monday.")

    rows = session.execute(select(AuditEvent.act, AuditEvent.object_id, AuditEvent.detail)).all()
    written = {row.act: row for row in rows if row.act in {"review:sign", "contact:log", "release:make"}}
    assert len(written) == 3
    assert {row.object_id for row in written.values()} == {read.public_id}
    assert not [row for row in rows if any(word in row.detail for word in ("suspicious", "140", "Monday", "come"))]
