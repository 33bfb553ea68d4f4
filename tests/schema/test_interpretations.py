"""What the report says of single rows: each interpretation with what stood there, and what has become of it since."""

import shutil
from pathlib import Path

import pytest
import time_machine

from app.schema import chain as ours
from app.schema import interpretations, shapes
from app.schema.interpretations import pregnancies
from app.services.gestation import TERM_DAYS
from tests.databases import sqlite_url
from tests.migrations import chain
from tests.schema.commands import execute
from tests.schema.originals import rows, tables
from tests.schema.originals.build import build

HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA"
OTHER_DOCTOR = rows.BCRYPT
# In their order: of rows.PATIENT_KEPT, of rows.PATIENT_SURPLUS (several times), of rows.BCRYPT and his session.
MORE = (
    "UPDATE doctor_patient SET status = 'blocked by patient' WHERE patient_id = 3",
    "UPDATE doctor_patient SET status = 'active' WHERE patient_id = 4",
    "INSERT INTO doctor_patient (doctor_id, patient_id, assigned_at, status) "
    "VALUES (10, 4, '2025-07-10 08:30:00', 'active')",
    "UPDATE fetal_monitoring_sessions SET patient_id = 4 WHERE id = '22222222-2222-3333-4444-555555555555'",
    "UPDATE fetal_monitoring_sessions SET doctor_id = 10 WHERE id = '1752136200000'",
    "UPDATE fetal_monitoring_sessions SET created_at = '9000-01-01 00:00:00', start_time = '9000-01-01 00:00:00' "
    "WHERE id = 'Sesi pagi'",
    "UPDATE fetal_heart_rate_readings SET timestamp = '9000-01-01 00:00:00' WHERE id = 12",
    "UPDATE pregnancy_info SET complications = 'null', last_menstrual_period = '9999-12-31' WHERE id = 1",
    """UPDATE pregnancy_info SET complications = '["", "anemia"]' WHERE id = 2""",
    "UPDATE pregnancy_info SET complications = '[]', last_menstrual_period = '0000-00-00' WHERE id = 3",
    "UPDATE pregnancy_info SET complications = 'anemia' WHERE id = 4",
)

Told = dict[object, str]


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SQLite files to be copied: `original.db`, and `head.db` as an upgrade leaves it."""
    folder = tmp_path_factory.mktemp("standing")
    url = sqlite_url(folder, "original.db")
    build(url, *tables.AT_692E, stamp="692e6f2120e5")
    rows.insert(url, HASH, *MORE)
    shutil.copyfile(folder / "original.db", folder / "head.db")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Asia/Jakarta")
        chain.upgrade(sqlite_url(folder, "head.db"))
    return folder


@pytest.fixture
def original(standing: Path, tmp_path: Path) -> str:
    """The original, before its upgrade."""
    shutil.copyfile(standing / "original.db", tmp_path / "copy.db")
    return sqlite_url(tmp_path, "copy.db")


@pytest.fixture
def at_head(standing: Path, tmp_path: Path) -> str:
    """The original, upgraded."""
    shutil.copyfile(standing / "head.db", tmp_path / "copy.db")
    return sqlite_url(tmp_path, "copy.db")


def told(url: str, kind: str, table: str) -> Told:
    """What the report says of each row of the table that is of this kind, by its key."""
    with ours.connection(url) as connection:
        look = interpretations.Look(connection, shapes.of(connection))
        lines = [line for line in interpretations.of(look) if (line.kind.code, line.table) == (kind, table)]
    return {tuple(line.key) if isinstance(line.key, list) else line.key: line.found for line in lines}


def test_a_link_to_a_record_that_gave_way_opens_nothing_where_the_current_record_has_its_own(at_head: str) -> None:
    asked = told(at_head, "link_requested", "doctor_patient")
    assert asked == {(rows.BUDI, rows.PATIENT_KEPT): "status 'blocked by patient', doctor validated"}
    live = told(at_head, "link_live", "doctor_patient")
    assert (rows.BUDI, rows.PATIENT_KEPT) not in live


def test_a_copied_link_says_where_it_comes_from(at_head: str) -> None:
    live = told(at_head, "link_live", "doctor_patient")
    copied = f"status 'active', doctor validated, the same as the link to patient {rows.PATIENT_SURPLUS}"
    assert live[OTHER_DOCTOR, rows.PATIENT_KEPT] == copied
    assert [key for key, found in live.items() if "the same as" in found] == [(OTHER_DOCTOR, rows.PATIENT_KEPT)]
    surplus = told(at_head, "link_to_surplus", "doctor_patient")
    assert surplus[OTHER_DOCTOR, rows.PATIENT_SURPLUS].endswith(f"now patient {rows.PATIENT_KEPT}")


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE doctor_patient SET access_state = 'ended'", "doctor validated, was carried over, now ended"),
        ("UPDATE doctors SET is_valid = 0", "doctor not validated, was carried over, now live"),
    ],
)
def test_access_that_is_over_is_told_as_over(at_head: str, change: str, found: str) -> None:
    execute(at_head, change)
    key = (rows.BUDI, rows.PATIENT_SARI)
    assert told(at_head, "link_closed", "doctor_patient")[key] == f"status 'active', {found}"
    assert told(at_head, "link_live", "doctor_patient") == {}


def test_a_request_that_was_declined_waits_no_more(at_head: str) -> None:
    execute(at_head, "UPDATE doctor_patient SET access_state = 'declined' WHERE access_state = 'requested'")
    key = (rows.BUDI, rows.PATIENT_KEPT)
    assert told(at_head, "link_closed", "doctor_patient")[key].endswith("doctor validated, now declined")
    assert told(at_head, "link_requested", "doctor_patient") == {}


def test_a_link_that_was_made_in_dopply_is_none_of_the_originals(at_head: str) -> None:
    execute(
        at_head,
        "UPDATE doctor_patient SET requested_at = '2026-07-10 08:30:00' WHERE access_state = 'requested'",
        "UPDATE doctor_patient SET access_basis = 'accepted' WHERE access_state = 'live'",
    )
    for kind in ("link_live", "link_requested", "link_closed", "link_not_validated", "link_nobody_answers"):
        assert told(at_head, kind, "doctor_patient") == {}


def test_a_doctor_who_loses_what_he_is_named_on_is_told(at_head: str) -> None:
    """The link to the record that gave way is live, and it is hers: the one to the current record decides."""
    sessions = told(at_head, "session_doctor_without_access", "fetal_monitoring_sessions")
    assert sessions == {
        rows.OLD_SESSION: f"user {rows.CITRA}",
        rows.EPOCH_SESSION: f"user {OTHER_DOCTOR}",
        rows.BURST_SESSION: f"user {rows.BUDI}",
    }
    assert told(at_head, "record_doctor_without_access", "records") == {9: f"user {rows.BUDI}"}
    execute(at_head, "UPDATE doctor_patient SET access_state = 'live' WHERE doctor_id = 2 AND patient_id = 3")
    assert told(at_head, "record_doctor_without_access", "records") == {}
    execute(at_head, "UPDATE doctor_patient SET access_expires_at = '2026-07-10 08:30:00' WHERE patient_id = 3")
    assert told(at_head, "record_doctor_without_access", "records") == {9: f"user {rows.BUDI}"}


def test_a_notification_to_an_account_that_is_no_doctors_is_told_apart(original: str, at_head: str) -> None:
    for url in (original, at_head):
        found = told(url, "notification_to_no_doctor", "notifications")
        assert found == {3: f"unread, record 2, to user {rows.SARI}, patient"}
        assert told(url, "notification_carried_over", "notifications").keys() == {1, 2}


def test_how_a_pregnancy_is_dated_is_told(original: str, at_head: str) -> None:
    for url in (original, at_head):
        table = "pregnancy_info"
        assert told(url, "pregnancy_weeks_only", table) == {
            1: f"30 weeks, written {rows.EARLY}",
            3: f"30 weeks, written {rows.AT}",
            4: f"30 weeks, written {rows.AT}",
        }
        assert told(url, "pregnancy_from_last_period", table) == {2: "last period 2024-12-01"}
        assert told(url, "time_none", table) == {
            1: "last_menstrual_period 9999-12-31",
            3: "last_menstrual_period 0000-00-00",
        }
        assert told(url, "pregnancy_dates_disagree", table) == {
            5: "last period 2024-12-01, due 2025-12-30: 394 days",
        }


def test_complications_that_are_no_list_of_texts_are_told(original: str) -> None:
    assert told(original, "pregnancy_odd_complications", "pregnancy_info") == {
        2: '["", "anemia"]',
        4: "anemia",
        5: '{"anemia": "ringan"}',
    }


def test_a_pregnancy_that_was_dated_in_dopply_is_none_of_the_originals(at_head: str) -> None:
    execute(at_head, "UPDATE pregnancy_info SET dating_method = 'lmp'")
    for kind in ("weeks_only", "from_last_period", "dates_disagree", "odd_complications"):
        assert told(at_head, f"pregnancy_{kind}", "pregnancy_info") == {}


def test_dates_agree_as_the_portal_counts() -> None:
    assert pregnancies.TERM_DAYS == TERM_DAYS


def test_a_time_that_has_not_come_is_told(original: str) -> None:
    sessions = told(original, "time_ahead", "fetal_monitoring_sessions")
    assert sessions == {rows.TEXT_SESSION: "start_time 9000-01-01 00:00:00, created_at 9000-01-01 00:00:00"}
    assert told(original, "time_ahead", "fetal_heart_rate_readings") == {rows.TEXT_SESSION: "1 of 2 values: ids 12"}
    with time_machine.travel("9000-01-01 00:00:00Z"):
        assert told(original, "time_ahead", "fetal_monitoring_sessions") == {}
