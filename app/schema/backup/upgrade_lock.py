"""No upgrade while a backup is taken or restored."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from app.schema.errors import SchemaFailed, reason
from migrations.connections import migration_engine, schema_lock


@contextmanager
def no_upgrade_meanwhile(url: sa.URL) -> Iterator[None]:
    """The lock that upgrades of this schema take, held inside; SchemaFailed says who has it."""
    try:
        with migration_engine(url).connect() as connection, schema_lock(connection):
            yield
    except (CommandError, SQLAlchemyError) as error:
        raise SchemaFailed(reason(error)) from error
