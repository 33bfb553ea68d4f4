"""MariaDB and MySQL by the client that is installed: mariadb-dump or mysqldump --single-transaction."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import sqlalchemy as sa

from app.schema.backup import members, option_file
from app.schema.backup.archive import NewArchive
from app.schema.backup.load import END, Beginning, beginning
from app.schema.backup.manifest import CLIENTS, ContentDigest, TableContent
from app.schema.backup.server import Table
from app.schema.errors import SchemaFailed

# One row a line, with the names of its columns, so that what is in the dump can be counted and compared. Views
# and triggers name who made them, whom another server may not know: they are named to the operator, not carried.
OPTIONS = (
    "--single-transaction",
    "--quick",
    "--skip-extended-insert",
    "--complete-insert",
    "--hex-blob",
    "--skip-triggers",
    "--skip-add-drop-table",
    "--skip-add-locks",
    "--skip-disable-keys",
    "--skip-dump-date",
    "--default-character-set=utf8mb4",
    "--max-allowed-packet=1073741824",
)
ORACLE_OPTIONS = ("--no-tablespaces", "--set-gtid-purged=OFF", "--loose-column-statistics=0")
# A first line that only newer clients of MariaDB understand, and no server.
SANDBOX = (b"/*M!999999\\-", b"/*!999999\\-")
LAST_LINE = b"-- Dump completed"
# The client needs nothing else, and the environment of this process holds secrets.
ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")
MESSAGE_BYTES = 2000


@dataclass(frozen=True, slots=True)
class Client:
    """An installed program, and the text of the option file that leads it to the database."""

    name: str
    path: str
    is_mariadb: bool
    options: bytes


def find(url: sa.URL) -> Client | None:
    """The client that can reach `url` just as we do; None when there is none."""
    for name in CLIENTS:
        path = shutil.which(name)
        if path is None:
            continue
        asked = [path, "--version"]
        version = subprocess.run(asked, capture_output=True, text=True, check=False, env=_environment())  # noqa: S603
        is_mariadb = "mariadb" in version.stdout.lower()
        options = option_file.text(url, is_mariadb=is_mariadb)
        if version.returncode == 0 and options is not None:
            return Client(name, path, is_mariadb, options)
    return None


def write(client: Client, url: sa.URL, tables: Sequence[Table], new: NewArchive) -> tuple[dict[str, TableContent], int]:
    """The contents of the dump by table, and the length of its longest row; the dump goes into `new`."""
    digests = {table.name: ContentDigest() for table in tables}
    columns = {table.name: tuple(column.name for column in table.stored) for table in tables}
    known: Beginning | None = None
    longest = 0
    with new.member(members.DUMP) as file, _lines(client, url, [table.name for table in tables]) as lines:
        for line in lines:
            if line.startswith(SANDBOX):
                continue
            file.write(line)
            if not line.startswith(b"INSERT INTO "):
                continue
            if known is None or not line.startswith(known.text):
                known = beginning(line)
                if known is None:
                    raise SchemaFailed(f"{client.name} writes rows in a form that we do not know. No backup was made.")
                columns[known.table] = known.columns
            digests[known.table].add(line[len(known.text) : -len(END)])
            longest = max(longest, len(line))
    return {name: digest.content(columns[name]) for name, digest in digests.items()}, longest


@contextmanager
def _lines(client: Client, url: sa.URL, tables: Sequence[str]) -> Iterator[Iterator[bytes]]:
    """The dump line by line; SchemaFailed at the end unless the client ended well and its dump is complete."""
    own = () if client.is_mariadb else ORACLE_OPTIONS
    with _readable(client.options) as options, tempfile.TemporaryFile() as messages:
        process = subprocess.Popen(  # noqa: S603  # A program of this machine; no shell reads the names.
            [client.path, f"--defaults-file=/dev/fd/{options}", *OPTIONS, *own, "--", url.database or "", *tables],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=messages,
            pass_fds=[options],
            env=_environment(),
        )
        assert process.stdout is not None  # noqa: S101  # It is a pipe, as asked for.
        last = _LastLine(process.stdout)
        try:
            yield iter(last)
            status = process.wait()
        finally:
            process.kill()
            process.stdout.close()
            process.wait()
        if status != 0:
            raise SchemaFailed(f"{client.name} ended with {status}: {_said(messages)}. No backup was made.")
        if not last.line.startswith(LAST_LINE):
            raise SchemaFailed(f"{client.name} left its dump unfinished: {_said(messages)}. No backup was made.")


class _LastLine:
    """Lines that pass, of which the last one with anything on it is kept."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.line = b""

    def __iter__(self) -> Iterator[bytes]:
        for line in self.file:
            if line.strip():
                self.line = line
            yield line


@contextmanager
def _readable(text: bytes) -> Iterator[int]:
    """A descriptor that gives `text`: a password in a file would outlive us, on a command line anybody reads it."""
    reader, writer = os.pipe()
    try:
        with os.fdopen(writer, "wb") as file:
            file.write(text)
        yield reader
    finally:
        os.close(reader)


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}


def _said(messages: IO[bytes]) -> str:
    messages.seek(0)
    return messages.read(MESSAGE_BYTES).decode(errors="replace").strip() or "it said nothing"
