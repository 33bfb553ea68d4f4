"""Connections fit for changing a schema: locked, without time limits, foreign keys checked at the end."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.util import CommandError

LOCK_WAIT_S = 30
# The attribute of Alembic's settings that says that whoever runs it holds `schema_lock` already.
LOCK_IS_HELD = "lock_is_held"
# The connection that holds the lock may do nothing else for as long as tables are copied.
LOCK_IDLE_S = 7 * 24 * 3600
MYSQL_LOCK_NAME_LIMIT = 64
MYSQL_LOCK_WAIT_TIMEOUT = 1205
# Strict, so that no text is cut in silence; without NO_ZERO_DATE, so that a table which holds an old
# '0000-00-00' can still be copied. A forgotten transaction stops us after a minute, not after a day.
MYSQL_SESSION = "SET sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', lock_wait_timeout = 60"


def migration_engine(url: sa.URL | str) -> sa.Engine:
    """An engine of our own for `url`.

    The application's engine is not used: its read timeout would cut a long ALTER TABLE, and on SQLite
    its foreign keys are on, so that rebuilding a table would cascade into the rows of its children. As with
    that one, no error says what was to be stored: it is about patients, and errors end in logs.
    """
    url = sa.make_url(url)
    options: dict[str, Any] = {"poolclass": sa.NullPool, "hide_parameters": True}
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, **options, connect_args={"init_command": MYSQL_SESSION})
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        if not Path(url.database).exists():
            # For its owner alone, whatever the umask: SQLite itself would let everybody read it.
            os.close(os.open(url.database, os.O_WRONLY | os.O_CREAT, 0o600))
    engine = sa.create_engine(url, **options, connect_args={"timeout": LOCK_WAIT_S})
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
def waits_explained() -> Iterator[None]:
    """CommandError instead of the driver's words where the portal or an open client was waited for in vain."""
    try:
        yield
    except sa.exc.OperationalError as error:
        code = getattr(error.orig, "sqlite_errorcode", error.orig.args[0] if error.orig else None)
        if code not in {sqlite3.SQLITE_BUSY, MYSQL_LOCK_WAIT_TIMEOUT}:
            raise
        raise CommandError(
            "Another program uses the database and did not let it go in time. What was done before is kept, and "
            "the same command goes on from there: stop the portal and open clients, and run it again."
        ) from error


@contextmanager
def schema_lock(connection: sa.Connection, wait_s: float = LOCK_WAIT_S) -> Iterator[None]:
    """Nobody else upgrades this schema inside; CommandError names who does after a wait of `wait_s` seconds.

    The lock ends with its process, however that ends, so an upgrade that was killed leaves none behind.
    """
    database = connection.engine.url.database or ":memory:"
    if connection.dialect.name != "sqlite":
        with _server_lock(connection, f"dopply_migrate:{database}"[:MYSQL_LOCK_NAME_LIMIT], wait_s):
            yield
    elif database == ":memory:":
        yield
    else:
        # Each revision is a transaction of its own, so the database itself is free between two of them.
        with _file_lock(f"{database}-upgrade", wait_s):
            yield


@contextmanager
def _server_lock(connection: sa.Connection, name: str, wait_s: float) -> Iterator[None]:
    connection.execute(sa.text("SET SESSION wait_timeout = :idle_s"), {"idle_s": LOCK_IDLE_S})
    taken = connection.scalar(sa.text("SELECT GET_LOCK(:name, :wait_s)"), {"name": name, "wait_s": wait_s})
    if taken != 1:
        holder = connection.scalar(sa.text("SELECT IS_USED_LOCK(:name)"), {"name": name})
        host = connection.scalar(
            sa.text("SELECT HOST FROM information_schema.PROCESSLIST WHERE ID = :holder"), {"holder": holder}
        )
        raise _held(f"connection {holder} from {host or 'an unknown host'}", name)
    connection.rollback()
    try:
        yield
    finally:
        # A connection that died has given its lock back by itself.
        if not connection.invalidated:
            connection.rollback()
            connection.execute(sa.text("DO RELEASE_LOCK(:name)"), {"name": name})


@contextmanager
def _file_lock(path: str, wait_s: float) -> Iterator[None]:
    """A writing transaction in an empty database at `path`, whose user_version is the holder's process id."""
    with closing(sqlite3.connect(path, timeout=wait_s, isolation_level=None)) as lock:

        def holder() -> int:
            return int(lock.execute("PRAGMA user_version").fetchone()[0])

        try:
            lock.execute("BEGIN IMMEDIATE")
            # Others see the name only after a COMMIT, which lets the lock go: so it is written by one
            # transaction and held by the next, unless somebody came between.
            while holder() != os.getpid():
                lock.execute(f"PRAGMA user_version = {os.getpid()}")
                lock.execute("COMMIT")
                lock.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
            raise _held(f"process {holder()}", path) from error
        yield


def _held(holder: str, lock: str) -> CommandError:
    return CommandError(f"Another upgrade ({holder}) holds the lock {lock}; nothing was changed. Try again later.")


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
