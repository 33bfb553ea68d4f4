"""The schema at the head is the same on SQLite and on MariaDB, but for what is stated here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import fresh_mariadb, sqlite_url
from tests.migrations import chain, facts, seed_schema

# What SQLite calls the types of MariaDB. It keeps no fraction apart, no length of a blob, and no ENUM.
IN_WORDS_OF_SQLITE = {
    "int(11)": "INTEGER",
    "smallint(6)": "SMALLINT",
    "bigint(20)": "BIGINT",
    "tinyint(1)": "BOOLEAN",
    "datetime(6)": "DATETIME",
    "mediumblob": "BLOB",
    # MariaDB's JSON is text with a check.
    "longtext": "JSON",
}
TYPES_THAT_DIFFER = {
    # SQLite counts up only what is exactly INTEGER.
    ("audit_events", "position"): ("BIGINT", "INTEGER"),
}
# The original named no foreign key: SQLite leaves them without a name, MariaDB gives one.
SEED_REFERENCES = {
    (name, (column,), target)
    for name, table in seed_schema.TABLES.items()
    for column, (target, _) in table.references.items()
}

Schema = dict[str, facts.Table]


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Schema, Schema]]:
    """The head on SQLite and on MariaDB."""
    sqlite = sqlite_url(Path(tmp_path_factory.mktemp("head")))
    with fresh_mariadb() as mariadb:
        found = []
        for url in (sqlite, mariadb):
            chain.upgrade(url)
            with chain.connection(url) as connection:
                found.append(facts.read(connection))
        yield found[0], found[1]


def test_the_tables_and_their_columns_stand_in_the_same_order(schemas: tuple[Schema, Schema]) -> None:
    sqlite, mariadb = schemas
    assert sqlite.keys() == mariadb.keys()
    for name, table in sqlite.items():
        assert list(table.columns) == list(mariadb[name].columns), name


def test_types_are_the_same(schemas: tuple[Schema, Schema]) -> None:
    sqlite, mariadb = schemas
    differences = {
        (name, key): (expected, column.type)
        for name, table in sqlite.items()
        for key, column in table.columns.items()
        if (expected := in_words_of_sqlite(mariadb[name].columns[key].type)) != column.type
    }
    assert differences == TYPES_THAT_DIFFER


def in_words_of_sqlite(kind: str) -> str:
    if kind.startswith("enum"):
        return seed_schema.in_words_of_sqlite(kind)
    return IN_WORDS_OF_SQLITE.get(kind, kind.upper())


def test_nulls_defaults_and_primary_keys_are_the_same(schemas: tuple[Schema, Schema]) -> None:
    sqlite, mariadb = schemas
    for name, table in sqlite.items():
        other = mariadb[name]
        assert table.primary_key == other.primary_key, name
        assert {key: (column.is_nullable, column.default) for key, column in table.columns.items()} == {
            key: (column.is_nullable, column.default) for key, column in other.columns.items()
        }, name


def test_unique_constraints_and_indexes_are_the_same_but_for_those_that_mariadb_makes_for_foreign_keys(
    schemas: tuple[Schema, Schema],
) -> None:
    sqlite, mariadb = schemas
    for name, table in sqlite.items():
        other = mariadb[name]
        assert table.keys <= other.keys, name
        made_by_the_server = {(key.columns, key.is_unique) for key in other.keys - table.keys}
        begun = {key.columns[:1] for key in table.keys} | {table.primary_key[:1]}
        assert made_by_the_server == {
            (item.columns, False) for item in other.references if item.columns not in begun
        }, name


def test_foreign_keys_are_the_same_and_those_of_ours_have_the_same_name(schemas: tuple[Schema, Schema]) -> None:
    sqlite, mariadb = schemas
    for name, table in sqlite.items():
        named = {comparable(name, item) for item in table.references}
        assert named == {comparable(name, item) for item in mariadb[name].references}, name
        assert all(item.name or is_of_the_seed(name, item) for item in table.references), name


def comparable(table: str, item: facts.Reference) -> facts.Reference:
    return item._replace(name="") if is_of_the_seed(table, item) else item


def is_of_the_seed(table: str, item: facts.Reference) -> bool:
    return (table, item.columns, item.target) in SEED_REFERENCES


def test_text_of_ours_is_utf8mb4_or_ascii_on_mariadb(schemas: tuple[Schema, Schema]) -> None:
    _, mariadb = schemas
    assert {table.collation for table in mariadb.values()} == {"utf8mb4_unicode_ci"}
    collations = {column.collation for table in mariadb.values() for column in table.columns.values()}
    assert collations == {None, "utf8mb4_unicode_ci", "utf8mb4_bin", "ascii_bin"}


def test_instants_of_ours_have_microseconds_and_those_of_the_seed_whole_seconds(
    schemas: tuple[Schema, Schema],
) -> None:
    _, mariadb = schemas
    for name, table in mariadb.items():
        seed = seed_schema.TABLES[name].columns if name in seed_schema.TABLES else {}
        for key, column in table.columns.items():
            if column.type.startswith("datetime"):
                assert column.type == ("datetime" if key in seed else "datetime(6)"), (name, key)


def test_the_seeds_columns_are_what_they_were(schemas: tuple[Schema, Schema]) -> None:
    _, mariadb = schemas
    for name, table in seed_schema.TABLES.items():
        for key, kind in table.columns.items():
            column = mariadb[name].columns[key]
            expected = seed_schema.in_words_of_mariadb(kind.removesuffix("?"))
            may_be_null = kind.endswith("?") or (name, key) == ("notifications", "record_id")
            assert (column.type, column.is_nullable) == (expected, may_be_null), (name, key)
