"""How the rows of an original database are interpreted: read by SELECTs, so that the report can be made again."""

from collections.abc import Iterator

from app.schema.interpretations import links, people, pregnancies, readings, records, results, sessions, times
from app.schema.interpretations.look import Look
from app.schema.report import Line

__all__ = ["Look", "before", "of"]


def before(look: Look) -> Iterator[Line]:
    """What only the state before the upgrade shows: the upgrade adds the rows that are missing."""
    yield from people.rows_missing(look)


def of(look: Look) -> Iterator[Line]:
    """Every interpretation that the tables and columns at hand allow; at the head that is all of them."""
    for module in (people, links, pregnancies, records, sessions, readings, results, times):
        for read in module.READERS:
            yield from read(look)
