"""The parts of a backup's file that hold the data, and that each of them is there and whole."""

from pathlib import Path

from app.schema.backup.archive import UNREADABLE, Archive
from app.schema.backup.manifest import PORTABLE, SQLITE, Manifest
from app.schema.errors import SchemaRefused

DATABASE = "database.sqlite"
DUMP = "dump.sql"
FLOATS = "floats.sql"


def of(manifest: Manifest) -> tuple[str, ...]:
    """The names of the parts that a restore reads, in its order."""
    if manifest.engine == SQLITE:
        return (DATABASE,)
    return (DUMP,) if manifest.method == PORTABLE else (DUMP, FLOATS)


def refuse_damaged(path: Path, backup: Archive) -> None:
    """SchemaRefused unless each part is there and can be read to its end, before a restore changes anything.

    The checksum of the whole file is right where a file was damaged first and sealed afterwards, or was made by hand.
    """
    if missing := sorted({*of(backup.manifest)} - {*backup.zip.namelist()}):
        raise SchemaRefused(f"{path} lacks {', '.join(missing)}, so it is not a whole backup. Nothing was changed.")
    try:
        damaged = backup.zip.testzip()
    except UNREADABLE as error:
        raise SchemaRefused(f"{path} is damaged: it cannot be unpacked. Nothing was changed.") from error
    if damaged is not None:
        raise SchemaRefused(f"{path} is damaged: the checksum of {damaged} is wrong. Nothing was changed.")
