"""Two recordings of one woman at one scale, for her doctor alone."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.models import AuditEvent, MonitoringSession, MonitoringType, Movement, Patient, User, WaveformChunk
from app.models.base import NO_TIME
from tests import older
from tests.make import Make
from tests.page import Browser, Page, squeeze
from tests.services.uploads import START, as_doctor, csv_file, store
from tests.statements import counted


@pytest.fixture
def doctor(make: Make) -> User:
    return make.doctor()


@pytest.fixture
def patient(make: Make, doctor: User) -> Patient:
    """Linked to the doctor, 31w0d at START."""
    patient = make.patient()
    make.link(doctor, patient)
    make.pregnancy(patient, due=(START + timedelta(days=63)).date())
    return patient


@pytest.fixture
def newer(session: Session, doctor: User, patient: Patient) -> MonitoringSession:
    """48 minutes at START."""
    file = csv_file(48, bpm=140, toco=[12.0] * 11520)
    return store(session, as_doctor(doctor), patient, file, device_name="Sonicaid").monitoring_session


@pytest.fixture
def past(session: Session, doctor: User, patient: Patient) -> MonitoringSession:
    """12 minutes from home nine days before."""
    return store(
        session,
        as_doctor(doctor),
        patient,
        csv_file(12, bpm=150),
        started_at=START - timedelta(days=9),
        monitoring_type=MonitoringType.HOME,
    ).monitoring_session


@pytest.fixture
def doctors(app: Flask, doctor: User) -> Browser:
    return Browser(app).sign_in(doctor)


def path(one: MonitoringSession, other: MonitoringSession | None = None) -> str:
    """The page of the comparison."""
    return f"/monitoring/sessions/{one.public_id}/compare" + (f"/{other.public_id}" if other else "")


def windows(page: Page) -> list[dict[str, str]]:
    """What the address of each picture says."""
    sources = [str(image["src"]) for image in page.soup.select("main img")]
    return [dict(part.split("=") for part in source.split("?")[1].split("&")) for source in sources]


def links(page: Page, label: str) -> list[dict[str, str]]:
    """The links of each group with this name."""
    groups = page.soup.select(f'ul.segments[aria-label="{label}"]')
    return [{link.get_text(): str(link["href"]) for link in group.select("a")} for group in groups]


def test_both_are_as_wide_at_one_scale_and_each_says_what_it_is(
    doctors: Browser, newer: MonitoringSession, past: MonitoringSession
) -> None:
    page = doctors.get(path(newer, past))

    images = page.soup.select("main img")
    assert [str(image["src"]).split("?")[0] for image in images] == [
        f"/monitoring/sessions/{one.public_id}/strip.svg" for one in (newer, past)
    ]
    assert len({image["width"] for image in images}) == 1
    scale = {"minutes": "30", "speed_cm_min": "1", "bpm_per_cm": "20"}
    assert [window | scale for window in windows(page)] == windows(page)
    for image in images:
        assert doctors.client.get(str(image["src"])).mimetype == "image/svg+xml"
    first, second = (squeeze(section) for section in page.soup.select(".compared"))
    assert first.startswith("Clinic CTG, 2 Mar 2026, 08:14–09:02 WIB The newer one, recorded 9 days after the other")
    assert "Gestation then 31w0d Length 48 min Signal loss in all of it 0 % Kind Clinic CTG Device Sonicaid" in first
    assert second.startswith("Home recording, 21 Feb 2026, 08:14–08:26 WIB The older one, recorded 9 days before")
    assert "Gestation then 29w5d Length 12 min" in second
    assert "Device not stated" in second
    assert "1 minute is 1 cm, 1 cm upwards is 20 bpm" in page.words


def test_what_must_be_known_before_reading_stands_over_each_strip(
    doctors: Browser, session: Session, newer: MonitoringSession, past: MonitoringSession
) -> None:
    newer.is_possible_mix_up, past.movement, past.notes = True, Movement.LESS, "after lunch"
    session.commit()

    first, second = (squeeze(one) for one in doctors.get(path(newer, past)).soup.select(".compared"))

    assert "Possible mix-up:" in first
    assert "She reports: moving less than usual" in second
    assert "Noted with the recording: after lunch" in second


def test_each_leads_to_its_own_page_at_what_is_seen(
    doctors: Browser, newer: MonitoringSession, past: MonitoringSession
) -> None:
    page = doctors.get(path(newer, past) + "?start_s=600&speed_cm_min=3")

    titles = page.soup.select(".compared h2 a")

    assert [str(title["href"]).split("?")[0] for title in titles] == [
        f"/monitoring/sessions/{one.public_id}" for one in (newer, past)
    ]
    shown = doctors.get(str(titles[0]["href"]))
    assert "start_s=600" in str(titles[0]["href"])
    assert "3" in [link.get_text() for link in shown.soup.select("ul.segments a[aria-current=true]")]


def test_the_windows_move_together_each_as_far_as_its_recording_goes(
    doctors: Browser, newer: MonitoringSession, past: MonitoringSession
) -> None:
    page = doctors.get(path(newer, past) + "?minutes=10")
    together = links(page, "Move both recordings")[0]
    assert set(together) == {"End", "10 min ▶"}

    moved = windows(doctors.get(together["10 min ▶"]))
    at_the_end = doctors.get(together["End"])

    assert [window["start_s"] for window in moved] == ["600", "120"]
    assert [window["start_s"] for window in windows(at_the_end)] == ["2280", "120"]
    assert set(links(at_the_end, "Move both recordings")[0]) == {"Start", "◀ 10 min"}


def test_each_window_moves_by_itself(doctors: Browser, newer: MonitoringSession, past: MonitoringSession) -> None:
    page = doctors.get(path(newer, past) + "?minutes=10&start_s=300&other_start_s=60")
    alone = links(page, "Move this recording alone")

    first = windows(doctors.get(alone[0]["10 min ▶"]))
    second = windows(doctors.get(alone[1]["10 min ▶"]))

    assert [window["start_s"] for window in first] == ["900", "60"]
    assert [window["start_s"] for window in second] == ["300", "120"]


def test_the_scale_is_changed_for_both_and_kept_for_the_next_choice(
    doctors: Browser, newer: MonitoringSession, past: MonitoringSession
) -> None:
    page = doctors.get(path(newer, past) + "?minutes=20")

    faster = doctors.get(links(page, "Paper speed")[0]["3"])
    higher = doctors.get(links(faster, "Heart rate scale")[0]["30"])

    wider = doctors.get(links(higher, "Range of the heart rate axis")[0]["30–240"])
    elapsed = doctors.get(links(wider, "Time axis")[0]["Elapsed"])

    chosen = {"minutes": "10", "speed_cm_min": "3", "bpm_per_cm": "30", "range": "30-240", "time": "elapsed"}
    assert [window | chosen for window in windows(elapsed)] == windows(elapsed)
    assert len(windows(elapsed)) == 2
    assert "1 minute is 3 cm, 1 cm upwards is 30 bpm" in higher.words


@pytest.mark.parametrize(
    "query",
    [
        "start_s=2881",
        "other_start_s=721",
        "other_start_s=x",
        "other_start_s=nan",
        "other_start_s=1_0",
        "minutes=0",
        "speed_cm_min=4",
    ],
)
def test_an_address_that_is_no_view_is_refused(
    doctors: Browser, newer: MonitoringSession, past: MonitoringSession, query: str
) -> None:
    doctors.get(f"{path(newer, past)}?{query}", status=400)


def test_the_page_leads_to_the_recording_before_or_says_there_is_none(
    doctors: Browser, session: Session, make: Make, newer: MonitoringSession, past: MonitoringSession
) -> None:
    assert doctors.get(path(newer), status=303).location == path(newer, past)

    page = doctors.get(path(past))

    assert "There is no earlier recording of this pregnancy to compare with." in page.words
    assert not page.soup.select("main img")
    assert [str(link["href"]) for link in page.soup.select(".row-action a")] == [path(past, newer)]


def test_the_page_of_a_recording_leads_to_it(
    doctors: Browser, newer: MonitoringSession, past: MonitoringSession
) -> None:
    link = doctors.get(f"/monitoring/sessions/{newer.public_id}").one("main a[href$=compare]")

    assert doctors.get(str(link["href"]), status=303).location == path(newer, past)


def test_the_only_recording_has_nothing_to_choose(doctors: Browser, newer: MonitoringSession) -> None:
    assert "This is the only recording of this patient." in doctors.get(path(newer)).words


def test_another_one_is_chosen_from_a_list_at_the_same_scale(
    doctors: Browser, session: Session, patient: Patient, newer: MonitoringSession, past: MonitoringSession
) -> None:
    third = older.session_of(session, patient, older.values(11))

    page = doctors.get(path(newer, past) + "?speed_cm_min=2&bpm_per_cm=30")

    rows = [squeeze(row) for row in page.soup.select(".dense-table tbody tr")]
    assert rows[0].startswith("21 Feb 2026, 08:14 WIB Home recording the same 29w5d 12 min 0 %")
    assert rows[0].endswith("shown above")
    assert "another, or not known" in rows[1]
    chosen = str(page.one(".row-action a")["href"])
    assert chosen.split("?", maxsplit=1)[0] == path(newer, third)
    assert [(one["speed_cm_min"], one["bpm_per_cm"]) for one in windows(doctors.get(chosen))] == [("2", "30")] * 2


@pytest.mark.parametrize(
    ("apart", "said"),
    [
        (
            timedelta(days=1),
            ("older one, recorded 1 day before the other", "newer one, recorded 1 day after the other"),
        ),
        (timedelta(hours=2), ("older one, begun 2 h 0 min before", "newer one, begun 2 h 0 min after")),
        (timedelta(0), ("Both are said to begin at the same moment.",) * 2),
    ],
    ids=["a day", "hours", "none"],
)
def test_which_is_older_is_said_in_words(
    doctors: Browser, session: Session, patient: Patient, apart: timedelta, said: tuple[str, str]
) -> None:
    one, other = (older.session_of(session, patient, began=older.BEGAN + after) for after in (timedelta(0), apart))

    page = doctors.get(path(one, other))

    for words, section in zip(said, page.soup.select(".compared"), strict=True):
        assert words in squeeze(section)


def test_of_a_recording_without_a_time_nobody_says_which_is_older(
    doctors: Browser, session: Session, patient: Patient, newer: MonitoringSession
) -> None:
    undated = older.session_of(session, patient, began=NO_TIME, started_at=None, received_at=None)

    page = doctors.get(path(newer, undated))

    assert page.words.count("Nobody knows which of the two is older: a time is missing.") == 2
    assert "There is no curve, because:" in page.words


def test_what_came_with_an_older_database_is_compared_too(
    doctors: Browser, session: Session, patient: Patient, newer: MonitoringSession
) -> None:
    came = older.session_of(session, patient, older.values(20))

    page = doctors.get(path(newer, came))

    assert len(windows(page)) == 2


def test_of_a_long_recording_only_the_window_is_read(
    doctors: Browser, session: Session, newer: MonitoringSession, past: MonitoringSession
) -> None:
    session.execute(
        delete(WaveformChunk).where(WaveformChunk.session_id == newer.id, WaveformChunk.chunk_no.not_in([4, 5, 6, 7]))
    )
    session.commit()

    page = doctors.get(path(newer, past) + "?minutes=10&start_s=1500")

    assert len(windows(page)) == 2


def test_damaged_samples_are_said_beside_the_other_strip(
    doctors: Browser, session: Session, newer: MonitoringSession, past: MonitoringSession
) -> None:
    session.execute(delete(WaveformChunk).where(WaveformChunk.session_id == newer.id))
    session.commit()

    page = doctors.get(path(newer, past))

    assert "There is no curve, because: The stored samples are damaged." in page.words
    assert len(windows(page)) == 1


def test_another_womans_looks_like_what_does_not_exist(
    doctors: Browser, session: Session, make: Make, doctor: User, newer: MonitoringSession
) -> None:
    hers, strangers = make.patient(), make.patient()
    make.link(doctor, hers)
    names = [older.session_of(session, woman).public_id for woman in (hers, strangers)]
    answers = set()
    for name in (*names, newer.public_id, "A" * 22):
        for address in (f"{newer.public_id}/compare/{name}", f"{name}/compare/{newer.public_id}"):
            if address == f"{newer.public_id}/compare/{newer.public_id}" or name != newer.public_id:
                answers.add(without_numbers(doctors.get(f"/monitoring/sessions/{address}", status=404)))
    assert len(answers) == 1
    doctors.get(f"/monitoring/sessions/{names[1]}/compare", status=404)


def test_neither_she_nor_an_administrator_reaches_it(
    app: Flask, make: Make, patient: Patient, newer: MonitoringSession, past: MonitoringSession
) -> None:
    for user in (patient.user, make.admin(), make.doctor(is_valid=False)):
        browser = Browser(app).sign_in(user)
        browser.get(path(newer, past), status=403)
        browser.get(path(newer), status=403)
    Browser(app).sign_in(make.doctor()).get(path(newer, past), status=404)


def test_looking_at_both_stands_in_the_trail_and_a_wrong_pair_as_a_refusal(
    doctors: Browser, session: Session, make: Make, doctor: User, newer: MonitoringSession, past: MonitoringSession
) -> None:
    hers = make.patient()
    make.link(doctor, hers)
    another = older.session_of(session, hers)
    doctors.get(path(newer, past))
    doctors.get(path(newer, another), status=404)

    session.rollback()
    rows = session.execute(
        select(AuditEvent.act, AuditEvent.object_id, AuditEvent.subject_patient_id)
        .where(AuditEvent.object_type == "session", AuditEvent.act.in_(["analysis:read", "refused"]))
        .order_by(AuditEvent.position)
    ).all()

    assert [tuple(row) for row in rows] == [
        ("analysis:read", newer.public_id, newer.woman_id),
        ("analysis:read", past.public_id, past.woman_id),
        ("refused", another.public_id, None),
    ]


def test_the_page_takes_as_many_statements_however_many_recordings_she_has(
    doctors: Browser, session: Session, patient: Patient, newer: MonitoringSession, past: MonitoringSession
) -> None:
    doctors.get(path(newer, past))
    with counted(session) as few:
        doctors.get(path(newer, past))
    for day in range(12):
        older.session_of(session, patient, began=START - timedelta(days=20 + day))
    with counted(session) as many:
        doctors.get(path(newer, past))

    assert len(many) == len(few)
    assert len(many) <= 40


@pytest.mark.parametrize("language", ["en", "id"])
def test_it_reads_in_both_languages(
    doctors: Browser, newer: MonitoringSession, past: MonitoringSession, language: str
) -> None:
    page = doctors.get(f"{path(newer, past)}?lang={language}")

    assert page.one("html")["lang"] == language
    assert page.heading == {"en": "Compare recordings", "id": "Bandingkan rekaman"}[language]
    assert len(windows(page)) == 2


def without_numbers(page: Page) -> str:
    """The page without its reference number and tokens."""
    text = page.text.replace(page.response.headers["X-Request-Id"], "")
    return re.sub(r'name="csrf_token"[^>]*', "", text)
