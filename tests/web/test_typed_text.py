"""A form whose token is no longer this session's: nothing is stored, and nothing that was typed is lost."""

from sqlalchemy.orm import Session

from tests.make import Make
from tests.page import PASSWORD, Browser
from tests.services.readings import recording


def test_what_was_typed_stands_on_the_page_that_refuses_it(browser: Browser, session: Session, make: Make) -> None:
    doctor = make.doctor()
    url = f"/monitoring/sessions/{recording(session, make, doctor=doctor).public_id}"
    browser.sign_in(doctor)
    fields = browser.get(url).form(f"{url}/review")
    typed = {"comment": "two\nlines </textarea><b>x</b>", "baseline_bpm": "14o", "variability": "reduced"}
    for token in ("", "of another session"):
        page = browser.post(
            f"{url}/review/draft",
            {**fields, **typed, "csrf_token": token, "password": PASSWORD},
            status=400,
            headers={"Referer": f"http://localhost{url}?start_s=60"},
        )

        assert page.heading == "This form no longer belongs to your sign-in"
        shown = {str(area["id"]): area.get_text() for area in page.soup.select("main textarea[readonly]")}
        assert shown == {f"typed-{name}": text for name, text in typed.items()}
        assert page.one("label[for=typed-comment]").get_text() == "Comment"
        assert page.one("a.back-to-form")["href"] == f"{url}?start_s=60"
        for secret in (PASSWORD, fields["patient_token"], fields["draft_tab"]):
            assert secret not in page.text


def test_a_page_that_refuses_leads_nowhere_else_and_shows_no_password(browser: Browser) -> None:
    for referrer in ("http://elsewhere.example/x", "http://localhost//elsewhere.example", "javascript:x", ""):
        page = browser.post(
            "/auth/sign-in",
            {"csrf_token": "x", "email": "siti@example.org", "password": PASSWORD, "unknown": "field"},
            status=400,
            headers={"Referer": referrer},
        )

        assert [area.get_text() for area in page.soup.select("main textarea")] == ["siti@example.org"]
        assert page.one("a.back-to-form")["href"] == "/auth/sign-in"
        assert PASSWORD not in page.text
