"""What mariadb-dump cannot say: it writes a FLOAT with six digits, which do not always give it back."""

import struct
from collections.abc import Iterator
from itertools import chain

from app.schema.backup import members, rows
from app.schema.backup.archive import NewArchive
from app.schema.backup.server import Column, Server, Table, quoted

# Where the missing digits stand, beside the key of their row, before they are put into the table all at once.
EXTRA, EXACT, WRITTEN = "dopply_floats", "dopply_exact", "dopply_six_digits"
# Half of the distance from a FLOAT to its neighbour is at least this part of it: six digits nearer than that are exact.
HALF_A_STEP = "2.98e-8"


def write(server: Server, tables: list[Table], new: NewArchive) -> None:
    """Statements for after the dump that give back each FLOAT in full.

    They are read after the dump was taken. What was written between the two is told by its six digits, and left.
    """
    with new.member(members.FLOATS) as file:
        for table in tables:
            for column in table.stored:
                if column.data_type == "float" and table.primary_key:
                    for statement in _corrections(server, table, column):
                        file.write(statement + b";\n")


def _corrections(server: Server, table: Table, column: Column) -> Iterator[bytes]:
    """Nothing, where six digits are enough for each value."""
    keys = [quoted(key.name) for key in table.primary_key]
    name, of, extra = quoted(column.name), quoted(table.name), quoted(EXTRA)
    selected = ", ".join([*keys, f"{name} * 1e0 AS {EXACT}", f"CONCAT({name}) AS {WRITTEN}"])
    beginning = rows.beginning(EXTRA, [*(key.name for key in table.primary_key), EXACT, WRITTEN])
    literals = [rows.literal_of(key) for key in table.primary_key]
    select = f"SELECT {selected} FROM {of}"  # noqa: S608  # Names are quoted.
    found = (
        beginning + rows.row_of([*key, exact, rows.text(written)], [*literals, bytes, bytes])
        for *key, exact, written in _six_digits_are_not_enough(server, select, name)
    )
    first = next(found, None)
    if first is None:
        return
    same = " AND ".join([*(f"t.{key} = f.{key}" for key in keys), f"CONCAT(t.{name}) = f.{WRITTEN}"])
    # A column in which the server would note the change keeps what it has.
    kept = "".join(
        f", t.{quoted(other.name)} = t.{quoted(other.name)}" for other in table.stored if other.notes_changes
    )
    yield f"CREATE TEMPORARY TABLE {extra} AS {select} WHERE FALSE".encode()
    yield from chain([first], found)
    yield f"UPDATE {of} t JOIN {extra} f ON {same} SET t.{name} = f.{EXACT}{kept}".encode()  # noqa: S608  # The same.
    yield f"DROP TEMPORARY TABLE {extra}".encode()


def _six_digits_are_not_enough(server: Server, select: str, name: str) -> Iterator[list[bytes]]:
    """The key, all digits and the six digits of each value that the six do not give back."""
    nearly = f"ABS({name} * 1e0 - CONCAT({name}) * 1e0) > ABS({name} * 1e0) * {HALF_A_STEP}"
    for found in server.stream(f"{select} WHERE {nearly}"):
        row = [part or b"" for part in found]  # None of them is NULL.
        if struct.pack("f", float(row[-1])) != struct.pack("f", float(row[-2])):
            yield row
