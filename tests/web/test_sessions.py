from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import MonitoringType, ReviewState
from app.services.clock import utc_now
from tests.make import Make
from tests.page import Browser, Page

NOW = utc_now().replace(microsecond=0)


def test_the_list_goes_page_by_page_both_ways_and_shows_each_recording_once(
    app: Flask, session: Session, make: Make
) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    rows = [make.monitoring_session(patient) for _ in range(60)]
    for number, row in enumerate(rows):
        # Many begin at the same second: the id decides between them.
        row.start_time = row.started_at = NOW - timedelta(hours=number // 20)
    session.commit()
    expected = [row.public_id for row in sorted(rows, key=lambda row: (row.start_time, row.public_id), reverse=True)]
    browser = Browser(app).sign_in(doctor)

    first = browser.get("/monitoring/sessions")
    second = browser.get(_href(first, "next"))
    third = browser.get(_href(second, "next"))

    assert [*_ids(first), *_ids(second), *_ids(third)] == expected
    assert not first.soup.select("a[rel=prev]")
    assert not third.soup.select("a[rel=next]")
    assert _ids(browser.get(_href(third, "prev"))) == _ids(second)
    back = browser.get(_href(second, "prev"))
    assert _ids(back) == _ids(first)
    assert not back.soup.select("a[rel=prev]")


def test_filters_are_kept_while_paging(app: Flask, session: Session, make: Make) -> None:
    doctor, hers, other = make.doctor(), make.patient(), make.patient()
    for patient in (hers, other):
        make.link(doctor, patient)
    rows = [make.monitoring_session(hers) for _ in range(30)]
    clinic, signed = rows[0], rows[1]
    clinic.monitoring_type = MonitoringType.CLINIC
    signed.review_state = ReviewState.SIGNED
    session.commit()
    others = make.monitoring_session(other)
    browser = Browser(app).sign_in(doctor)

    assert _ids(browser.get(f"/monitoring/sessions?patient={other.id}&kind=&state=")) == [others.public_id]
    assert _ids(browser.get("/monitoring/sessions?kind=clinic")) == [clinic.public_id]
    assert _ids(browser.get("/monitoring/sessions?state=signed")) == [signed.public_id]
    page = browser.get(f"/monitoring/sessions?patient={hers.id}")
    assert page.one(f"#patient option[value='{hers.id}']").has_attr("selected")
    assert len(_ids(browser.get(_href(page, "next")))) == 5


def test_a_doctor_sees_only_recordings_of_live_links(app: Flask, session: Session, make: Make) -> None:
    doctor, hers, other = make.doctor(), make.patient(), make.patient(name="Siti Rahayu")
    make.link(doctor, hers)
    make.link(doctor, other, expires_at=utc_now() - timedelta(minutes=1))
    make.monitoring_session(other)
    mine = make.monitoring_session(hers)
    browser = Browser(app).sign_in(doctor)

    page = browser.get("/monitoring/sessions")

    assert _ids(page) == [mine.public_id]
    assert "Siti" not in page.soup.get_text()
    assert _ids(browser.get(f"/monitoring/sessions?patient={other.id}")) == []


def test_a_patient_reads_her_own_list_as_sentences(app: Flask, make: Make) -> None:
    patient, other = make.patient(), make.patient()
    mine = make.monitoring_session(patient)
    make.monitoring_session(other)

    page = Browser(app).sign_in(patient.user).get("/monitoring/sessions")

    assert _ids(page) == [mine.public_id]
    assert "Your recording is saved. Nobody has checked it yet." in page.words
    assert page.words.startswith("Contact your maternity unit now")
    assert not page.soup.select("table, img")


def test_an_empty_list_says_so(app: Flask, make: Make) -> None:
    assert "No recordings" in Browser(app).sign_in(make.doctor()).get("/monitoring/sessions").words
    words = Browser(app).sign_in(make.patient().user).get("/monitoring/sessions").words
    assert "You have no recordings yet." in words


BAD_QUERIES = [
    *(f"patient={value}" for value in ("x", "-1", "1.5", "99999999999", "%00", "²")),
    *(f"kind={value}" for value in ("space", "CLINIC", "%00", "clinic'")),
    *(f"state={value}" for value in ("open", "0")),
    *(f"older={value}" for value in ("", "x", "1", "1.short", "999999999999.AAAAAAAAAAAAAAAAAAAAAA", "%00")),
    *(f"newer={value}" for value in ("", "-.AAAAAAAAAAAAAAAAAAAAAA", "1e3.AAAAAAAAAAAAAAAAAAAAAA")),
]


def test_a_list_that_no_link_of_ours_asks_for_is_400(app: Flask, make: Make) -> None:
    client = Browser(app).sign_in(make.doctor()).client

    answers = {query: client.get(f"/monitoring/sessions?{query}").status_code for query in BAD_QUERIES}

    assert answers == dict.fromkeys(BAD_QUERIES, 400)


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_list_speaks_both_languages(app: Flask, make: Make, language: str) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    make.monitoring_session(patient)

    for user in (doctor, patient.user):
        page = Browser(app).sign_in(user).get(f"/monitoring/sessions?lang={language}")
        assert page.one("html")["lang"] == language


@pytest.mark.usefixtures("noon")
def test_the_statements_of_a_page_do_not_grow_with_its_rows(app: Flask, make: Make) -> None:
    doctor = make.doctor()
    browser = Browser(app).sign_in(doctor)
    counts = []
    for _ in range(2):
        for _ in range(4):
            patient = make.patient()
            make.link(doctor, patient)
            make.monitoring_session(patient)
        counts.append(_statements(app, browser))

    assert counts[0] == counts[1]


def _statements(app: Flask, browser: Browser) -> int:
    with app.app_context():
        engine = db.engine
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        browser.get("/monitoring/sessions")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(statements)


def _ids(page: Page) -> list[str]:
    return [
        str(link["href"]).split("/")[-1]
        for link in page.soup.select(".row-action a, .recordings a")
        if "/sessions/" in str(link["href"])
    ]


def _href(page: Page, rel: str) -> str:
    return str(page.one(f"a[rel={rel}]")["href"])
