"""MariaDB and MySQL: backup by the client that is installed or by our own export, and restore over our connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic.util import CommandError

from app.schema.backup import portable
from app.schema.backup.archive import NewArchive
from app.schema.backup.manifest import Manifest
from app.schema.backup.server import Server, Table, connected
from app.schema.errors import SchemaFailed
from migrations.connections import migration_engine, schema_lock

ENGINE = "mysql"


def take(url: sa.URL, new: NewArchive) -> Manifest:
    """The database at `url` written into `new` as it is at one moment, while others read and write it."""
    with _no_upgrade_meanwhile(url), connected(url, "No backup was made") as server:
        tables = server.tables()
        contents, longest = portable.write(url, tables, new)
        charset, collation = server.charset()
        return Manifest(
            engine=ENGINE,
            server=server.version(),
            method=portable.METHOD,
            database=url.database or "",
            charset=charset,
            collation=collation,
            taken_at=datetime.now(UTC).isoformat(timespec="seconds"),
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


@contextmanager
def _no_upgrade_meanwhile(url: sa.URL) -> Iterator[None]:
    """The lock that upgrades of this schema take, held inside."""
    with migration_engine(url).connect() as connection:
        try:
            with schema_lock(connection):
                yield
        except CommandError as error:
            raise SchemaFailed(str(error)) from error
