"""A database with one kept state, to which it is put back within milliseconds."""

import re
import shutil
from pathlib import Path

import sqlalchemy as sa

from tests.migrations import chain, snapshot
from tests.migrations.snapshot import Snapshot


class SqliteDatabase:
    """An SQLite file; the kept state is a copy of it."""

    undoes_what_was_cut = True

    def __init__(self, url: str) -> None:
        self.url = url

    def snapshot(self) -> Snapshot:
        """What is there now."""
        with chain.connection(self.url) as connection:
            return snapshot.take(connection)

    def keep(self) -> None:
        """From now on `restore` puts this back."""
        self.kept = self.snapshot()
        shutil.copyfile(self._path(), self._path(".kept"))

    def restore(self) -> None:
        """Put the copy back; what a killed process has left beside the file belongs to the file before."""
        for suffix in ("-journal", "-wal", "-shm"):
            self._path(suffix).unlink(missing_ok=True)
        shutil.copyfile(self._path(".kept"), self._path())

    def age(self) -> None:
        """As the portal's first connection leaves a file: with write-ahead logging."""
        with chain.connection(self.url) as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")

    def _path(self, suffix: str = "") -> Path:
        return Path(f"{sa.make_url(self.url).database}{suffix}")


class MariaDatabase:
    """A MariaDB schema; the kept state is what the server says about it and its rows.

    The server makes an index for a foreign key that has none, and drops it by itself once there is another one.
    Where a table was restored from a dump, that index is like any other. At first we put the former back.
    """

    undoes_what_was_cut = False  # Each change of the schema ends the transaction.

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_from_a_dump = False

    def snapshot(self) -> Snapshot:
        """What is there now."""
        with chain.connection(self.url) as connection:
            return snapshot.take(connection)

    def keep(self) -> None:
        """From now on `restore` puts this back."""
        self.kept = self.snapshot()
        with chain.connection(self.url) as connection:
            self.statements = snapshot.made_by(connection)
        if not self.is_from_a_dump:
            self.statements = {table: as_first_made(sql) for table, sql in self.statements.items()}

    def restore(self, *, everything: bool = False) -> None:
        """Make anew the tables that are no longer as they were, or all of them."""
        now = self.snapshot()
        stale = [
            table
            for table in now.schema.keys() | self.kept.schema.keys()
            if everything
            or now.schema.get(table) != self.kept.schema.get(table)
            or now.rows.get(table) != self.kept.rows.get(table)
        ]
        with chain.connection(self.url) as connection:
            connection.exec_driver_sql("SET foreign_key_checks = 0")
            if now.collation != self.kept.collation:
                connection.exec_driver_sql(f"ALTER DATABASE COLLATE {self.kept.collation}")
            for table in stale:
                connection.exec_driver_sql(f"DROP TABLE IF EXISTS `{table}`")
            for table in stale:
                if table in self.kept.schema:
                    connection.exec_driver_sql(self.statements[table])
                    insert(connection, table, [*self.kept.rows[table].values()])

    def age(self) -> None:
        """As a restored dump leaves a schema."""
        self.is_from_a_dump = True
        self.keep()
        self.restore(everything=True)


def insert(connection: sa.Connection, table: str, rows: list[snapshot.Row]) -> None:
    """The rows, values as the driver gave them."""
    if rows:
        columns = ", ".join(f"`{name}`" for name in rows[0])
        values = ", ".join(["%s"] * len(rows[0]))
        statement = f"INSERT INTO `{table}` ({columns}) VALUES ({values})"  # noqa: S608
        connection.exec_driver_sql(statement, [tuple(row.values()) for row in rows])


def as_first_made(create_table: str) -> str:
    """The statement without the names and indexes that the server gives: it then makes the same ones again."""
    for name, column in re.findall(r"CONSTRAINT `(\w+)` FOREIGN KEY \(`(\w+)`\)", create_table):
        create_table = re.sub(rf"\n  KEY `(?:{name}|{column})` \(`{column}`\),", "", create_table)
    return re.sub(r"CONSTRAINT `\w+_ibfk_\d+` ", "", create_table)
