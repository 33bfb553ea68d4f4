"""Long prints take turns, and whoever has to wait is told so at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.charts import pdf
from app.charts.sheets import Sheet
from app.models import User
from app.web.monitoring import turns
from tests.charts.test_pdf import WORDS
from tests.make import Make
from tests.page import Browser
from tests.services.uploads import as_doctor, csv_file, store

LONG = [Sheet(297.0, 210.0, 600.0 * number, 10) for number in range(turns.LONG_SHEETS + 1)]


@contextmanager
def somebody_printing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another thread makes a long print for as long as this lasts."""
    has_begun, may_end = Event(), Event()

    def slow(*_: object, **__: object) -> bytes:
        has_begun.set()
        may_end.wait(10)
        return b"%PDF-slow"

    with monkeypatch.context() as patch:
        patch.setattr(pdf, "strip_pdf", slow)
        thread = Thread(target=turns.strip_pdf, args=(LONG, None, WORDS))
        thread.start()
        assert has_begun.wait(10)
    try:
        yield
    finally:
        may_end.set()
        thread.join()


@pytest.fixture
def doctor(make: Make) -> User:
    return make.doctor()


@pytest.fixture
def url(session: Session, make: Make, doctor: User) -> str:
    patient = make.patient()
    make.link(doctor, patient)
    row = store(session, as_doctor(doctor), patient, csv_file(120)).monitoring_session
    session.commit()
    return f"/monitoring/sessions/{row.public_id}"


def test_a_second_long_print_is_told_when_to_come_back(
    app: Flask, url: str, doctor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Browser(app).sign_in(doctor)
    long_url = f"{url}/strip.pdf?minutes=120&speed_cm_min=3"
    with somebody_printing(monkeypatch):
        busy = desk.client.get(long_url)
        assert (busy.status_code, busy.mimetype) == (503, "text/html")
        assert busy.headers["Retry-After"] == "10"
        assert busy.headers["Cache-Control"] == "no-store"
        assert "Try again in 10 seconds." in busy.text
        assert f'href="{long_url.replace("&", "&amp;")}"' in busy.text
        # A short one is made all the same, and so is every picture.
        assert desk.client.get(f"{url}/strip.pdf?minutes=30").status_code == 200
        assert desk.client.get(f"{url}/strip.svg").status_code == 200
    assert desk.client.get(long_url).status_code == 200


def test_a_print_that_fails_gives_its_turn_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> bytes:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(pdf, "strip_pdf", broken)
        for _ in range(3):
            with pytest.raises(RuntimeError):
                turns.strip_pdf(LONG, lambda _: None, WORDS)  # type: ignore[arg-type,return-value]
