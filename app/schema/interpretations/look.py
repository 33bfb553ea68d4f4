"""Looking at a database row by row, whatever state it is in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from app.schema.shapes import Shape
from migrations.legacy_time import latest_possible

ROWS_AT_A_TIME = 1000

Row = sa.RowMapping


@dataclass(frozen=True, slots=True)
class Look:
    """One database; `zone` is that of the original's naive times, None while nobody has named it.

    A naive time after `latest`, both as text, is one of the future.
    """

    connection: sa.Connection
    shape: Shape
    zone: ZoneInfo | None = None
    latest: str = field(default_factory=lambda: latest_possible().isoformat(sep=" "))

    def has(self, table: str, column: str = "") -> bool:
        """Whether the column is there; without one, the table."""
        return (table, column) in self.shape if column else any(name == table for name, _ in self.shape)

    def rows(self, query: str, **values: Any) -> Iterator[Row]:
        """The rows, fetched a thousand at a time: no other query may run until they have all been taken."""
        result = self.connection.execute(
            sa.text(query), values, execution_options={"stream_results": True, "yield_per": ROWS_AT_A_TIME}
        )
        yield from result.mappings()

    def text(self, column: str) -> str:
        """The column as text, in SQL: a date that is none (0000-00-00) stays what it is."""
        return f"CAST({column} AS {'TEXT' if self.connection.dialect.name == 'sqlite' else 'CHAR'})"


def spans(numbers: Iterable[int]) -> str:
    """Whole numbers, ascending, in words: "5, 9, 11-13"."""
    parts = []
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        values = [value for _, value in run]
        parts.append(str(values[0]) if len(values) == 1 else f"{values[0]}-{values[-1]}")
    return ", ".join(parts)
