"""Rows for whatever tables and columns there are, so that a revision added tomorrow runs over rows too."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tests.migrations import rows

ROWS_PER_TABLE = 2


def fill_empty_tables(connection: sa.Connection) -> None:
    """Rows of the original where a table of its is empty, and made-up ones in any other empty table."""
    empty = {name for name in sa.inspect(connection).get_table_names() if is_empty(connection, name)}
    for table in reflected(connection, empty).sorted_tables:
        if table.name not in empty:
            continue
        if table.name in rows.ROWS:
            found = rows.sessions_that_fit(connection, table.name, rows.ROWS[table.name])
            rows.insert_into(connection, table.name, [storable(connection, row) for row in found])
        else:
            for number in range(1, ROWS_PER_TABLE + 1):
                connection.execute(table.insert().values(made_up(connection, table, number)))


def is_empty(connection: sa.Connection, table: str) -> bool:
    """True for a table without rows that may be filled, which Alembic's own may not."""
    return table != "alembic_version" and connection.exec_driver_sql(f"SELECT 1 FROM {table} LIMIT 1").first() is None  # noqa: S608


def fill_missing_values(connection: sa.Connection) -> None:
    """A value in each column that the first row of a table leaves NULL, as if somebody had worked with it."""
    names = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
    for table in reflected(connection, names).sorted_tables:
        first = connection.execute(sa.select(table).order_by(*table.primary_key).limit(1)).mappings().one()
        values = made_up(connection, table, 1)
        missing = {name: values[name] for name, value in first.items() if value is None}
        if missing:
            is_first = [column == first[column.name] for column in table.primary_key]
            connection.execute(table.update().where(*is_first).values(missing))


def reflected(connection: sa.Connection, names: Collection[str]) -> sa.MetaData:
    """These tables as they are, and those that they refer to."""
    metadata = sa.MetaData()
    metadata.reflect(connection, only=lambda name, _: name in names)
    return metadata


def made_up(connection: sa.Connection, table: sa.Table, number: int) -> dict[str, Any]:
    """A value for each column, another one for each number; a reference points at the so-manieth row it can."""
    values: dict[str, Any] = {}
    for column in table.columns:
        reference = next(iter(column.foreign_keys), None)
        if reference is None:
            values[column.name] = made_up_value(column, number)
        else:
            target = reference.column
            targets = connection.scalars(sa.select(target).order_by(target)).all()
            values[column.name] = targets[number % len(targets)] if targets else None
    return values


def made_up_value(column: sa.Column[Any], number: int) -> Any:
    """Any value of the column's type."""
    if isinstance(column.type, sa.Enum):
        return column.type.enums[number % len(column.type.enums)]
    for type_, value in (
        (sa.DateTime, datetime(2026, 1, number, 8)),  # noqa: DTZ001
        (sa.Date, date(2026, 1, number)),
        (sa.LargeBinary, bytes([number])),
        (sa.JSON, [number]),
        (sa.String, str(number)),  # which is JSON too, that MariaDB keeps as text
        (sa.Boolean, True),
    ):
        if isinstance(column.type, type_):
            return value
    return number


def storable(connection: sa.Connection, row: rows.Row) -> rows.Row:
    """The row with question marks for what a latin1 database cannot hold."""
    if connection.dialect.name == "sqlite" or connection.scalar(sa.text("SELECT @@character_set_database")) != "latin1":
        return row
    return {
        name: value.encode("latin1", "replace").decode("latin1") if isinstance(value, str) else value
        for name, value in row.items()
    }
