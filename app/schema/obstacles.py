"""What keeps a recognised database from being adopted: found before the first change, told with what to do."""

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeEngine

from app.models import Base
from app.schema import json_columns, shapes
from app.schema.backup import uncarried
from app.schema.shapes import Shape
from app.schema.status import SEED_HEAD

# A TEXT column holds so many; in utf8mb4 a letter takes up to four (006_utf8mb4).
TEXT_BYTES = 65_535
ROWS_NAMED = 5
# The two older row formats of InnoDB index so many bytes of a column, the newer ones 3,072.
SHORT_INDEX_FORMATS = {"compact", "redundant"}
SHORT_INDEX_BYTES = 767
BYTES_OF_A_LETTER = 4

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
            else [
                *_uncarried(connection),
                *_engines(connection, columns),
                *_types(connection, columns),
                *json_columns.refused(connection, columns),
            ]
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


def _uncarried(connection: sa.Connection) -> list[str]:
    return uncarried.found(lambda query: [(str(row[0]), str(row[1])) for row in connection.execute(sa.text(query))])


def _engines(connection: sa.Connection, columns: list[sa.Column[Any]]) -> Iterator[str]:
    query = sa.text(
        "SELECT TABLE_NAME, ENGINE, ROW_FORMAT FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
    )
    by_name = {column.table.name: column.table for column in columns}
    for table, engine, row_format in connection.execute(query):
        if table not in by_name:
            continue
        if engine.lower() != "innodb":
            yield (
                f"table {table} is stored in {engine}, which keeps no foreign keys and cannot undo: "
                f"run ALTER TABLE {table} ENGINE=InnoDB"
            )
        elif row_format.lower() in SHORT_INDEX_FORMATS and _has_a_long_index(by_name[table]):
            yield (
                f"table {table} has the row format {row_format}, whose indexes hold no utf8mb4 text of this length: "
                f"run ALTER TABLE {table} ROW_FORMAT=DYNAMIC"
            )


def _has_a_long_index(table: sa.Table) -> bool:
    """Whether an indexed text of the models can take more bytes than the older row formats index."""
    indexed: list[sa.Constraint | sa.Index] = [*table.constraints, *table.indexes]
    return any(
        (getattr(column.type, "length", None) or 0) * BYTES_OF_A_LETTER > SHORT_INDEX_BYTES
        for entry in indexed
        if isinstance(entry, sa.UniqueConstraint | sa.PrimaryKeyConstraint | sa.Index)
        for column in entry.columns
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
        elif isinstance(_plain(column.type), sa.Text):
            is_too_long = sa.func.octet_length(_in_utf8mb4(column)) > TEXT_BYTES
            if too_long := _count(connection, column.table, is_too_long):
                which = _which(connection, column.table, is_too_long)
                yield f"{too_long} rows of {column} ({which}) take more than {TEXT_BYTES:,} bytes: shorten them by hand"


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
    """Values that stand in several rows of a column that has to be unique.

    A server that lets no value in twice may still tell apart what Dopply does not: a collation of its own may count the
    spaces at the end, utf8mb4_bin never does.
    """
    look = sa.inspect(connection)
    for table in dict.fromkeys(column.table for column in columns):
        there = {tuple(index["column_names"]) for index in look.get_indexes(table.name) if index["unique"]}
        there |= {tuple(item["column_names"]) for item in look.get_unique_constraints(table.name)}
        there.add(tuple(look.get_pk_constraint(table.name)["constrained_columns"]))
        for column in _unique(table, columns):
            is_compared_anew = connection.dialect.name != "sqlite" and isinstance(_plain(column.type), sa.String)
            if (column.name,) in there and not is_compared_anew:
                continue
            value = _exact(column) if is_compared_anew else column.expression
            repeated = sa.select(value).where(column.is_not(None)).group_by(value).having(sa.func.count() > 1)
            if count := connection.scalar(sa.select(sa.func.count()).select_from(repeated.subquery())):
                which = _which(connection, table, value.in_(repeated))
                but = ", but for spaces at the end," if is_compared_anew else ""
                yield (
                    f"{count} values of {column} stand in several rows{but} ({which}), and it has to be unique: "
                    "settle them by hand"
                )


def _unique(table: sa.Table, columns: list[sa.Column[Any]]) -> Iterator[sa.Column[Any]]:
    """Those of `columns` that are the primary key of the table by themselves, or unique."""
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint | sa.PrimaryKeyConstraint) and len(constraint.columns) == 1:
            yield from (column for column in columns if column is constraint.columns[0])


def _orphans(connection: sa.Connection, columns: list[sa.Column[Any]]) -> Iterator[str]:
    for column in columns:
        for key in column.foreign_keys:
            target = key.column
            count = (_orphans_by_text if isinstance(column.type, sa.String) else _orphans_by_server)(
                connection, column, target
            )
            if count:
                yield (
                    f"{count} rows of {column} refer to a row that {target.table.name} does not have: "
                    "put back the missing rows, or settle these by hand"
                )


def _orphans_by_server(connection: sa.Connection, column: sa.Column[Any], target: sa.Column[Any]) -> int:
    parent = target.table.alias("parent")
    exists = sa.exists().where(parent.c[target.name] == column)
    return _count(connection, column.table, sa.and_(column.is_not(None), ~exists))


def _orphans_by_text(connection: sa.Connection, column: sa.Column[Any], target: sa.Column[Any]) -> int:
    """By the collation of both columns where it is one: 006_utf8mb4 spells what is equal to that in the same way.

    Otherwise compared character by character, as Dopply does.
    """
    if connection.dialect.name != "sqlite" and len(_collations(connection, column, target)) == 1:
        return _orphans_by_server(connection, column, target)
    there = {str(value).rstrip(" ") for value in connection.scalars(sa.select(target))}
    exact = column.expression if connection.dialect.name == "sqlite" else _exact(column)
    query = sa.select(exact, sa.func.count()).select_from(column.table).where(column.is_not(None)).group_by(exact)
    return sum(count for value, count in connection.execute(query) if str(value).rstrip(" ") not in there)


def _collations(connection: sa.Connection, *columns: sa.Column[Any]) -> set[str]:
    query = sa.text(
        "SELECT COLLATION_NAME FROM information_schema.COLUMNS "
        "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = :table AND COLUMN_NAME = :column"
    )
    return {connection.scalar(query, {"table": column.table.name, "column": column.name}) or "" for column in columns}


def _in_utf8mb4(column: sa.Column[Any]) -> sa.ColumnElement[str]:
    """The text as 006_utf8mb4 will store it."""
    return sa.literal_column(f"CONVERT({column} USING utf8mb4)", sa.String())


def _exact(column: sa.Column[Any]) -> sa.ColumnElement[str]:
    """The same, compared character by character, without the spaces at the end."""
    return sa.literal_column(f"CONVERT({column} USING utf8mb4) COLLATE utf8mb4_bin", sa.String())


def _which(connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]) -> str:
    """The keys of these rows in words, of many the first: "id 4, 7, …"."""
    keys = list(table.primary_key.columns)
    query = sa.select(*keys).select_from(table).where(condition).order_by(*keys).limit(ROWS_NAMED + 1)
    found = [", ".join(map(repr, row)) for row in connection.execute(query)]
    if len(keys) > 1:
        found = [f"({key})" for key in found]
    named = ", ".join([*found[:ROWS_NAMED], *(["…"] if len(found) > ROWS_NAMED else [])])
    return f"{', '.join(key.name for key in keys)} {named}"


def _count(connection: sa.Connection, table: sa.FromClause, condition: sa.ColumnElement[bool]) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(table).where(condition)) or 0


def _plain(type_: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type under one of ours."""
    return type_.impl_instance if isinstance(type_, sa.types.TypeDecorator) else type_
