"""Which tables and columns a database has, and which it would have after each revision of the chain."""

import functools
import tempfile
from collections.abc import Iterable
from pathlib import Path

import sqlalchemy as sa

from app.schema import chain

# A table and one of its columns. A shape is a set of them, so that two can be compared as sets.
Place = tuple[str, str]
Shape = frozenset[Place]


def of(connection: sa.Connection) -> Shape:
    """The places of the database at hand, without those of `alembic_version`."""
    columns = sa.inspect(connection).get_multi_columns()
    return frozenset(
        (table, column["name"])
        for (_, table), found in columns.items()
        if table != chain.VERSION_TABLE
        for column in found
    )


def tables(shape: Iterable[Place]) -> set[str]:
    """The names of the tables."""
    return {table for table, _ in shape}


@functools.cache
def along_the_chain() -> dict[str, Shape]:
    """The shape after each revision, oldest first: what the revisions make of an empty scratch database."""
    shapes = {}
    with tempfile.TemporaryDirectory(prefix="dopply-shapes-") as folder:
        url = f"sqlite:///{Path(folder) / 'scratch.db'}"
        for script in chain.revisions():
            chain.upgrade(url, script.revision)
            with chain.connection(url) as connection:
                shapes[script.revision] = of(connection)
    return shapes
