"""A small database for tests of backups: two tables, one of which refers to the other, and an empty one."""

from tests.schema.commands import execute
from tests.schema.ways import Way

DROP = ("DROP TABLE children", "DROP TABLE parents", "DROP TABLE alembic_version")


def fill(url: str, name: str) -> None:
    """Make the tables; `name` stands in two rows."""
    execute(
        url,
        "CREATE TABLE parents (id INTEGER PRIMARY KEY, name VARCHAR(50))",
        "CREATE TABLE children (id INTEGER PRIMARY KEY, parent_id INTEGER, "
        "FOREIGN KEY (parent_id) REFERENCES parents (id))",
        "CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)",
        f"INSERT INTO parents VALUES (1, '{name}'), (2, '{name}'), (3, NULL)",  # noqa: S608
        "INSERT INTO children VALUES (1, 1), (2, NULL)",
    )


def filled(way: Way, name: str = "as backed up") -> str:
    """The URL of a new database with them."""
    url = way.empty()
    fill(url, name)
    return url
