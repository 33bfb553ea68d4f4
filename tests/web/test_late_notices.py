"""Doctors and administrators are told that mail may be late; a patient and a stranger are not."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.models import JobLease
from app.services import jobs
from app.services.clock import utc_now
from tests.make import Make
from tests.page import Browser

WARNING = "Messages may be late"


@pytest.fixture
def stopped(session: Session) -> None:
    """A portal whose jobs ran, and then no more."""
    long_ago = utc_now() - jobs.LATE_AFTER - timedelta(minutes=1)
    session.add(JobLease(name=jobs.MAIL.name, holder="gone", leased_until=long_ago, last_success_at=long_ago))
    session.commit()


@pytest.mark.usefixtures("stopped")
def test_who_works_with_it_is_warned(app: Flask, make: Make) -> None:
    for user, path in ((make.doctor(), "/monitoring/queue"), (make.admin(), "/admin/doctors")):
        assert WARNING in Browser(app).sign_in(user).get(path).words


@pytest.mark.usefixtures("stopped")
def test_a_patient_and_who_may_not_work_are_not(app: Flask, make: Make) -> None:
    patient = make.patient()
    users = ((patient.user, f"/patients/{patient.id}"), (make.doctor(is_valid=False), "/auth/waiting"))
    for user, path in users:
        assert WARNING not in Browser(app).sign_in(user).get(path).words
    assert WARNING not in Browser(app).get("/auth/sign-in").words


def test_nobody_is_warned_of_what_nobody_needs_yet(app: Flask, make: Make) -> None:
    assert WARNING not in Browser(app).sign_in(make.doctor()).get("/monitoring/queue").words
