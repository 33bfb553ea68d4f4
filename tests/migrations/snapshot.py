"""A whole database as it is at one moment, every table and every row, and where another moment differs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

Row = dict[str, Any]
Place = tuple[str, str]  # table, column

VERSION_TABLE = "alembic_version"
# A column stands in its place; these may be in any order, which no database cares for.
IN_ANY_ORDER = re.compile(r"(CONSTRAINT|PRIMARY KEY|UNIQUE|FOREIGN KEY|CHECK|KEY|CREATE)\b")


@dataclass(frozen=True)
class Snapshot:
    """The parts of the statements that make each table, and its rows by primary key, as the driver gives them."""

    schema: dict[str, list[str]]
    rows: dict[str, dict[tuple[Any, ...], Row]]
    collation: str | None = None

    def without_empty_version(self) -> "Snapshot":
        """Without Alembic's table if that is empty, which is as good as none: a first upgrade that was cut early."""
        if self.rows.get(VERSION_TABLE):
            return self
        schema = {table: parts for table, parts in self.schema.items() if table != VERSION_TABLE}
        return Snapshot(schema, {table: self.rows[table] for table in schema}, self.collation)


def take(connection: sa.Connection) -> Snapshot:
    """Everything that is in the database."""
    if connection.dialect.name != "sqlite":
        made = made_by(connection)
        schema = {table: in_order(re.sub(r" AUTO_INCREMENT=\d+", "", sql)) for table, sql in made.items()}
        collation = connection.scalar(sa.text("SELECT @@collation_database"))
        return Snapshot(schema, {table: _rows(connection, table) for table in schema}, collation)
    statements = connection.exec_driver_sql(
        "SELECT type, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type = 'table' DESC, sql"
    ).all()
    schema = {table: in_order(sql) for kind, table, sql in statements if kind == "table"}
    for kind, table, sql in statements:
        if kind != "table":
            schema[table].append(sql)
    return Snapshot(schema, {table: _rows(connection, table) for table in schema})


def made_by(connection: sa.Connection) -> dict[str, str]:
    """The statement that makes each table (MariaDB)."""
    tables = connection.scalars(
        sa.text("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()")
    ).all()
    return {table: connection.exec_driver_sql(f"SHOW CREATE TABLE `{table}`").one()[1] for table in tables}


def in_order(create_table: str) -> list[str]:
    """The columns in their order, then whatever else the statement says about the table, sorted."""
    items, depth = [""], 0
    for character in " ".join(create_table.split()):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 1 and character in "(,":
            items.append("")
        elif depth == 0 and character == ")":
            items.append("CREATE ")
        else:
            items[-1] += character
    items = [item.strip() for item in items]
    return sorted(items, key=lambda item: item if IN_ANY_ORDER.match(item) else "")


def _rows(connection: sa.Connection, table: str) -> dict[tuple[Any, ...], Row]:
    if connection.dialect.name == "sqlite":
        query = f"SELECT name FROM pragma_table_info('{table}') WHERE pk ORDER BY pk"  # noqa: S608
    else:
        query = (
            "SELECT COLUMN_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() "  # noqa: S608
            f"AND TABLE_NAME = '{table}' AND INDEX_NAME = 'PRIMARY' ORDER BY SEQ_IN_INDEX"
        )
    key = connection.exec_driver_sql(query).scalars().all()
    found = connection.exec_driver_sql(f"SELECT * FROM {table}").mappings()  # noqa: S608
    return {tuple(row[column] for column in key): dict(row) for row in found}


def changed_values(one: Snapshot, other: Snapshot) -> Iterator[tuple[Place, Any, Any]]:
    """Each value that is another one in the other's row of the same key."""
    for table, rows in one.rows.items():
        for key, row in rows.items():
            found = other.rows.get(table, {}).get(key, {})
            for column, value in row.items():
                if column in found and found[column] != value:
                    yield (table, column), value, found[column]


def problems(expected: Snapshot, found: Snapshot, unstable: frozenset[Place] = frozenset()) -> list[str]:
    """Where `found` is not as expected; an unstable column must be as full and as distinct, whatever its values."""
    wrong = []
    if found.collation != expected.collation:
        wrong.append(f"the database's collation is {found.collation}, not {expected.collation}")
    for table in sorted(expected.schema.keys() | found.schema.keys()):
        wanted, present = expected.schema.get(table, []), found.schema.get(table, [])
        if wanted != present:
            lacking, surplus = (
                [part for part in a if part not in b] for a, b in ((wanted, present), (present, wanted))
            )
            wrong.append(f"{table} lacks {lacking} and has {surplus} (if neither, its columns are in another order)")
        elif (keys := expected.rows[table].keys()) != found.rows[table].keys():
            wrong.append(f"{table} has the rows {list(found.rows[table])}, not {list(keys)}")
    for (table, column), value, is_now in changed_values(expected, found):
        if (table, column) not in unstable:
            wrong.append(f"{table}.{column} is {is_now!r}, not {value!r}")
    for table, column in unstable:
        wanted_shape, shape = (_shape(it, table, column) for it in (expected, found))
        if wanted_shape != shape:
            wrong.append(f"{table}.{column} has (values, distinct ones) {shape}, not {wanted_shape}")
    return wrong


def _shape(snapshot: Snapshot, table: str, column: str) -> tuple[int, int]:
    values = [row.get(column) for row in snapshot.rows.get(table, {}).values()]
    present = [value for value in values if value is not None]
    return len(present), len(set(present))
