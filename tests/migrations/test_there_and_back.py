"""base -> head -> base -> head with rows in every table, on both databases."""

from itertools import pairwise

import pytest
import sqlalchemy as sa

from tests.migrations import chain, facts, ours, rows
from tests.migrations.test_data_steps import query

SEED_HEAD = "692e6f2120e5"
# What a new database holds from the start.
FROM_THE_START = {"installation": 1, "audit_head": 1}


def schema(url: str) -> dict[str, facts.Table]:
    with chain.connection(url) as connection:
        return facts.read(connection)


def seed_rows(url: str) -> dict[str, list[dict[str, str]]]:
    with chain.connection(url) as connection:
        return rows.read(connection)


def counts(url: str) -> dict[str, int]:
    with chain.connection(url) as connection:
        return ours.count(connection)


def fill(url: str) -> None:
    """From the base to the head, used by the original on the way and by us since."""
    chain.upgrade(url, SEED_HEAD)
    with chain.connection(url) as connection:
        rows.insert(connection)
    chain.upgrade(url)
    with chain.connection(url) as connection:
        ours.insert(connection)


@pytest.fixture
def full(empty_database: str) -> str:
    """A database at the head, with rows in every table."""
    fill(empty_database)
    assert all(counts(empty_database).values())
    return empty_database


def test_down_to_the_base_and_up_again(full: str) -> None:
    at_head = schema(full)
    used = seed_rows(full)
    for above, below in pairwise([*reversed(chain.revisions()), "base"]):
        chain.downgrade(full, below)
        if found := seed_rows(full):
            before = {name: used[name] for name in found}
            assert rows.without_care_status(found) == rows.without_care_status(before), f"{above} -> {below}"
    with chain.connection(full) as connection:
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
        assert connection.execute(sa.text("SELECT * FROM alembic_version")).all() == []

    chain.upgrade(full)
    assert schema(full) == at_head
    assert {name: count for name, count in counts(full).items() if count} == FROM_THE_START
    chain.downgrade(full, "base")
    fill(full)
    assert schema(full) == at_head
    assert seed_rows(full) == used


def test_down_to_the_seed_and_up_again_keeps_every_row_of_its_tables(full: str) -> None:
    at_head = schema(full)
    used = seed_rows(full)
    unfinished = query(full, "SELECT id FROM fetal_monitoring_sessions WHERE review_state IN ('to_review', 'signed')")
    chain.downgrade(full, SEED_HEAD)
    # 009_recordings leaves these for the next way up.
    left = {"installation": 1, "waiting_sessions": len(unfinished)}
    assert counts(full) == {name: len(found) for name, found in used.items()} | left
    chain.upgrade(full)
    assert schema(full) == at_head
    assert seed_rows(full) == used
