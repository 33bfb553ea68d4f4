"""Samples in the database that give no strip back: every way to see them says so, and no page goes away with them."""

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.models import MonitoringSession, User, WaveformChunk
from tests.make import Make
from tests.page import Browser
from tests.services.uploads import as_doctor, csv_file, store

SENTENCE = "The stored samples are damaged."
PICTURES = ("strip.svg", "overview.svg", "strip.png", "strip.pdf")
COUNT = 1200


def packed(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> bytes:
    return zlib.compress(values.view(np.uint8).reshape(len(values), 8).T.tobytes())


INFINITE = np.full(COUNT, 140.0)
INFINITE[600] = np.inf

CHUNKS: dict[str, dict[str, Any]] = {
    "no zlib": {"payload": b"damaged"},
    "infinity": {"encoding": "float64", "scale": 1, "payload": packed(INFINITE)},
    "a count below nothing": {"sample_count": -5},
    "a count of gigabytes": {"sample_count": 2**31 - 1},
    "before the recording": {"first_sample": -COUNT},
}
FACTS: dict[str, dict[str, Any]] = {
    "a rate of a century": {"rate_hz": 1e-9},
    "no rate": {"rate_hz": 0.0},
    "a rate below nothing": {"rate_hz": -4.0},
    "samples of years": {"sample_count": 2**31 - 1},
    "samples below nothing": {"sample_count": -1},
    "samples of years, an hour each": {"rate_hz": 1 / 3600, "sample_count": 2_000_000},
}


class Room:
    """A doctor with a recording of five minutes that is one chunk, and ways to damage it."""

    def __init__(self, app: Flask, session: Session, make: Make) -> None:
        self.session = session
        self.doctor: User = make.doctor()
        patient = make.patient()
        make.link(self.doctor, patient)
        self.recording = store(session, as_doctor(self.doctor), patient, csv_file(5)).monitoring_session
        session.commit()
        self.url = f"/monitoring/sessions/{self.recording.public_id}"
        self.desk = Browser(app).sign_in(self.doctor)
        self.phone = Browser(app).sign_in(patient.user)

    def damage_chunk(self, name: str) -> None:
        self.session.execute(update(WaveformChunk).values(**CHUNKS[name]))
        self.session.commit()

    def damage_facts(self, name: str) -> None:
        self.session.execute(update(MonitoringSession).values(**FACTS[name]))
        self.session.commit()


@pytest.fixture
def room(app: Flask, session: Session, make: Make) -> Room:
    return Room(app, session, make)


DAMAGES: list[Callable[[Room], None]] = [
    *(lambda room, name=name: room.damage_chunk(name) for name in CHUNKS),
    *(lambda room, name=name: room.damage_facts(name) for name in FACTS),
]
damaged = pytest.mark.parametrize("damage", DAMAGES, ids=[*CHUNKS, *FACTS])


@damaged
def test_each_picture_and_file_says_so(room: Room, damage: Callable[[Room], None]) -> None:
    damage(room)
    for what in PICTURES:
        answer = room.desk.client.get(f"{room.url}/{what}")
        assert (what, answer.status_code, answer.mimetype) == (what, 500, "image/svg+xml")
        assert SENTENCE in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert "ETag" not in answer.headers
        assert "Content-Disposition" not in answer.headers


@damaged
def test_the_samples_say_so(room: Room, damage: Callable[[Room], None]) -> None:
    damage(room)
    answer = room.desk.client.get(f"{room.url}/samples")
    assert (answer.status_code, answer.json) == (500, {"problem": SENTENCE})
    assert answer.headers["Cache-Control"] == "no-store"


@damaged
def test_her_own_files_say_so(room: Room, damage: Callable[[Room], None]) -> None:
    damage(room)
    for what in ("strip.svg", "strip.png", "strip.pdf"):
        assert SENTENCE in room.phone.client.get(f"{room.url}/{what}").text


@damaged
def test_no_page_goes_away_with_them(room: Room, damage: Callable[[Room], None]) -> None:
    damage(room)
    assert room.desk.get(room.url).soup.select("#reading")
    for url in (f"{room.url}/review", f"{room.url}/compare", "/monitoring/queue", "/monitoring/sessions"):
        assert room.desk.client.get(url).status_code == 200
    assert room.phone.client.get(room.url).status_code == 200


@pytest.mark.parametrize("name", FACTS)
def test_the_page_says_why_it_has_no_strip(room: Room, name: str) -> None:
    room.damage_facts(name)
    page = room.desk.get(room.url)
    assert f"There is no curve, because: {SENTENCE}" in page.words
    assert not page.soup.select(".viewer__tile")
