"""How much a request may send: a form's text everywhere, a recording only to the form that takes one."""

from io import BytesIO
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.web.body_limit import FORM_BYTES, takes_files
from tests.make import Make
from tests.page import Browser, Page
from tests.web.uploading import ANSWERS, send

TOO_MUCH = FORM_BYTES + 1
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"


def test_only_the_upload_takes_files(app: Flask) -> None:
    assert [endpoint for endpoint in app.view_functions if takes_files(app, endpoint)] == ["monitoring.store_upload"]


@pytest.mark.parametrize("content_type", [URLENCODED, MULTIPART, "text/plain"])
def test_no_other_form_reads_more_than_a_form_has(app: Flask, content_type: str) -> None:
    """Whoever sends it, and before anybody is asked who she is: no transaction waits for it."""
    body = b"email=" + b"a" * TOO_MUCH
    paths = [
        address
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not takes_files(app, rule.endpoint)
        for address in [rule.build({name: "1" * 22 if name == "public_id" else "1" for name in rule.arguments})]
        if address is not None
    ]
    assert len(paths) > 20
    for _, path in paths:
        answer = app.test_client().post(path, data=body, content_type=content_type)
        assert answer.status_code == 413, path
        assert len(answer.data) < 20_000


def test_a_body_that_does_not_say_how_long_it_is_is_read_no_further(browser: Browser) -> None:
    """The token behind the limit is not found."""
    token = quote(browser.csrf_token()).encode()

    def answer(length: int) -> Page:
        body = b"email=" + b"a" * length + b"&password=x&csrf_token=" + token
        chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
        return Page(
            browser.client.post(
                "/auth/sign-in", input_stream=BytesIO(body), content_type=URLENCODED, environ_overrides=chunked
            )
        )

    assert answer(length=300).errors == ["Use at most 255 characters."]
    assert answer(length=TOO_MUCH).status == 400


def test_the_upload_takes_a_file_of_megabytes_and_no_other_body_of_that_size(browser: Browser, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    browser.sign_in(doctor)

    fields = browser.get(f"/monitoring/upload?patient={patient.id}").form("/monitoring/upload") | ANSWERS
    file = FileStorage(BytesIO(b"%PDF-1.7".ljust(2 * TOO_MUCH)), filename="a.pdf")
    # Made here and closed at once: the test client would leave a file of this size open on the disk.
    boundary, body = encode_multipart({**fields, "files": file})
    content_type = f"multipart/form-data; boundary={boundary}"
    page = Page(browser.client.post("/monitoring/upload", data=body, content_type=content_type, buffered=True))
    form = browser.post("/monitoring/upload", {"pasted": "1" * TOO_MUCH}, status=413)

    assert page.status == 422
    assert page.errors[0].startswith("a.pdf: This is a PDF document")
    assert form.heading == "That file is too large"


@pytest.mark.parametrize("path", ["/auth/sign-in", "/auth/register", "/auth/password/forgot"])
def test_what_is_far_too_long_for_its_field_does_not_come_back(browser: Browser, path: str) -> None:
    page = browser.submit(path, status=422, email="a" * 100_000)

    assert "Use at most 255 characters." in page.errors
    assert len(page.text) < 50_000


def test_what_is_a_little_too_long_comes_back_whole_to_be_shortened(browser: Browser, make: Make) -> None:
    doctor, patient = make.doctor(), make.patient()
    make.link(doctor, patient)
    browser.sign_in(doctor)
    notes = "The woman says that " * 150

    page = send(browser, f"/monitoring/upload?patient={patient.id}", b"", notes=notes, status=422)

    assert "Use at most 2000 characters." in page.errors
    assert page.form("/monitoring/upload")["notes"].strip() == notes.strip()
