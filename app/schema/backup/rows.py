"""Rows of MariaDB and MySQL as the literals of an INSERT: exactly the bytes that mariadb-dump --hex-blob writes."""

import re
from collections.abc import Callable, Iterator, Sequence

from app.schema.backup.manifest import ContentDigest, TableContent
from app.schema.backup.server import BYTES, NUMBERS, Column, Server, quoted

SPECIAL = re.compile(rb"[\0\n\r\x1a'\"\\]")
ESCAPED = {
    b"\0": rb"\0",
    b"\n": rb"\n",
    b"\r": rb"\r",
    b"\x1a": rb"\Z",
    b"'": rb"\'",
    b'"': rb"\"",
    b"\\": rb"\\",
}

Literal = Callable[[bytes], bytes]


def beginning(table: str, columns: Sequence[str]) -> bytes:
    """The statement up to the values: each row stands in a statement and on a line of its own."""
    names = ", ".join(map(quoted, columns))
    return f"INSERT INTO {quoted(table)} ({names}) VALUES ".encode()  # noqa: S608  # Each name is quoted.


def values(server: Server, table: str, columns: Sequence[Column], *, exact_floats: bool) -> Iterator[bytes]:
    """The rows of `table`, each as `(1,'text',NULL,0x00FF)`.

    The server writes a FLOAT with six digits, which do not always give it back; `exact_floats` asks for all.
    """
    wanted = ", ".join(_selected(column, exact=exact_floats) for column in columns)
    literals = [literal_of(column) for column in columns]
    for row in server.stream(f"SELECT {wanted} FROM {quoted(table)}"):  # noqa: S608  # The same.
        yield row_of(row, literals)


def content(server: Server, table: str, columns: Sequence[Column], *, exact_floats: bool) -> TableContent:
    """What `table` holds now in these columns, for comparison."""
    digest = ContentDigest()
    for row in values(server, table, columns, exact_floats=exact_floats):
        digest.add(row)
    return digest.content(tuple(column.name for column in columns))


def row_of(row: Sequence[bytes | None], literals: Sequence[Literal]) -> bytes:
    """One row in parentheses."""
    pairs = zip(row, literals, strict=True)
    return b"(" + b",".join([b"NULL" if value is None else literal(value) for value, literal in pairs]) + b")"


def _selected(column: Column, *, exact: bool) -> str:
    # As a DOUBLE a FLOAT is written with as many digits as it needs.
    return f"{quoted(column.name)} * 1e0" if exact and column.data_type == "float" else quoted(column.name)


def literal_of(column: Column) -> Literal:
    """What turns a value of this column into its literal."""
    if column.data_type in NUMBERS:
        return _number
    return _bytes if column.data_type in BYTES else text


def _number(value: bytes) -> bytes:
    return value


def _bytes(value: bytes) -> bytes:
    return b"0x" + value.hex().upper().encode() if value else b"''"


def text(value: bytes) -> bytes:
    """A text in UTF-8 as a literal."""
    if SPECIAL.search(value):
        value = SPECIAL.sub(lambda found: ESCAPED[found[0]], value)
    return b"'" + value + b"'"
