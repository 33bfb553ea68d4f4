"""What adopting a database made of its rows: one line for each row that was interpreted, and how many of each kind."""

import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from app.schema.errors import SchemaFailed


class ReportFailed(SchemaFailed):
    """A report could not be written; the message does not say what became of the database."""


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

    def __init__(self, path: Path, file: IO[str]) -> None:
        self._path, self._file = path, file
        self.tally = Tally()

    def head(self, name: str = "adoption", **about: Any) -> None:
        """What was adopted, as found before the first change; `name` says what kind of report it is."""
        self._write(_json({"report": name, **about}))

    def line(self, line: Line) -> None:
        """One interpretation."""
        self.tally.add(line)
        self._write(line.as_json())

    def flush(self) -> None:
        """What was written so far is on the disk afterwards, whatever happens to this process."""
        with _failing(self._path):
            self._file.flush()
            os.fsync(self._file.fileno())

    def finish(self) -> None:
        """The counts, and that nothing is missing."""
        self._write(_json({"finished": True, "kinds": self.tally.as_values()}))
        self.flush()

    def end_of_dry_run(self) -> None:
        """The counts of what would be done: nobody may take it for a report of what was."""
        self._write(_json({"dry_run": True, "kinds": self.tally.as_values()}))

    def _write(self, text: str) -> None:
        with _failing(self._path):
            self._file.write(text + "\n")


@contextmanager
def writing(path: Path) -> Iterator[Report]:
    """A new report at `path`, for its owner's eyes alone: it is about patients.

    ReportFailed where there is one already, or where the disk does not take it. What else goes wrong inside is raised
    as it is, even if the rest of the report cannot be written then.
    """
    with _failing(path):
        file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8")
    try:
        yield Report(path, file)
    except BaseException:
        with suppress(OSError):
            file.close()
        raise
    with _failing(path):
        file.close()


@contextmanager
def _failing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ReportFailed(f"The report {path} cannot be written: {error.strerror or error}.") from error


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
