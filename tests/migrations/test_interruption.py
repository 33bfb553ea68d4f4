"""A run that is killed anywhere is simply repeated: the whole by `make sweep`, 30 cuts in `make check`."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.databases import quick_mariadb_server, sqlite_url
from tests.migrations import chain
from tests.migrations.kept import SqliteDatabase
from tests.migrations.snapshot import problems
from tests.sweep_sample import is_full


@pytest.mark.sweep
@pytest.mark.parametrize("database", ["sqlite", "mariadb"])
def test_each_revision_killed_anywhere_and_repeated_ends_as_if_undisturbed(
    database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In processes of their own, because forks want a process without threads; progress goes to the terminal."""
    environment = dict(os.environ)
    if database == "mariadb":
        environment["DOPPLY_TEST_MARIADB_URL"] = quick_mariadb_server()
    shares = os.cpu_count() or 1 if is_full() else 1
    with capsys.disabled():
        started = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.migrations.interruption", database]
                + (["--share", str(share), "--shares", str(shares)] if is_full() else ["--sample"]),
                cwd=chain.ROOT,
                env=environment,
                stdout=None if is_full() else subprocess.PIPE,
                stderr=None if is_full() else subprocess.STDOUT,
                text=True,
            )
            for share in range(shares)
        ]
        try:
            outputs = [process.communicate()[0] for process in started]
        finally:
            for process in started:
                process.kill()
    assert [process.returncode for process in started] == [0] * shares, outputs


@pytest.fixture
def library(tmp_path: Path) -> SqliteDatabase:
    """A small database, kept."""
    database = SqliteDatabase(sqlite_url(tmp_path))
    with chain.connection(database.url) as connection:
        connection.exec_driver_sql("CREATE TABLE shelves (id INTEGER PRIMARY KEY, room VARCHAR(9))")
        connection.exec_driver_sql(
            "CREATE TABLE books (id INTEGER PRIMARY KEY, shelf INTEGER REFERENCES shelves (id), label VARCHAR(9), "
            "CONSTRAINT uq_books_label UNIQUE (label))"
        )
        connection.exec_driver_sql("INSERT INTO shelves VALUES (1, 'east'), (2, 'west')")
        connection.exec_driver_sql("INSERT INTO books VALUES (1, 1, 'a'), (2, NULL, 'b'), (3, NULL, NULL)")
    database.keep()
    return database


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("DROP TABLE books", "books"),
        ("CREATE TABLE authors (id INTEGER PRIMARY KEY)", "authors"),
        ("ALTER TABLE shelves ADD COLUMN floor INTEGER", "shelves"),
        ("CREATE INDEX ix_books_shelf ON books (shelf)", "books"),
        ("DELETE FROM books WHERE id = 2", "books"),
        ("UPDATE books SET shelf = 2 WHERE id = 1", "books.shelf"),
        ("UPDATE books SET label = NULL WHERE id = 1", "books.label"),
    ],
)
def test_what_differs_is_found_and_can_be_put_back(library: SqliteDatabase, statement: str, place: str) -> None:
    with chain.connection(library.url) as connection:
        connection.exec_driver_sql(statement)
    found = problems(library.kept, library.snapshot(), frozenset({("books", "label")}))
    assert found
    assert found[0].split()[0] == place
    library.restore()
    assert library.snapshot() == library.kept


def test_random_values_may_be_others_but_not_fewer_or_equal(library: SqliteDatabase) -> None:
    def with_labels(*labels: str | None) -> list[str]:
        books: dict[tuple[Any, ...], dict[str, Any]] = {
            key: row | {"label": label}
            for (key, row), label in zip(library.kept.rows["books"].items(), labels, strict=True)
        }
        found = replace(library.kept, rows=library.kept.rows | {"books": books})
        return problems(library.kept, found, frozenset({("books", "label")}))

    assert with_labels("y", "z", None) == []
    assert with_labels("z", "z", None) == ["books.label has (values, distinct ones) (2, 1), not (2, 2)"]
    assert with_labels("z", None, None) == ["books.label has (values, distinct ones) (1, 1), not (2, 2)"]


def test_the_order_of_columns_counts_and_that_of_constraints_does_not(library: SqliteDatabase) -> None:
    reordered = "shelf INTEGER REFERENCES shelves (id), id INTEGER PRIMARY KEY, label VARCHAR(9)"
    turned = "id INTEGER PRIMARY KEY, shelf INTEGER REFERENCES shelves (id), label VARCHAR(9)"
    for columns, is_same in ((reordered, False), (turned, True)):
        library.restore()
        with chain.connection(library.url) as connection:
            connection.exec_driver_sql("DROP TABLE books")
            connection.exec_driver_sql(f"CREATE TABLE books ({columns}, CONSTRAINT uq_books_label UNIQUE (label))")
            connection.execute(
                sa.text("INSERT INTO books (id, shelf, label) VALUES (1, 1, 'a'), (2, NULL, 'b'), (3, NULL, NULL)")
            )
        assert (problems(library.kept, library.snapshot()) == []) is is_same
