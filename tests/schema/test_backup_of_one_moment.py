"""Without the client too, a backup is of the moment at which it began, whatever is committed between two tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.schema.backup import backup_to, restore_from
from app.schema.backup.server import Row, Server
from tests.migrations import chain
from tests.schema import ways
from tests.schema.commands import execute
from tests.schema.two_tables import fill


def test_what_is_committed_between_two_tables_is_in_neither(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ways.taking(ways.PORTABLE, tmp_path, monkeypatch) as way:
        url, other = way.empty(), way.empty()
        fill(url, "before")
        with monkeypatch.context() as patch:
            commit_after_the_first_table(patch, url)
            backup_to(url, tmp_path / "backup")
        restore_from(other, tmp_path / "backup")
        assert counts(url) == {"children": 3, "parents": 4}
        assert counts(other) == {"children": 2, "parents": 3}


def commit_after_the_first_table(patch: pytest.MonkeyPatch, url: str) -> None:
    """Somebody else's transaction when the rows of a first table have been read, and before those of the next."""
    stream, waiting = Server.stream, iter([True])

    def interrupted(server: Server, statement: str) -> Iterator[Row]:
        yield from stream(server, statement)
        if next(waiting, False):
            execute(url, "INSERT INTO parents VALUES (4, 'meanwhile')", "INSERT INTO children VALUES (3, 4)")

    patch.setattr(Server, "stream", interrupted)


def counts(url: str) -> dict[str, int]:
    """The rows of both tables."""
    with chain.connection(url) as connection:
        return {
            table: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table))) or 0
            for table in ("children", "parents")
        }
