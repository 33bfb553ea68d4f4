"""Where a database at the head and the models differ, in sentences that name the place."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from app.models import Base
from app.schema import chain

NOT_IN_MODELS = " is not in the models"
STORAGE = "InnoDB"
# Beside utf8mb4 the schema knows one more: machine-made keys in ASCII.
CHARSETS = ("utf8mb4", "ascii")


def found(url: str) -> tuple[str, ...]:
    """Every difference, none on a database that is as the models say; it must be at the head.

    Source: Alembic's comparison, which `flask db check` makes too; on MariaDB and MySQL also the storage engine
    and the character sets, which that comparison does not see.
    """
    compared = [sentence for difference in chain.differences(url) for sentence in _sentences(difference)]
    with chain.connection(url) as connection:
        return (*compared, *(() if connection.dialect.name == "sqlite" else _storage(connection)))


def _sentences(difference: Any) -> Iterator[str]:
    """One of Alembic's tuples, or a list of those about one column, told from the side of the models."""
    for kind, *parts in difference if isinstance(difference, list) else [difference]:
        what, place = _thing(kind, parts)
        if kind.startswith("add_"):
            yield f"{what} {place} is missing"
        elif kind.startswith("remove_"):
            if _belongs_to_a_stranger(kind, parts[-1]):
                continue
            yield f"{what} {place}{NOT_IN_MODELS}"
        else:
            yield f"{what} {place} is {parts[-2]!r}, in the models {parts[-1]!r}"


def is_beside(difference: str) -> bool:
    """Whether it tells of a table or column that somebody else has put beside ours: it does no harm and stays."""
    return difference.startswith(("table ", "column ")) and difference.endswith(NOT_IN_MODELS)


def _belongs_to_a_stranger(kind: str, item: Any) -> bool:
    """Whether it is an index or a constraint of a table that is told as a whole."""
    return kind not in {"remove_table", "remove_column"} and item.table.name not in Base.metadata.tables


def _thing(kind: str, parts: list[Any]) -> tuple[str, str]:
    """What the tuple is about, and where it is."""
    noun = kind.split("_", 1)[1]
    if kind.startswith("modify_"):
        return noun, f"of {parts[1]}.{parts[2]}"
    item = parts[-1]
    if isinstance(item, sa.Column):
        return "column", f"{parts[1]}.{item.name}"
    if isinstance(item, sa.Table):
        return noun.replace("_", " "), item.name
    columns = ", ".join(column.name for column in item.columns)
    name = f"{item.name} on " if item.name else "on "
    return {"fk": "foreign key"}.get(noun, noun), f"{name}{item.table.name}({columns})"


def _storage(connection: sa.Connection) -> Iterator[str]:
    ours = list(Base.metadata.tables)
    tables = sa.text(
        "SELECT TABLE_NAME, ENGINE FROM information_schema.TABLES "
        "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN :ours AND ENGINE <> :engine ORDER BY TABLE_NAME"
    ).bindparams(sa.bindparam("ours", ours, expanding=True), engine=STORAGE)
    for table, engine in connection.execute(tables):
        yield f"table {table} is stored in {engine}, not {STORAGE}"
    columns = sa.text(
        "SELECT TABLE_NAME, COLUMN_NAME, CHARACTER_SET_NAME FROM information_schema.COLUMNS "
        "WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME IN :ours AND CHARACTER_SET_NAME NOT IN :charsets "
        "ORDER BY TABLE_NAME, ORDINAL_POSITION"
    ).bindparams(sa.bindparam("ours", ours, expanding=True), sa.bindparam("charsets", list(CHARSETS), expanding=True))
    for table, column, charset in connection.execute(columns):
        yield f"column {table}.{column} is in {charset}, not {CHARSETS[0]}"
