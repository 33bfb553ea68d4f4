"""Tables of MariaDB and MySQL that no backup of ours can carry, so that none is made and nothing is dropped."""

from collections.abc import Callable, Iterable, Iterator, Sequence

# Views and sequences hold no rows: a backup names them, and nobody drops them.
CARRIED_OR_WITHOUT_ROWS = {"BASE TABLE", "VIEW", "SEQUENCE"}
TABLES = (
    "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name"
)
COLUMNS = (
    "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE() "
    "ORDER BY table_name, ordinal_position"
)
# A dump is read line by line.
LINE_BREAK = "\n"


def found(rows: Callable[[str], Iterable[Sequence[str]]]) -> list[str]:
    """Each such table in a sentence with what to do; `rows` gives the rows of a statement."""
    tables = {row[0]: row[1] for row in rows(TABLES)}
    return [*_of_other_kinds(tables), *_over_several_lines(tables, rows(COLUMNS))]


def _of_other_kinds(tables: dict[str, str]) -> Iterator[str]:
    for name, kind in tables.items():
        if kind == "SYSTEM VERSIONED":
            yield (
                f"table {name} keeps its history (SYSTEM VERSIONED), which no backup carries: save that history "
                f"elsewhere if it is wanted, then run ALTER TABLE {name} DROP SYSTEM VERSIONING"
            )
        elif kind not in CARRIED_OR_WITHOUT_ROWS:
            yield f"table {name} is of the kind {kind}, which no backup carries: change it by hand"


def _over_several_lines(tables: Iterable[str], columns: Iterable[Sequence[str]]) -> Iterator[str]:
    for name in tables:
        if LINE_BREAK in name:
            yield f"table {name!r} has a line break in its name, so no backup carries it: rename it"
    for table, name in columns:
        if LINE_BREAK in name:
            yield f"column {name!r} of table {table!r} has a line break in its name, so no backup carries it: rename it"
