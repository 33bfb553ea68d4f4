"""MariaDB and MySQL: backup by the client that is installed, else by our own export."""

from collections.abc import Iterator
from datetime import UTC, datetime

import sqlalchemy as sa

from app.schema.backup import client, portable, six_digits, uncarried, unfinished
from app.schema.backup.archive import NewArchive
from app.schema.backup.manifest import MYSQL, PORTABLE, Manifest
from app.schema.backup.server import Server, Table, connected
from app.schema.backup.upgrade_lock import no_upgrade_meanwhile
from app.schema.errors import SchemaRefused


def take(url: sa.URL, new: NewArchive) -> Manifest:
    """The database at `url` written into `new` as it is at one moment, while others read and write it."""
    with connected(url, "No backup was made") as server, no_upgrade_meanwhile(url):
        if mark := unfinished.find(server):
            raise SchemaRefused(f"{url.database} holds nothing worth a backup. {mark} Run that restore again.")
        if stopping := uncarried.found(server.rows):
            raise SchemaRefused(f"{'; '.join(stopping)}. No backup was made, and nothing was changed.")
        taken_at = datetime.now(UTC)
        tables = server.tables()
        program = client.find(url) if tables else None
        if program is None:
            method, (contents, longest) = PORTABLE, portable.write(server, new)
        else:
            method, (contents, longest) = program.name, client.write(program, url, tables, new)
            six_digits.write(server, tables, new)
        charset, collation = server.charset()
        return Manifest(
            engine=MYSQL,
            server=server.version(),
            method=method,
            database=url.database or "",
            charset=charset,
            collation=collation,
            taken_at=taken_at.isoformat(timespec="seconds"),
            revision=server.revision(),
            tables=contents,
            longest_row_bytes=longest,
            notes=tuple(_notes(server, tables)),
        )


def _notes(server: Server, tables: list[Table]) -> Iterator[str]:
    if others := server.other_objects():
        yield f"Not in the backup: {', '.join(others)}."
    for table in tables:
        if table.storage != "InnoDB":
            yield f"{table.name} is {table.storage}, not InnoDB: rows written meanwhile may be in it or not."
