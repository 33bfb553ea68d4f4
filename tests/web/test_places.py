"""Every list that goes on from a place in its address, with addresses that no link of ours says."""

import base64
import json
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.models import Role
from app.web import places
from tests.make import Make
from tests.page import Browser

LISTS = {
    Role.DOCTOR: [
        "/monitoring/queue?after=",
        "/monitoring/queue?before=",
        "/patients?after=",
        "/patients?before=",
        "/monitoring/sessions?older=",
        "/monitoring/sessions?newer=",
        "/monitoring/unit?after=",
    ],
    Role.ADMIN: [
        "/admin/users?older=",
        "/admin/users?newer=",
        "/admin/audit?older=",
        "/admin/audit?newer=",
        "/admin/doctors?after=",
        "/admin/doctors?waiting_after=",
    ],
    Role.PATIENT: ["/patients/{patient_id}/access-log?older="],
}

ONCE = "2026-01-01T00:00:00+00:00"
MANY = "9" * 400


def as_json(*values: object) -> str:
    """Values as JSON in base64."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


CRAFTED = [
    as_json(1e999, ONCE, ONCE, "x"),
    as_json(0, ONCE, ONCE, "\ud800"),
    as_json(0, "0001-01-01T00:00:00+23:59", ONCE, "x"),
    as_json(0, "9999-12-31T23:59:59-23:59", ONCE, "x"),
    "",
    "x",
    ".",
    "...",
    "-1",
    "1" * 19,
    "1e3",
    "٣",
    "\x00",
    "\U0001f600",
    "NaN",
    MANY,
    f"{MANY}.{MANY}",
    f"0.{MANY}.0.x",
    f"0.{'9' * 18}.0.x",
    f"0.-{'9' * 18}.0.x",
    "0.0.0.é",
    f"0.0.0.{'x' * 51}",
    "9.0.0.x",
    f"{'9' * 18}.1",
    f"-{'9' * 18}.1",
    f"{'9' * 12}.{'x' * 22}",
    f"-{'9' * 12}.{'x' * 22}",
    f"0.{'é' * 22}",
]


@pytest.mark.parametrize("role", LISTS)
def test_a_crafted_place_is_a_bad_request_on_every_list(browser: Browser, make: Make, role: Role) -> None:
    patient = make.patient()
    people = {Role.DOCTOR: make.doctor(on_unit_cover=True), Role.ADMIN: make.admin(), Role.PATIENT: patient.user}
    lists = [address.format(patient_id=patient.id) for address in LISTS[role]]
    browser.sign_in(people[role])
    answers = {
        (address, place): browser.client.get(address + quote(place)).status_code
        for address in lists
        for place in CRAFTED
    }
    assert {wrong: status for wrong, status in answers.items() if status != 400} == {}


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_in_a_place_is_exact(moment: datetime) -> None:
    assert places.instant(places.instant_text(moment)) == moment


@pytest.mark.parametrize(
    "moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)]
)
def test_the_first_and_the_last_instant_have_a_place(app: Flask, moment: datetime) -> None:
    text = places.instant_text(moment)
    with app.test_request_context(f"/?after={text}"):
        assert places.instant(text) == moment
