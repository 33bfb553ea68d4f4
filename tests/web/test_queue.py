"""The queue in the browser: reasons in words, identity in two lines, pages and filters by address."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.models import Movement, ReleaseKind
from app.services.clock import utc_now
from tests.make import Make
from tests.page import Browser
from tests.services.readings import SUSPICIOUS, analysis_row, give, recording, sign


def test_an_empty_queue_says_so(browser: Browser, make: Make) -> None:
    assert "Nothing waits" in browser.sign_in(make.doctor()).get("/monitoring/queue").words


@pytest.mark.usefixtures("noon")
def test_a_row_says_why_who_when_and_whose(browser: Browser, session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient(name="Siti Aminah")
    twin_name = make.patient(name="Siti Aminah")
    for one in (patient, twin_name):
        make.link(doctor, one)
    make.pregnancy(patient)
    read = make.monitoring_session(patient, owner=doctor)
    read.movement = Movement.LESS
    read.loss_fraction = 0.04
    session.commit()

    page = browser.sign_in(doctor).get("/monitoring/queue")

    row = page.one("tbody tr")
    words = " ".join(row.get_text(" ").split())
    for expected in (
        "Says: moving less than usual",
        "Siti Aminah",
        "names alike",
        patient.record_number,
        "12 Mar 1994",
        "30w0d",
        "Home recording",
        "4 %",
        "you",
        "call now",
    ):
        assert expected in words
    assert row["class"] == ["is-call"]
    link = page.one("tbody .row-action a")
    assert link["href"] == f"/monitoring/sessions/{read.public_id}"


def test_a_computed_reason_says_whose_word_it_is(browser: Browser, session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    session.add(analysis_row(make.monitoring_session(patient), is_interpretable=True))
    session.commit()

    assert "Baseline 70 bpm computed, for reference" in browser.sign_in(doctor).get("/monitoring/queue").words


def test_what_is_signed_and_not_released_stays(browser: Browser, session: Session, make: Make) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    sign(session, doctor, read, SUSPICIOUS)
    browser.sign_in(doctor)

    assert "Call open" in browser.get("/monitoring/queue").words
    assert "Call open" in browser.get("/monitoring/queue?show=calls").words
    assert "Nothing here" in browser.get("/monitoring/queue?show=nobodys").words


def test_a_request_to_call_stays_as_not_reached_until_a_call_reaches_her(
    browser: Browser, session: Session, make: Make
) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    url = f"/monitoring/sessions/{read.public_id}"
    review = sign(session, doctor, read, SUSPICIOUS)
    browser.sign_in(doctor)
    browser.submit(url, to=f"{url}/contact", outcome="no_answer")
    give(session, doctor, read, review, ReleaseKind.PLEASE_CALL, "")
    not_reached = "Told to call: it stays in the queue until a call that reached her is logged."

    page = browser.get("/monitoring/queue?show=calls")
    assert "Call open she has not been reached" in page.words
    assert "call now" in page.words
    assert "Waiting for a call 1" in page.words
    assert not_reached in browser.get(url).words

    browser.submit(url, to=f"{url}/contact", outcome="reached")
    assert "Nothing waits" in browser.get("/monitoring/queue").words
    assert not_reached not in browser.get(url).words


def test_pages_are_linked_both_ways(browser: Browser, session: Session, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    for number in range(30):
        make.monitoring_session(patient).due_at = utc_now() + timedelta(days=2, hours=number)
    session.commit()
    browser.sign_in(doctor)

    first = browser.get("/monitoring/queue")
    second = browser.get(str(first.one("a[rel=next]")["href"]))
    back = browser.get(str(second.one("a[rel=prev]")["href"]))

    assert [len(page.soup.select("tbody tr")) for page in (first, second, back)] == [25, 5, 25]
    assert not back.soup.select("a[rel=prev]")
    assert not second.soup.select("a[rel=next]")
    assert "30 recordings wait." in first.words


@pytest.mark.parametrize("query", ["show=everything", "after=x", "before=%00", "after=9.0.0.x"])
def test_an_address_that_no_link_of_ours_has_is_a_bad_request(browser: Browser, make: Make, query: str) -> None:
    browser.sign_in(make.doctor()).get("/monitoring/queue?" + query, status=400)


def test_only_a_validated_doctor_has_a_queue(browser: Browser, make: Make) -> None:
    browser.sign_in(make.patient().user).get("/monitoring/queue", status=403)
