"""When something was recorded: in the unit's zone, and in words where the earlier system left doubt about that."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import MonitoringSession, Patient
from app.models.base import NO_TIME
from tests import legacy_zone
from tests.make import Make
from tests.page import Browser, Page
from tests.services.uploads import as_doctor, csv_file, store

# The last second that is uncertain, on the clocks of Jakarta.
LAST = datetime(2025, 7, 2, 16, 59, 59, tzinfo=UTC)


def recorded(
    make: Make, session: Session, patient: Patient, at: datetime, *, is_carried_over: bool
) -> MonitoringSession:
    recording = make.monitoring_session(patient)
    recording.start_time = recording.started_at = at
    recording.is_carried_over = is_carried_over
    session.commit()
    return recording


def shown(app: Flask, make: Make, patient: Patient, recording: MonitoringSession) -> list[Page]:
    """The pages on which a doctor and the patient read when it was."""
    doctor = make.doctor()
    make.link(doctor, patient)
    pages = []
    for user in (doctor, patient.user):
        browser = Browser(app).sign_in(user)
        pages += [
            browser.get("/monitoring/sessions"),
            browser.get(f"/monitoring/sessions/{recording.public_id}"),
            browser.get(f"/patients/{patient.id}"),
        ]
    return pages


@pytest.mark.parametrize(
    ("at", "is_carried_over", "is_uncertain"),
    [
        (LAST, True, True),
        (LAST + timedelta(seconds=1), True, False),
        (LAST, False, False),
        (NO_TIME, True, False),
    ],
)
def test_times_of_the_earlier_system_are_uncertain_before_it_was_mended(
    app: Flask, make: Make, session: Session, at: datetime, is_carried_over: bool, is_uncertain: bool
) -> None:
    with app.app_context():
        engine = db.engine
    with legacy_zone.recorded(engine, "Asia/Jakarta"):
        patient = make.patient()
        recording = recorded(make, session, patient, at, is_carried_over=is_carried_over)
        for page in shown(app, make, patient, recording):
            assert ("(time uncertain)" in page.words) == is_uncertain
            assert ("time not known" in page.words) == (at == NO_TIME)


def test_every_page_agrees_on_when_it_was_whatever_zone_the_old_columns_are_in(
    app: Flask, make: Make, session: Session
) -> None:
    """08:14 on the unit's clock, stored at 10:14 of the old server's."""
    with app.app_context():
        engine = db.engine
    with legacy_zone.recorded(engine, "Asia/Jayapura"):
        doctor, patient = make.doctor(), make.patient()
        make.link(doctor, patient)
        recording = store(session, as_doctor(doctor), patient, csv_file()).monitoring_session
        sql = text("SELECT start_time FROM fetal_monitoring_sessions WHERE id = :id")
        assert str(session.execute(sql, {"id": recording.id}).scalar_one())[:19] == "2026-03-02 10:14:00"
        # As it is of an old row: no instant of ours beside the naive time.
        recording.started_at = None
        session.commit()
        browser = Browser(app).sign_in(doctor)
        for path in (
            "/patients",
            f"/patients/{patient.id}",
            "/monitoring/sessions",
            f"/monitoring/sessions/{recording.public_id}",
        ):
            assert "2 Mar 2026, 08:14" in browser.get(path).words
        strip = browser.client.get(f"/monitoring/sessions/{recording.public_id}/strip.svg").text
        assert "2 Mar 2026 08:14" in strip
