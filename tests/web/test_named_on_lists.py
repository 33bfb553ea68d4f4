"""A list that names a patient is a look at her data: it stands in her access log, and in nobody else's."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AuditEvent
from app.web.patients.access_log import ACTS
from tests.make import Make
from tests.page import Browser

LISTS = {
    "/monitoring/queue": "queue:read",
    "/patients": "patient:list",
    "/monitoring/sessions": "session:list",
    "/links": "link:list",
    "/monitoring/upload": "upload:open",
}


def subjects(session: Session, act: str) -> list[int | None]:
    session.rollback()
    found = session.scalars(select(AuditEvent.subject_patient_id).where(AuditEvent.act == act))
    return sorted(found, key=lambda subject: subject or 0)


@pytest.mark.parametrize(("path", "act"), LISTS.items())
def test_each_patient_whom_a_list_names_can_see_that_it_did(
    app: Flask, browser: Browser, session: Session, make: Make, path: str, act: str
) -> None:
    doctor, first, second, stranger = make.doctor(), make.patient(), make.patient(), make.patient()
    for patient in (first, second):
        make.link(doctor, patient)
    for patient in (first, first, second, stranger):
        make.monitoring_session(patient)
    words = browser.sign_in(doctor).get(path).words
    assert first.user.name in words
    assert subjects(session, act) == [first.id, second.id]
    log = Browser(app).sign_in(first.user).get(f"/patients/{first.id}/access-log").words
    assert f"{doctor.name}, doctor or midwife {ACTS[act]}" in log


@pytest.mark.parametrize(("path", "act"), LISTS.items())
def test_a_list_that_names_nobody_is_one_act_about_nobody(
    browser: Browser, session: Session, make: Make, path: str, act: str
) -> None:
    browser.sign_in(make.doctor()).get(path)
    assert subjects(session, act) == [None]


def test_a_filter_names_patients_too(browser: Browser, session: Session, make: Make) -> None:
    doctor, without_recording = make.doctor(), make.patient()
    make.link(doctor, without_recording)
    assert without_recording.user.name in browser.sign_in(doctor).get("/monitoring/sessions").words
    assert subjects(session, "session:list") == [without_recording.id]


def test_a_search_is_a_look_at_those_whom_it_found(browser: Browser, session: Session, make: Make) -> None:
    doctor, found, other = make.doctor(), make.patient(name="Siti Aminah"), make.patient(name="Dewi Lestari")
    for patient in (found, other):
        make.link(doctor, patient)
    browser.sign_in(doctor).get("/patients?q=siti")
    assert subjects(session, "patient:list") == [found.id]
