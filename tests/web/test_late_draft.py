"""A draft that is sent when its reading has been signed: an autosave on its way, or another tab."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import ReviewDraft
from tests.make import Make
from tests.page import Browser
from tests.services.readings import recording, sign


def test_a_draft_after_the_signature_keeps_nothing_and_loses_nothing(
    browser: Browser, session: Session, make: Make
) -> None:
    doctor = make.doctor()
    read = recording(session, make, doctor=doctor)
    url = f"/monitoring/sessions/{read.public_id}"
    browser.sign_in(doctor)
    late = {**browser.get(url).form(f"{url}/review"), "comment": "typed too late"}
    sign(session, doctor, read)

    page = browser.post(f"{url}/review/draft", late, status=409)
    answer = browser.client.post(f"{url}/review/draft", data=late, headers={"Accept": "application/json"})

    assert "typed too late" in page.words
    assert answer.get_json() == {"saved": "Not kept: this reading has been signed."}
    session.rollback()
    assert session.scalars(select(ReviewDraft)).all() == []
