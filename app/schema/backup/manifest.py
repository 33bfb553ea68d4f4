"""What a backup says about itself: where it came from, when, and what each table held."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.schema.errors import SchemaRefused

FORMAT = 1
SQLITE, MYSQL, PORTABLE = "sqlite", "mysql", "portable"
CLIENTS = ("mariadb-dump", "mysqldump")
METHODS = {SQLITE: (SQLITE,), MYSQL: (PORTABLE, *CLIENTS)}
NOT_OURS = "the file is not a backup of Dopply: what it says of itself cannot be read. Nothing was changed."


class ContentDigest:
    """Counts rows and adds up their SHA-256, so that the order in which a database gives them does not matter."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def add(self, row: bytes) -> None:
        """One more row, in whatever bytes stand for it."""
        self.rows += 1
        self._sum += int.from_bytes(hashlib.sha256(row).digest())

    def content(self, columns: tuple[str, ...]) -> "TableContent":
        """What was counted, of these columns."""
        return TableContent(rows=self.rows, digest=f"{self._sum % 2**256:064x}", columns=columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableContent:
    """The rows of one table: how many, the sum of their SHA-256, and the columns that were read."""

    rows: int
    digest: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The description that stands in a backup beside the data.

    `method` is one of METHODS: our own, or the name of the client that wrote the dump. `revision` is what
    alembic_version held. `longest_row_bytes` is the longest statement that a restore has to send.
    """

    engine: str
    server: str
    method: str
    database: str
    charset: str
    collation: str
    taken_at: str
    revision: tuple[str, ...]
    tables: Mapping[str, TableContent]
    longest_row_bytes: int = 0
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Rows by table."""
        return {name: table.rows for name, table in self.tables.items()}

    def to_json(self) -> bytes:
        """For the file."""
        return json.dumps({"format": FORMAT} | asdict(self), indent=1, ensure_ascii=False).encode()


def from_json(text: bytes) -> Manifest:
    """The manifest of a file whose digest was right, which anybody can make; SchemaRefused when it is not Dopply's."""
    try:
        found: dict[str, Any] = json.loads(text)
        is_later = found.pop("format") != FORMAT
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise SchemaRefused(NOT_OURS) from error
    if is_later:
        raise SchemaRefused("the backup was made by a later version of Dopply: restore it with that one.")
    try:
        return _manifest(**found)
    except (ValueError, TypeError, KeyError) as error:
        raise SchemaRefused(NOT_OURS) from error


def _manifest(*, tables: Any, revision: Any, longest_row_bytes: Any = 0, notes: Any = (), **words: Any) -> Manifest:
    """The manifest of these values; ValueError, TypeError or KeyError where one of them is not of its kind."""
    if not isinstance(tables, dict):
        raise TypeError
    manifest = Manifest(
        **{name: _word(value) for name, value in words.items()},
        tables={name: _table(**content) for name, content in tables.items()},
        revision=_words(revision),
        longest_row_bytes=_number(longest_row_bytes),
        notes=_words(notes),
    )
    # Character set and collation stand in a statement, where nothing quotes them.
    if manifest.method not in METHODS[manifest.engine] or not all(
        re.fullmatch(r"\w*", word, re.ASCII) for word in (manifest.charset, manifest.collation)
    ):
        raise ValueError
    return manifest


def _table(*, rows: Any, digest: Any, columns: Any) -> TableContent:
    return TableContent(rows=_number(rows), digest=_word(digest), columns=_words(columns))


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise TypeError
    return tuple(_word(word) for word in value)


def _number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError
    return value
