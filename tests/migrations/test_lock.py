"""Two upgrades of one schema never run at the same time."""

import pytest
import sqlalchemy as sa
from alembic.util import CommandError

from migrations import connections
from migrations.connections import migration_engine, schema_lock
from tests.migrations import chain


def holder(connection: sa.Connection, name: str) -> int | None:
    found: int | None = connection.scalar(sa.text("SELECT IS_USED_LOCK(:name)"), {"name": name})
    return found


def test_a_second_upgrade_is_refused_while_the_first_holds_the_lock(empty_database: str) -> None:
    with migration_engine(empty_database).connect() as first, migration_engine(empty_database).connect() as second:
        with (
            schema_lock(first),
            pytest.raises(CommandError, match=r"Another upgrade \(.+\) holds the lock"),
            schema_lock(second, wait_s=0),
        ):
            pass
        with schema_lock(second, wait_s=0):
            pass


def test_an_upgrade_holds_the_lock_of_its_schema_and_gives_it_back(empty_mariadb: str) -> None:
    name = f"dopply_migrate:{sa.make_url(empty_mariadb).database}"
    holders = []

    def ask(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().startswith("CREATE TABLE"):
            with chain.connection(empty_mariadb) as other:
                holders.append(holder(other, name))

    sa.event.listen(sa.Engine, "before_cursor_execute", ask)
    try:
        chain.upgrade(empty_mariadb, "001_initial_schema")
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", ask)
    assert holders
    assert all(holders)
    with chain.connection(empty_mariadb) as connection:
        assert holder(connection, name) is None


def test_a_portal_that_is_in_the_way_is_named(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chain.upgrade(empty_database, "006_utf8mb4")
    monkeypatch.setattr(connections, "LOCK_WAIT_S", 0.1)
    monkeypatch.setattr(connections, "MYSQL_SESSION", "SET lock_wait_timeout = 1")
    with chain.connection(empty_database) as portal:
        is_sqlite = portal.dialect.name == "sqlite"
        portal.exec_driver_sql("BEGIN IMMEDIATE" if is_sqlite else "SELECT * FROM users")
        with pytest.raises(CommandError, match="stop the portal"):
            chain.upgrade(empty_database, "007_accounts")
    chain.upgrade(empty_database, "007_accounts")
