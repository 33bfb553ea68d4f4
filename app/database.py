"""How a connection behaves on each database, so that the code above needs to know only one."""

import re
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.orm import Session

from app.models.base import has_legacy_zone, set_legacy_zone

# Every wait on the database is bounded: a frozen server must not freeze the portal.
CONNECT_TIMEOUT_S = 5
STATEMENT_TIMEOUT_S = 8
POOL_WAIT_S = 5
SQLITE_BUSY_TIMEOUT_S = 15
# Below MariaDB's default wait_timeout of 8 hours and below what firewalls forget.
POOL_RECYCLE_S = 240

WRITES = "dopply_writes"

NO_SUCH_TABLE = 1146  # MariaDB's and MySQL's number; SQLite has words only.

# Where MariaDB's messages repeat what was to be stored: "Duplicate entry 'ana@example.org' for key 'email'".
VALUE_IN_MESSAGE = re.compile(r"'.*'(?= for (?:key|column))|(?<=value: )'.*'", re.DOTALL)


def engine_options(database_url: str) -> dict[str, Any]:
    """Keyword arguments of create_engine for this URL.

    What is stored is about patients and passwords: no error says it, since errors end in the log.
    """
    if make_url(database_url).get_backend_name() == "sqlite":
        return {"hide_parameters": True, "connect_args": {"timeout": SQLITE_BUSY_TIMEOUT_S}}
    return {
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_recycle": POOL_RECYCLE_S,
        "pool_timeout": POOL_WAIT_S,
        "pool_size": 8,
        "max_overflow": 4,
        "connect_args": {
            "connect_timeout": CONNECT_TIMEOUT_S,
            "read_timeout": STATEMENT_TIMEOUT_S,
            "write_timeout": STATEMENT_TIMEOUT_S,
            "init_command": "SET time_zone = '+00:00', sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,"
            "NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', "
            # MariaDB's own; MySQL's is 1024, and readings would be read row by row.
            "group_concat_max_len = 1048576",
        },
    }


def prepare_engine(engine: Engine) -> None:
    """Make SQLite keep foreign keys, readers beside a writer, and transactions that begin when we say.

    On MariaDB a transaction that only reads keeps one view of the data, so that a page agrees with itself. One that
    writes must not: what it reads after it has waited for a lock decides what it writes, and would be as old as its
    first statement. Each of its statements reads what is committed by then.
    """
    event.listen(engine, "handle_error", _hide_values)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_sqlite_connect)
    event.listen(engine, "begin", _on_begin)
    _keep_legacy_zone(engine)


def _on_sqlite_connect(connection: Any, _record: object) -> None:
    # The driver's own implicit BEGIN would come too late to lock before reading.
    connection.isolation_level = None
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
    elif writes:
        # Without SESSION it is for the one transaction that begins now.
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")


def _keep_legacy_zone(engine: Engine) -> None:
    """Give the dialect the zone of the seed's naive columns, anew with each connection.

    As long as a database is not upgraded there is none to read: each transaction asks again, so that a portal that was
    started too early does not read an adopted database in the wrong zone.
    """

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        try:
            _read_legacy_zone(engine, cursor)
        finally:
            cursor.close()
            connection.rollback()

    @event.listens_for(engine, "begin")
    def _on_begin_without_zone(connection: Connection) -> None:
        if not has_legacy_zone(connection.dialect):
            cursor = connection.connection.cursor()
            try:
                _read_legacy_zone(engine, cursor)
            finally:
                cursor.close()


def _read_legacy_zone(engine: Engine, cursor: Any) -> None:
    try:
        cursor.execute("SELECT legacy_time_zone FROM installation WHERE id = 1")
    except engine.dialect.loaded_dbapi.Error as error:
        if error.args[0] == NO_SUCH_TABLE or "no such table" in str(error):
            return
        raise
    row = cursor.fetchone()
    if row is not None:
        set_legacy_zone(engine.dialect, ZoneInfo(row[0]))


def _hide_values(context: ExceptionContext) -> None:
    """Take values out of the words of the driver's error, and of SQLAlchemy's around it."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None:
            error.args = tuple(
                VALUE_IN_MESSAGE.sub("'…'", part) if isinstance(part, str) else part for part in error.args
            )


def begin_writing(session: Session) -> None:
    """Start the session's transaction as one that writes; RuntimeError if it has already begun reading.

    SQLite cannot turn a reading transaction into a writing one once somebody else has written, so the lock is
    taken first. MariaDB locks row by row, and reads what is committed by each statement.
    """
    if session.info.get(WRITES):
        return
    if session.in_transaction():
        raise RuntimeError("the transaction has already begun reading")
    session.connection(execution_options={WRITES: True})
    session.info[WRITES] = True


def begin_writing_after_reading(session: Session) -> None:
    """End a transaction that has only read and start one that writes; RuntimeError if it changed anything."""
    if session.info.get(WRITES):
        return
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("a request that only reads changed data")
    session.commit()
    begin_writing(session)


def end_transaction(session: Session, *, keep: bool) -> None:
    """Commit (`keep`) or roll back, and forget that the transaction wrote."""
    try:
        if keep:
            session.commit()
        else:
            session.rollback()
    finally:
        session.info.pop(WRITES, None)
