"""What a backup needs from MariaDB and MySQL: a connection that gives values as they are, and what is there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import pymysql
import sqlalchemy as sa
from pymysql.cursors import Cursor, SSCursor

from app.database import VALUE_IN_MESSAGE
from app.schema.errors import SchemaFailed

# Values that a strict server of today would refuse may stand in tables of yesterday, an id 0 and a zero date too.
SESSION = (
    "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00', foreign_key_checks = 0, unique_checks = 0, "
    "net_read_timeout = 600, net_write_timeout = 600, lock_wait_timeout = 60"
)
NUMBERS = frozenset(
    {"tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "year"},
)
BYTES = frozenset(
    {
        *("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob", "bit"),
        *("geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"),
        *("geometrycollection", "geomcollection"),
    }
)

# A default that is an expression is another thing: MySQL calls it DEFAULT_GENERATED.
COMPUTED = re.compile("(virtual|stored) generated")

Row = tuple[bytes | None, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `data_type` as information_schema names it.

    `notes_changes` is what ON UPDATE CURRENT_TIMESTAMP says; what is computed from other columns is not stored.
    """

    name: str
    data_type: str
    notes_changes: bool
    is_computed: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the statement that makes it."""

    name: str
    storage: str
    columns: tuple[Column, ...]
    primary_key: tuple[Column, ...]
    ddl: str

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns that can be written."""
        return tuple(column for column in self.columns if not column.is_computed)


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key; `columns` are pairs of a column and the one that it refers to."""

    table: str
    parent: str
    columns: tuple[tuple[str, str], ...]


class Server:
    """One connection that reads and writes bytes: no value is turned into Python's and back."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def run(self, statement: bytes | str) -> None:
        """Execute one statement that gives no rows."""
        self.raw.query(statement)

    def rows(self, statement: str) -> list[tuple[str, ...]]:
        """All rows of a small result, as text; NULL is empty."""
        with self.raw.cursor(Cursor) as cursor:
            cursor.execute(statement)
            return [tuple("" if value is None else value.decode() for value in row) for row in cursor.fetchall()]

    def stream(self, statement: str) -> Iterator[Row]:
        """The rows of a result of any size, as bytes; one row is in memory."""
        cursor = self.raw.cursor(SSCursor)
        cursor.execute(statement)
        while row := cursor.fetchone():
            yield row
        cursor.close()

    def tables(self) -> list[Table]:
        """The tables of the database at hand, the one with the revision last: what is cut has none."""
        names = self.rows(
            "SELECT table_name, engine FROM information_schema.tables WHERE table_schema = DATABASE() "
            "AND table_type = 'BASE TABLE' ORDER BY table_name = 'alembic_version', table_name"
        )
        columns, keys = self._columns(), self._primary_keys()
        return [
            Table(
                name,
                storage,
                columns[name],
                tuple(column for column in columns[name] if (name, column.name) in keys),
                self._ddl(name),
            )
            for name, storage in names
        ]

    def other_objects(self) -> list[str]:
        """Views, triggers, routines and events, in words: a backup does not hold them."""
        found = self.rows(
            "SELECT LOWER(table_type), table_name FROM information_schema.tables "
            "WHERE table_schema = DATABASE() AND table_type <> 'BASE TABLE' "
            "UNION ALL SELECT 'trigger', trigger_name FROM information_schema.triggers "
            "WHERE trigger_schema = DATABASE() "
            "UNION ALL SELECT LOWER(routine_type), routine_name FROM information_schema.routines "
            "WHERE routine_schema = DATABASE() "
            "UNION ALL SELECT 'event', event_name FROM information_schema.events WHERE event_schema = DATABASE()"
        )
        return sorted(f"{kind} {name}" for kind, name in found)

    def charset(self) -> tuple[str, str]:
        """Character set and collation of the database at hand."""
        [(charset, collation)] = self.rows("SELECT @@character_set_database, @@collation_database")
        return charset, collation

    def version(self) -> str:
        """The server's own words."""
        return self.rows("SELECT VERSION()")[0][0]

    def longest_statement(self) -> int:
        """How many bytes a statement may have."""
        return int(self.rows("SELECT @@max_allowed_packet")[0][0])

    def references(self) -> list[Reference]:
        """The foreign keys of the database at hand."""
        found = self.rows(
            "SELECT table_name, constraint_name, referenced_table_name, column_name, referenced_column_name "
            "FROM information_schema.key_column_usage WHERE table_schema = DATABASE() "
            "AND referenced_table_schema = DATABASE() ORDER BY table_name, constraint_name, ordinal_position"
        )
        return [
            Reference(table, parent, tuple((column, other) for *_, column, other in columns))
            for (table, _, parent), columns in groupby(found, key=itemgetter(0, 1, 2))
        ]

    def revision(self) -> tuple[str, ...]:
        """What alembic_version holds."""
        if not self.rows("SHOW TABLES LIKE 'alembic\\_version'"):
            return ()
        return tuple(row[0] for row in self.rows("SELECT version_num FROM alembic_version ORDER BY version_num"))

    def _columns(self) -> dict[str, tuple[Column, ...]]:
        found = self.rows(
            "SELECT table_name, column_name, LOWER(data_type), LOWER(extra) FROM information_schema.columns "
            "WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position"
        )
        return {
            table: tuple(
                Column(name, data_type, "on update" in extra, bool(COMPUTED.search(extra)))
                for _, name, data_type, extra in columns
            )
            for table, columns in groupby(found, key=itemgetter(0))
        }

    def _primary_keys(self) -> set[tuple[str, ...]]:
        return set(
            self.rows(
                "SELECT table_name, column_name FROM information_schema.key_column_usage "
                "WHERE table_schema = DATABASE() AND constraint_name = 'PRIMARY'"
            )
        )

    def _ddl(self, table: str) -> str:
        return self.rows(f"SHOW CREATE TABLE {quoted(table)}")[0][1]


@contextmanager
def connected(url: sa.URL, outcome: str) -> Iterator[Server]:
    """A connection to the database at `url`; SchemaFailed ends with `outcome` when the server refuses something."""
    _, options = url.get_dialect()().create_connect_args(url)
    given = {"charset": "utf8mb4", "conv": {}, "use_unicode": False, "autocommit": True, "init_command": SESSION}
    unwanted = ("read_timeout", "write_timeout")
    try:
        raw = pymysql.connect(**{name: value for name, value in options.items() if name not in unwanted} | given)
        try:
            yield Server(raw)
        finally:
            _close(raw)
    except pymysql.MySQLError as error:
        # The server's words may repeat what was to be stored.
        words = VALUE_IN_MESSAGE.sub("'…'", " ".join(map(str, error.args)))
        raise SchemaFailed(f"{url.database}: {words}. {outcome}.") from error


def _close(raw: Any) -> None:
    """The connection closed without reading the rest of a result that nobody wants any more."""
    result = raw._result
    if result is not None:
        result.unbuffered_active = False
    if raw.open:
        raw.close()


def quoted(name: str) -> str:
    """A name as an identifier."""
    return "`" + name.replace("`", "``") + "`"
