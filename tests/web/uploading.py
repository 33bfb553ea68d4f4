"""Short ways through the upload pages."""

from io import BytesIO
from typing import Any

from app.models import Patient
from tests.page import Browser, Page
from tests.recordings import csv_bytes, steady_bpm
from tests.services.uploads import START

FILE = csv_bytes(steady_bpm(2880), toco=[10.0] * 2880, start=START)
ANSWERS = {
    "monitoring_type": "clinic",
    "fetuses": "1",
    "maternal_pulse": "measured",
    "maternal_bpm": "82",
}


def upload_for(browser: Browser, patient: Patient, content: bytes = FILE, *, status: int = 303, **given: Any) -> Page:
    """Upload as a doctor through the form of this patient."""
    return send(browser, f"/monitoring/upload?patient={patient.id}", content, status=status, **given)


def upload_as_patient(browser: Browser, movement: str = "as_usual", content: bytes = FILE, **given: Any) -> Page:
    """Answer the question about movements and upload."""
    answered = browser.submit("/monitoring/upload", to="/monitoring/upload/movement", movement=movement)
    token = str(answered.location).split("movement=")[1]
    return send(browser, f"/monitoring/upload?movement={token}", content, **({"monitoring_type": "home"} | given))


def send(browser: Browser, path: str, content: bytes, *, status: int = 303, name: str = "a.csv", **given: Any) -> Page:
    """Open the form at `path`, choose a file and send it with ordinary answers unless `given`."""
    fields: dict[str, Any] = browser.get(path).form("/monitoring/upload") | ANSWERS | given
    if content:
        fields["files"] = (BytesIO(content), name)
    return browser.post("/monitoring/upload", fields, status=status, content_type="multipart/form-data")
