"""From a signed reading to the patient's page: calls, the preview, words to confirm, and what she then reads."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import ContactAttempt, Language, MonitoringSession, Movement, Release, ReviewState, User
from app.services.forbidden_words import found_in
from tests.make import Make
from tests.page import Browser, Page
from tests.services.readings import NO_CONCERN, PATHOLOGICAL, SUSPICIOUS, UNREADABLE, amend, call, recording, sign

pytestmark = pytest.mark.usefixtures("noon")

EMERGENCY = "Contact your maternity unit now, day or night, if:"
MOVEMENTS_MATTER = "Finding a heartbeat does not mean your baby is well."


class Room:
    """A doctor with a signed reading, and the patient on her own phone."""

    def __init__(self, app: Flask, session: Session, make: Make) -> None:
        self.session = session
        self.make = make
        self.doctor: User = make.doctor(name="dr. Ratna Dewi")
        make.unit()
        self.read: MonitoringSession = recording(session, make, doctor=self.doctor)
        self.url = f"/monitoring/sessions/{self.read.public_id}"
        self.desk = Browser(app).sign_in(self.doctor)
        assert self.read.patient is not None
        self.phone = Browser(app).sign_in(self.read.patient.user)

    def preview(self, *, status: int = 200, **fields: Any) -> Page:
        """Fill the form of the release and look at it as the patient will."""
        return self.desk.submit(f"{self.url}/release", to=f"{self.url}/release/preview", status=status, **fields)

    def confirm(self, preview: Page, *, status: int = 303, **fields: Any) -> Page:
        """Press the button of the confirmation page."""
        return self.desk.post(f"{self.url}/release", {**preview.form(f"{self.url}/release"), **fields}, status=status)

    def release(self, **fields: Any) -> Page:
        """Both steps."""
        return self.confirm(self.preview(**fields))

    def releases(self) -> int:
        """How many are stored."""
        self.session.rollback()
        return self.session.execute(select(func.count()).select_from(Release)).scalar_one()


@pytest.fixture
def room(app: Flask, session: Session, make: Make) -> Room:
    return Room(app, session, make)


def test_her_page_goes_from_saved_over_opened_to_the_doctors_words(room: Room) -> None:
    saved = room.phone.get(room.url)
    assert "Your recording is saved. Nobody has checked it yet." in saved.words

    room.desk.get(room.url)
    assert "Your recording is saved. Dr Ratna Dewi opened it at " in room.phone.get(room.url).words

    sign(room.session, room.doctor, room.read, SUSPICIOUS)
    assert "opened it at" in room.phone.get(room.url).words

    call(room.session, room.doctor, room.read)
    message = "Come on Monday.\nEat first; <b>bring</b> your card."
    room.release(kind="message", message=message)
    page = room.phone.get(room.url)
    assert "Dr Ratna Dewi read this recording on " in page.words
    assert page.one("blockquote p").get_text() == message
    assert "dr. Ratna Dewi, " in page.one("blockquote footer").get_text()


def test_her_page_has_no_number_class_or_word_of_the_reading(room: Room) -> None:
    sign(room.session, room.doctor, room.read, replace(SUSPICIOUS, comment="clinicians only", plan="plan only"))
    call(room.session, room.doctor, room.read)
    room.release(kind="message", message="Come on Monday.")

    page = room.phone.get(room.url)

    assert page.words.startswith(EMERGENCY)
    assert MOVEMENTS_MATTER in page.words
    assert not page.soup.select("main img, main table, main form")
    for word in ("bpm", "140", "suspicious", "concern", "risk", "class", "score", "band", "only", "signal"):
        assert word not in page.words.lower(), word
    assert found_in(page.words) == []


def test_another_doctor_writes_about_a_reading_that_is_not_hers(app: Flask, room: Room) -> None:
    sign(room.session, room.doctor, room.read)
    writer = room.make.doctor(name="Agus Salim")
    assert room.read.patient is not None
    room.make.link(writer, room.read.patient)
    room.desk = Browser(app).sign_in(writer)

    preview = room.preview(kind="message", message="Come on Monday.")
    room.confirm(preview)

    for page in (preview, room.phone.get(room.url)):
        assert "Dr Ratna Dewi read this recording on " in page.words
        assert "What Dr Agus Salim wrote to you:" in page.words
        assert "Agus Salim, " in page.one("blockquote footer").get_text()


def test_the_language_of_the_doctors_words_is_not_guessed(room: Room) -> None:
    sign(room.session, room.doctor, room.read)
    preview = room.preview(kind="message", message="Silakan datang hari Senin.")
    room.confirm(preview)

    for page in (preview, room.phone.get(room.url), room.desk.get(room.url)):
        # An empty lang says that the language is not known; without it the page's own would be inherited.
        assert page.one("blockquote p")["lang"] == ""


def test_a_worry_about_movements_fills_her_page_until_somebody_answers(room: Room) -> None:
    room.read.movement = Movement.NOT_SURE
    room.session.commit()
    page = room.phone.get(room.url)
    assert page.soup.select(".emergency--full")
    assert "We have left a message in the portal. It may not be read now. Call." in page.words

    sign(room.session, room.doctor, room.read)
    room.release(kind="message", message="We talked on the phone.")

    assert not room.phone.get(room.url).soup.select(".emergency--full")


def test_the_doctor_sees_her_page_before_and_releases_exactly_that(room: Room) -> None:
    sign(room.session, room.doctor, room.read)
    preview = room.preview(kind="message", message="Come on Monday.\nBring your card.")

    shown = preview.one("#patient-page")
    assert room.releases() == 0
    changed = room.confirm(preview, status=200, message="Something else.")
    assert "Something else." in changed.words
    assert room.releases() == 0

    room.confirm(preview)
    assert room.releases() == 1
    main = room.phone.get(room.url).words
    assert " ".join(shown.get_text(" ").split()) in main


def test_nothing_is_released_without_its_preview(room: Room) -> None:
    sign(room.session, room.doctor, room.read)
    fields = room.desk.get(f"{room.url}/release").form(f"{room.url}/release/preview")

    for preview in ({}, {"preview": "forged"}):
        room.desk.post(f"{room.url}/release", {**fields, **preview, "kind": "message", "message": "Come."}, status=200)

    assert room.releases() == 0


def test_words_that_can_be_misread_are_shown_and_must_be_confirmed(room: Room) -> None:
    sign(room.session, room.doctor, room.read)
    preview = room.preview(kind="message", message="Semua normal, bayi sehat.")
    assert "“normal” , “sehat” : this can be read as: no need to call." in preview.words

    again = room.confirm(preview, status=422)
    assert again.errors == ["Confirm the words that can be misread, or change the text."]
    assert room.releases() == 0

    room.confirm(again, words_are_confirmed="y")
    assert room.releases() == 1


def test_the_text_can_be_changed_after_the_preview(room: Room) -> None:
    sign(room.session, room.doctor, room.read)
    preview = room.preview(kind="message", message="First words.\nSecond line.")

    fields = preview.form(f"{room.url}/release")
    form = room.desk.post(f"{room.url}/release/preview", {**fields, "change": "1"}, status=200)

    assert form.form(f"{room.url}/release/preview")["message"] == "First words.\nSecond line."
    assert form.form(f"{room.url}/release/preview")["kind"] == "message"


def test_please_call_needs_a_logged_call_and_shows_the_phone(room: Room) -> None:
    sign(room.session, room.doctor, room.read, SUSPICIOUS)
    refused = room.preview(status=422, kind="please_call", message="kept")
    assert refused.errors == ["Log an attempt to reach her first. One without an answer counts."]
    assert refused.form(f"{room.url}/release/preview")["message"] == "kept"

    room.desk.submit(room.url, to=f"{room.url}/contact", status=422, note="kept too")
    page = room.desk.follow(
        room.desk.submit(room.url, to=f"{room.url}/contact", outcome="no_answer", note="rang twice")
    )
    assert "No answer" in page.words
    assert "rang twice" in page.words

    room.release(kind="please_call", message="")
    words = room.phone.get(room.url).words
    assert "Please call Dopply Test Unit now about this recording. If you cannot reach us, come in." in words
    assert room.phone.get(room.url).one(".notice--call a").get_text() == "021 555 0100"


def test_bad_news_cannot_be_written_before_somebody_has_rung(room: Room) -> None:
    sign(room.session, room.doctor, room.read, PATHOLOGICAL)
    form = room.desk.get(f"{room.url}/release")
    assert "Log an attempt to reach her first. One without an answer counts." in form.words
    refused = room.preview(status=422, kind="message", message="kept")
    assert refused.errors == ["Log an attempt to reach her first. One without an answer counts."]

    call(room.session, room.doctor, room.read)
    assert "1 call counts for this release." in room.desk.get(f"{room.url}/release").words
    room.release(kind="message", message="As we said on the phone: come now.")

    assert "0 calls count for this release." in room.desk.get(f"{room.url}/release").words
    assert room.preview(status=422, kind="message", message="And again.").errors == refused.errors


def test_a_recording_that_could_not_be_read_says_nothing_about_her_baby(room: Room) -> None:
    sign(room.session, room.doctor, room.read, UNREADABLE)
    room.release(kind="not_readable")

    assert (
        "This recording could not be read (too much of the signal is missing). This says nothing about your baby."
        in room.phone.get(room.url).words
    )


def test_what_the_reading_does_not_say_cannot_be_released(room: Room) -> None:
    sign(room.session, room.doctor, room.read)
    for fields in ({"kind": "not_readable"}, {"kind": "message", "message": " "}, {"kind": ""}, {"kind": "other"}):
        assert room.preview(status=422, **fields).errors, fields
    assert room.releases() == 0


def test_her_language_is_the_one_of_the_preview(room: Room) -> None:
    assert room.read.patient is not None
    room.read.patient.user.language = Language.INDONESIAN
    room.session.commit()
    sign(room.session, room.doctor, room.read)

    preview = room.preview(kind="message", message="Datang hari Senin.")

    assert preview.one("#patient-page")["lang"] == "id"
    assert preview.one("html")["lang"] == "en"


def test_a_release_before_signing_is_a_conflict(room: Room) -> None:
    assert "Sign the reading first." in room.desk.get(f"{room.url}/release").words
    token = room.desk.get(room.url).form(f"{room.url}/review")["patient_token"]
    fields = {"kind": "message", "message": "Come.", "review_id": "0", "patient_token": token}

    for path in ("/release", "/release/preview"):
        room.desk.post(room.url + path, fields, status=409)

    assert room.releases() == 0


def test_an_amendment_between_preview_and_release_is_a_conflict(room: Room) -> None:
    review = sign(room.session, room.doctor, room.read, NO_CONCERN)
    preview = room.preview(kind="message", message="Come on Monday.")
    amend(room.session, room.doctor, room.read, review, SUSPICIOUS)

    room.confirm(preview, status=409)

    assert room.releases() == 0


def test_pressed_twice_it_is_one_release(room: Room) -> None:
    sign(room.session, room.doctor, room.read)
    preview = room.preview(kind="message", message="Come on Monday.")

    room.confirm(preview)
    room.confirm(preview)

    assert room.releases() == 1
    room.session.refresh(room.read)
    assert room.read.review_state is ReviewState.RELEASED


def test_a_call_with_a_wrong_outcome_is_not_logged(room: Room) -> None:
    sign(room.session, room.doctor, room.read)
    room.desk.submit(room.url, to=f"{room.url}/contact", status=422, outcome="nonsense", note="x")
    room.desk.submit(room.url, to=f"{room.url}/contact", status=422, outcome="reached", note="x" * 256)

    assert room.session.execute(select(func.count()).select_from(ContactAttempt)).scalar_one() == 0
