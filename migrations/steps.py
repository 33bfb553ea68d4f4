"""Schema statements that first ask the database, so that a run which was cut can simply be repeated."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine.interfaces import ReflectedForeignKeyConstraint
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine


@dataclass(frozen=True, slots=True)
class Unique:
    """A unique constraint that is added to a table which exists."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key to `target`.id, ON DELETE RESTRICT, that is added to a table which exists."""

    name: str
    column: str
    target: str


def on_sqlite() -> bool:
    """True on SQLite, False on MariaDB and MySQL."""
    return op.get_bind().dialect.name == "sqlite"


def inspector() -> sa.Inspector:
    """A fresh look: an inspector remembers, and the statement before this one may have changed things."""
    return sa.inspect(op.get_bind())


def has_table(table: str) -> bool:
    """True if the table is there."""
    return inspector().has_table(table)


def column_names(table: str) -> set[str]:
    """The names of the table's columns."""
    return {column["name"] for column in inspector().get_columns(table)}


def create_table(table: str, *items: SchemaItem, **options: Any) -> None:
    """The table, created unless it is there."""
    if not has_table(table):
        op.create_table(table, *items, **options)


def drop_table(table: str) -> None:
    """The table, dropped if it is there."""
    if has_table(table):
        op.drop_table(table)


def add_columns(table: str, *columns: sa.Column[Any]) -> None:
    """Those of the columns that are not there yet, added."""
    present = column_names(table)
    for column in columns:
        if column.name not in present:
            op.add_column(table, column)


def make_required(table: str, column: str, type_: TypeEngine[Any], *, default: str | None = None) -> None:
    """The column, NOT NULL from now on, and with a server default if one is given."""
    if _is_nullable(table, column):
        with op.batch_alter_table(table) as batch:
            batch.alter_column(
                column,
                existing_type=type_,
                nullable=False,
                server_default=False if default is None else default,
            )


def make_optional(table: str, column: str, type_: TypeEngine[Any]) -> None:
    """The column, which may be NULL from now on."""
    if not _is_nullable(table, column):
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, existing_type=type_, nullable=True)


def _is_nullable(table: str, column: str) -> bool:
    found = next(entry for entry in inspector().get_columns(table) if entry["name"] == column)
    return found["nullable"]


def drop_columns(table: str, *names: str) -> None:
    """Those of the columns that are there, dropped; on SQLite the table is rebuilt once."""
    present = column_names(table)
    doomed = [name for name in names if name in present]
    if doomed:
        with op.batch_alter_table(table) as batch:
            for name in doomed:
                batch.drop_column(name)


def index_names(table: str) -> set[str | None]:
    """The names of the table's indexes, without the primary key."""
    return {index["name"] for index in inspector().get_indexes(table)}


def create_index(name: str, table: str, columns: Sequence[str], *, unique: bool = False) -> None:
    """The index, created unless one of that name is there."""
    if name not in index_names(table):
        op.create_index(name, table, list(columns), unique=unique)


def drop_index(name: str, table: str) -> None:
    """The index, dropped if it is there."""
    if name in index_names(table):
        op.drop_index(name, table)


def foreign_keys_of(table: str, columns: Sequence[str]) -> list[ReflectedForeignKeyConstraint]:
    """The foreign keys on exactly these columns, whatever the server has named them."""
    keys = inspector().get_foreign_keys(table)
    return [key for key in keys if key["constrained_columns"] == list(columns)]


def drop_foreign_keys(table: str, columns: Sequence[str]) -> None:
    """The foreign keys on exactly these columns, dropped (MariaDB, where each has a name)."""
    for key in foreign_keys_of(table, columns):
        op.drop_constraint(str(key["name"]), table, type_="foreignkey")


def create_foreign_key(
    name: str | None, table: str, columns: Sequence[str], target: str, *, ondelete: str = "RESTRICT"
) -> None:
    """The foreign key to `target`.id, created unless these columns have one (MariaDB)."""
    if not foreign_keys_of(table, columns):
        op.create_foreign_key(name, table, target, list(columns), ["id"], ondelete=ondelete)


def constraint_names(table: str) -> set[str | None]:
    """The names of the table's unique constraints and foreign keys."""
    look = inspector()
    return {item["name"] for item in (*look.get_unique_constraints(table), *look.get_foreign_keys(table))}


def add_constraints(table: str, *constraints: Unique | Reference) -> None:
    """Those of the constraints that are not there yet, added; on SQLite the table is rebuilt once."""
    present = constraint_names(table)
    missing = [constraint for constraint in constraints if constraint.name not in present]
    if not missing:
        return
    with op.batch_alter_table(table) as batch:
        for constraint in missing:
            if isinstance(constraint, Unique):
                batch.create_unique_constraint(constraint.name, list(constraint.columns))
            else:
                batch.create_foreign_key(
                    constraint.name, constraint.target, [constraint.column], ["id"], ondelete="RESTRICT"
                )


def drop_constraints(table: str, *constraints: Unique | Reference) -> None:
    """Those of the constraints that are there, dropped; on SQLite the table is rebuilt once."""
    present = constraint_names(table)
    doomed = [constraint for constraint in constraints if constraint.name in present]
    if not doomed:
        return
    with op.batch_alter_table(table) as batch:
        for constraint in doomed:
            batch.drop_constraint(constraint.name, type_="unique" if isinstance(constraint, Unique) else "foreignkey")


def drop_superseded_index(column: str, table: str) -> None:
    """The single index of a foreign key, dropped once a composite one begins with its column (MariaDB).

    The server drops it by itself where it had made it, but not after a downgrade, which makes it by name.
    """
    if not on_sqlite():
        drop_index(column, table)


def restore_superseded_index(column: str, table: str) -> None:
    """The inverse: MySQL refuses to drop the composite index while the foreign key has no other (MariaDB)."""
    if not on_sqlite():
        create_index(column, table, [column])
