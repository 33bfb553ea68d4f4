"""What the schema at the head can hold, and what it refuses."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from tests.databases import fresh_mariadb, sqlite_url
from tests.migrations import chain, rows

MORE_THAN_A_PLAIN_BLOB_HOLDS = bytes(range(256)) * 1024


@pytest.fixture(scope="module", params=["sqlite", "mariadb"])
def head(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database at the head, for tests that roll back what they write."""
    if request.param == "sqlite":
        url = sqlite_url(tmp_path_factory.mktemp("head"))
        chain.upgrade(url)
        yield url
    else:
        with fresh_mariadb() as url:
            chain.upgrade(url)
            yield url


@pytest.fixture
def connection(head: str) -> Iterator[sa.Connection]:
    with chain.connection(head) as opened:
        yield opened
        opened.rollback()


def scalar(connection: sa.Connection, query: str) -> Any:
    return connection.scalar(sa.text(query))


def test_instants_keep_their_microseconds(connection: sa.Connection) -> None:
    at = "2026-02-28 23:59:59.123456"
    rows.insert_into(connection, "job_leases", [{"name": "mail", "holder": "me", "leased_until": at}])
    assert str(scalar(connection, "SELECT leased_until FROM job_leases")) == at


def test_a_part_of_a_file_may_be_longer_than_a_plain_blob(connection: sa.Connection) -> None:
    content = MORE_THAN_A_PLAIN_BLOB_HOLDS
    file = {"sha256": "b" * 64, "byte_count": len(content), "stored_at": rows.AT}
    rows.insert_into(connection, "stored_files", [file])
    rows.insert_into(connection, "stored_file_parts", [{"sha256": "b" * 64, "part_no": 0, "content": content}])
    assert scalar(connection, "SELECT content FROM stored_file_parts") == content


def test_the_same_bytes_are_one_recording_of_a_patient_and_may_be_one_of_another(
    connection: sa.Connection,
) -> None:
    for table in ("users", "patients"):
        rows.insert_into(connection, table, rows.ROWS[table])
    session = rows.ROWS["fetal_monitoring_sessions"][1] | {"content_sha256": "a" * 64}
    for patient in (1, 2):
        own = {"id": f"of {patient}", "public_id": f"public {patient}", "patient_id": patient}
        rows.insert_into(connection, "fetal_monitoring_sessions", [session | own])
    again = session | {"id": "again", "public_id": "again", "patient_id": 1}
    with pytest.raises(sa.exc.IntegrityError):
        rows.insert_into(connection, "fetal_monitoring_sessions", [again])


def test_session_ids_that_differ_in_case_alone_are_two_recordings(connection: sa.Connection) -> None:
    for number, key in enumerate(("Sesi pagi", "sesi pagi")):
        session = rows.ROWS["fetal_monitoring_sessions"][0] | {"id": key, "public_id": str(number)}
        rows.insert_into(connection, "fetal_monitoring_sessions", [session])
    assert scalar(connection, "SELECT COUNT(*) FROM fetal_monitoring_sessions WHERE id = 'sesi pagi'") == 1


def test_what_something_refers_to_cannot_be_deleted(connection: sa.Connection) -> None:
    for table in ("users", "patients"):
        rows.insert_into(connection, table, rows.ROWS[table])
    session = rows.ROWS["fetal_monitoring_sessions"][1] | {"public_id": "x"}
    rows.insert_into(connection, "fetal_monitoring_sessions", [session])
    with pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text("DELETE FROM patients WHERE id = 1"))
