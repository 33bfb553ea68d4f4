"""Reading a recording in the browser: empty form, draft, signature, amendment, and what hostile forms get."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.models import (
    ContactAttempt,
    MonitoringSession,
    Movement,
    Review,
    ReviewDraft,
    ReviewState,
    ThrottleCounter,
    User,
)
from tests.make import Make
from tests.page import PASSWORD, Browser, Page
from tests.services.readings import recording, sign, state_of

FEATURES = {
    "is_interpretable": "yes",
    "baseline_bpm": "140",
    "variability": "usual",
    "accelerations": "two_or_more",
    "decelerations": "none",
    "impression": "no_concern",
}
SIGNED = {**FEATURES, "password": PASSWORD}
VIEW = ("start_s", "minutes", "speed_cm_min", "bpm_per_cm")
TYPED = (*FEATURES, "uninterpretable_reason", "contractions_per_10_min", "comment", "plan")


@dataclass
class Desk:
    """A doctor at her desk with one recording."""

    browser: Browser
    doctor: User
    read: MonitoringSession
    session: Session

    @property
    def url(self) -> str:
        """The address of the recording."""
        return f"/monitoring/sessions/{self.read.public_id}"

    def sign(self, *, status: int = 303, path: str = "/review", **changes: Any) -> Page:
        """Fill the form at `path` and send it."""
        return self.browser.submit(self.url + path, to=f"{self.url}/review", status=status, **{**SIGNED, **changes})

    def count(self, model: type) -> int:
        """How many rows are stored."""
        self.session.rollback()
        return self.session.execute(select(func.count()).select_from(model)).scalar_one()


@pytest.fixture
def desk(browser: Browser, session: Session, make: Make) -> Desk:
    doctor = make.doctor(name="Ratna Dewi")
    read = recording(session, make, doctor=doctor)
    return Desk(browser.sign_in(doctor), doctor, read, session)


@pytest.fixture
def twins(browser: Browser, session: Session, make: Make) -> Desk:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor, fetuses=2)
    return Desk(browser.sign_in(doctor), doctor, read, session)


@pytest.mark.parametrize("path", ["", "/review"])
def test_no_field_has_a_preset_whatever_was_computed(desk: Desk, path: str) -> None:
    page = desk.browser.get(desk.url + path)
    form = page.one(f'form[action="{desk.url}/review"]')

    assert not form.select("[checked]")
    assert {name: form.select(f'[name="{name}"]') != [] for name in TYPED} == dict.fromkeys(TYPED, True)
    sent = page.form(f"{desk.url}/review")
    assert {name: sent.get(name, "") for name in (*TYPED, "password")} == dict.fromkeys((*TYPED, "password"), "")
    assert not form.select("[placeholder]")


def test_a_password_manager_is_told_whose_password_it_is(desk: Desk) -> None:
    form = desk.browser.get(desk.url).one(f'form[action="{desk.url}/review"]')

    field = form.select_one("input[autocomplete=username]")
    assert field is not None
    assert field["value"] == desk.doctor.email
    # It is never sent.
    assert not field.has_attr("name")


def test_the_scale_that_is_looked_at_is_stored_with_the_reading(desk: Desk) -> None:
    desk.sign(path="/review?speed_cm_min=3&bpm_per_cm=30")

    review = desk.session.scalars(select(Review)).one()
    assert (review.speed_cm_min, review.bpm_per_cm, review.trace_digest) == (3, 30, desk.read.trace_digest)


def test_a_form_shown_again_stands_beside_the_strip_that_was_looked_at(desk: Desk) -> None:
    looked_at = "start_s=60&minutes=10&speed_cm_min=3&bpm_per_cm=30"

    page = desk.sign(path=f"/review?{looked_at}", password="not my password", status=422)

    assert str(page.one("figure.strip img")["src"]).endswith(f"/strip.svg?{looked_at}")
    sent = page.form(f"{desk.url}/review")
    assert "&".join(f"{name}={sent[name]}" for name in VIEW) == looked_at
    desk.browser.post(f"{desk.url}/review", {**sent, **SIGNED})
    review = desk.session.scalars(select(Review)).one()
    assert (review.speed_cm_min, review.bpm_per_cm) == (3, 30)


def test_a_draft_saved_without_a_script_leads_back_to_the_same_strip(desk: Desk) -> None:
    page = desk.browser.submit(
        f"{desk.url}?speed_cm_min=2&bpm_per_cm=30", to=f"{desk.url}/review", comment="x", status=422
    )
    fields = page.form(f"{desk.url}/review")

    kept = desk.browser.follow(desk.browser.post(f"{desk.url}/review/draft", fields))

    sent = kept.form(f"{desk.url}/review")
    assert {name: sent[name] for name in VIEW} == {name: fields[name] for name in VIEW}
    assert (sent["speed_cm_min"], sent["bpm_per_cm"]) == ("2", "30")


def test_a_signed_reading_is_shown_with_who_and_when(desk: Desk) -> None:
    page = desk.browser.follow(desk.sign(plan="Repeat in a week.", comment="<b>calm</b>"))

    assert "Signed by Ratna Dewi" in page.words
    assert "Repeat in a week." in page.words
    assert "<b>calm</b>" in page.words
    assert "Read at 1 cm/min and 20 bpm/cm." in page.words
    assert not page.soup.select(f'form[action="{desk.url}/review"]')


def test_an_interpretable_reading_without_a_feature_is_shown_again(desk: Desk) -> None:
    form = desk.browser.get(f"{desk.url}/review").form(f"{desk.url}/review")
    for missing in ("baseline_bpm", "variability", "accelerations", "decelerations", "impression"):
        typed = {**SIGNED, missing: "", "comment": "  kept <i>as typed</i>"}
        page = desk.browser.post(f"{desk.url}/review", {**form, **typed}, status=422)

        assert len(page.errors) == 1
        sent = page.form(f"{desk.url}/review")
        expected = {**typed, "comment": "kept <i>as typed</i>", "password": ""}
        assert {name: sent.get(name, "") for name in expected} == expected
    assert desk.count(Review) == 0


NOT_ACCEPTED: list[tuple[dict[str, str], str]] = [
    ({"is_interpretable": ""}, "Say whether it can be interpreted."),
    ({"is_interpretable": "maybe"}, ""),
    ({"is_interpretable": "no"}, "Choose why it cannot be interpreted."),
    ({"is_interpretable": "no", "uninterpretable_reason": "signal_loss"}, "Baseline: leave this empty."),
    ({"uninterpretable_reason": "signal_loss"}, "Leave the reason empty when the recording can be"),
    ({"baseline_bpm": "abc"}, "Baseline: enter a whole number."),
    ({"baseline_bpm": "9" * 5000}, "Baseline: enter a whole number."),
    ({"baseline_bpm": "-140"}, "Baseline: enter a whole number."),
    ({"baseline_bpm": "٣٤٠"}, "Baseline: enter a whole number."),
    ({"baseline_bpm": "400"}, "Enter a baseline from 50 to 240 bpm."),
    ({"contractions_per_10_min": "21"}, "Enter a number of contractions from 0 to 20."),
    ({"variability": "nonsense"}, ""),
    ({"comment": "a\x00b"}, "Remove the characters that cannot be shown."),
    ({"plan": "x" * 4001}, "Use at most 4000 characters."),
    ({"password": ""}, "Enter your password to sign."),
    ({"password": "not my password"}, "This is not your password."),
]


def test_a_reading_that_is_not_accepted_stores_nothing(desk: Desk) -> None:
    form = desk.browser.get(f"{desk.url}/review").form(f"{desk.url}/review")
    for changes, words in NOT_ACCEPTED:
        page = desk.browser.post(f"{desk.url}/review", {**form, **SIGNED, **changes}, status=422)

        assert page.errors, changes
        assert words in " ".join(page.errors), changes
    assert desk.count(Review) == 0


def test_each_sentence_of_the_summary_names_its_field(desk: Desk) -> None:
    form = desk.browser.get(f"{desk.url}/review").form(f"{desk.url}/review")
    no = {"is_interpretable": "no", "uninterpretable_reason": "signal_loss", "contractions_per_10_min": "4"}
    for changes, about in (
        (no, "It cannot be interpreted, so it has no features: empty those below, or answer Yes."),
        ({"baseline_bpm": "abc", "contractions_per_10_min": "few"}, "Contractions in 10 min: enter a whole number."),
    ):
        page = desk.browser.post(f"{desk.url}/review", {**form, **SIGNED, **changes}, status=422)

        assert about in page.errors
        assert len(page.errors) == len(set(page.errors))
        for name in ("Baseline", "Contractions in 10 min"):
            assert [error for error in page.errors if error.startswith(f"{name}: ")]


def test_a_recording_that_cannot_be_interpreted_is_a_reading_too(desk: Desk) -> None:
    empty: dict[str, Any] = dict.fromkeys(FEATURES, "")
    page = desk.browser.follow(
        desk.sign(**(empty | {"is_interpretable": "no", "uninterpretable_reason": "maternal_rate"}))
    )

    assert "Probably the mother's rate" in page.words


def test_a_draft_keeps_everything_also_when_it_is_wrong_and_without_a_script(desk: Desk) -> None:
    typed = {"is_interpretable": "yes", "baseline_bpm": "14o", "variability": "reduced", "comment": "half a sen"}
    fields = desk.browser.get(desk.url).form(f"{desk.url}/review")
    desk.browser.post(f"{desk.url}/review/draft", {**fields, **typed, "password": PASSWORD})

    draft = desk.session.scalars(select(ReviewDraft)).one()
    assert PASSWORD not in json.dumps(draft.fields)
    for path in ("", "/review"):
        page = desk.browser.get(desk.url + path)
        sent = page.form(f"{desk.url}/review")
        assert {name: sent.get(name) for name in typed} == typed
        assert "Draft saved" in page.words


def test_a_script_saves_a_draft_and_gets_the_time(desk: Desk) -> None:
    fields = desk.browser.get(desk.url).form(f"{desk.url}/review")
    token = fields.pop("csrf_token")

    answer = desk.browser.client.post(
        f"{desk.url}/review/draft",
        data={**fields, "comment": "from a script"},
        headers={"Accept": "application/json", "X-CSRFToken": token},
    )

    assert answer.status_code == 200
    assert answer.get_json()["saved"].startswith("Draft saved ")
    without = desk.browser.client.post(f"{desk.url}/review/draft", data=fields, headers={"Accept": "application/json"})
    assert without.status_code == 400


def test_an_amendment_is_typed_anew_and_both_versions_are_shown(desk: Desk) -> None:
    desk.sign(comment="first look")
    amend = "/review?fetus=1&amend=1"
    form = desk.browser.get(desk.url + amend).form(f"{desk.url}/review")
    assert {name: form.get(name, "") for name in TYPED} == dict.fromkeys(TYPED, "")

    page = desk.sign(path=amend, status=422, impression="suspicious")
    assert page.errors == ["Say why you change the reading."]
    page = desk.browser.follow(
        desk.sign(path=amend, impression="suspicious", amendment_reason="Seen at 3 cm/min.", comment="second look")
    )

    for words in ("first look", "second look", "Seen at 3 cm/min.", "1 earlier version", "Version 2", "Version 1"):
        assert words in page.words


def test_two_tabs_sign_once_and_the_second_sees_both(desk: Desk) -> None:
    first = desk.browser.get(f"{desk.url}/review").form(f"{desk.url}/review")
    second = dict(first)
    desk.browser.post(f"{desk.url}/review", {**first, **SIGNED, "comment": "of the first tab"})
    desk.browser.post(f"{desk.url}/review", {**second, **SIGNED, "comment": "of the first tab"})

    page = desk.browser.post(f"{desk.url}/review", {**second, **SIGNED, "comment": "of the second tab"}, status=409)

    assert "of the first tab" in page.words
    assert "of the second tab" in page.words
    assert desk.count(Review) == 1


def test_a_form_opened_for_another_patient_is_a_conflict(desk: Desk, make: Make) -> None:
    other = recording(desk.session, make, doctor=desk.doctor)
    foreign = desk.browser.get(f"/monitoring/sessions/{other.public_id}/review").form(
        f"/monitoring/sessions/{other.public_id}/review"
    )

    for path in ("/review", "/review/draft", "/contact", "/release", "/release/preview"):
        for token in (foreign["patient_token"], foreign["patient_token"] + "x", ""):
            fields = {**SIGNED, "fetus": "1", "outcome": "reached", "kind": "message", "patient_token": token}
            desk.browser.post(desk.url + path, fields, status=409)

    assert desk.count(Review) == desk.count(ReviewDraft) == desk.count(ContactAttempt) == 0


TAMPERED: list[tuple[dict[str, str], int]] = [
    ({"fetus": "3"}, 422),
    ({"fetus": "2"}, 422),
    ({"fetus": "x"}, 400),
    ({"fetus": "9" * 30}, 400),
    ({"speed_cm_min": "4"}, 400),
    ({"bpm_per_cm": ""}, 400),
    ({"start_s": "-1"}, 400),
    ({"minutes": "x"}, 400),
    ({"trace_digest": "0" * 64}, 409),
    ({"amends": "99999", "amendment_reason": "because"}, 409),
    ({"amends": "x", "amendment_reason": "because"}, 400),
]


def test_tampered_hidden_fields_store_nothing(desk: Desk) -> None:
    form = desk.browser.get(f"{desk.url}/review").form(f"{desk.url}/review")
    for changes, status in TAMPERED:
        # Each counts as a try of the password; that there are only five a minute is another test's matter.
        desk.session.execute(delete(ThrottleCounter))
        desk.session.commit()
        desk.browser.post(f"{desk.url}/review", {**form, **SIGNED, **changes}, status=status)

    assert desk.count(Review) == 0


def test_another_recordings_reading_cannot_be_amended_here(desk: Desk, make: Make) -> None:
    foreign = sign(desk.session, desk.doctor, recording(desk.session, make, doctor=desk.doctor))

    desk.sign(status=409, amends=str(foreign.id), amendment_reason="because")

    assert desk.count(Review) == 1


def test_twins_have_a_form_each_and_are_signed_when_both_are(twins: Desk) -> None:
    assert twins.browser.get(f"{twins.url}/review").form(f"{twins.url}/review")["fetus"] == "1"
    twins.sign(path="/review?fetus=2", comment="the second")
    twins.session.commit()
    twins.session.refresh(twins.read)
    assert state_of(twins.read) is ReviewState.TO_REVIEW

    page = twins.browser.follow(twins.sign(comment="the first"))

    twins.session.commit()
    twins.session.refresh(twins.read)
    assert state_of(twins.read) is ReviewState.SIGNED
    assert "Fetus 1, version 1" in page.words
    assert "Fetus 2, version 1" in page.words


def test_an_unlinked_doctor_a_patient_and_nobody_reach_nothing(app: Flask, desk: Desk, make: Make) -> None:
    assert desk.read.patient is not None
    posts = ("/review", "/review/draft", "/contact", "/release", "/release/preview")
    for user, refused in ((make.doctor(), 404), (desk.read.patient.user, 403)):
        stranger = Browser(app).sign_in(user)
        for path in ("/review", "/release"):
            stranger.get(desk.url + path, status=refused)
        for path in posts:
            stranger.post(desk.url + path, {**SIGNED, "fetus": "1"}, status=refused)
    for path in posts:
        Browser(app).post(desk.url + path, {}, status=303)

    assert desk.count(Review) == 0


@pytest.mark.usefixtures("noon")
def test_a_password_cannot_be_guessed_here(desk: Desk) -> None:
    form = desk.browser.get(f"{desk.url}/review").form(f"{desk.url}/review")
    for number in range(5):
        desk.browser.post(f"{desk.url}/review", {**form, **SIGNED, "password": f"guess number {number}"}, status=422)

    desk.browser.post(f"{desk.url}/review", {**form, **SIGNED}, status=429)

    assert desk.count(Review) == 0


def test_no_page_that_signs_or_releases_hides_a_mix_up_or_what_she_reports(desk: Desk) -> None:
    desk.read.is_possible_mix_up, desk.read.movement = True, Movement.LESS
    desk.session.commit()
    pages = [desk.browser.get(desk.url), desk.browser.get(f"{desk.url}/review"), desk.sign(password="x", status=422)]
    contact = desk.browser.get(desk.url).form(f"{desk.url}/contact")
    desk.browser.post(f"{desk.url}/contact", {**contact, "outcome": "reached"})
    desk.sign()
    pages += [desk.browser.get(f"{desk.url}/review?fetus=1&amend=1"), desk.browser.get(f"{desk.url}/release")]
    pages.append(
        desk.browser.submit(
            f"{desk.url}/release", to=f"{desk.url}/release/preview", kind="please_call", message="", status=200
        )
    )

    for page in pages:
        assert "Possible mix-up: the same file was also uploaded for another patient." in page.words, page.heading
        assert "She reports: " in page.words, page.heading
