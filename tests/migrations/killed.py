"""A real upgrade or downgrade in a process of its own that is killed, by itself at a statement or from outside.

The process is a fork of this one, which has imported everything, so that a run costs milliseconds. Fork only where no
thread runs: not from pytest, but from tests/migrations/interruption.py.
"""

import os
import signal
import sqlite3
import time
import traceback
from dataclasses import dataclass
from typing import Any

import pymysql
import sqlalchemy as sa
from pymysql.constants.SERVER_STATUS import SERVER_STATUS_IN_TRANS

from tests.migrations import chain

CHANGES = {"CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE", "REPLACE", "COMMIT"}
SHOWN = 100


@dataclass(frozen=True)
class Run:
    """The changes that a run sent (the beginning of each statement), its exit code or minus its signal, its time."""

    changes: list[str]
    exit_code: int
    seconds: float

    @property
    def was_killed(self) -> bool:
        """True if the signal came before the end."""
        return self.exit_code == -signal.SIGKILL

    @property
    def last_change(self) -> str:
        """What was sent last."""
        return self.changes[-1] if self.changes else "no change"


def run(url: str, verb: str, revision: str, *, changes: int | None = None, seconds: float | None = None) -> Run:
    """`alembic VERB REVISION`, undisturbed, or killed after so many changes, or after so many seconds."""
    reader, writer = os.pipe()
    begun = time.monotonic()
    process = os.fork()
    if process == 0:
        os.close(reader)
        _run_and_exit(url, verb, revision, writer, changes)
    os.close(writer)
    if seconds is not None:
        time.sleep(seconds)
        # It has not been waited for, so the number is still its own, even if it has ended.
        os.kill(process, signal.SIGKILL)
    with os.fdopen(reader, encoding="utf-8", errors="replace") as pipe:
        seen = pipe.read().splitlines()
    _, status = os.waitpid(process, 0)
    return Run(seen, os.waitstatus_to_exitcode(status), time.monotonic() - begun)


def _run_and_exit(url: str, verb: str, revision: str, writer: int, changes: int | None) -> None:
    """In the new process: never returns."""
    exit_code = 1
    try:
        seen = 0

        def before(statement: str) -> None:
            """What was sent before this statement has been executed; so this is the moment after it."""
            nonlocal seen
            if seen == changes:
                os.kill(os.getpid(), signal.SIGKILL)
            if statement.split(maxsplit=1)[0].upper() in CHANGES:
                seen += 1
                os.write(writer, f"{' '.join(statement.split())[:SHOWN]}\n".encode())

        _tell_before_each_statement(before)
        {"upgrade": chain.upgrade, "downgrade": chain.downgrade}[verb](url, revision)
        before("END")
        exit_code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(exit_code)


def _tell_before_each_statement(tell: Any) -> None:
    """Calls `tell` with each statement that this process sends to a database, each row of many and COMMIT included."""

    def trace(connection: Any, _record: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(tell)

    sa.event.listen(sa.Engine, "connect", trace)

    # SQLAlchemy tells of a statement with many rows once, but PyMySQL sends one for each row.
    query, commit = pymysql.connections.Connection.query, pymysql.connections.Connection.commit

    def telling_query(self: Any, sql: Any, *rest: Any) -> Any:
        tell(sql if isinstance(sql, str) else bytes(sql).decode(errors="replace"))
        return query(self, sql, *rest)

    def telling_commit(self: Any) -> None:
        if self.server_status & SERVER_STATUS_IN_TRANS:
            tell("COMMIT")
        commit(self)

    pymysql.connections.Connection.query = telling_query
    pymysql.connections.Connection.commit = telling_commit
