"""Columns of the original that hold JSON, where somebody has made them as plain text: nothing in them is lost."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.mysql.base import MySQLDialect

from app.models import Base
from app.models.base import SeedJson

# What a column becomes whose texts are not all JSON: room for each of them, and no check that one would fail.
PLAIN = "LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
COLUMNS = [
    column for table in Base.metadata.sorted_tables for column in table.columns if isinstance(column.type, SeedJson)
]


def make_long(connection: sa.Connection) -> None:
    """On MariaDB make each that is a shorter text, or in another character set, JSON or, where that fails, long text.

    Its JSON is a long text with a check that it is one, so a comparison with the models finds both alike.
    """
    if not _is_mariadb(connection):
        return
    query = sa.text(
        "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, CHARACTER_SET_NAME FROM information_schema.COLUMNS "
        "WHERE TABLE_SCHEMA = DATABASE()"
    )
    kinds = {(table, column): (kind, charset) for table, column, kind, charset in connection.execute(query)}
    for column in COLUMNS:
        if kinds.get((column.table.name, column.name)) not in {("longtext", "utf8mb4"), None}:
            kind = PLAIN if _odd_rows(connection, column) else "JSON"
            connection.execute(sa.text(f"ALTER TABLE {column.table.name} MODIFY COLUMN {column.name} {kind} NULL"))


def refused(connection: sa.Connection, columns: list[sa.Column[Any]]) -> Iterator[str]:
    """Those of the columns with texts that the JSON of this server would refuse, in sentences: MariaDB's takes any."""
    if not _is_mariadb(connection):
        yield from not_json(connection, columns)


def not_json(connection: sa.Connection, columns: list[sa.Column[Any]]) -> Iterator[str]:
    """Those of the columns with texts that are no JSON."""
    for column in COLUMNS:
        if column in columns and (count := _odd_rows(connection, column)):
            yield (
                f"{count} rows of {column} hold a text that is no JSON, which a JSON column of this server refuses: "
                "change them by hand (JSON_QUOTE keeps a text as it is)"
            )


def _is_mariadb(connection: sa.Connection) -> bool:
    return isinstance(connection.dialect, MySQLDialect) and connection.dialect.is_mariadb


def _odd_rows(connection: sa.Connection, column: sa.Column[Any]) -> int:
    query = f"SELECT COUNT(*) FROM {column.table.name} WHERE NOT JSON_VALID({column.name})"  # noqa: S608
    return connection.scalar(sa.text(query)) or 0
