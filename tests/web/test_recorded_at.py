"""When something was recorded: in the unit's zone, and in words where the earlier system left doubt about that."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.extensions import db
from app.models import MonitoringSession, Patient
from app.models.base import NO_TIME
from tests import legacy_zone
from tests.make import Make
from tests.page import Browser, Page

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
