"""Two `flask db upgrade` at once: one works, the other waits for it, or says who it is that holds the lock."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
import sqlalchemy as sa

from tests.migrations import chain, rows

# Whole processes, some of them frozen or killed: among the long tests, which `make check` runs.
pytestmark = pytest.mark.sweep

SEED_HEAD = "692e6f2120e5"
PATIENCE_S = 240
POLL_S = 0.02


def start(url: str, *arguments: str) -> "subprocess.Popen[str]":
    """`flask db upgrade` as an operator starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "db", "upgrade", *arguments],
        cwd=chain.ROOT,
        env={
            "PATH": os.environ["PATH"],
            "FLASK_APP": "wsgi",
            "DATABASE_URL": url,
            "DOPPLY_LEGACY_TIME_ZONE": "Asia/Jakarta",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def original(empty_database: str) -> str:
    """The URL of a database of the original, with rows."""
    chain.upgrade(empty_database, SEED_HEAD)
    with chain.connection(empty_database) as connection:
        rows.insert(connection)
    return empty_database


def versions(url: str) -> list[str]:
    with chain.connection(url) as connection:
        return list(connection.scalars(sa.text("SELECT version_num FROM alembic_version")))


def both_end_well(url: str, wanted: list[str]) -> None:
    started = [start(url), start(url)]
    outputs = [process.communicate(timeout=PATIENCE_S) for process in started]
    assert [process.returncode for process in started] == [0, 0], outputs
    done = sorted(([line.removeprefix("upgraded to ") for line in out.splitlines()] for out, _ in outputs), key=len)
    assert done == [[], wanted], "one does it all, the other finds the work done"
    assert versions(url) == chain.revisions()[-1:]


def test_two_at_once_on_an_empty_database(empty_database: str) -> None:
    both_end_well(empty_database, chain.revisions())


def test_two_at_once_on_a_database_of_the_original(original: str) -> None:
    with chain.connection(original) as connection:
        before = rows.read(connection)
    both_end_well(original, chain.revisions()[len(chain.SEED) :])
    with chain.connection(original) as connection:
        after = rows.read(connection)
    assert all(row in after[table] for table in before for row in before[table])


def test_while_one_is_frozen_the_other_says_who_holds_the_lock(original: str) -> None:
    with frozen_upgrade(original) as (first, name_of_first):
        second = start(original, "-x", "lock_wait_s=0.1")
        output, errors = second.communicate(timeout=PATIENCE_S)
        assert second.returncode == 1
        assert f"Another upgrade ({name_of_first}" in errors
        assert "nothing was changed" in errors
        assert output == ""
        assert versions(original) == [SEED_HEAD]
        first.send_signal(signal.SIGCONT)
        _, errors = first.communicate(timeout=PATIENCE_S)
        assert first.returncode == 0, errors
    assert versions(original) == chain.revisions()[-1:]


def test_one_that_is_killed_while_the_server_still_works_for_it_is_waited_for(empty_mariadb: str) -> None:
    chain.upgrade(empty_mariadb, SEED_HEAD)
    with blocked_upgrade(empty_mariadb) as (first, blocking):
        wait_until(lambda: bool(waiting_connections(empty_mariadb)), first)
        [of_first] = waiting_connections(empty_mariadb)
        first.kill()
        first.communicate()
        second = start(empty_mariadb)
        wait_until(lambda: bool(waiting_connections(empty_mariadb) - {of_first}), second)
        blocking.exec_driver_sql("UNLOCK TABLES")
        _, errors = second.communicate(timeout=PATIENCE_S)
        assert second.returncode == 0, errors
    assert versions(empty_mariadb) == chain.revisions()[-1:]


def test_the_wait_is_a_number_of_seconds(empty_sqlite: str) -> None:
    refused = start(empty_sqlite, "-x", "lock_wait_s=long")
    _, errors = refused.communicate(timeout=PATIENCE_S)
    assert refused.returncode == 1
    assert "lock_wait_s='long' is no number of seconds" in errors


@contextmanager
def blocked_upgrade(url: str) -> Iterator[tuple["subprocess.Popen[str]", sa.Connection]]:
    """An upgrade that holds the lock and waits, having changed nothing, and the connection that it waits for."""
    with chain.connection(url) as blocking:
        blocking.exec_driver_sql("BEGIN IMMEDIATE" if is_sqlite(url) else "LOCK TABLES users WRITE")
        first = start(url)
        try:
            wait_until(lambda: lock_holder(url) is not None, first)
            yield first, blocking
        finally:
            first.kill()
            first.communicate()


@contextmanager
def frozen_upgrade(url: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """An upgrade that was stopped (SIGSTOP) holding the lock, before any change, and the lock's name for it."""
    with blocked_upgrade(url) as (first, blocking):
        holder = lock_holder(url)
        assert holder is not None
        first.send_signal(signal.SIGSTOP)
        _, status = os.waitpid(first.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        if is_sqlite(url):
            assert holder == f"process {first.pid}"
        else:
            blocking.exec_driver_sql("UNLOCK TABLES")
        blocking.rollback()
        yield first, holder


def wait_until(is_so: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    """Looks again and again; AssertionError if the process ends before."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(POLL_S)


def is_sqlite(url: str) -> bool:
    return sa.make_url(url).get_backend_name() == "sqlite"


def lock_holder(url: str) -> str | None:
    """As the message names it; None while nobody holds the lock."""
    address = sa.make_url(url)
    if not is_sqlite(url):
        with chain.connection(url) as connection:
            name = f"dopply_migrate:{address.database}"
            number = connection.scalar(sa.text("SELECT IS_USED_LOCK(:name)"), {"name": name})
        return None if number is None else f"connection {number}"
    with closing(sqlite3.connect(f"{address.database}-upgrade", isolation_level=None)) as lock:
        # A name that can be read has been committed, so what is in the way afterwards is the lock itself.
        number = lock.execute("PRAGMA user_version").fetchone()[0]
        lock.execute("PRAGMA busy_timeout = 0")
        try:
            lock.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return f"process {number}" if number else None
    return None


def waiting_connections(url: str) -> set[int]:
    """The connections that wait for an upgrade, or for somebody who uses a table (MariaDB)."""
    query = (
        "SELECT ID FROM information_schema.PROCESSLIST WHERE DB = DATABASE() "
        "AND (STATE = 'User lock' OR STATE LIKE 'Waiting for table%')"
    )
    with chain.connection(url) as connection:
        return set(connection.scalars(sa.text(query)))
