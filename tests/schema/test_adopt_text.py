"""Text that does not fit, or is not unique any more, once it is stored as Dopply stores it: refused, and named."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app.schema import obstacles, shapes
from tests.databases import fresh_mariadb
from tests.migrations import chain, facts
from tests.schema.commands import execute, schema
from tests.schema.originals import rows, tables
from tests.schema.originals.build import build

HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA"
NOTE = 40_000  # In latin1 so many bytes, in utf8mb4 twice as many.


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Asia/Jakarta")


def original(charset: str, collation: str) -> Iterator[str]:
    with fresh_mariadb(charset, collation) as url:
        build(url, *tables.AT_692E, stamp="692e6f2120e5")
        rows.insert(url, HASH)
        yield url


@pytest.fixture
def latin1() -> Iterator[str]:
    """An original on a server of one byte a letter."""
    yield from original("latin1", "latin1_swedish_ci")


@pytest.fixture
def counts_spaces() -> Iterator[str]:
    """An original on a server to which spaces at the end of a text count, as MySQL 8 has them by default."""
    yield from original("utf8mb4", "utf8mb4_unicode_nopad_ci")


def in_the_way(url: str) -> list[str]:
    with chain.connection(url) as connection:
        return obstacles.found(connection, shapes.of(connection))


def test_a_text_that_grows_out_of_its_column_is_named_and_nothing_is_changed(latin1: str) -> None:
    execute(
        latin1,
        f"UPDATE records SET notes = REPEAT(_latin1 X'E9', {NOTE}) WHERE id IN (4, 7)",  # noqa: S608
        "UPDATE records SET notes = REPEAT('e', 65535) WHERE id = 5",
    )
    with chain.connection(latin1) as connection:
        before = facts.read(connection)
    sentence = "2 rows of records.notes (id 4, 7) take more than 65,535 bytes"
    for words in (["--yes"], ["--dry-run"]):
        done = schema(latin1, "adopt", *words)
        assert done.exit_code == 3, done.output
        assert sentence in done.stderr
    with chain.connection(latin1) as connection:
        assert facts.read(connection) == before
    execute(latin1, "ALTER TABLE records MODIFY notes LONGTEXT CHARACTER SET utf8mb4")
    [told] = in_the_way(latin1)
    assert told.startswith(sentence)
    execute(latin1, f"UPDATE records SET notes = REPEAT('e', {NOTE}) WHERE id IN (4, 7)")  # noqa: S608
    assert in_the_way(latin1) == []


def test_what_differs_by_spaces_at_the_end_alone_is_named_and_nothing_is_changed(counts_spaces: str) -> None:
    session = rows.ROWS["fetal_monitoring_sessions"][2] | {"id": "Sesi pagi "}
    user = rows.users(HASH)[rows.SARI - 1] | {"id": 13, "email": "sari@example.org "}
    with chain.connection(counts_spaces) as connection:
        for table, row in (("fetal_monitoring_sessions", session), ("users", user)):
            connection.execute(sa.table(table, *map(sa.column, row)).insert().values(row))
        before = facts.read(connection)
    done = schema(counts_spaces, "adopt", "--yes")
    assert done.exit_code == 3, done.output
    told = [line for line in done.stderr.splitlines() if line.startswith("  - ")]
    assert len(told) == 2, told
    but = "stand in several rows, but for spaces at the end,"
    assert f"1 values of users.email {but} (id 5, 13)" in told[0]
    assert f"1 values of fetal_monitoring_sessions.id {but} (id 'Sesi pagi', 'Sesi pagi ')" in told[1]
    with chain.connection(counts_spaces) as connection:
        assert facts.read(connection) == before


def test_addresses_that_differ_by_case_or_accents_are_no_obstacle(counts_spaces: str) -> None:
    execute(
        counts_spaces,
        "ALTER TABLE users MODIFY email VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL",
        "UPDATE users SET email = 'SARI@example.org' WHERE id = 6",
        "UPDATE users SET email = 'sári@example.org' WHERE id = 7",
    )
    assert in_the_way(counts_spaces) == []


def test_a_reading_that_spells_its_session_otherwise_is_no_obstacle_where_the_server_takes_it_for_the_same(
    latin1: str,
) -> None:
    execute(latin1, "UPDATE fetal_heart_rate_readings SET session_id = 'SESI PAGI' WHERE id = 12")
    assert in_the_way(latin1) == []
    execute(
        latin1,
        "ALTER TABLE fetal_heart_rate_readings DROP FOREIGN KEY fetal_heart_rate_readings_ibfk_1",
        "ALTER TABLE fetal_heart_rate_readings MODIFY session_id VARCHAR(50) CHARACTER SET latin1 COLLATE latin1_bin",
    )
    [told] = in_the_way(latin1)
    assert told.startswith("1 rows of fetal_heart_rate_readings.session_id refer to a row")


def test_a_row_format_whose_indexes_are_too_short_for_utf8mb4_is_named(latin1: str) -> None:
    execute(
        latin1,
        "ALTER TABLE users ROW_FORMAT=COMPACT",
        "ALTER TABLE patients ROW_FORMAT=COMPACT",
        "ALTER TABLE fetal_monitoring_sessions ROW_FORMAT=REDUNDANT",
    )
    [told] = in_the_way(latin1)
    assert told.startswith("table users has the row format Compact")
    execute(latin1, told[told.index("ALTER TABLE") :])
    assert in_the_way(latin1) == []


def test_of_many_rows_the_first_are_named(latin1: str) -> None:
    execute(latin1, f"UPDATE records SET notes = REPEAT(_latin1 X'E9', {NOTE})")  # noqa: S608
    [told] = in_the_way(latin1)
    assert told.startswith("9 rows of records.notes (id 1, 2, 3, 4, 5, …) take")
