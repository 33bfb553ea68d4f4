"""Sessions that came with an older database: seen, read and signed like any other, and never called something new."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import (
    MonitoringResult,
    MonitoringSession,
    MonitoringType,
    OverallClassification,
    Patient,
    Review,
    ReviewState,
    RiskLevel,
    SessionAnalysis,
    User,
)
from app.models.base import NO_TIME
from app.services import linking, queue, traces
from tests import older
from tests.make import Make
from tests.page import PASSWORD, Browser, Page
from tests.services.readings import call, give, state_of, writing
from tests.services.uploads import as_doctor, as_patient
from tests.statements import counted

SIGNED = {
    "is_interpretable": "yes",
    "baseline_bpm": "140",
    "variability": "not_assessed",
    "accelerations": "not_assessed",
    "decelerations": "not_assessed",
    "impression": "no_concern",
    "password": PASSWORD,
}
NOT_INTERPRETABLE = {"is_interpretable": "no", "uninterpretable_reason": "other", "password": PASSWORD}


@dataclass
class Desk:
    """A doctor with a patient who came with the older database."""

    browser: Browser
    doctor: User
    patient: Patient
    session: Session

    def session_of(self, readings: list[tuple[int, int]] | None = None, **given: Any) -> MonitoringSession:
        """One of her sessions: twenty minutes unless said otherwise."""
        values = older.values(20) if readings is None else readings
        return older.session_of(self.session, self.patient, values, doctor=self.doctor, **given)

    def sign(self, row: MonitoringSession, *, status: int = 303, **changes: Any) -> Page:
        """Fill the form beside its strip and send it."""
        url = path(row)
        return self.browser.submit(url, to=f"{url}/review", status=status, **{**SIGNED, **changes})

    def count(self, model: type) -> int:
        """How many rows are stored."""
        self.session.rollback()
        return self.session.execute(select(func.count()).select_from(model)).scalar_one()


@pytest.fixture
def desk(app: Flask, session: Session, make: Make) -> Desk:
    doctor, patient = make.doctor(name="Ratna Dewi"), make.patient(name="Maria Hutapea")
    make.link(doctor, patient)
    make.pregnancy(patient, due=date(2025, 9, 11))
    return Desk(Browser(app).sign_in(doctor), doctor, patient, session)


def path(row: MonitoringSession) -> str:
    return f"/monitoring/sessions/{row.public_id}"


def result_of(session: Session, row: MonitoringSession, **given: Any) -> None:
    """What the older system's program had written."""
    values: dict[str, Any] = {
        "overall_classification": OverallClassification.ABNORMAL,
        "average_bpm": 139.6,
        "baseline_variability": 4.2,
        "findings": ["Detak jantung janin tidak teratur 🙂"],
        "recommendations": ["Segera periksa"],
        "risk_level": RiskLevel.HIGH,
        "created_at": row.start_time,
    }
    session.add(MonitoringResult(session_id=row.id, **(values | given)))
    session.commit()


def test_the_page_shows_the_strip_and_how_exact_it_is(desk: Desk) -> None:
    row = desk.session_of([*older.values(20), (30, 140), (1300, 141)])

    page = desk.browser.get(path(row))
    picture = desk.browser.client.get(str(page.soup.select(".viewer__tile img")[0]["src"]))

    assert page.heading.startswith("Home recording, 10 Jul 2025, 08:30 WIB")
    assert "31w0d" in page.one(".patient-banner").get_text()
    assert "The times are known to the second only." in page.words
    assert "For 100 seconds between the first value and the last none was stored: gaps." in page.words
    assert picture.status_code == 200
    assert "handheld, one value a second, times to the second" in picture.text
    assert "10 Jul 2025 08:30" in picture.text


def test_what_a_handheld_sends_is_analysed_for_reference_and_stored_nowhere(desk: Desk) -> None:
    row = desk.session_of()

    page = desk.browser.get(path(row))

    assert "Baseline 140 bpm" in page.words
    assert "At one value a second or fewer the variability" in page.words
    assert "Gestation used 31 weeks" in page.words
    assert "baseline" in desk.browser.client.get(str(page.soup.select(".viewer__tile img")[0]["src"])).text
    assert desk.count(SessionAnalysis) == 0


def test_the_older_systems_words_stand_apart_and_as_its_own(desk: Desk) -> None:
    row = desk.session_of(notes="setelah makan", doctor_notes="kontrol minggu depan", gestational_age=30)
    result_of(desk.session, row)

    page = desk.browser.get(path(row))

    card = page.one("[aria-labelledby=older-title]")
    words = " ".join(card.get_text(" ").split())
    assert "as it stood there, not a verdict" in words
    for said in (
        "30 weeks",
        "kontrol minggu depan",
        "abnormal",
        "high",
        "140 bpm",
        "Detak jantung janin tidak teratur 🙂",
        "Segera periksa",
    ):
        assert said in words
    assert "setelah makan" in page.words
    assert row.id in page.words
    assert "from the earlier system" in page.heading
    assert "received" not in page.heading
    for guess in ("not asked", "not measured"):
        assert guess not in page.words


@pytest.mark.parametrize("findings", [None, [], "one sentence", {"a": 1}, [None, 7, "x"]])
def test_findings_of_any_shape_break_no_page(desk: Desk, findings: object) -> None:
    row = desk.session_of([(0, 140)])
    result_of(desk.session, row, findings=findings, baseline_variability=None)
    assert "Its result" in desk.browser.get(path(row)).words


def test_the_patient_sees_nothing_of_it_and_no_promise(app: Flask, desk: Desk) -> None:
    row = desk.session_of(doctor_notes="kontrol minggu depan")
    result_of(desk.session, row)

    phone = Browser(app).sign_in(desk.patient.user)
    page = phone.get(path(row))
    picture = phone.client.get(f"{path(row)}/strip.svg")

    assert "This recording came from the earlier system. Nobody has read it here." in page.words
    for word in ("abnormal", "high", "kontrol", "periksa", "140", "Baseline"):
        assert word not in page.words
    assert "baseline" not in picture.text
    assert "Finding a heartbeat does not mean your baby is well." in picture.text
    assert "This recording came from the earlier system." in phone.get("/monitoring/sessions").words


def test_a_doctor_who_opened_it_is_named_to_the_patient(app: Flask, desk: Desk) -> None:
    row = desk.session_of([(0, 140)])
    desk.browser.get(path(row))
    assert "Dr Ratna Dewi opened it" in Browser(app).sign_in(desk.patient.user).get(path(row)).words


def test_it_stands_in_the_list_and_not_in_the_queue(desk: Desk) -> None:
    row = desk.session_of([(0, 140)], end_time=datetime(2025, 7, 10, 1, 50, tzinfo=UTC))
    waits = desk.session_of([(0, 140)], state=ReviewState.TO_REVIEW)

    listed = desk.browser.get("/monitoring/sessions?state=carried_over")
    queued = desk.browser.get("/monitoring/queue")

    assert [str(link["href"]) for link in listed.soup.select(".row-action a")] == [path(row)]
    for words in ("10 Jul 2025, 08:30 WIB", "20 min", "earlier system", "not read here"):
        assert words in listed.words
    assert path(waits) in queued.text
    assert "10 Jul 2025, 08:30 WIB" in queued.words
    assert path(row) not in queued.text
    assert queue.waiting_count(desk.session, as_doctor(desk.doctor)) == 1


def test_it_keeps_nobody_from_ending_a_link(desk: Desk) -> None:
    desk.session_of([(0, 140)])
    with writing(desk.session):
        linking.end(desk.session, as_doctor(desk.doctor), doctor_id=desk.doctor.id, patient_id=desk.patient.id)


def test_a_clinics_recording_of_the_older_system_is_no_ctg(desk: Desk) -> None:
    row = desk.session_of([(0, 140)], monitoring_type=MonitoringType.CLINIC)
    assert desk.browser.get(path(row)).heading.startswith("Clinic recording, ")


def test_it_is_read_signed_and_released_like_any_other(app: Flask, desk: Desk) -> None:
    row = desk.session_of()
    result_of(desk.session, row)

    desk.sign(row)

    desk.session.refresh(row)
    [review] = desk.session.scalars(select(Review))
    assert state_of(row) is ReviewState.SIGNED
    assert review.trace_digest == traces.digest(desk.session, row)
    # The result of the older system is kept as it was; ours stands in the review.
    [result] = desk.session.scalars(select(MonitoringResult))
    assert result.overall_classification is OverallClassification.ABNORMAL
    assert "Its result" in desk.browser.get(path(row)).words
    call(desk.session, desk.doctor, row)
    give(desk.session, desk.doctor, row, review, message="Come on Monday.")
    assert "Come on Monday." in Browser(app).sign_in(desk.patient.user).get(path(row)).words


def test_a_result_that_our_reading_made_is_not_called_the_older_systems(desk: Desk) -> None:
    row = desk.session_of()

    desk.sign(row)

    [result] = desk.session.scalars(select(MonitoringResult))
    assert (result.overall_classification, result.average_bpm) == (OverallClassification.NORMAL, 140.0)
    assert "Its result" not in desk.browser.get(path(row)).words


def test_a_value_that_comes_while_it_is_read_makes_another_recording_of_it(desk: Desk) -> None:
    row = desk.session_of()
    form = desk.browser.get(path(row)).form(f"{path(row)}/review")
    older.add_readings(desk.session, row, [(1200, 90)])
    desk.session.commit()

    desk.browser.post(f"{path(row)}/review", {**form, **SIGNED}, status=409)

    assert desk.count(Review) == 0


def test_a_draft_is_kept_and_found_again(desk: Desk) -> None:
    row = desk.session_of()
    form = desk.browser.get(path(row)).form(f"{path(row)}/review")
    desk.browser.post(f"{path(row)}/review/draft", {**form, "comment": "later"})
    assert desk.browser.get(path(row)).form(f"{path(row)}/review")["comment"] == "later"
    desk.session.refresh(row)
    assert state_of(row) is ReviewState.CARRIED_OVER


@pytest.mark.parametrize(
    ("readings", "reason"),
    [([], "No values are stored."), ([(0, 140), (400_000_000, 141)], "The times span 400000001 steps of 1 s")],
)
def test_one_without_a_curve_says_why_and_can_leave_the_queue(
    desk: Desk, readings: list[tuple[int, int]], reason: str
) -> None:
    row = desk.session_of(readings, state=ReviewState.TO_REVIEW)

    page = desk.browser.get(path(row))
    desk.browser.get(f"{path(row)}/strip.svg", status=404)
    refused = desk.sign(row, status=422)
    url = path(row)
    form = desk.browser.get(url).form(f"{url}/review")
    desk.browser.post(f"{url}/review", {**form, **NOT_INTERPRETABLE})

    assert f"There is no curve, because: {reason}" in page.words
    assert not page.soup.select("main img")
    assert "There is no curve here that could be interpreted." in refused.words
    desk.session.refresh(row)
    assert state_of(row) is ReviewState.SIGNED
    assert desk.count(MonitoringResult) == 0


def test_a_picture_that_the_browser_has_reads_no_value(app: Flask, desk: Desk) -> None:
    row = desk.session_of()
    address = str(desk.browser.get(path(row)).soup.select(".viewer__tile img")[0]["src"])
    tag = desk.browser.client.get(address).headers["ETag"]
    with app.app_context(), Session(db.engine) as session, counted(session) as statements:
        again = desk.browser.client.get(address, headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert not [statement for statement in statements if "signal_quality" in statement]

    older.add_readings(desk.session, row, [(1200, 90)])
    desk.session.commit()
    assert desk.browser.client.get(address, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_time_that_may_be_hours_off_says_so_wherever_it_stands(app: Flask, desk: Desk, language: str) -> None:
    row = desk.session_of(began=datetime(2025, 7, 1, 3, tzinfo=UTC))
    doubt = {"en": "time uncertain", "id": "waktu tidak pasti"}[language]
    phone = Browser(app).sign_in(desk.patient.user)

    pages = [
        reader.get(f"{address}?lang={language}")
        for reader, address in ((desk.browser, path(row)), (desk.browser, "/monitoring/sessions"), (phone, path(row)))
    ]

    for page in pages:
        assert doubt in page.words
    assert doubt in pages[0].one(".viewer__caption").get_text()
    assert doubt in desk.browser.client.get(str(pages[0].soup.select(".viewer__tile img")[0]["src"])).text


def test_one_without_a_date_is_shown_without_one(app: Flask, desk: Desk) -> None:
    row = desk.session_of([(0, 140)], began=datetime(1970, 1, 1, tzinfo=UTC), started_at=None, received_at=None)
    phone = Browser(app).sign_in(desk.patient.user)

    row.review_state = ReviewState.TO_REVIEW
    desk.session.commit()
    queued = desk.browser.get("/monitoring/queue").words
    assert "time not known" in queued
    assert " 1970" not in queued  # As a year: a record number may end with it.
    for reader in (desk.browser, phone):
        assert "time not known" in reader.get(path(row)).words
        assert " 1970" not in reader.get("/monitoring/sessions").words


def test_a_stranger_finds_nothing(app: Flask, make: Make, desk: Desk) -> None:
    row = desk.session_of([(0, 140)])
    for stranger in (make.doctor(), make.patient().user):
        browser = Browser(app).sign_in(stranger)
        browser.get(path(row), status=404)
        browser.get(f"{path(row)}/strip.svg", status=404)


def test_a_patients_message_to_the_unit_keeps_her_picture_from_her(app: Flask, make: Make, desk: Desk) -> None:
    row = desk.session_of([(0, 140)])
    phone = Browser(app).sign_in(desk.patient.user)
    assert phone.client.get(f"{path(row)}/strip.svg").status_code == 200
    phone.post("/monitoring/upload/movement", {"movement": "less"}, status=303)
    phone.get(f"{path(row)}/strip.svg", status=404)
    assert as_patient(desk.patient).patient_id == row.patient_id


def test_more_than_a_page_without_a_date_is_shown_once_each(desk: Desk) -> None:
    """MySQL's zero date stands below every date that it can be compared with."""
    rows = [desk.session_of(began=NO_TIME, readings=[]) for _ in range(30)]
    if desk.session.get_bind().dialect.name != "sqlite":
        desk.session.execute(text("SET SESSION sql_mode = ''"))
        desk.session.execute(text("UPDATE fetal_monitoring_sessions SET start_time = '0000-00-00 00:00:00'"))
        desk.session.commit()
        desk.session.invalidate()

    first = desk.browser.get("/monitoring/sessions")
    second = desk.browser.get(str(first.one("a[rel=next]")["href"]))
    back = desk.browser.get(str(second.one("a[rel=prev]")["href"]))

    shown = [str(link["href"]) for page in (first, second) for link in page.soup.select(".row-action a")]
    assert sorted(shown) == sorted(map(path, rows))
    assert not second.soup.select("a[rel=next]")
    assert back.words == first.words


@pytest.mark.parametrize(("language", "said"), [("en", "What the patient wrote"), ("id", "Tulisan pasien")])
def test_her_own_words_come_before_the_strip_and_its_analysis(desk: Desk, language: str, said: str) -> None:
    row = desk.session_of(notes="Bayi kurang bergerak hari ini")

    page = desk.browser.get(f"{path(row)}?lang={language}")

    assert f"{said}: Bayi kurang bergerak hari ini" in page.words
    assert page.text.index("Bayi kurang bergerak hari ini") < page.text.index("strip.svg")
    assert page.words.count("Bayi kurang bergerak hari ini") == 1


@pytest.mark.parametrize(("language", "mark"), [("en", "she wrote a note"), ("id", "ada tulisan pasien")])
def test_the_queue_says_that_she_wrote_a_note(desk: Desk, language: str, mark: str) -> None:
    desk.session_of([(0, 140)], state=ReviewState.TO_REVIEW)
    assert mark not in desk.browser.get(f"/monitoring/queue?lang={language}").words
    desk.session_of([(0, 140)], state=ReviewState.TO_REVIEW, notes="Bayi kurang bergerak hari ini")
    assert desk.browser.get(f"/monitoring/queue?lang={language}").words.count(mark) == 1


@pytest.mark.parametrize("address", ["/monitoring/queue", "/monitoring/sessions"])
def test_two_that_look_alike_are_told_apart_by_their_original_numbers(desk: Desk, address: str) -> None:
    twins = [desk.session_of([(0, 140)], state=ReviewState.TO_REVIEW) for _ in range(2)]

    rows = [" ".join(row.get_text(" ").split()) for row in desk.browser.get(address).soup.select("tbody tr")]

    for twin in twins:
        [row] = [row for row in rows if twin.id in row]
        assert "earlier system" in row


def test_her_pages_say_of_one_that_waits_where_it_came_from(app: Flask, desk: Desk) -> None:
    row = desk.session_of([(0, 140)], state=ReviewState.TO_REVIEW)
    phone = Browser(app).sign_in(desk.patient.user)
    for address in (f"/patients/{desk.patient.id}", "/monitoring/sessions", path(row)):
        tags = [tag.get_text() for tag in phone.get(address).soup.select("main .tag")]
        assert tags == ["saved", "earlier system"], address


def test_one_without_a_curve_offers_only_what_can_be_signed(desk: Desk) -> None:
    row = desk.session_of(state=ReviewState.TO_REVIEW, readings=[])

    page = desk.browser.get(path(row))
    form = page.form(f"{path(row)}/review")

    assert not {"baseline_bpm", "variability", "accelerations", "decelerations", "impression"} & set(form)
    # The one answer that is left is still hers to give.
    assert [answer["value"] for answer in page.soup.select("[name=is_interpretable]")] == ["no"]
    assert not page.soup.select("[name=is_interpretable][checked], [name=contractions_per_10_min]")
    desk.browser.post(f"{path(row)}/review", {**form, **NOT_INTERPRETABLE}, status=303)
    desk.session.refresh(row)
    assert state_of(row) is ReviewState.SIGNED
