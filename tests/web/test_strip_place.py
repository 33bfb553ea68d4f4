"""The place in a recording that the page keeps and says: at another scale, after a mistyped time, from the start."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.ctg.formats import SourceFile
from app.models import MonitoringSession
from tests.make import Make
from tests.page import Browser
from tests.recordings import csv_bytes, steady_bpm
from tests.services.uploads import as_doctor, store


@pytest.fixture
def recording(session: Session, make: Make) -> MonitoringSession:
    """48 minutes from 08:14: 140 bpm, from 20:00 to 36:00 90 bpm."""
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    file = SourceFile("a.csv", csv_bytes([*steady_bpm(4800, 140), *steady_bpm(3840, 90), *steady_bpm(2880, 140)]))
    row = store(session, as_doctor(doctor), patient, file).monitoring_session
    row.owner = doctor
    return row


@pytest.fixture
def path(recording: MonitoringSession) -> str:
    """Its page."""
    return f"/monitoring/sessions/{recording.public_id}"


@pytest.fixture
def doctors(app: Flask, recording: MonitoringSession) -> Browser:
    """The browser of its doctor."""
    assert recording.owner is not None
    return Browser(app).sign_in(recording.owner)


def test_what_is_framed_stays_framed_at_another_scale(doctors: Browser, path: str) -> None:
    page = doctors.get(f"{path}?start_s=1140&shown=1200-1260.5")

    for group in page.soup.select("ul.segments")[1:]:
        for link in group.select("a"):
            asked = parse_qs(urlsplit(str(link["href"])).query)
            assert (asked["start_s"], asked["shown"]) == (["1140"], ["1200-1260.5"])
