"""Databases for tests: SQLite files, and throw-away schemas on a MariaDB server that is found or started."""

import atexit
import functools
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

SYSTEM_SOCKET = "/run/mysqld/mysqld.sock"
MEMORY = Path("/dev/shm")  # noqa: S108  # Only folders of a random name are made there.
MEMORY_FOR_A_SERVER = 500_000_000
START_LIMIT_S = 30.0
POLL_S = 0.1


def sqlite_url(folder: Path, name: str = "test.db") -> str:
    """The URL of an SQLite file in `folder`; the file itself appears at the first connection."""
    return f"sqlite:///{folder / name}"


@contextmanager
def fresh_mariadb(
    charset: str = "utf8mb4", collation: str = "utf8mb4_unicode_ci", *, suffix: str = ""
) -> Iterator[str]:
    """The URL of a new, empty schema of its own, whose name ends in `suffix`; it is dropped at the end.

    Skips the test where there is no MariaDB, with the reason; with REQUIRE_SERVICES=1 it fails instead.
    """
    server = sa.make_url(mariadb_server())
    name = f"dopply_test_{secrets.token_hex(6)}{suffix}"
    _execute(server, f"CREATE DATABASE `{name}` CHARACTER SET {charset} COLLATE {collation}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        # A test that has left a transaction open fails here soon, instead of waiting for a day.
        _execute(server, "SET SESSION lock_wait_timeout = 10", f"DROP DATABASE `{name}`")


@functools.cache
def mariadb_server() -> str:
    """The URL of a server on which schemas may be made: DOPPLY_TEST_MARIADB_URL, a local one, or our own."""
    if configured := os.environ.get("DOPPLY_TEST_MARIADB_URL"):
        url = sa.make_url(configured).set(drivername="mysql+pymysql")
        return url.update_query_dict({"charset": "utf8mb4"}).render_as_string(hide_password=False)
    for candidate in (_socket_url(SYSTEM_SOCKET), "mysql+pymysql://root@127.0.0.1:3306/?charset=utf8mb4"):
        if _answers(candidate):
            return candidate
    return start_private_server()


@functools.cache
def quick_mariadb_server() -> str:
    """As above, for thousands of changes of a schema: a server of our own in memory, where 20 ms become 1 ms."""
    may_start_one = "DOPPLY_TEST_MARIADB_URL" not in os.environ and shutil.which("mariadb-install-db")
    if may_start_one and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_FOR_A_SERVER:
        return start_private_server(parent=MEMORY)
    return mariadb_server()


def _socket_url(socket: str) -> str:
    # A TLS context costs 30 ms for each connection, and a socket of this machine needs none.
    return f"mysql+pymysql://root@localhost/?charset=utf8mb4&ssl_disabled=true&unix_socket={socket}"


def _execute(url: sa.URL, *statements: str) -> None:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            # Without parameters the driver would still take a % for the place of one.
            connection.exec_driver_sql(statement.replace("%", "%%"))


def _answers(url: str) -> bool:
    try:
        _execute(sa.make_url(url), "SELECT 1")
    except OperationalError:
        return False
    return True


def start_private_server(*options: str, parent: Path | None = None) -> str:
    """The URL of a mariadbd of this test run alone, in a temporary folder (in `parent`), on a socket.

    It has no network port, unless `options` of the server say so.
    """
    server = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin:/usr/local/sbin")
    install = shutil.which("mariadb-install-db")
    if not server or not install:
        _unavailable("no MariaDB server answers and none is installed (mariadbd, mariadb-install-db)")
    folder = Path(tempfile.mkdtemp(prefix="dopply-mariadb-", dir=parent))
    as_root = ["--user=root"] if os.geteuid() == 0 else []
    # Its own: a server that starts removes the temporary tables that it finds, another server's too.
    temporary = folder / "tmp"
    temporary.mkdir()
    common = ["--no-defaults", f"--datadir={folder / 'data'}", f"--tmpdir={temporary}", *as_root]
    made = subprocess.run(
        [install, *common, "--auth-root-authentication-method=normal", "--skip-test-db"],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        _unavailable(f"mariadb-install-db failed: {made.stderr[-500:]}")
    socket = folder / "socket"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(server, *common, f"--socket={socket}", "--innodb-flush-log-at-trx-commit=0"),
                *(options or ["--skip-networking"]),
            ],
            stdout=log,
            stderr=log,
        )
    atexit.register(_stop, process, folder)
    url = _socket_url(str(socket))
    deadline = time.monotonic() + START_LIMIT_S
    while not socket.exists() or not _answers(url):
        if process.poll() is not None or time.monotonic() > deadline:
            _unavailable(f"mariadbd did not start: {(folder / 'log').read_text(errors='replace')[-500:]}")
        time.sleep(POLL_S)
    return url


def _stop(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    process.terminate()
    try:
        process.wait(timeout=START_LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    shutil.rmtree(folder, ignore_errors=True)


def _unavailable(reason: str) -> NoReturn:
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"MariaDB is required (REQUIRE_SERVICES=1): {reason}")
    pytest.skip(f"MariaDB: {reason}")
