"""What adopting a database made of its rows: one line for each row that was interpreted, and how many of each kind."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any


@dataclass(frozen=True, slots=True)
class Kind:
    """One way in which a row is interpreted: what it is taken for, and where in the portal that shows."""

    code: str
    taken_as: str
    shown: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row, or one recording with the rows of its values: `found` is what stood there."""

    kind: Kind
    table: str
    key: object
    found: str

    def as_json(self) -> str:
        """The line as the report has it."""
        return _json(
            {
                "kind": self.kind.code,
                "table": self.table,
                "key": self.key,
                "found": self.found,
                "taken_as": self.kind.taken_as,
            }
        )


@dataclass(slots=True)
class Tally:
    """How many lines of each kind there are."""

    counts: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, Kind] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """Count one line."""
        self.counts[line.kind.code] += 1
        self.kinds[line.kind.code] = line.kind

    def as_values(self) -> list[dict[str, Any]]:
        """For each kind its code, count, meaning and place, by code."""
        return [
            {
                "kind": code,
                "count": self.counts[code],
                "taken_as": self.kinds[code].taken_as,
                "shown": self.kinds[code].shown,
            }
            for code in sorted(self.counts)
        ]


class Report:
    """A report that is being written: JSON, one object a line; the last line says that it is whole."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.tally = Tally()

    def head(self, **about: Any) -> None:
        """What was adopted, as found before the first change."""
        self._write(_json({"report": "adoption", **about}))

    def line(self, line: Line) -> None:
        """One interpretation."""
        self.tally.add(line)
        self._write(line.as_json())

    def flush(self) -> None:
        """What was written so far is on the disk afterwards, whatever happens to this process."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def finish(self) -> None:
        """The counts, and that nothing is missing."""
        self._write(_json({"finished": True, "kinds": self.tally.as_values()}))
        self.flush()

    def _write(self, text: str) -> None:
        self._file.write(text + "\n")


@contextmanager
def writing(path: Path) -> Iterator[Report]:
    """A new report at `path`, for its owner's eyes alone: it is about patients. FileExistsError if there is one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        yield Report(file)


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
