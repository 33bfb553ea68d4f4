"""What a database says about itself, by information_schema or PRAGMA, as values that can be compared."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import sqlalchemy as sa


class Column(NamedTuple):
    """One column; `collation` is None on SQLite and for anything but text."""

    type: str
    is_nullable: bool
    default: str | None = None
    extra: str = ""
    collation: str | None = None


class Key(NamedTuple):
    """A unique constraint or an index."""

    name: str
    columns: tuple[str, ...]
    is_unique: bool


class Reference(NamedTuple):
    """A foreign key."""

    name: str
    columns: tuple[str, ...]
    target: str
    target_columns: tuple[str, ...]
    on_delete: str


@dataclass(frozen=True)
class Table:
    """One table."""

    columns: dict[str, Column] = field(default_factory=dict)
    primary_key: tuple[str, ...] = ()
    keys: frozenset[Key] = frozenset()
    references: frozenset[Reference] = frozenset()
    collation: str | None = None


def read(connection: sa.Connection) -> dict[str, Table]:
    """Every table but alembic_version, by name."""
    if connection.dialect.name != "sqlite":
        return _from_information_schema(connection)
    names = sa.inspect(connection).get_table_names()
    return {name: _from_pragma(connection, name) for name in names if name != "alembic_version"}


def _from_pragma(connection: sa.Connection, table: str) -> Table:
    def pragma(what: str, of: str) -> list[sa.RowMapping]:
        return list(connection.exec_driver_sql(f'PRAGMA {what}("{of}")').mappings())

    info = pragma("table_info", table)
    indexes = {row["name"]: row for row in pragma("index_list", table) if row["origin"] != "pk"}
    columns_of = {name: tuple(row["name"] for row in pragma("index_info", name)) for name in indexes}
    # PRAGMA knows no constraint names; the inspector reads them from the CREATE TABLE statement.
    look = sa.inspect(connection)
    unique_names = {tuple(item["column_names"]): item["name"] for item in look.get_unique_constraints(table)}
    reference_names = {tuple(item["constrained_columns"]): item["name"] for item in look.get_foreign_keys(table)}
    parts = defaultdict(list)
    for row in pragma("foreign_key_list", table):
        parts[row["id"]].append(row)
    return Table(
        columns={row["name"]: Column(row["type"], not row["notnull"], _plain(row["dflt_value"])) for row in info},
        primary_key=tuple(row["name"] for row in sorted(info, key=lambda row: row["pk"]) if row["pk"]),
        keys=frozenset(
            Key(
                name if row["origin"] == "c" else unique_names[columns_of[name]] or "",
                columns_of[name],
                bool(row["unique"]),
            )
            for name, row in indexes.items()
        ),
        references=frozenset(
            Reference(
                reference_names[tuple(row["from"] for row in rows)] or "",
                tuple(row["from"] for row in rows),
                rows[0]["table"],
                tuple(row["to"] for row in rows),
                rows[0]["on_delete"],
            )
            for rows in parts.values()
        ),
    )


def _from_information_schema(connection: sa.Connection) -> dict[str, Table]:
    def rows(view: str, order: str, also: str = "TRUE") -> dict[str, list[sa.RowMapping]]:
        query = (
            f"SELECT * FROM information_schema.{view} "  # noqa: S608
            f"WHERE TABLE_SCHEMA = DATABASE() AND {also} ORDER BY TABLE_NAME, {order}"
        )
        return _grouped(connection.execute(sa.text(query)).mappings(), "TABLE_NAME")

    tables = rows("TABLES", "TABLE_NAME", "TABLE_NAME <> 'alembic_version'")
    columns = rows("COLUMNS", "ORDINAL_POSITION")
    statistics = rows("STATISTICS", "INDEX_NAME, SEQ_IN_INDEX")
    usage = rows("KEY_COLUMN_USAGE", "CONSTRAINT_NAME, ORDINAL_POSITION", "REFERENCED_TABLE_NAME IS NOT NULL")
    rules = {
        (table, name): rule
        for table, name, rule in connection.execute(
            sa.text(
                "SELECT TABLE_NAME, CONSTRAINT_NAME, DELETE_RULE FROM information_schema.REFERENTIAL_CONSTRAINTS "
                "WHERE CONSTRAINT_SCHEMA = DATABASE()"
            )
        )
    }
    found = {}
    for table, [about] in tables.items():
        indexes = _grouped(statistics.get(table, []), "INDEX_NAME")
        found[table] = Table(
            columns={
                row["COLUMN_NAME"]: Column(
                    row["COLUMN_TYPE"],
                    row["IS_NULLABLE"] == "YES",
                    _plain(row["COLUMN_DEFAULT"]),
                    row["EXTRA"],
                    row["COLLATION_NAME"],
                )
                for row in columns[table]
            },
            primary_key=tuple(row["COLUMN_NAME"] for row in indexes.get("PRIMARY", [])),
            keys=frozenset(
                Key(name, tuple(row["COLUMN_NAME"] for row in parts), not parts[0]["NON_UNIQUE"])
                for name, parts in indexes.items()
                if name != "PRIMARY"
            ),
            references=frozenset(
                Reference(
                    name,
                    tuple(row["COLUMN_NAME"] for row in parts),
                    parts[0]["REFERENCED_TABLE_NAME"],
                    tuple(row["REFERENCED_COLUMN_NAME"] for row in parts),
                    rules[table, name],
                )
                for name, parts in _grouped(usage.get(table, []), "CONSTRAINT_NAME").items()
            ),
            collation=about["TABLE_COLLATION"],
        )
    return found


def _grouped(rows: Iterable[sa.RowMapping], key: str) -> dict[str, list[sa.RowMapping]]:
    groups: dict[str, list[sa.RowMapping]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups


def _plain(default: str | None) -> str | None:
    """A server default without the quotes that one way of writing it has; MariaDB says NULL for none."""
    return None if default in {None, "NULL"} else str(default).strip("'")
