"""The mark of a restore that has begun and not ended: whatever else stands in such a database is not to be used."""

import json
from dataclasses import asdict, dataclass

from app.schema.backup.rows import text
from app.schema.backup.server import Server
from app.schema.errors import SchemaRefused

# MariaDB and MySQL commit each statement that makes a table, so a restore there cannot be one transaction.
UNFINISHED = "dopply_unfinished_restore"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Which backup was being restored, since when (UTC), and where the state before was backed up ("" if empty)."""

    backup: str
    since: str
    before: str

    def __str__(self) -> str:
        kept = f" What was there before is in {self.before}." if self.before else ""
        return f"The restore of {self.backup} that began on {self.since} has not ended.{kept}"


def find(server: Server) -> Unfinished | None:
    """The mark, if there is one; SchemaRefused for a table of this name that no restore has made."""
    where = f"WHERE table_schema = DATABASE() AND table_name = '{UNFINISHED}'"
    found = server.rows(f"SELECT table_comment FROM information_schema.tables {where}")  # noqa: S608  # A constant.
    try:
        return Unfinished(**json.loads(found[0][0])) if found else None
    except (ValueError, TypeError) as error:
        raise SchemaRefused(
            f"The table {UNFINISHED} is not the mark of a restore: its comment is not what one writes. "
            "Rename or drop it first. Nothing was changed."
        ) from error


def mark(server: Server, unfinished: Unfinished) -> None:
    """Write the mark, before anything else changes: in one statement, so that there is never half of it."""
    comment = text(json.dumps(asdict(unfinished), ensure_ascii=False).encode())
    verb = "ALTER" if find(server) else "CREATE"
    columns = "" if verb == "ALTER" else "(id INT PRIMARY KEY) ENGINE=InnoDB CHARACTER SET utf8mb4"
    server.run(f"{verb} TABLE {UNFINISHED} {columns} COMMENT = ".encode() + comment)


def unmark(server: Server) -> None:
    """Take the mark away, last of all."""
    server.run(f"DROP TABLE {UNFINISHED}")
