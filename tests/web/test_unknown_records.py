"""What is another's and what is nobody's cost the same: no clock tells which numbers are patients."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AuditEvent
from tests.make import Make
from tests.page import Browser
from tests.statements import counted


@pytest.mark.parametrize(
    "path",
    [
        "/patients/{patient_id}",
        "/patients/{patient_id}/pregnancy",
        "/monitoring/upload?patient={patient_id}",
        "/monitoring/sessions/{public_id}",
        "/monitoring/sessions/{public_id}/strip.svg",
        "/monitoring/sessions/{public_id}/review",
        "/monitoring/sessions/{public_id}/release",
    ],
)
@pytest.mark.usefixtures("noon")
def test_the_same_statements_and_a_row_each(browser: Browser, session: Session, make: Make, path: str) -> None:
    patient, doctor = make.patient(), make.doctor()
    recording = make.monitoring_session(patient)
    browser.sign_in(doctor)
    browser.get("/account")  # The first page of a browser also writes that it was used.
    last = session.scalars(select(AuditEvent.position).order_by(AuditEvent.position.desc()).limit(1)).one()
    session.commit()

    sent = []
    for patient_id, public_id in ((patient.id, recording.public_id), (2147483647, "x" * 22)):
        with counted(session) as statements:
            browser.get(path.format(patient_id=patient_id, public_id=public_id), status=404)
        # Without the columns: one row has no subject.
        sent.append([statement.partition("(")[0] for statement in statements])

    assert sent[0] == sent[1]
    rows = session.scalars(select(AuditEvent).where(AuditEvent.position > last).order_by(AuditEvent.position)).all()
    assert [(row.act, row.subject_patient_id) for row in rows] == [("refused", patient.id), ("refused", None)]
