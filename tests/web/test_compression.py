"""What goes out gzipped, what never does, and that an answer keeps its identity in either encoding."""

import gzip

import pytest
from flask import Flask, Response, request
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import create_app
from app.ctg.formats import SourceFile
from app.models import MonitoringSession
from app.web import guard
from app.web.compression import holds_no_secret
from tests.conftest import make_settings
from tests.make import Make
from tests.page import Browser
from tests.recordings import csv_bytes, steady_bpm
from tests.services.uploads import as_doctor, store

GZIP = {"Accept-Encoding": "gzip"}
STYLE = "/static/css/base.css"


@pytest.fixture
def recording(session: Session, make: Make) -> MonitoringSession:
    """Twenty minutes of a patient with a linked doctor."""
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    row = store(session, as_doctor(doctor), patient, SourceFile("a.csv", csv_bytes(steady_bpm(4800))))
    row.monitoring_session.patient, row.monitoring_session.owner = patient, doctor
    return row.monitoring_session


@pytest.fixture
def doctors(app: Flask, recording: MonitoringSession) -> FlaskClient:
    assert recording.owner is not None
    return Browser(app).sign_in(recording.owner).client


def strip_path(recording: MonitoringSession) -> str:
    return f"/monitoring/sessions/{recording.public_id}/strip.svg"


def test_a_picture_is_the_same_in_either_encoding(doctors: FlaskClient, recording: MonitoringSession) -> None:
    plain = doctors.get(strip_path(recording))
    packed = doctors.get(strip_path(recording), headers=GZIP)

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.content_length == len(packed.data) < len(plain.data) / 2
    for answer in (plain, packed):
        assert {"Accept-Encoding", "Cookie"} <= set(answer.vary)
        assert answer.headers["Cache-Control"] == "private, no-cache"
    # One tag for two encodings may not promise equal bytes.
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert plain.headers["ETag"].startswith('W/"')


@pytest.mark.parametrize("asked_with", ["as given", "as if it were strong"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_the_browser_that_has_it_in_one_encoding_has_it(
    doctors: FlaskClient, recording: MonitoringSession, asked_with: str, encoding: str
) -> None:
    tag = doctors.get(strip_path(recording), headers=GZIP).headers["ETag"]
    asked = tag if asked_with == "as given" else tag.removeprefix("W/")
    again = doctors.get(strip_path(recording), headers={"Accept-Encoding": encoding, "If-None-Match": asked})

    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert {"Accept-Encoding", "Cookie"} <= set(again.vary)
    assert "Content-Encoding" not in again.headers


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("GZIP", True),
        ("gzip;q=0", False),
        ("gzip;q=0, *;q=1", False),
        ("br", False),
        ("identity", False),
        ("", False),
        ("gzip;q=x", False),
    ],
)
def test_only_who_takes_gzip_gets_it(browser: Browser, accepted: str, is_packed: bool) -> None:
    with browser.client.get(STYLE, headers={"Accept-Encoding": accepted}) as response:
        assert response.headers.get("Content-Encoding") == ("gzip" if is_packed else None)
        assert "Accept-Encoding" in response.vary


def test_a_page_is_never_compressed(doctors: FlaskClient, recording: MonitoringSession) -> None:
    """It holds the token of its forms beside words that somebody else may choose."""
    for path in (f"/monitoring/sessions/{recording.public_id}", "/account", "/auth/sign-in", "/nothing-here"):
        response = doctors.get(path, headers=GZIP)
        assert "Content-Encoding" not in response.headers
        assert "Accept-Encoding" not in response.vary


def test_a_style_is_packed_and_checked_as_any_file(browser: Browser) -> None:
    with browser.client.get(STYLE) as plain, browser.client.get(STYLE, headers=GZIP) as packed:
        assert gzip.decompress(packed.data) == plain.data
        tag = packed.headers["ETag"]
    with browser.client.get(STYLE, headers={**GZIP, "If-None-Match": tag}) as again:
        assert (again.status_code, again.data) == (304, b"")
    with browser.client.head(STYLE, headers=GZIP) as head:
        assert (head.headers["Content-Encoding"], head.data) == ("gzip", b"")


def test_a_part_of_a_file_is_sent_as_it_is(browser: Browser) -> None:
    with browser.client.get(STYLE, headers={**GZIP, "Range": "bytes=0-99"}) as part:
        assert (part.status_code, len(part.data)) == (206, 100)
        assert "Content-Encoding" not in part.headers


def numbers() -> Response:
    count = int(request.args.get("count", "1000"))
    return Response("[" + ",".join(["140"] * count) + "]", mimetype="application/json")


@pytest.fixture
def samples(app: Flask, database_url: str) -> FlaskClient:
    """A browser before an application with two more addresses: `/declared` says that it holds no secret."""
    bigger = create_app(make_settings(database_url))
    bigger.add_url_rule("/undeclared", "undeclared", guard.public(lambda: numbers()))  # noqa: PLW0108
    bigger.add_url_rule("/declared", "declared", guard.public(holds_no_secret(numbers)))
    return bigger.test_client()


def test_json_is_compressed_only_where_the_view_says_that_it_holds_no_secret(samples: FlaskClient) -> None:
    undeclared = samples.get("/undeclared", headers=GZIP)
    assert undeclared.json == [140] * 1000
    assert "Content-Encoding" not in undeclared.headers
    assert gzip.decompress(samples.get("/declared", headers=GZIP).data) == undeclared.data


def test_what_is_small_already_stays_as_it_is(samples: FlaskClient) -> None:
    response = samples.get("/declared?count=10", headers=GZIP)
    assert response.json == [140] * 10
    assert "Accept-Encoding" in response.vary
