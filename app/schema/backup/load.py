"""Running a dump on an empty database of MariaDB or MySQL, row by row of its text, many rows in one statement."""

import re
from collections.abc import Iterable, Iterator

from app.schema.backup.server import Server

# The statement of one row up to its values; names in it are quoted, with any quote doubled.
BEGINNING = re.compile(rb"INSERT INTO `(?:[^`]|``)+` \((?:`(?:[^`]|``)+`(?:, ?)?)+\) VALUES ?")
END = b";\n"
BATCH_BYTES = 1024 * 1024


def load(server: Server, lines: Iterable[bytes]) -> None:
    """Execute every statement of a dump."""
    for statement in statements(lines, BATCH_BYTES):
        server.run(statement)


def statements(lines: Iterable[bytes], batch_bytes: int) -> Iterator[bytes]:
    """The statements of a dump, each on lines of its own; neighbouring rows of one table become one statement."""
    beginning, size = b"", 0
    batch: list[bytes] = []
    unfinished: list[bytes] = []
    for line in lines:
        if not unfinished and line.startswith(b"INSERT INTO "):
            found = beginning if beginning and line.startswith(beginning) else _beginning(line)
            row = line[len(found) : -len(END)]
            if batch and (found != beginning or size + len(row) > batch_bytes):
                yield beginning + b",".join(batch)
                batch, size = [], 0
            beginning = found
            batch.append(row)
            size += len(row) + 1
            continue
        if batch:
            yield beginning + b",".join(batch)
            batch, size = [], 0
        if not unfinished and (not line.strip() or line.startswith(b"--")):
            continue
        unfinished.append(line)
        if line.endswith(END):
            yield b"".join(unfinished)[: -len(END)]
            unfinished = []
    if batch:
        yield beginning + b",".join(batch)


def _beginning(line: bytes) -> bytes:
    found = BEGINNING.match(line)
    if found is None or not line.endswith(END):
        raise ValueError(f"not a row of a dump: {line[:60]!r}")
    return found[0]
