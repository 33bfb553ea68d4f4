"""What a user of MariaDB or MySQL may do, tried without doing it."""

from collections.abc import Iterator

import pymysql

from app.database import NO_SUCH_TABLE
from app.schema.backup.server import Server
from app.schema.errors import SchemaRefused

# The server looks at the rights first, and says only then that there is no such table.
NO_TABLE, NOR_THIS = "dopply_no_such_table", "dopply_nor_this"
TRIED = {
    "DROP": f"DROP TABLE IF EXISTS {NO_TABLE}",
    "CREATE": f"CREATE TABLE {NO_TABLE} LIKE {NOR_THIS}",
    "ALTER": f"ALTER TABLE {NO_TABLE} COMMENT = ''",
    "INDEX": f"CREATE INDEX ids ON {NO_TABLE} (id)",
    "INSERT": f"INSERT INTO {NO_TABLE} VALUES (1)",  # noqa: S608  # A constant.
    "UPDATE": f"UPDATE {NO_TABLE} SET id = 1",  # noqa: S608  # The same.
}
TEMPORARY = {"CREATE TEMPORARY TABLES": f"CREATE TEMPORARY TABLE {NO_TABLE} (id INT)"}
DENIED = {
    1044,  # to the database
    1142,  # to the table
}


def refuse_missing(server: Server, *, gives_back_digits: bool) -> None:
    """Pass, or SchemaRefused with the rights that a restore would miss; `gives_back_digits` wants one more."""
    if missing := list(_missing(server, TRIED | (TEMPORARY if gives_back_digits else {}))):
        raise SchemaRefused(f"The user of the database lacks the right {', '.join(missing)}. Nothing was changed.")


def _missing(server: Server, tried: dict[str, str]) -> Iterator[str]:
    for right, statement in tried.items():
        try:
            server.run(statement)
        except pymysql.MySQLError as error:
            if error.args[0] in DENIED:
                yield right
            elif error.args[0] != NO_SUCH_TABLE:
                raise
