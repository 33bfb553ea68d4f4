"""An empty database in place of a full one."""

import sqlalchemy as sa

from app.schema import chain
from app.schema.chain import VERSION_TABLE
from app.schema.status import looking
from migrations.connections import schema_lock


def name(url: str) -> str:
    """What an operator types to show that this is the database meant: the schema, or the file without its folder."""
    return str(sa.make_url(url).database).rsplit("/", maxsplit=1)[-1]


def is_demo(url: str) -> bool:
    """Whether the database carries the demo mark."""
    with looking(url) as connection:
        if connection is None or not sa.inspect(connection).has_table("installation"):
            return False
        return bool(connection.scalar(sa.text("SELECT COUNT(*) FROM installation WHERE kind = 'demo'")))


def views(url: str) -> list[str]:
    """The views of the database: a backup does not carry them, so they are never dropped."""
    with looking(url) as connection:
        return sorted(sa.inspect(connection).get_view_names()) if connection else []


def drop_all(url: str) -> int:
    """Every table dropped, whoever made it; how many that were.

    The version goes first: a run that is cut leaves tables without a version, which every other command refuses.
    """
    with chain.connection(url) as connection, schema_lock(connection):
        tables = sorted(sa.inspect(connection).get_table_names(), key=lambda table: (table != VERSION_TABLE, table))
        if not tables:
            return 0
        quote = connection.dialect.identifier_preparer.quote_identifier
        if connection.dialect.name == "sqlite":
            for table in tables:
                connection.exec_driver_sql(f"DROP TABLE {quote(table)}")
        else:
            # One statement: it waits for everybody who uses one of them before it drops the first.
            connection.exec_driver_sql("SET foreign_key_checks = 0")
            connection.exec_driver_sql(f"DROP TABLE {', '.join(quote(table) for table in tables)}")
        connection.commit()
        return len(tables)
