"""Rows of an original database come through every revision, up and down."""

from itertools import pairwise

import pytest

from tests.migrations import chain, facts, rows

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

COMPLETE_SEED = "004_fetal_monitoring"


@pytest.mark.parametrize("start", chain.SEED)
def test_an_original_database_reaches_the_head_with_all_its_rows(empty_database: str, start: str) -> None:
    chain.upgrade(empty_database, start)
    with chain.connection(empty_database) as connection:
        rows.insert(connection)
        before = rows.read(connection)
    assert all(before.values())
    chain.upgrade(empty_database)
    with chain.connection(empty_database) as connection:
        after = rows.read(connection)
    assert rows.lost(before, after) == []


def test_each_revision_up_and_down_keeps_the_rows_of_the_seed(empty_database: str) -> None:
    chain.upgrade(empty_database, COMPLETE_SEED)
    with chain.connection(empty_database) as connection:
        rows.insert(connection)
        before = rows.without_care_status(rows.read(connection))
    steps = chain.revisions()[chain.revisions().index(COMPLETE_SEED) :]
    for below, above in pairwise(steps):
        chain.upgrade(empty_database, above)
        chain.downgrade(empty_database, below)
        with chain.connection(empty_database) as connection:
            found = rows.without_care_status(rows.read(connection))
        assert rows.lost(before, found) == [], f"{above} -> {below}"
        chain.upgrade(empty_database, above)


def test_up_down_and_up_again_gives_the_same_schema(empty_database: str) -> None:
    chain.upgrade(empty_database, COMPLETE_SEED)
    with chain.connection(empty_database) as connection:
        rows.insert(connection)
    chain.upgrade(empty_database)
    with chain.connection(empty_database) as connection:
        schema = facts.read(connection)
    chain.downgrade(empty_database, "692e6f2120e5")
    chain.upgrade(empty_database)
    with chain.connection(empty_database) as connection:
        assert facts.read(connection) == schema


def test_rows_of_the_older_tables_survive_the_loss_of_the_newer_ones(empty_database: str) -> None:
    chain.upgrade(empty_database, "692e6f2120e5")
    with chain.connection(empty_database) as connection:
        rows.insert(connection)
        before = rows.read(connection)
    for revision in reversed(chain.SEED[:-1]):
        chain.downgrade(empty_database, revision)
        with chain.connection(empty_database) as connection:
            found = rows.read(connection)
        assert found == {name: before[name] for name in found}
    assert found.keys() == {"users", "patients", "doctors", "doctor_patient"}
