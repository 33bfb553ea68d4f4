"""A recording in the night in which clocks are set back: each time is named with the zone's name of its moment."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.ctg.formats import SourceFile
from tests.make import Make
from tests.page import Browser
from tests.recordings import csv_bytes, steady_bpm
from tests.services.uploads import as_doctor, store

# 01:35 in Berlin; at 5100 s three o'clock becomes two o'clock.
START = datetime(2026, 10, 24, 23, 35, tzinfo=UTC)


Seen = tuple[Browser, str]


@pytest.fixture
def seen(app: Flask, session: Session, make: Make, monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Three hours at 4 Hz over the change: its doctor's browser, and its address."""
    settings = replace(app.extensions["settings"], time_zone=ZoneInfo("Europe/Berlin"))
    monkeypatch.setitem(app.extensions, "settings", settings)
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    file = SourceFile("a.csv", csv_bytes(steady_bpm(4 * 3600 * 3), start=START))
    row = store(session, as_doctor(doctor), patient, file).monitoring_session
    return Browser(app).sign_in(doctor), f"/monitoring/sessions/{row.public_id}"


@pytest.mark.parametrize(
    ("start_s", "said"),
    [
        (0, "25 Oct 2026 01:35–02:05 CEST"),
        (4200, "25 Oct 2026 02:45 CEST–02:15 CET"),
        (5100, "25 Oct 2026 02:00–02:30 CET"),
        (7200, "25 Oct 2026 02:35–03:05 CET"),
    ],
)
def test_a_caption_names_the_zone_of_its_times(seen: Seen, start_s: int, said: str) -> None:
    picture = seen[0].client.get(f"{seen[1]}/strip.svg?start_s={start_s}").text
    assert f", {said}, " in picture


def test_each_window_names_the_zone_of_its_times(seen: Seen) -> None:
    page = seen[0].client.get(seen[1]).text
    said = re.findall(r'alt="Strip ([^",]*)', page)
    assert {"01:35–01:45 CEST", "02:45–02:55 CEST", "02:55 CEST–02:05 CET", "02:05–02:15 CET"} <= set(said)
    assert "25 Oct 2026, 01:35 CEST–03:35 CET" in page


def test_samples_say_where_the_clock_is_set_anew(seen: Seen) -> None:
    samples = seen[0].client.get(f"{seen[1]}/samples?start_s=4800").json
    assert samples is not None
    assert (samples["clock_s"], samples["zone"]) == (2 * 3600 + 55 * 60, "CEST")
    assert samples["clock"] == [[4800.0, 10500.0, "CEST"], [5100.0, 7200.0, "CET"]]


@pytest.mark.parametrize(("start_s", "zone"), [(4200, "CEST"), (5400, "CET"), (10800, "CET")])
def test_where_clocks_run_evenly_samples_have_one_beginning(seen: Seen, start_s: int, zone: str) -> None:
    samples = seen[0].client.get(f"{seen[1]}/samples?start_s={start_s}").json
    assert samples is not None
    assert samples["clock"] == [[float(start_s), samples["clock_s"], samples["zone"]]]
    assert samples["zone"] == zone
