"""The column types of our own revisions, for MariaDB, MySQL and SQLite.

Revisions that have been released are built from these, so nothing here ever changes; new types are added.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.types import TypeEngine

MYSQL = ("mysql", "mariadb")
OWN_TABLE = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_unicode_ci"}


def instant() -> TypeEngine[Any]:
    """UTC with microseconds; a plain DATETIME has whole seconds on MariaDB."""
    return sa.DateTime().with_variant(mysql.DATETIME(fsp=6), *MYSQL)


def ascii_text(length: int) -> TypeEngine[Any]:
    """Machine-made ASCII, compared byte by byte."""
    return sa.String(length).with_variant(mysql.VARCHAR(length, charset="ascii", collation="ascii_bin"), *MYSQL)


def digest() -> TypeEngine[Any]:
    """A SHA-256 in 64 hexadecimal digits."""
    return sa.CHAR(64).with_variant(mysql.CHAR(64, charset="ascii", collation="ascii_bin"), *MYSQL)


def exact_text(length: int) -> TypeEngine[Any]:
    """Text compared character by character."""
    return sa.String(length).with_variant(mysql.VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin"), *MYSQL)


def session_id() -> TypeEngine[Any]:
    """The key of fetal_monitoring_sessions as 006_utf8mb4 left it."""
    return exact_text(50)


def vocabulary() -> TypeEngine[Any]:
    """One word of a vocabulary that may grow."""
    return sa.String(20)


def medium_blob() -> TypeEngine[Any]:
    """Up to 16 MiB; a plain BLOB ends at 64 KiB on MariaDB."""
    return sa.LargeBinary().with_variant(mysql.MEDIUMBLOB(), *MYSQL)


def number() -> sa.Column[Any]:
    """The column `id` of a table of ours, counted by the server."""
    return sa.Column("id", sa.Integer(), autoincrement=True, nullable=False)


def refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """A named foreign key; `target` is "table.column". Rows that something refers to stay."""
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}", ondelete="RESTRICT")
