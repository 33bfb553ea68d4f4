"""A database of the original, as far as times go: its naive columns are in another zone than UTC."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, text


@contextmanager
def recorded(engine: Engine, name: str) -> Iterator[None]:
    """Within the block the database says that its naive times are in the zone of this name."""
    _record(engine, name)
    try:
        yield
    finally:
        _record(engine, "UTC")


def _record(engine: Engine, name: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE installation SET legacy_time_zone = :name WHERE id = 1"), {"name": name})
    # Each new connection reads the zone.
    engine.dispose()
    engine.connect().close()
