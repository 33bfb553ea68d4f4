"""Running `flask schema` in a test: its exit code, what it printed, what it said on standard error."""

from dataclasses import replace

import sqlalchemy as sa
from click.testing import Result

from app import create_app
from config import Environment
from tests.conftest import make_settings
from tests.migrations import chain


def schema(url: str, *arguments: str, environment: Environment = Environment.TEST) -> Result:
    """`flask schema <arguments>` on the database at `url`, without a terminal."""
    settings = replace(make_settings(url), environment=environment)
    return create_app(settings).test_cli_runner().invoke(args=["schema", *arguments])


def execute(url: str, *statements: str) -> None:
    """The statements, committed."""
    with chain.connection(url) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def tables(url: str) -> set[str]:
    """The tables of the database."""
    with chain.connection(url) as connection:
        return set(sa.inspect(connection).get_table_names())


def stamp_of(url: str) -> list[str]:
    """What alembic_version says."""
    with chain.connection(url) as connection:
        return list(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars())
