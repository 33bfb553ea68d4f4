"""006_utf8mb4 on the databases that need it: latin1 servers, and servers that compare text byte by byte."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests.databases import fresh_mariadb
from tests.migrations import chain, facts, rows

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

TEXT = "utf8mb4_unicode_ci"
EXACT = "utf8mb4_bin"
SESSION_IDS = {
    ("fetal_monitoring_sessions", "id"),
    ("fetal_heart_rate_readings", "session_id"),
    ("fetal_monitoring_results", "session_id"),
}
JSON_COLUMNS = {
    ("records", "bpm_data"),
    ("fetal_monitoring_results", "findings"),
    ("fetal_monitoring_results", "recommendations"),
    ("pregnancy_info", "complications"),
}


@pytest.fixture
def latin1() -> Iterator[str]:
    with fresh_mariadb(charset="latin1", collation="latin1_swedish_ci") as url:
        chain.upgrade(url, "692e6f2120e5")
        yield url


def read(url: str) -> dict[str, facts.Table]:
    with chain.connection(url) as connection:
        return facts.read(connection)


def test_every_text_column_becomes_utf8mb4_and_keeps_its_type(latin1: str) -> None:
    before = read(latin1)
    assert before["users"].columns["name"].collation == "latin1_swedish_ci"
    chain.upgrade(latin1, "006_utf8mb4")
    after = read(latin1)
    for name, table in after.items():
        assert table.collation == TEXT
        assert table.references == before[name].references
        assert table.keys == before[name].keys
        for key, column in table.columns.items():
            assert column._replace(collation=None) == before[name].columns[key]._replace(collation=None), (name, key)
            if column.collation is not None:
                exact = SESSION_IDS | JSON_COLUMNS
                assert column.collation == (EXACT if (name, key) in exact else TEXT), (name, key)
    with chain.connection(latin1) as connection:
        assert connection.scalar(sa.text("SELECT @@collation_database")) == TEXT


def test_emoji_can_be_stored_afterwards_and_latin1_text_is_kept(latin1: str) -> None:
    person = {"password_hash": "", "role": "patient", "created_at": rows.AT}
    with chain.connection(latin1) as connection:
        rows.insert_into(connection, "users", [{"name": "José Núñez", "email": "jose@example.org"} | person])
    chain.upgrade(latin1, "006_utf8mb4")
    with chain.connection(latin1) as connection:
        rows.insert_into(connection, "users", [{"name": rows.EMOJI, "email": "sari@example.org"} | person])
        names = connection.scalars(sa.text("SELECT name FROM users ORDER BY id")).all()
    assert names == ["José Núñez", rows.EMOJI]


def test_readings_that_spell_the_id_of_their_session_otherwise_stay_with_it(latin1: str) -> None:
    """To a server that compares without case they refer to it; afterwards every letter counts."""
    keys = {"Ab12": "aB12 ", "café": "CAFE"}
    with chain.connection(latin1) as connection:
        template = rows.ROWS["fetal_monitoring_sessions"][0]
        rows.insert_into(
            connection, "fetal_monitoring_sessions", [template | {"id": key, "notes": None} for key in keys]
        )
        for table in ("fetal_heart_rate_readings", "fetal_monitoring_results"):
            child = {key: value for key, value in rows.ROWS[table][0].items() if key != "id" and value is not None}
            child.pop("findings", None)
            rows.insert_into(connection, table, [child | {"session_id": key} for key in keys.values()])
    chain.upgrade(latin1, "006_utf8mb4")
    with chain.connection(latin1) as connection:
        for table in ("fetal_heart_rate_readings", "fetal_monitoring_results"):
            found = connection.scalars(sa.text(f"SELECT session_id FROM {table} ORDER BY session_id")).all()  # noqa: S608
            assert found == list(keys)


def test_a_latin1_database_reaches_the_head_and_new_tables_refer_to_sessions(latin1: str) -> None:
    chain.upgrade(latin1)
    with fresh_mariadb() as utf8mb4:
        chain.upgrade(utf8mb4)
        assert read(latin1) == read(utf8mb4)


def test_a_database_may_have_a_percent_sign_in_its_name() -> None:
    with fresh_mariadb(charset="latin1", collation="latin1_swedish_ci", suffix="_5%s") as url:
        chain.upgrade(url, "006_utf8mb4")
        with chain.connection(url) as connection:
            assert connection.scalar(sa.text("SELECT @@collation_database")) == TEXT


def test_a_database_that_is_utf8mb4_already_is_left_alone(latin1: str) -> None:
    chain.upgrade(latin1, "006_utf8mb4")
    with chain.cut_after(0):
        chain.run_body(latin1, "006_utf8mb4")


def test_the_way_down_keeps_the_character_set(latin1: str) -> None:
    chain.upgrade(latin1, "006_utf8mb4")
    before = read(latin1)
    chain.downgrade(latin1, "692e6f2120e5")
    assert read(latin1) == before


def test_addresses_that_differ_in_case_alone_stay_two_accounts() -> None:
    with fresh_mariadb(charset="utf8mb4", collation=EXACT) as url:
        chain.upgrade(url, "692e6f2120e5")
        with chain.connection(url) as connection:
            connection.execute(
                sa.text(
                    "INSERT INTO users (name, email, password_hash, role, created_at) "
                    "VALUES ('a', :email, '', 'patient', '2025-07-10 08:00:00')"
                ),
                [{"email": "a@x.org"}, {"email": "A@x.org"}, {"email": "á@x.org"}, {"email": "b@x.org"}],
            )
        chain.upgrade(url)
        with chain.connection(url) as connection:
            found = connection.execute(sa.text("SELECT email, email_lower FROM users ORDER BY id")).all()
    assert [tuple(row) for row in found] == [
        ("a@x.org", None),
        ("A@x.org", None),
        ("á@x.org", "á@x.org"),
        ("b@x.org", "b@x.org"),
    ]
