"""Building one of them in an empty database."""

import sqlalchemy as sa

from tests.migrations import chain
from tests.schema.originals import tables


def build(url: str, *parts: str, stamp: str | None = None) -> None:
    """The tables `parts` in the empty database at `url`.

    `stamp` is what alembic_version says; "" makes it without a row, None makes none.
    """
    with chain.connection(url) as connection:
        make = tables.on_sqlite if connection.dialect.name == "sqlite" else str
        for statement in tables.statements(*parts, *([] if stamp is None else [tables.VERSION])):
            connection.exec_driver_sql(make(statement))
        if stamp:
            connection.execute(sa.text("INSERT INTO alembic_version VALUES (:stamp)"), {"stamp": stamp})
