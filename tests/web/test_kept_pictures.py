"""What a browser, or a cache on the way, may keep of a picture: nothing that outlives the right to see it."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.ctg.formats import SourceFile
from app.models import MonitoringSession
from tests.make import Make
from tests.page import Browser
from tests.recordings import csv_bytes, steady_bpm
from tests.services.uploads import as_doctor, store
from tests.statements import counted

SAMPLE_TABLES = ("waveform_chunks", "fetal_heart_rate_readings", "stored_file_parts")
VIEWS = ("", "?speed_cm_min=3", "?bpm_per_cm=30", "?start_s=60&minutes=11")


@pytest.fixture
def recording(session: Session, make: Make) -> MonitoringSession:
    """Twenty minutes of a patient with a linked doctor."""
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    row = store(session, as_doctor(doctor), patient, SourceFile("a.csv", csv_bytes(steady_bpm(4800))))
    row.monitoring_session.patient, row.monitoring_session.owner = patient, doctor
    return row.monitoring_session


def address(recording: MonitoringSession, view: str = "") -> str:
    return f"/monitoring/sessions/{recording.public_id}/strip.svg{view}"


def test_a_304_costs_no_statement_on_a_table_of_samples(
    app: Flask, session: Session, recording: MonitoringSession
) -> None:
    assert recording.owner is not None
    client = Browser(app).sign_in(recording.owner).client
    tag = client.get(address(recording)).headers["ETag"]

    with counted(session) as for_the_picture:
        assert client.get(address(recording)).status_code == 200
    with counted(session) as for_the_tag:
        assert client.get(address(recording), headers={"If-None-Match": tag}).status_code == 304

    def of_samples(statements: list[str]) -> list[str]:
        return [statement for statement in statements if any(table in statement for table in SAMPLE_TABLES)]

    assert of_samples(for_the_picture)
    assert of_samples(for_the_tag) == []


def test_who_may_not_see_it_never_hears_304(app: Flask, make: Make, recording: MonitoringSession) -> None:
    assert recording.owner is not None
    tag = Browser(app).sign_in(recording.owner).client.get(address(recording)).headers["ETag"]
    headers = {"If-None-Match": f"{tag}, *"}

    for stranger in (make.doctor(), make.patient().user):
        Browser(app).sign_in(stranger).get(address(recording), status=404, headers=headers)
    Browser(app).sign_in(make.admin()).get(address(recording), status=403, headers=headers)
    signed_out = app.test_client().get(address(recording), headers=headers)
    assert signed_out.status_code == 303
    assert signed_out.headers["Location"].startswith("/auth/sign-in")


def test_a_link_that_has_ended_is_felt_at_once(
    app: Flask, session: Session, make: Make, recording: MonitoringSession
) -> None:
    patient = recording.patient
    assert patient is not None
    second = make.doctor()
    link = make.link(second, patient)
    client = Browser(app).sign_in(second).client
    headers = {"If-None-Match": client.get(address(recording)).headers["ETag"]}
    assert client.get(address(recording), headers=headers).status_code == 304

    session.delete(link)
    session.commit()

    assert client.get(address(recording), headers=headers).status_code == 404


def test_her_tag_is_never_a_doctors(app: Flask, recording: MonitoringSession) -> None:
    """One browser may be used by both, and what it kept of the one must not answer the other."""
    assert recording.owner is not None
    assert recording.patient is not None
    doctors = Browser(app).sign_in(recording.owner).client
    hers = Browser(app).sign_in(recording.patient.user).client

    for view in VIEWS:
        theirs = doctors.get(address(recording, view)).headers["ETag"]
        assert hers.get(address(recording, view), headers={"If-None-Match": theirs}).status_code == 200
        assert hers.get(address(recording, view)).headers["ETag"] != theirs


def test_nothing_that_a_shared_cache_may_keep_carries_a_cookie(app: Flask, recording: MonitoringSession) -> None:
    assert recording.owner is not None
    assert recording.patient is not None
    clients = (
        app.test_client(),
        *(Browser(app).sign_in(user).client for user in (recording.owner, recording.patient.user)),
    )
    for client in clients:
        for path in ("/static/css/base.css?v=0123456789ab", "/static/css/base.css", address(recording), "/healthz"):
            with client.get(path) as response:
                control = response.headers.get("Cache-Control", "")
                assert "Set-Cookie" not in response.headers or "public" not in control, path
                if path == address(recording) and response.status_code == 200:
                    assert "private" in control
                    assert "Set-Cookie" not in response.headers
