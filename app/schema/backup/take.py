"""Taking a backup."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from app.schema.backup import archive, mysql, sqlite


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is safely on the disk: where, rows by table, how it was taken, and what one should know of it."""

    path: Path
    tables: dict[str, int]
    method: str
    notes: tuple[str, ...]


def backup_to(url: str, path: Path) -> Backup:
    """The database at `url` written to the new file `path`, as it is at one moment; others may go on using it.

    Raises
    ------
    SchemaRefused
        Something is at `path` already.
    SchemaFailed
        No backup was made, and why.
    """
    parts = sa.make_url(url)
    engine = sqlite if parts.get_backend_name() == "sqlite" else mysql
    with archive.writing(path) as new:
        manifest = engine.take(parts, new)
        new.describe(manifest)
    return Backup(path, manifest.counts, manifest.method, manifest.notes)
