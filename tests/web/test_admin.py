"""The administrator's pages: validation, unit cover, accounts, the unit, the audit trail."""

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AuditEvent, Doctor, Role, Unit, User
from tests.make import Make
from tests.page import Browser

NOBODY = "Nobody is on unit cover"
ADMIN_PAGES = ("/admin/doctors", "/admin/users", "/admin/unit", "/admin/audit")


def test_every_page_says_that_nobody_is_on_unit_cover(browser: Browser, make: Make) -> None:
    browser.sign_in(make.admin())
    make.doctor()
    for path in ADMIN_PAGES:
        assert NOBODY in browser.get(path).words
    make.doctor(on_unit_cover=True)
    for path in ADMIN_PAGES:
        assert NOBODY not in browser.get(path).words


def test_every_page_says_that_the_phone_is_missing(browser: Browser, make: Make) -> None:
    make.no_unit()
    browser.sign_in(make.admin())
    for path in ADMIN_PAGES:
        assert "phone is not set" in browser.get(path).words
    make.unit()
    for path in ADMIN_PAGES:
        assert "phone is not set" not in browser.get(path).words


def test_the_doctors_who_wait_stand_first(browser: Browser, make: Make) -> None:
    make.doctor(name="dr. Works")
    waits = make.doctor(name="dr. Waits", is_valid=False)
    page = browser.sign_in(make.admin()).get("/admin/doctors")
    first, second = page.soup.select("table")
    assert "dr. Waits" in first.get_text()
    assert waits.email in first.get_text()
    assert "dr. Works" in second.get_text()


def test_validating_and_withdrawing_by_the_buttons(app: Flask, browser: Browser, make: Make, session: Session) -> None:
    doctor = make.doctor(is_valid=False)
    own = Browser(app).sign_in(doctor)
    browser.sign_in(make.admin())
    action = f"/admin/doctors/{doctor.id}"
    assert doctor.name in browser.follow(browser.submit("/admin/doctors", to=f"{action}/validate")).words
    own.get("/monitoring/queue")
    browser.submit("/admin/doctors", to=f"{action}/unit-cover")
    own.get("/monitoring/unit")
    said = browser.follow(browser.submit("/admin/doctors", to=f"{action}/withdraw")).words
    assert "no longer validated" in said
    assert own.get("/monitoring/unit", status=303).location is not None
    row = session.scalars(select(Doctor).where(Doctor.doctor_id == doctor.id)).one()
    assert (row.is_valid, row.on_unit_cover) == (False, False)


def test_unit_cover_of_a_waiting_doctor_is_refused_in_words(browser: Browser, make: Make) -> None:
    doctor = make.doctor(is_valid=False)
    browser.sign_in(make.admin())
    path = f"/admin/doctors/{doctor.id}/unit-cover"
    assert "Only a validated doctor" in browser.follow(browser.post(path, {"on": "1"})).words
    browser.post(path, {"on": "yes"}, status=400)


def test_an_unknown_doctor_is_not_found(browser: Browser, make: Make) -> None:
    browser.sign_in(make.admin())
    for user_id in (10**6, 2**31, 2**63, 10**30):
        browser.post(f"/admin/doctors/{user_id}/validate", status=404)


def test_users_are_searched_literally_and_by_role(browser: Browser, make: Make) -> None:
    make.user(name="Ayu 100%")
    make.user(name="Ayu 1000")
    browser.sign_in(make.admin())
    found = browser.get("/admin/users?q=100%25").words
    assert "Ayu 100%" in found
    assert "Ayu 1000" not in found
    assert "No account fits" in browser.get("/admin/users?q=%25%25").words
    assert "Ayu 1000" not in browser.get("/admin/users?role=doctor").words


def test_a_search_that_no_form_sends_is_refused(browser: Browser, make: Make) -> None:
    browser.sign_in(make.admin())
    for arguments in ("role=owner", "q=%00", "older=-1", "older=x", "newer=" + "9" * 19, "q=" + "x" * 256):
        browser.get(f"/admin/users?{arguments}", status=400)


def test_a_name_is_shown_and_not_run(browser: Browser, make: Make) -> None:
    make.user(name="<script>alert(1)</script>")
    page = browser.sign_in(make.admin()).get("/admin/users")
    assert "<script>alert(1)</script>" in page.words


def test_closing_and_opening_an_account(app: Flask, browser: Browser, make: Make) -> None:
    user = make.patient().user
    own = Browser(app).sign_in(user)
    browser.sign_in(make.admin())
    browser.submit("/admin/users", to=f"/admin/users/{user.id}/deactivate")
    own.get("/account", status=303)
    assert "deactivated on" in browser.get("/admin/users").words
    browser.submit("/admin/users", to=f"/admin/users/{user.id}/reactivate")
    Browser(app).sign_in(user).get("/account")


def test_oneself_has_no_button_and_is_refused(browser: Browser, make: Make, session: Session) -> None:
    admin = make.admin()
    make.admin()
    page = browser.sign_in(admin).get("/admin/users")
    assert not page.soup.select(f'form[action="/admin/users/{admin.id}/deactivate"]')
    said = browser.follow(browser.post(f"/admin/users/{admin.id}/deactivate")).words
    assert "cannot deactivate your own account" in said
    assert session.scalars(select(User.deactivated_at).where(User.id == admin.id)).one() is None


def test_the_unit_is_saved_and_patients_see_it(app: Flask, browser: Browser, make: Make, session: Session) -> None:
    browser.sign_in(make.admin())
    browser.submit(
        "/admin/unit",
        name="RSIA Contoh",
        phone="021 555 0199",
        reading_within_days="2",
        speed_cm_min="3",
        bpm_per_cm="30",
    )
    unit = session.scalars(select(Unit)).one()
    assert (unit.name, unit.phone, unit.reading_within_days) == ("RSIA Contoh", "021 555 0199", 2)
    assert (unit.speed_cm_min, unit.bpm_per_cm) == (3, 30)
    assert "021\u00a0555\u00a00199" in Browser(app).get("/auth/sign-in").text
    assert browser.get("/admin/unit").form()["phone"] == "021 555 0199"


def test_nothing_is_preset_before_the_unit_is_set(browser: Browser, make: Make) -> None:
    make.no_unit()
    fields = browser.sign_in(make.admin()).get("/admin/unit").form()
    del fields["csrf_token"]
    assert set(fields.values()) == {""}


def test_a_unit_without_a_phone_is_not_saved(browser: Browser, make: Make, session: Session) -> None:
    make.no_unit()
    browser.sign_in(make.admin())
    page = browser.submit("/admin/unit", status=422, name="RSIA Contoh", speed_cm_min="1", bpm_per_cm="20")
    assert page.errors == ["Enter the number that patients call, day and night."]
    assert page.form()["name"] == "RSIA Contoh"
    for bad in ("call me", "12", "+", "1" * 41, "021\u0000555"):
        page = browser.submit("/admin/unit", status=422, name="A", phone=bad, speed_cm_min="1", bpm_per_cm="20")
        assert page.errors
    for days in ("0", "31", "two", "1e3", "-1"):
        browser.submit(
            "/admin/unit",
            status=422,
            name="A",
            phone="119",
            reading_within_days=days,
            speed_cm_min="1",
            bpm_per_cm="20",
        )
    browser.submit("/admin/unit", status=422, name="A", phone="119", speed_cm_min="4", bpm_per_cm="20")
    assert session.scalars(select(Unit)).all() == []


def test_the_audit_trail_shows_acts_and_its_own_search(browser: Browser, make: Make, session: Session) -> None:
    doctor, patient, admin = make.doctor(name="dr. Reader"), make.patient(name="Ayu Lestari"), make.admin()
    make.link(doctor, patient)
    browser.sign_in(doctor).get(f"/patients/{patient.id}")
    browser.post("/auth/sign-out")
    browser.sign_in(admin)
    page = browser.get(f"/admin/audit?actor={doctor.id}&patient={patient.record_number}&act=patient:read")
    assert "patient:read" in page.words
    assert "dr. Reader" in page.words
    assert "Ayu" not in page.words
    session.rollback()
    last = session.scalars(select(AuditEvent).order_by(AuditEvent.position.desc()).limit(1)).one()
    assert (last.act, last.actor_id, last.subject_patient_id) == ("audit:search", admin.id, patient.id)


def test_the_trail_keeps_the_search_on_its_next_page(browser: Browser, make: Make) -> None:
    browser.sign_in(make.admin())
    for _ in range(55):
        browser.client.get("/admin/users")  # No patient's data: no row.
        browser.client.get("/admin/audit?act=audit:")
    page = browser.get("/admin/audit?act=audit:")
    older = page.one("a[rel=next]")["href"]
    assert "act=audit" in str(older)
    assert "audit:search" in browser.get(str(older)).words


def test_a_wrong_search_says_what_is_wrong(browser: Browser, make: Make) -> None:
    browser.sign_in(make.admin())
    for arguments, message in (
        ("patient=Ayu", "record number"),
        ("act=<b>", "Enter an act"),
        ("since=2026-01-02T00:00&until=2026-01-01T00:00", "after the beginning"),
        ("since=0001-01-01T00:00", "Check the year"),
        ("until=9999-12-31T23:59", "Check the year"),
        ("since=yesterday", "Not a valid"),
    ):
        assert message in " ".join(browser.get(f"/admin/audit?{arguments}", status=422).errors)
    browser.get("/admin/audit?older=0")
    browser.get("/admin/audit?older=one", status=400)


def test_nobody_else_opens_these_pages(app: Flask, make: Make) -> None:
    people = [make.doctor(on_unit_cover=True), make.doctor(is_valid=False), make.patient().user]
    for person in people:
        visitor = Browser(app).sign_in(person)
        for path in ADMIN_PAGES:
            visitor.get(path, status=403)


def test_a_posted_role_changes_nothing(browser: Browser, make: Make, session: Session) -> None:
    user = make.user()
    browser.sign_in(make.admin())
    browser.post(f"/admin/users/{user.id}/reactivate", {"role": "admin", "user_id": "1"})
    assert session.scalars(select(User.role).where(User.id == user.id)).one() is Role.PATIENT
