"""MariaDB and MySQL as what a backup is restored to."""

from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa

from app.schema.backup import members, rights, rows, unfinished
from app.schema.backup.archive import Archive
from app.schema.backup.load import load
from app.schema.backup.manifest import PORTABLE, Manifest, TableContent
from app.schema.backup.server import Column, Server, Table, connected, quoted
from app.schema.backup.unfinished import UNFINISHED, Unfinished
from app.schema.errors import SchemaRefused

# What a statement needs beside its row.
ROOM_BYTES = 1024


def present(url: sa.URL) -> dict[str, int]:
    """Rows by table; nothing where all there is belongs to a restore that did not end."""
    with connected(url, "Nothing was changed") as server:
        if unfinished.find(server):
            return {}
        return {table.name: _count(server, f"FROM {quoted(table.name)}") for table in server.tables()}


def refuse_unfit(url: sa.URL, backup: Archive) -> None:
    """SchemaRefused, before anything is changed, if the server could not take the backup, or its user not finish."""
    with connected(url, "Nothing was changed") as server:
        manifest = backup.manifest
        rights.refuse_missing(server, gives_back_digits=_has_digits(backup))
        longest, needed = server.longest_statement(), manifest.longest_row_bytes + ROOM_BYTES
        if longest < needed:
            raise SchemaRefused(
                f"The server takes statements of {longest} bytes, and a row of the backup needs {needed}: "
                "set max_allowed_packet there to more than that. Nothing was changed."
            )
        views = {name for name, kind in server.rows("SHOW FULL TABLES") if kind != "BASE TABLE"}
        if taken := sorted(views & set(manifest.tables)):
            raise SchemaRefused(f"{', '.join(taken)} is no table in {url.database}. Nothing was changed.")


def put(url: sa.URL, backup: Archive, mark: Unfinished) -> None:
    """The tables of `url` replaced by those of the backup; the mark stays, until what is there was compared."""
    with connected(url, f"{url.database} holds an unfinished restore: run it again") as server:
        before = unfinished.find(server)
        unfinished.mark(server, replace(mark, before=before.before) if before else mark)
        if names := [quoted(table.name) for table in server.tables() if table.name != UNFINISHED]:
            server.run(f"DROP TABLE {', '.join(names)}")
        if server.charset() != (backup.manifest.charset, backup.manifest.collation):
            server.run(
                f"ALTER DATABASE {quoted(url.database or '')} "
                f"CHARACTER SET {backup.manifest.charset} COLLATE {backup.manifest.collation}"
            )
        for member in members.of(backup.manifest):
            with backup.zip.open(member) as lines:
                load(server, lines)


def _has_digits(backup: Archive) -> bool:
    return members.FLOATS in backup.zip.namelist() and backup.zip.getinfo(members.FLOATS).file_size > 0


def finish(url: sa.URL) -> None:
    """Take away the mark of a restore that was compared."""
    with connected(url, "The mark of an unfinished restore is still there: run it again") as server:
        unfinished.unmark(server)


def contents(url: sa.URL, manifest: Manifest) -> dict[str, TableContent]:
    """What each table holds, read as the backup was."""
    exact = manifest.method == PORTABLE
    with connected(url, "It cannot be compared") as server:
        return {
            table.name: rows.content(server, table.name, _counted(table, manifest), exact_floats=exact)
            for table in server.tables()
            if table.name != UNFINISHED
        }


def broken_references(url: sa.URL) -> Mapping[str, int]:
    """How many rows refer to nothing, by "table -> table"."""
    found: dict[str, int] = {}
    with connected(url, "Its references cannot be checked") as server:
        for reference in server.references():
            same = " AND ".join(f"c.{quoted(one)} = p.{quoted(other)}" for one, other in reference.columns)
            filled = " AND ".join(f"c.{quoted(one)} IS NOT NULL" for one, _ in reference.columns)
            count = _count(
                server,
                f"FROM {quoted(reference.table)} c LEFT JOIN {quoted(reference.parent)} p ON {same} "
                f"WHERE {filled} AND p.{quoted(reference.columns[0][1])} IS NULL",
            )
            if count:
                name = f"{reference.table} -> {reference.parent}"
                found[name] = found.get(name, 0) + count
    return found


def _count(server: Server, of: str) -> int:
    return int(server.rows(f"SELECT COUNT(*) {of}")[0][0])


def _counted(table: Table, manifest: Manifest) -> list[Column]:
    """The columns that the backup counted: a client may write the computed ones too."""
    if table.name not in manifest.tables:
        return list(table.stored)
    return [column for column in table.columns if column.name in manifest.tables[table.name].columns]
