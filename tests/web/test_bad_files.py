"""A file that is no recording is answered with the place and the reason, and not one row is kept of it."""

import io
import zipfile
from collections.abc import Sequence

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.extensions import db
from app.models import Patient
from tests.make import Make
from tests.page import Browser, Page
from tests.recordings import bpm_json_bytes, csv_bytes, digital_16, fhr_bytes, steady_bpm, wfdb_bytes
from tests.tables import contents

File = tuple[str, bytes]

HEADER, SIGNALS = wfdb_bytes(steady_bpm(480), [10.0] * 480)
LIMIT_MB = 16
# Everything that a person can type or choose on the page beside the file.
TYPED = {
    "monitoring_type": "clinic",
    "fetuses": "1",
    "maternal_pulse": "measured",
    "maternal_bpm": "82",
    "movement": "as_usual",
    "start_date": "2026-03-02",
    "start_time": "08:14",
    "device_name": "Sonicaid <One> & “two”",
    "notes": "after breakfast\nlying on her left side",
}


def csv_with(cell: str) -> bytes:
    """Three samples, of which the second has `cell` for its rate: line 3."""
    return f"time_s,fhr_bpm\n0,140\n0.25,{cell}\n0.5,141\n".encode()


def archive() -> bytes:
    """A zip file with a recording in it, which nobody unpacks."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as folder:
        folder.writestr("a.csv", csv_bytes(steady_bpm(480)))
    return packed.getvalue()


UNKNOWN = "is not a recording format Dopply knows."
BAD_FILES: dict[str, tuple[Sequence[File], str]] = {
    "empty": ([("a.csv", b"")], "a.csv: The file is empty."),
    "binary": ([("a.csv", bytes(range(256)) * 40)], f"a.csv: This {UNKNOWN}"),
    "only a header line": ([("a.csv", b"time_s,fhr_bpm\n")], "a.csv: The file holds no samples."),
    "truncated signals": (
        [("1001.hea", HEADER), ("1001.dat", SIGNALS[:-7])],
        "1001.dat, byte 1913: The signal file has 1913 bytes where the header announces 1920.",
    ),
    "a header that promises more": (
        [("1001.hea", HEADER.replace(b" 480\n", b" 960\n")), ("1001.dat", SIGNALS)],
        "1001.dat, byte 1920: The signal file has 1920 bytes where the header announces 3840.",
    ),
    "a header that promises less": (
        [("1001.hea", HEADER.replace(b" 480\n", b" 400\n")), ("1001.dat", SIGNALS)],
        "1001.dat, byte 1600: The signal file has 1920 bytes where the header announces only 1600.",
    ),
    "a header with another checksum": (
        [("1001.hea", HEADER), ("1001.dat", SIGNALS[:-4] + digital_16([[9999], [1000]]))],
        "1001.hea, line 2: The samples of FHR have the checksum",
    ),
    "the signals of another record": (
        [("1001.hea", HEADER), ("1002.dat", wfdb_bytes(steady_bpm(480, 150), [10.0] * 480)[1])],
        "1001.hea, line 2: FHR starts with 14700; the header says 13700.",
    ),
    "signals alone": ([("1001.dat", SIGNALS)], "1001.dat: A WFDB signal file needs its header: add the .hea file."),
    "two recordings": (
        [("a.csv", csv_with("140")), ("b.csv", csv_with("141"))],
        "b.csv: 2 files were sent that do not belong together.",
    ),
    "an infinite cell": ([("a.csv", csv_with("inf"))], "a.csv, line 3, column fhr_bpm: inf is not a finite number."),
    "an overflowing cell": (
        [("a.csv", csv_with("1e999"))],
        "a.csv, line 3, column fhr_bpm: 1e999 is not a finite number.",
    ),
    "a negative cell": ([("a.csv", csv_with("-140"))], "a.csv, line 3, column fhr_bpm: -140 is negative."),
    "a cell of text": ([("a.csv", csv_with("many"))], "a.csv, line 3, column fhr_bpm: many is not a number."),
    "a cell of markup": (
        [("a.csv", csv_with("<script>alert(1)</script>"))],
        "a.csv, line 3, column fhr_bpm: <script>alert(1)</script> is not a number.",
    ),
    "a time that is not a number": (
        [("a.csv", b"time_s,fhr_bpm\n0,140\nNaN,141\n")],
        "a.csv, line 3, column time_s: NaN is not",
    ),
    "NaN in JSON": (
        [("a.json", bpm_json_bytes([140.0, float("nan")]))],
        "a.json, column bpm, sample 2: NaN is not a finite number.",
    ),
    "duplicate times": (
        [("a.csv", b"time_s,fhr_bpm\n0,140\n0.25,141\n0.25,142\n")],
        "a.csv, line 4, column time_s: The time is the same as that of the sample before.",
    ),
    "an archive": ([("a.csv", archive())], "a.csv: This is a packed archive, not a recording format Dopply knows."),
    "a letter named like a recording": (
        [("home.fhr", b"Dear doctor, here is my recording.\n" * 40)],
        f"home.fhr: This text {UNKNOWN}",
    ),
    "a truncated recording with another extension": (
        [("home.fhr", fhr_bytes(steady_bpm(480))[:-3])],
        "home.fhr",
    ),
    "a name that is a path": ([("../../etc/passwd", b"root:x:0:0\n" * 40)], "passwd: This text"),
    "text up to the limit": ([("a.csv", b"not a recording, 140\n" * 700_000)], "a.csv"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_with_its_place_and_reason_and_nothing_is_kept(
    app: Flask, browser: Browser, make: Make, name: str
) -> None:
    files, reason = BAD_FILES[name]
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    browser.sign_in(doctor)
    before = stored(app)

    page = upload(browser, patient, files)

    assert page.status == 422
    (error,) = page.errors
    assert reason in error
    typed = page.form("/monitoring/upload")
    assert {name: typed[name].strip() for name in TYPED} == TYPED
    assert stored(app) == before


def test_too_much_text_is_refused_before_it_is_read(app: Flask, browser: Browser, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    browser.sign_in(doctor)
    before = stored(app)

    for size_mb in (LIMIT_MB + 1, 50):
        page = upload(browser, patient, [("a.csv", b"0.25,140\n" * (size_mb * 1024 * 1024 // 9))])
        assert page.status == 413
        assert page.heading == "That file is too large"
    assert stored(app) == before


def test_too_much_pasted_text_is_refused_before_it_is_read(app: Flask, browser: Browser, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    browser.sign_in(doctor)
    before = stored(app)

    page = upload(browser, patient, [], pasted="0.25,140\n" * 200_000)

    assert page.status == 413
    assert stored(app) == before


def stored(app: Flask) -> object:
    """Every row that an upload could have left."""
    with app.app_context():
        return contents(db.engine)


def upload(browser: Browser, patient: Patient, files: Sequence[File], **typed: str) -> Page:
    """What the upload page answers to these files."""
    form = browser.get(f"/monitoring/upload?patient={patient.id}").form("/monitoring/upload")
    chosen = [FileStorage(io.BytesIO(content), filename=name) for name, content in files]
    # Made here and closed at once: the test client would leave files of this size open on the disk.
    boundary, body = encode_multipart({**form, **TYPED, **typed, "files": chosen})
    content_type = f"multipart/form-data; boundary={boundary}"
    return Page(browser.client.post("/monitoring/upload", data=body, content_type=content_type, buffered=True))
