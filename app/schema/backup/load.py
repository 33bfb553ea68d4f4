"""The text of a dump: which lines are rows, and how it is run on an empty database of MariaDB or MySQL."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.schema.backup.server import Server

NAME = rb"`((?:[^`]|``)+)`"
# The statement of one row up to its values. A row stands on a line of its own: line breaks in texts are escaped.
ROW = re.compile(rb"INSERT INTO " + NAME + rb" \((" + NAME + rb"(?:, ?" + NAME + rb")*)\) VALUES ?")
END = b";\n"
BATCH_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Beginning:
    """What stands before the values in every row of one table."""

    text: bytes
    table: str
    columns: tuple[str, ...]


def beginning(line: bytes) -> Beginning | None:
    """The beginning of a line that is a row of a dump; None for any other line."""
    found = ROW.match(line)
    if found is None:
        return None
    columns = tuple(_name(name) for name in re.findall(NAME, found[2]))
    return Beginning(found[0], _name(found[1]), columns)


def load(server: Server, lines: Iterable[bytes]) -> None:
    """Execute every statement of a dump."""
    for statement in statements(lines, min(BATCH_BYTES, server.longest_statement() // 2)):
        server.run(statement)


def statements(lines: Iterable[bytes], batch_bytes: int) -> Iterator[bytes]:
    """The statements of a dump; neighbouring rows of one table become one, because each costs a round trip."""
    known = b""
    batch: list[bytes] = []
    size = 0
    unfinished: list[bytes] = []
    for line in lines:
        is_row = not unfinished and line.startswith(b"INSERT INTO ")
        if is_row and known and line.startswith(known) and size + len(line) <= batch_bytes:
            batch.append(line[len(known) : -len(END)])
            size += len(line)
            continue
        if batch:
            yield known + b",".join(batch)
            batch, size = [], 0
        if is_row and (found := beginning(line)):
            known = found.text
            batch, size = [line[len(known) : -len(END)]], len(line)
            continue
        if not unfinished and (not line.strip() or line.startswith(b"--")):
            continue
        unfinished.append(line)
        if line.endswith(END):
            yield b"".join(unfinished)[: -len(END)]
            unfinished = []
    if batch:
        yield known + b",".join(batch)


def _name(quoted: bytes) -> str:
    return quoted.replace(b"``", b"`").decode()
