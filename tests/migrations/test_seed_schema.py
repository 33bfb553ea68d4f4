"""The five revisions of the seed build exactly what the original built."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import fresh_mariadb, sqlite_url
from tests.migrations import chain, facts, seed_schema

CHARSETS = {"mariadb utf8mb4": ("utf8mb4", "utf8mb4_general_ci"), "mariadb latin1": ("latin1", "latin1_swedish_ci")}
JSON = "utf8mb4_bin"


@pytest.fixture(params=["sqlite", *CHARSETS])
def any_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database on SQLite, and on MariaDB with each character set that its servers had."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path)
    else:
        charset, collation = CHARSETS[request.param]
        with fresh_mariadb(charset, collation) as url:
            yield url


def test_the_expected_schema_is_the_one_that_was_measured() -> None:
    at_004 = seed_schema.at("004_fetal_monitoring")
    at_head = seed_schema.at("692e6f2120e5")
    # The 85th column of that database is alembic_version.version_num.
    assert sum(len(table.columns) for table in at_head.values()) == 84
    assert {name: len(table.columns) for name, table in at_head.items()} == seed_schema.COLUMN_COUNTS
    assert sum(len(table.references) for table in at_head.values()) == 18
    assert sum(len(table.references) for table in at_004.values()) == 19


def test_each_revision_has_the_measured_tables(any_server: str) -> None:
    for revision in chain.SEED:
        chain.upgrade(any_server, revision)
        with chain.connection(any_server) as connection:
            found = facts.read(connection)
            is_sqlite = connection.dialect.name == "sqlite"
            if not is_sqlite:
                assert_as_the_server_makes_them(connection, revision)
        assert len(found) + 1 == seed_schema.TABLE_COUNTS[revision], revision
        expected = seed_schema.at(revision)
        assert found.keys() == expected.keys()
        for name, table in expected.items():
            assert_equal(found[name], table, name, is_sqlite=is_sqlite)


def assert_equal(found: facts.Table, expected: seed_schema.SeedTable, name: str, *, is_sqlite: bool) -> None:
    word = seed_schema.in_words_of_sqlite if is_sqlite else seed_schema.in_words_of_mariadb
    # As a list: the columns stand in the order in which they were measured.
    assert [(key, column.type, column.is_nullable) for key, column in found.columns.items()] == [
        (key, word(kind.removesuffix("?")), kind.endswith("?")) for key, kind in expected.columns.items()
    ], name
    assert all(column.default is None for column in found.columns.values()), name
    assert found.primary_key == expected.primary_key, name
    assert keys_of(found) == expected_keys(expected, name, is_sqlite=is_sqlite), name
    assert {(item.columns, item.target, item.target_columns, item.on_delete) for item in found.references} == {
        ((column,), target, ("id",), on_delete) for column, (target, on_delete) in expected.references.items()
    }, name
    if not is_sqlite:
        counted = {"id"} if expected.columns.get("id") == "int" else set()
        extras = {key: column.extra for key, column in found.columns.items() if column.extra}
        assert extras == dict.fromkeys(counted, "auto_increment"), name


def assert_as_the_server_makes_them(connection: sa.Connection, revision: str) -> None:
    """InnoDB, the server's own character set, and JSON as checked text."""
    server = connection.scalar(sa.text("SELECT @@collation_database"))
    about = connection.execute(
        sa.text(
            "SELECT TABLE_NAME, ENGINE, TABLE_COLLATION FROM information_schema.TABLES "
            "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME <> 'alembic_version'"
        )
    ).all()
    assert {(engine, collation) for _, engine, collation in about} == {("InnoDB", server)}
    json_columns = {
        (name, column)
        for name, table in seed_schema.at(revision).items()
        for column, kind in table.columns.items()
        if kind.startswith("json")
    }
    checks = connection.execute(
        sa.text(
            "SELECT TABLE_NAME, CONSTRAINT_NAME, CHECK_CLAUSE FROM information_schema.CHECK_CONSTRAINTS "
            "WHERE CONSTRAINT_SCHEMA = DATABASE()"
        )
    ).all()
    assert {(table, column) for table, column, clause in checks if clause == f"json_valid(`{column}`)"} == json_columns
    assert len(checks) == len(json_columns)
    for name, table in facts.read(connection).items():
        for key, column in table.columns.items():
            expected = JSON if (name, key) in json_columns else server
            assert column.collation in (None, expected), (name, key)


def keys_of(table: facts.Table) -> set[tuple[str, tuple[str, ...], bool]]:
    return {(key.name, key.columns, key.is_unique) for key in table.keys}


def expected_keys(
    table: seed_schema.SeedTable, name: str, *, is_sqlite: bool
) -> set[tuple[str, tuple[str, ...], bool]]:
    keys: set[tuple[str, tuple[str, ...], bool]] = set()
    if table.unique:
        keys.add((table.unique, (table.unique,), True))
    if table.has_redundant_id_index:
        keys.add((f"ix_{name}_id", ("id",), False))
    if not is_sqlite:
        # MariaDB makes an index for each foreign key that no other key begins with, and names it by the column.
        covered = {table.unique, table.primary_key[0]}
        keys |= {(column, (column,), False) for column in table.references if column not in covered}
    return keys


def test_the_server_names_the_foreign_keys_as_it_did_for_the_original(empty_mariadb: str) -> None:
    chain.upgrade(empty_mariadb, "004_fetal_monitoring")
    with chain.connection(empty_mariadb) as connection:
        found = facts.read(connection)
    names = {item.name: item.columns for item in found["doctor_patient"].references}
    assert names == {
        "doctor_patient_ibfk_1": ("doctor_id",),
        "doctor_patient_ibfk_2": ("patient_id",),
        "doctor_patient_ibfk_3": ("status_updated_by",),
    }


def test_going_down_and_up_again_gives_the_same_schema(empty_database: str) -> None:
    snapshots: dict[str, dict[str, facts.Table]] = {}
    for revision in chain.SEED:
        chain.upgrade(empty_database, revision)
        with chain.connection(empty_database) as connection:
            snapshots[revision] = facts.read(connection)
    for revision in reversed(chain.SEED[:-1]):
        chain.downgrade(empty_database, revision)
        with chain.connection(empty_database) as connection:
            assert facts.read(connection) == snapshots[revision], revision
    chain.upgrade(empty_database, chain.SEED[-1])
    with chain.connection(empty_database) as connection:
        assert facts.read(connection) == snapshots[chain.SEED[-1]]


@pytest.mark.parametrize("missing", ["status_updated_at", "status_updated_by"])
def test_a_database_stamped_004_that_has_lost_the_columns_already_upgrades(empty_database: str, missing: str) -> None:
    chain.upgrade(empty_database, "004_fetal_monitoring")
    chain.run_body(empty_database, "692e6f2120e5")
    if missing == "status_updated_by":
        with chain.connection(empty_database) as connection:
            connection.exec_driver_sql("ALTER TABLE doctor_patient ADD COLUMN status_updated_at DATETIME")
    chain.upgrade(empty_database, "692e6f2120e5")
    with chain.connection(empty_database) as connection:
        columns = facts.read(connection)["doctor_patient"].columns
    assert not columns.keys() & seed_schema.DROPPED_COLUMNS.keys()
