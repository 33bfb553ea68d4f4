"""MariaDB and MySQL without their client: one consistent snapshot as SQL that any client can run."""

from app.schema.backup import members, rows
from app.schema.backup.archive import NewArchive
from app.schema.backup.manifest import ContentDigest, TableContent
from app.schema.backup.server import Server

# For who runs the dump without Dopply; its own restore opens its connection like this.
HEADER = b"""\
SET NAMES utf8mb4;
SET time_zone = '+00:00';
SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';
SET foreign_key_checks = 0;
SET unique_checks = 0;
"""


def write(server: Server, new: NewArchive) -> tuple[dict[str, TableContent], int]:
    """The contents of the tables, and the length of the longest row; the dump goes into `new`."""
    contents, longest = {}, 0
    server.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    server.run("START TRANSACTION WITH CONSISTENT SNAPSHOT")
    with new.member(members.DUMP) as file:
        file.write(HEADER)
        # Asked for inside, so that the next number of a table is not older than its rows.
        for table in server.tables():
            names = tuple(column.name for column in table.stored)
            file.write(f"\n{table.ddl};\n".encode())
            beginning, digest = rows.beginning(table.name, names), ContentDigest()
            for row in rows.values(server, table.name, table.stored, exact_floats=True):
                digest.add(row)
                longest = max(longest, len(beginning) + len(row))
                file.write(beginning + row + b";\n")
            contents[table.name] = digest.content(names)
    server.run("ROLLBACK")
    return contents, longest
