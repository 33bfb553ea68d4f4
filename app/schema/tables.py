"""What a database holds, table by table."""

from dataclasses import dataclass

import sqlalchemy as sa

from app.models import Base
from app.schema.chain import VERSION_TABLE
from app.schema.status import looking


@dataclass(frozen=True, slots=True)
class Held:
    """One table: its rows, counted; its size in bytes as the server estimates it, None on SQLite."""

    table: str
    rows: int
    size: int | None
    is_ours: bool


def held(url: str) -> list[Held]:
    """Every table of the database at `url`, by name; `alembic_version` is one of ours."""
    ours = {*Base.metadata.tables, VERSION_TABLE}
    with looking(url) as connection:
        if connection is None:
            return []
        sizes = _sizes(connection)
        return [
            Held(name, _count(connection, name), sizes.get(name), name in ours)
            for name in sorted(sa.inspect(connection).get_table_names())
        ]


def missing(tables: list[Held]) -> list[str]:
    """The tables that the models name and the database lacks."""
    return sorted(Base.metadata.tables.keys() - {entry.table for entry in tables})


def _count(connection: sa.Connection, table: str) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0


def _sizes(connection: sa.Connection) -> dict[str, int]:
    """Data and indexes of each table. SQLite would have to read the whole file for that."""
    if connection.dialect.name == "sqlite":
        return {}
    rows = connection.execute(
        sa.text(
            "SELECT TABLE_NAME, COALESCE(DATA_LENGTH, 0) + COALESCE(INDEX_LENGTH, 0) "
            "FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"
        )
    )
    return {table: int(size) for table, size in rows}
