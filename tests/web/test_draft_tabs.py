"""Two tabs with one reading in progress: neither writes over what the other has kept."""

from sqlalchemy.orm import Session

from tests.make import Make
from tests.page import Browser
from tests.services.readings import recording

SCRIPT = {"Accept": "application/json"}


def test_two_tabs_do_not_write_over_each_others_draft(browser: Browser, session: Session, make: Make) -> None:
    doctor = make.doctor()
    url = f"/monitoring/sessions/{recording(session, make, doctor=doctor).public_id}"
    draft_url = f"{url}/review/draft"
    browser.sign_in(doctor)
    first, second = (browser.get(url).form(f"{url}/review") for _ in range(2))
    for text in ("of the first tab", "of the first tab, and more"):
        assert browser.client.post(draft_url, data={**first, "comment": text}, headers=SCRIPT).status_code == 200

    mine = {**second, "comment": "of the second tab", "baseline_bpm": "14o", "variability": "reduced"}
    answer = browser.client.post(draft_url, data=mine, headers=SCRIPT)
    assert (answer.status_code, list(answer.get_json())) == (409, ["changed"])
    page = browser.post(draft_url, mine, status=409)
    for words in ("of the first tab, and more", "of the second tab", "14o", "Reduced (under 5 bpm)"):
        assert words in page.words
    assert browser.get(url).form(f"{url}/review")["comment"] == "of the first tab, and more"

    kept = browser.follow(browser.post(draft_url, page.form(draft_url)))
    sent = kept.form(f"{url}/review")
    assert [sent[name] for name in ("comment", "baseline_bpm", "variability")] == [
        "of the second tab",
        "14o",
        "reduced",
    ]
    browser.post(draft_url, {**first, "comment": "x"}, status=409)


def test_tabs_of_two_twins_do_not_disturb_each_other(browser: Browser, session: Session, make: Make) -> None:
    doctor = make.doctor()
    url = f"/monitoring/sessions/{recording(session, make, doctor=doctor, fetuses=2).public_id}"
    browser.sign_in(doctor)
    tabs = [browser.get(f"{url}?fetus={number}").form(f"{url}/review") for number in (1, 2)]

    for text in ("a", "b"):
        for tab in tabs:
            browser.post(f"{url}/review/draft", {**tab, "plan": text})
