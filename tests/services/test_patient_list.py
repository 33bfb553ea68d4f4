"""The list of patients: only one's own, found by what was typed and nothing else, page by page, in a few statements."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.models import AccessState, Patient, ReviewState, User
from app.services import patient_list, patients
from app.services.clock import utc_now
from app.services.patient_list import PAGE_SIZE, PatientPage
from tests.make import Make
from tests.services.uploads import as_doctor

TODAY = date(2026, 11, 22)


@pytest.fixture
def doctor(make: Make) -> User:
    return make.doctor()


def linked(make: Make, doctor: User, name: str, email: str | None = None) -> Patient:
    patient = make.patient(name=name, email=email)
    make.link(doctor, patient)
    return patient


def listed(
    session: Session, doctor: User, search: str = "", *, after_id: int | None = None, before_id: int | None = None
) -> PatientPage:
    return patient_list.page(
        session, as_doctor(doctor), search=search, today=TODAY, after_id=after_id, before_id=before_id
    )


def names(page: PatientPage) -> list[str]:
    return [row.patient.user.name for row in page.rows]


def test_only_live_links_are_listed_counted_and_found(session: Session, make: Make, doctor: User) -> None:
    linked(make, doctor, "Anisa")
    for state in (AccessState.REQUESTED, AccessState.DECLINED, AccessState.ENDED):
        make.link(doctor, make.patient(name="Anisa"), state=state)
    make.link(doctor, make.patient(name="Anisa"), expires_at=utc_now() - timedelta(seconds=1))
    make.link(make.doctor(), make.patient(name="Anisa"))
    for search in ("", "anisa"):
        page = listed(session, doctor, search)
        assert (names(page), page.count) == (["Anisa"], 1)
        assert not page.rows[0].is_alike  # Those who are like her are nobody's business here.


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["100% Sure", "a_b", "axb", "back\\slash", "O'Neil", "🌸 Sakura"]),
        ("%", ["100% Sure"]),
        ("_", ["a_b"]),
        ("a_b", ["a_b"]),
        ("A_B", ["a_b"]),
        ("\\", ["back\\slash"]),
        ("/", []),
        ("'", ["O'Neil"]),
        ("' OR 1=1 --", []),
        ("🌸", ["🌸 Sakura"]),
        ("sakura", ["🌸 Sakura"]),
        ("%%", []),
        ("flower@", ["🌸 Sakura"]),
    ],
)
def test_what_is_typed_is_literal(session: Session, make: Make, doctor: User, search: str, found: list[str]) -> None:
    for name in ("a_b", "axb", "100% Sure", "back\\slash", "O'Neil"):
        linked(make, doctor, name)
    linked(make, doctor, "🌸 Sakura", email="flower@example.org")
    page = listed(session, doctor, search)
    assert sorted(names(page)) == sorted(found)
    assert page.count == len(found)


def test_a_record_number_finds_its_patient(session: Session, make: Make, doctor: User) -> None:
    patient, foreign = linked(make, doctor, "Anisa", email="anisa@example.org"), make.patient(name="Bunga")
    for search in (patient.record_number, patient.record_number.lower(), str(patient.id), f"r-{patient.id}"):
        assert names(listed(session, doctor, search)) == ["Anisa"]
    assert names(listed(session, doctor, foreign.record_number)) == []
    assert names(listed(session, doctor, "R-9999999999")) == []


def test_pages_go_forth_and_back_without_a_gap(session: Session, make: Make, doctor: User) -> None:
    expected = sorted(f"Patient {number % 20:02}" for number in range(2 * PAGE_SIZE + 3))  # Many share a name.
    for name in expected:
        linked(make, doctor, name)
    pages = [listed(session, doctor)]
    while pages[-1].after_id is not None:
        pages.append(listed(session, doctor, after_id=pages[-1].after_id))
    assert [len(page.rows) for page in pages] == [PAGE_SIZE, PAGE_SIZE, 3]
    assert [name for page in pages for name in names(page)] == expected
    assert len({row.patient.id for page in pages for row in page.rows}) == len(expected)
    assert {page.count for page in pages} == {len(expected)}
    back = listed(session, doctor, before_id=pages[2].before_id)
    assert [row.patient.id for row in back.rows] == [row.patient.id for row in pages[1].rows]
    first = listed(session, doctor, before_id=back.before_id)
    assert [row.patient.id for row in first.rows] == [row.patient.id for row in pages[0].rows]
    assert first.before_id is None
    assert first.after_id is not None


def test_capitals_do_not_sort_apart(session: Session, make: Make, doctor: User) -> None:
    for name in ("bunga", "Citra", "Anisa", "dewi"):
        linked(make, doctor, name)
    assert names(listed(session, doctor)) == ["Anisa", "bunga", "Citra", "dewi"]


def test_a_place_that_one_may_not_see_tells_nothing(session: Session, make: Make, doctor: User) -> None:
    linked(make, doctor, "Anisa")
    linked(make, doctor, "Citra")
    foreign = make.patient(name="Bunga")
    for place in (foreign.id, 2**31 - 1):
        assert names(listed(session, doctor, after_id=place)) == ["Anisa", "Citra"]
        assert names(listed(session, doctor, before_id=place)) == ["Anisa", "Citra"]


def test_a_row_says_how_far_she_is_and_what_waits(session: Session, make: Make, doctor: User) -> None:
    patient = linked(make, doctor, "Anisa")
    make.pregnancy(patient, due=TODAY + timedelta(days=70)).is_high_risk = True
    make.monitoring_session(patient).review_state = ReviewState.RELEASED
    make.monitoring_session(patient)
    session.commit()
    linked(make, doctor, "Bunga")
    row, bare = listed(session, doctor).rows
    assert (row.gestation_days, row.is_high_risk, row.unread) == (210, True, 1)
    assert row.last_recorded_at is not None
    assert row.last_recorded_at.tzinfo is not None
    assert (bare.gestation_days, bare.is_high_risk, bare.unread, bare.last_recorded_at) == (None, False, 0, None)


def test_a_row_counts_what_an_earlier_row_of_the_same_pregnancy_says(
    session: Session, make: Make, doctor: User
) -> None:
    current = make.pregnancy(linked(make, doctor, "Anisa"))
    current.expected_due_date = None
    session.commit()
    make.pregnancy_that_gave_way(current, due=TODAY + timedelta(days=70), is_high_risk=True)
    session.expunge_all()
    [row] = listed(session, doctor).rows
    assert (row.gestation_days, row.is_high_risk) == (210, True)


def test_names_alike_are_marked_on_both(session: Session, make: Make, doctor: User) -> None:
    one, other = linked(make, doctor, "Siti Aminah"), linked(make, doctor, "Siti Amina")
    third = linked(make, doctor, "Bunga Lestari")
    marked = {row.patient.id for row in listed(session, doctor).rows if row.is_alike}
    assert marked == {one.id, other.id}
    assert patients.names_alike(session, as_doctor(doctor), one)
    assert not patients.names_alike(session, as_doctor(doctor), third)


def test_a_page_takes_six_statements_however_long(session: Session, make: Make, doctor: User) -> None:
    for number in range(PAGE_SIZE + 1):
        patient = linked(make, doctor, f"Patient {number}")
        make.pregnancy(patient)
        make.monitoring_session(patient)
    session.expunge_all()
    seen: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *arguments: seen.append(arguments[2]))
    page = listed(session, doctor)
    assert [row.patient.user.name for row in page.rows]
    listed(session, doctor, after_id=page.after_id)
    assert len([statement for statement in seen if statement.startswith("SELECT")]) == 5 + 6
