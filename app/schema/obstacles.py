"""What keeps a recognised database from being adopted: found before the first change, told with what to do."""

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from app.models import Base
from app.schema import shapes
from app.schema.shapes import Shape
from app.schema.status import SEED_HEAD

WORD_OR_TEXT = {"char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum"}
# The kinds of column (information_schema's DATA_TYPE) that hold what a type of the models means.
DATA_TYPES: tuple[tuple[type[TypeEngine[Any]], set[str]], ...] = (
    (sa.JSON, {"json", "longtext", "mediumtext", "text"}),
    (sa.Boolean, {"tinyint"}),
    (sa.Integer, {"int"}),
    (sa.Float, {"float", "double"}),
    (sa.DateTime, {"datetime"}),
    (sa.Date, {"date"}),
    (sa.String, WORD_OR_TEXT),
)


def found(connection: sa.Connection, shape: Shape) -> list[str]:
    """Each obstacle in a sentence with its place; `shape` is the database's own."""
    seed = shapes.along_the_chain()[SEED_HEAD]
    columns = [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if (table.name, column.name) in seed & shape
    ]
    return [
        *(
            []
            if connection.dialect.name == "sqlite"
            else [*_engines(connection, columns), *_types(connection, columns)]
        ),
        *_keys(connection, columns),
        *_strangers(connection, shape),
        *_values(connection, columns),
        *_duplicates(connection, columns),
        *_orphans(connection, columns),
    ]


def orphans(connection: sa.Connection) -> list[str]:
    """Rows that refer to nothing, in every table of the models."""
    tables = set(sa.inspect(connection).get_table_names())
    every = [column for table in Base.metadata.sorted_tables if table.name in tables for column in table.columns]
    return list(_orphans(connection, every))


def _engines(connection: sa.Connection, columns: list[sa.Column[Any]]) -> Iterator[str]:
    query = sa.text("SELECT TABLE_NAME, ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()")
    names = {column.table.name for column in columns}
    for table, engine in connection.execute(query):
        if table in names and engine.lower() != "innodb":
            yield (
                f"table {table} is stored in {engine}, which keeps no foreign keys and cannot undo: "
                f"run ALTER TABLE {table} ENGINE=InnoDB"
            )


def _types(connection: sa.Connection, columns: list[sa.Column[Any]]) -> Iterator[str]:
    query = sa.text(
        "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE, COLUMN_TYPE FROM information_schema.COLUMNS "
        "WHERE TABLE_SCHEMA = DATABASE()"
    )
    there = {(table, column): (kind, whole) for table, column, kind, whole in connection.execute(query)}
    for column in columns:
        kind, whole = there[column.table.name, column.name]
        wanted = next(kinds for type_, kinds in DATA_TYPES if isinstance(_plain(column.type), type_))
        if kind.lower() not in wanted or "unsigned" in whole.lower():
            expected = column.type.compile(dialect=connection.dialect)
            yield f"column {column} is {whole}, and has to be {expected}: change it by hand"
        elif re.fullmatch(r"varchar|char|.*text", kind.lower()) and (length := getattr(column.type, "length", None)):
            too_long = _count(connection, column.table, sa.func.char_length(column) > length)
            if too_long:
                yield f"{too_long} rows of {column} have more than {length} characters: shorten them by hand"


def _keys(connection: sa.Connection, columns: list[sa.Column[Any]]) -> Iterator[str]:
    look = sa.inspect(connection)
    for table in dict.fromkeys(column.table for column in columns):
        wanted = [column.name for column in table.primary_key]
        if look.get_pk_constraint(table.name)["constrained_columns"] != wanted:
            yield f"table {table.name} has not the primary key ({', '.join(wanted)}): put it back by hand"
        elif connection.dialect.name != "sqlite" and isinstance(table.primary_key.columns[0].type, sa.Integer):
            [first] = [entry for entry in look.get_columns(table.name) if entry["name"] == wanted[0]]
            if len(wanted) == 1 and not first.get("autoincrement"):
                yield f"column {table.name}.{wanted[0]} does not count by itself: give it AUTO_INCREMENT"


def _strangers(connection: sa.Connection, shape: Shape) -> Iterator[str]:
    """Columns that no revision knows and that refuse the rows that Dopply writes."""
    known = frozenset().union(*shapes.along_the_chain().values())
    look = sa.inspect(connection)
    for table in sorted(shapes.tables(shape) & Base.metadata.tables.keys()):
        for entry in look.get_columns(table):
            if (table, entry["name"]) not in known and not entry["nullable"] and entry["default"] is None:
                yield (
                    f"column {table}.{entry['name']} is not Dopply's and must be filled in each row: give it a "
                    "default, or let it be NULL"
                )


def _values(connection: sa.Connection, columns: list[sa.Column[Any]]) -> Iterator[str]:
    nullable = {
        (table, entry["name"])
        for (_, table), entries in sa.inspect(connection).get_multi_columns().items()
        for entry in entries
        if entry["nullable"]
    }
    for column in columns:
        is_open = not column.nullable and (column.table.name, column.name) in nullable
        if is_open and (missing := _count(connection, column.table, column.is_(None))):
            yield f"{missing} rows of {column} are NULL, which it must not be: fill them by hand"
        if isinstance(column.type, sa.Enum):
            # As plain text, so that no value is refused while it is read.
            value = sa.type_coerce(column, sa.String)
            query = sa.select(value, sa.func.count()).where(value.is_not(None), value.not_in(column.type.enums))
            for odd, count in connection.execute(query.group_by(value)):
                yield (
                    f"{count} rows of {column} say {odd!r}, which is none of {', '.join(column.type.enums)}: "
                    "change them by hand"
                )


def _duplicates(connection: sa.Connection, columns: list[sa.Column[Any]]) -> Iterator[str]:
    look = sa.inspect(connection)
    by_place = {(column.table.name, column.name): column for column in columns}
    for table in dict.fromkeys(column.table for column in columns):
        there = {tuple(index["column_names"]) for index in look.get_indexes(table.name) if index["unique"]}
        there |= {tuple(item["column_names"]) for item in look.get_unique_constraints(table.name)}
        for constraint in table.constraints:
            names = tuple(column.name for column in getattr(constraint, "columns", ()))
            if not isinstance(constraint, sa.UniqueConstraint) or names in there or len(names) != 1:
                continue
            if (column := by_place.get((table.name, names[0]))) is None:
                continue
            repeated = sa.select(column).group_by(column).having(sa.func.count() > 1).subquery()
            if count := connection.scalar(sa.select(sa.func.count()).select_from(repeated)):
                yield f"{count} values of {column} stand in several rows, and it has to be unique: settle them by hand"


def _orphans(connection: sa.Connection, columns: list[sa.Column[Any]]) -> Iterator[str]:
    for column in columns:
        for key in column.foreign_keys:
            target = key.column
            count = (_orphans_by_text if isinstance(column.type, sa.String) else _orphans_by_number)(
                connection, column, target
            )
            if count:
                yield (
                    f"{count} rows of {column} refer to a row that {target.table.name} does not have: "
                    "put back the missing rows, or settle these by hand"
                )


def _orphans_by_number(connection: sa.Connection, column: sa.Column[Any], target: sa.Column[Any]) -> int:
    parent = target.table.alias("parent")
    exists = sa.exists().where(parent.c[target.name] == column)
    return _count(connection, column.table, sa.and_(column.is_not(None), ~exists))


def _orphans_by_text(connection: sa.Connection, column: sa.Column[Any], target: sa.Column[Any]) -> int:
    """Compared character by character, as Dopply does, whatever the collation of the columns says."""
    there = {str(value).rstrip(" ") for value in connection.scalars(sa.select(target))}
    exact = column.expression
    if connection.dialect.name != "sqlite":
        exact = sa.literal_column(f"CONVERT({column} USING utf8mb4) COLLATE utf8mb4_bin")
    query = sa.select(exact, sa.func.count()).select_from(column.table).where(column.is_not(None)).group_by(exact)
    return sum(count for value, count in connection.execute(query) if str(value).rstrip(" ") not in there)


def _count(connection: sa.Connection, table: sa.FromClause, condition: sa.ColumnElement[bool]) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(table).where(condition)) or 0


def _plain(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type under one of ours."""
    return type_.impl_instance if isinstance(type_, sa.types.TypeDecorator) else type_
