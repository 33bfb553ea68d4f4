"""A run that was cut anywhere is simply repeated, and ends where an undisturbed one ends."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests.databases import fresh_mariadb
from tests.migrations import chain, facts, rows

COMPLETE_SEED = "004_fetal_monitoring"
MORE_THAN_ANY_REVISION_HAS = 100


def everything(url: str) -> tuple[dict[str, facts.Table], dict[str, list[dict[str, str]]]]:
    with chain.connection(url) as connection:
        return facts.read(connection), rows.read(connection)


def upgrade_with_rows(url: str, upgrade: Callable[[str, str], None]) -> None:
    """The whole chain, with rows of the original from the moment when its tables are complete."""
    for revision in chain.revisions():
        upgrade(url, revision)
        if revision == COMPLETE_SEED:
            with chain.connection(url) as connection:
                rows.insert(connection)


def test_each_upgrade_body_runs_twice_and_changes_nothing_the_second_time(empty_database: str) -> None:
    for revision in chain.revisions():
        chain.upgrade(empty_database, revision)
        if revision == COMPLETE_SEED:
            with chain.connection(empty_database) as connection:
                rows.insert(connection)
        after_once = with_our_columns(empty_database)
        chain.run_body(empty_database, revision)
        assert with_our_columns(empty_database) == after_once, revision


def with_our_columns(url: str) -> tuple[dict[str, facts.Table], dict[str, list[tuple[object, ...]]]]:
    """The schema, and all rows of every table with every column, those that data steps fill included."""
    with chain.connection(url) as connection:
        schema = facts.read(connection)
        return schema, {
            name: sorted(map(tuple, connection.execute(sa.text(f"SELECT * FROM {name}"))), key=repr)  # noqa: S608
            for name in schema
        }


def test_each_downgrade_body_runs_twice_and_changes_nothing_the_second_time(empty_database: str) -> None:
    chain.upgrade(empty_database, COMPLETE_SEED)
    with chain.connection(empty_database) as connection:
        rows.insert(connection)
    chain.upgrade(empty_database)
    for above, below in zip(chain.revisions()[::-1], chain.revisions()[-2::-1], strict=False):
        chain.downgrade(empty_database, below)
        after_once = everything(empty_database)
        chain.run_body(empty_database, above, "downgrade")
        assert everything(empty_database) == after_once, above


@pytest.mark.sweep
def test_an_upgrade_that_is_cut_after_every_single_statement_arrives_on_mariadb(empty_mariadb: str) -> None:
    """MariaDB keeps each statement, so that one more statement a run visits every place for a cut once."""
    with fresh_mariadb() as undisturbed:
        upgrade_with_rows(undisturbed, chain.upgrade)
        expected = everything(undisturbed)
    upgrade_with_rows(empty_mariadb, creep)
    assert everything(empty_mariadb) == expected


def creep(url: str, revision: str) -> None:
    for _ in range(MORE_THAN_ANY_REVISION_HAS):
        try:
            with chain.cut_after(1):
                chain.upgrade(url, revision)
        except chain.Cut:
            continue
        return
    pytest.fail(f"{revision} makes no progress, one statement a run")


@pytest.mark.parametrize(
    "revision",
    # One each time; the others are among the long tests.
    [
        "692e6f2120e5",
        *(pytest.param(r, marks=pytest.mark.sweep) for r in ("007_accounts", "008_access", "009_recordings")),
    ],
)
def test_a_revision_that_is_cut_leaves_the_old_state_on_sqlite(empty_sqlite: str, revision: str) -> None:
    """SQLite undoes the whole revision; what it leaves is the state before, from which it can be repeated."""
    before = chain.revisions()[chain.revisions().index(revision) - 1]
    chain.upgrade(empty_sqlite, COMPLETE_SEED)
    with chain.connection(empty_sqlite) as connection:
        rows.insert(connection)
    chain.upgrade(empty_sqlite, before)
    untouched = everything(empty_sqlite)
    for statements in range(MORE_THAN_ANY_REVISION_HAS):
        try:
            with chain.cut_after(statements):
                chain.upgrade(empty_sqlite, revision)
        except chain.Cut:
            assert everything(empty_sqlite) == untouched, f"cut after {statements} statements"
            continue
        break
    assert statements > 1
    assert everything(empty_sqlite)[0] != untouched[0]
    assert everything(empty_sqlite)[1] == untouched[1]


def test_an_interrupted_first_upgrade_goes_on(empty_database: str) -> None:
    with chain.connection(empty_database) as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    chain.run_body(empty_database, "001_initial_schema")
    chain.upgrade(empty_database)
    with chain.connection(empty_database) as connection:
        version = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    assert version == chain.revisions()[-1]
