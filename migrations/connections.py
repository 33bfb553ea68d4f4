"""Connections fit for changing a schema: locked, without time limits, foreign keys checked at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.util import CommandError

LOCK_WAIT_S = 30
MYSQL_LOCK_NAME_LIMIT = 64
# Strict, so that no text is cut in silence; without NO_ZERO_DATE, so that a table which holds an old
# '0000-00-00' can still be copied. A forgotten transaction stops us after a minute, not after a day.
MYSQL_SESSION = "SET sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', lock_wait_timeout = 60"


def migration_engine(url: sa.URL | str) -> sa.Engine:
    """An engine of our own for `url`.

    The application's engine is not used: its read timeout would cut a long ALTER TABLE, and on SQLite
    its foreign keys are on, so that rebuilding a table would cascade into the rows of its children.
    """
    url = sa.make_url(url)
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, poolclass=sa.NullPool, connect_args={"init_command": MYSQL_SESSION})
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"timeout": LOCK_WAIT_S})
    sa.event.listen(engine, "connect", _leave_transactions_to_us)
    sa.event.listen(engine, "begin", _begin_immediately)
    return engine


def _leave_transactions_to_us(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None
    # Inside a transaction this PRAGMA does nothing, so it comes before the first BEGIN.
    dbapi_connection.execute("PRAGMA foreign_keys=OFF")


def _begin_immediately(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def schema_lock(connection: sa.Connection, wait_s: int = LOCK_WAIT_S) -> Iterator[None]:
    """Nobody else upgrades this schema inside; on SQLite each transaction is the lock."""
    if connection.dialect.name == "sqlite":
        yield
        return
    name = f"dopply_migrate:{connection.engine.url.database}"[:MYSQL_LOCK_NAME_LIMIT]
    taken = connection.scalar(sa.text("SELECT GET_LOCK(:name, :wait_s)"), {"name": name, "wait_s": wait_s})
    connection.rollback()
    if taken != 1:
        raise CommandError(f"Another upgrade holds the lock {name!r}; nothing was changed. Try again later.")
    try:
        yield
    finally:
        # A connection that died has given its lock back by itself.
        if not connection.invalidated:
            connection.rollback()
            connection.execute(sa.text("DO RELEASE_LOCK(:name)"), {"name": name})


def refuse_unversioned(connection: sa.Connection) -> None:
    """Nothing, or a CommandError where there are tables that no revision has made.

    An empty `alembic_version` is a first upgrade that was interrupted, and may go on.
    """
    tables = sa.inspect(connection).get_table_names()
    connection.rollback()
    if tables and "alembic_version" not in tables:
        raise CommandError(
            f"This database has {len(tables)} tables but no alembic_version table, so its state is unknown. "
            "Nothing was changed. Run `flask schema adopt` to recognise and adopt it."
        )


def refuse_broken_references(connection: sa.Connection) -> None:
    """Nothing, or a CommandError before the COMMIT that would leave a row without its parent (SQLite)."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        places = ", ".join(sorted({f"{row[0]} -> {row[2]}" for row in broken}))
        raise CommandError(f"{len(broken)} rows would refer to nothing ({places}); the revision was undone.")
