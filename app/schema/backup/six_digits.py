"""What mariadb-dump cannot say: it writes a FLOAT with six digits, which do not always give it back."""

from collections.abc import Iterator

from app.schema.backup import rows
from app.schema.backup.archive import NewArchive
from app.schema.backup.server import Column, Server, Table, quoted

MEMBER = "floats.sql"
# Half of the distance from a FLOAT to its neighbour is at least this part of it; six digits nearer than that are exact.
HALF_A_STEP = "2.98e-8"


def write(server: Server, tables: list[Table], new: NewArchive) -> None:
    """Statements for after the dump that give back each FLOAT in full.

    They are read after the dump was taken. What was written between the two is told by its six digits, and left.
    """
    with new.member(MEMBER) as file:
        file.write(b"START TRANSACTION;\n")
        for table in tables:
            for column in table.stored:
                if column.data_type == "float" and table.primary_key:
                    for statement in _corrections(server, table, column):
                        file.write(statement + b";\n")
        file.write(b"COMMIT;\n")


def _corrections(server: Server, table: Table, column: Column) -> Iterator[bytes]:
    name, keys = quoted(column.name), [quoted(key.name) for key in table.primary_key]
    exact, six_digits = f"({name} * 1e0)", f"CONCAT({name})"
    changed = ", ".join([*(f"{kept} = {kept}" for kept in _kept(table)), name])
    update = f"UPDATE {quoted(table.name)} SET {changed} = "  # noqa: S608  # Names are quoted.
    question = (
        f"SELECT {', '.join([exact, six_digits, *keys])} FROM {quoted(table.name)} "  # noqa: S608  # Names are quoted.
        f"WHERE ABS({exact} - {six_digits} * 1e0) > ABS({exact}) * {HALF_A_STEP}"
    )
    literals = [rows.literal_of(key) for key in table.primary_key]
    for row in server.stream(question):
        value, written, *key = (part or b"" for part in row)  # None of them is NULL.
        same = [f"{name} = ".encode() + literal(part) for name, literal, part in zip(keys, literals, key, strict=True)]
        same.append(six_digits.encode() + b" = " + rows.text(written))
        yield update.encode() + value + b" WHERE " + b" AND ".join(same)


def _kept(table: Table) -> list[str]:
    """Columns in which the server would note that the row was changed."""
    return [quoted(column.name) for column in table.columns if column.notes_changes]
