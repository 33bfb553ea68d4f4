"""After an adoption doctors and patients sign in with their old passwords and find their old recordings."""

from collections.abc import Iterator
from itertools import count

import pytest
from flask import Flask

from app import create_app
from app.extensions import db
from tests.conftest import make_settings
from tests.databases import fresh_mariadb
from tests.migrations import chain
from tests.page import Browser, Page
from tests.schema.commands import schema
from tests.schema.originals import rows, tables
from tests.schema.originals.build import build

pytestmark = [pytest.mark.real_hashes, pytest.mark.sweep]

NETWORKS = count(1)

HIS = (rows.UUID_SESSION, rows.EPOCH_SESSION, rows.TEXT_SESSION, rows.OLD_SESSION, rows.BURST_SESSION)
WITHOUT_VALUES = {rows.EPOCH_SESSION}
OF_SARI = {1, 2, 3, 4, 5, 6, 7}
WITHOUT_CURVE = {4, 5, 7}
# Words of the older system's verdicts, which no patient is shown.
VERDICTS = ("abnormal", "bradikardia", "bradycardia", "tachycardia", "high risk", "risk level")


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The portal on an original from a latin1 server that has just been adopted, with its unit named."""
    folder = tmp_path_factory.mktemp("portal")
    with fresh_mariadb("latin1", "latin1_swedish_ci") as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Asia/Jakarta")
        build(url, *tables.AT_692E, stamp="692e6f2120e5")
        rows.insert(url, rows.argon2id(rows.PASSWORD), *rows.NO_DATES)
        done = schema(url, "adopt", "--yes", "--backup", str(folder / "backup"))
        assert done.exit_code == 0, done.output
        app = create_app(make_settings(url))
        named = app.test_cli_runner().invoke(args=["unit", "set", "--name", "Ruang Bersalin", "--phone", "0274 555"])
        assert named.exit_code == 0, named.output
        yield app
        with app.app_context():
            db.engine.dispose()


def sign_in(portal: Flask, email: str, password: str = rows.PASSWORD, status: int = 303) -> tuple[Browser, Page]:
    """A browser after its attempt, and the answer; each comes from a network of its own, where nobody failed yet."""
    browser = Browser(portal)
    browser.client.environ_base["REMOTE_ADDR"] = f"10.0.0.{next(NETWORKS)}"
    return browser, browser.submit("/auth/sign-in", email=email, password=password, status=status)


def signed_in(portal: Flask, email: str) -> Browser:
    return sign_in(portal, email)[0]


def public_ids(portal: Flask) -> dict[str, str]:
    """The id in the address of each session, by the original's own."""
    with chain.connection(portal.config["SQLALCHEMY_DATABASE_URI"]) as connection:
        query = "SELECT id, public_id FROM fetal_monitoring_sessions"
        return {row.id: row.public_id for row in connection.exec_driver_sql(query)}


def is_a_strip(page: Page) -> bool:
    assert page.response.mimetype == "image/svg+xml"
    return b"<svg" in page.response.data and b"<path" in page.response.data


@pytest.mark.parametrize(
    ("email", "home"),
    [
        ("ani@example.org", "/admin/"),
        ("budi@example.org", "/monitoring/queue"),
        ("Sari@example.org", "/patients/"),
    ],
)
def test_old_passwords_sign_in(portal: Flask, email: str, home: str) -> None:
    browser = signed_in(portal, email)
    page = browser.get("/", status=303)
    assert (page.location or "").startswith(home)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("budi@example.org", "not the password"),
        ("didaftarkan@example.org", ""),
        ("didaftarkan@example.org", rows.PASSWORD),
        ("kembar@example.org", rows.PASSWORD),
        (" kembar@example.org", rows.PASSWORD),
        ("lama@example.org", rows.PASSWORD),
    ],
)
def test_who_cannot_sign_in_yet_is_told_nothing_about_it(portal: Flask, email: str, password: str) -> None:
    _, page = sign_in(portal, email, password, status=422)
    assert page.errors


def test_a_doctor_finds_each_session_with_its_strip(portal: Flask) -> None:
    browser, addresses = signed_in(portal, "budi@example.org"), public_ids(portal)
    for session_id in HIS:
        address = f"/monitoring/sessions/{addresses[session_id]}"
        page = browser.get(address)
        assert session_id in page.words
        strips = page.soup.select(f'img[src^="{address}/strip.svg"]')
        assert bool(strips) == (session_id not in WITHOUT_VALUES), session_id
        for strip in strips:
            assert is_a_strip(browser.get(str(strip["src"])))
    browser.get(f"/monitoring/sessions/{addresses[rows.LOST_SESSION]}", status=404)


def test_a_doctor_finds_each_record_with_its_strip(portal: Flask) -> None:
    browser = signed_in(portal, "budi@example.org")
    listed = {str(link["href"]) for link in browser.get("/records").soup.select('a[href^="/records/"]')}
    assert listed >= {f"/records/{number}" for number in OF_SARI}
    for number in OF_SARI:
        page = browser.get(f"/records/{number}")
        strips = page.soup.select(f'img[src^="/records/{number}/strip.svg"]')
        assert bool(strips) == (number not in WITHOUT_CURVE), number
        for strip in strips:
            assert is_a_strip(browser.get(str(strip["src"])))
    for number in (8, 9):  # Of a patient whose link is a request.
        browser.get(f"/records/{number}", status=404)


def test_a_doctor_who_was_not_validated_sees_nobody(portal: Flask) -> None:
    browser, addresses = signed_in(portal, "citra@example.org"), public_ids(portal)
    for address in (f"/monitoring/sessions/{addresses[rows.UUID_SESSION]}", "/records/1", "/patients/1"):
        assert browser.client.get(address).status_code in {303, 403, 404}, address


def test_a_patient_finds_her_own_recordings_and_no_verdict(portal: Flask) -> None:
    browser, addresses = signed_in(portal, "sari@example.org"), public_ids(portal)
    for session_id in HIS:
        address = f"/monitoring/sessions/{addresses[session_id]}"
        words = browser.get(address).words.lower()
        assert not [verdict for verdict in VERDICTS if verdict in words], session_id
        if session_id not in WITHOUT_VALUES:
            assert is_a_strip(browser.get(f"{address}/strip.svg"))
    for number in OF_SARI:
        words = browser.get(f"/records/{number}").words.lower()
        assert not [verdict for verdict in VERDICTS if verdict in words], number
    assert is_a_strip(browser.get("/records/3/strip.svg"))
    browser.get("/records/8", status=404)
    browser.get(f"/monitoring/sessions/{addresses[rows.LOST_SESSION]}", status=404)


def test_an_account_with_another_womans_record_does_not_see_it(portal: Flask) -> None:
    browser = signed_in(portal, "duaibu@example.org")
    browser.get(f"/patients/{rows.PATIENT_FIRST}")
    browser.get(f"/patients/{rows.PATIENT_OTHER}", status=404)


def test_a_record_that_gave_way_leads_to_the_current_one(portal: Flask) -> None:
    page = signed_in(portal, "dua@example.org").get(f"/patients/{rows.PATIENT_SURPLUS}", status=303)
    assert page.location == f"/patients/{rows.PATIENT_KEPT}"


def test_times_are_read_in_the_zone_and_early_ones_are_uncertain(portal: Flask) -> None:
    browser, addresses = signed_in(portal, "budi@example.org"), public_ids(portal)
    certain = browser.get(f"/monitoring/sessions/{addresses[rows.UUID_SESSION]}").words
    early = browser.get(f"/monitoring/sessions/{addresses[rows.OLD_SESSION]}").words
    assert "08:30" in certain
    assert "time uncertain" in early.lower()
    assert "time uncertain" not in certain.lower()


def test_the_queue_holds_what_was_left_to_read_and_no_more(portal: Flask) -> None:
    queue = signed_in(portal, "budi@example.org").get("/monitoring/queue").text
    waiting = {session_id for session_id, public_id in public_ids(portal).items() if public_id in queue}
    assert waiting == {rows.UUID_SESSION, rows.BURST_SESSION}
