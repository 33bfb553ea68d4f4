"""Restoring a backup."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from app.schema import chain
from app.schema.backup import archive, members, mysql_target, sqlite_target
from app.schema.backup.archive import Archive
from app.schema.backup.manifest import MYSQL, SQLITE, Manifest, TableContent
from app.schema.backup.places import default_path
from app.schema.backup.take import Backup, backup_to
from app.schema.backup.unfinished import Unfinished
from app.schema.backup.upgrade_lock import no_upgrade_meanwhile
from app.schema.errors import SchemaFailed, SchemaRefused

NAMES = {SQLITE: "SQLite", MYSQL: "MariaDB or MySQL"}


@dataclass(frozen=True, slots=True)
class Restored:
    """A database that is again as it was: its backup, the one of the state before, what one should know."""

    manifest: Manifest
    before: Backup | None
    notes: tuple[str, ...]


def describe(path: Path) -> Manifest:
    """What the backup at `path` says of itself; SchemaRefused if it is damaged, incomplete or none."""
    with archive.reading(path) as backup:
        return backup.manifest


def present(url: str) -> dict[str, int]:
    """Rows by table of the database that a restore would replace; empty where nothing would be lost."""
    parts = sa.make_url(url)
    return _target(parts).present(parts)


def restore_from(url: str, path: Path, *, replace: bool = False) -> Restored:
    """The database at `url` as it was when the backup at `path` was taken, compared table by table.

    `replace` allows it where there are tables: they are backed up first.

    Raises
    ------
    SchemaRefused
        The backup or the database does not allow it; nothing was changed.
    SchemaFailed
        It did not work. SQLite's database is as it was; on MariaDB and MySQL a table `dopply_unfinished_restore`
        marks the database until the restore is run again.
    """
    parts = sa.make_url(url)
    target = _target(parts)
    with archive.reading(path) as backup:
        _refuse_other_engine(path, backup.manifest, parts)
        members.refuse_damaged(path, backup)
        target.refuse_unfit(parts, backup)
        before = _keep_what_is_there(url, replace=replace)
        mark = Unfinished(
            backup=str(path),
            since=datetime.now(UTC).isoformat(timespec="seconds"),
            before=str(before.path if before else ""),
        )
        with no_upgrade_meanwhile(parts):
            target.put(parts, backup, mark)
            _compare(parts, backup, target.contents(parts, backup.manifest))
            broken = target.broken_references(parts)
            target.finish(parts)
    return Restored(backup.manifest, before, (*_revision_notes(backup.manifest), *_reference_notes(broken)))


class _Target(Protocol):
    """What `sqlite_target` and `mysql_target` are."""

    def present(self, url: sa.URL, /) -> dict[str, int]: ...
    def refuse_unfit(self, url: sa.URL, backup: Archive, /) -> None: ...
    def put(self, url: sa.URL, backup: Archive, mark: Unfinished, /) -> None: ...
    def contents(self, url: sa.URL, manifest: Manifest, /) -> dict[str, TableContent]: ...
    def broken_references(self, url: sa.URL, /) -> Mapping[str, int]: ...
    def finish(self, url: sa.URL, /) -> None: ...


def _target(url: sa.URL) -> _Target:
    return sqlite_target if url.get_backend_name() == "sqlite" else mysql_target


def _refuse_other_engine(path: Path, manifest: Manifest, url: sa.URL) -> None:
    engine = SQLITE if url.get_backend_name() == "sqlite" else MYSQL
    if manifest.engine != engine:
        raise SchemaRefused(
            f"{path} is a backup of {NAMES[manifest.engine]}, and the database at hand is {NAMES[engine]}: "
            "a backup goes back only to its own kind. Nothing was changed."
        )


def _keep_what_is_there(url: str, *, replace: bool) -> Backup | None:
    """The backup of what a restore will replace; None where nothing would be lost."""
    found = present(url)
    if not found:
        return None
    if not replace:
        raise SchemaRefused(
            f"The database has {len(found)} tables with {sum(found.values())} rows. Restore into an empty one, "
            "or say --replace to have it backed up and replaced. Nothing was changed."
        )
    return backup_to(url, default_path(url))


def _compare(url: sa.URL, backup: Archive, found: Mapping[str, TableContent]) -> None:
    """SchemaFailed unless each table holds what was backed up, neither less nor more."""
    wanted = backup.manifest.tables
    wrong = [
        f"{name} ({_rows(found.get(name))} instead of {_rows(wanted.get(name))})"
        for name in sorted(wanted.keys() | found.keys())
        if wanted.get(name) != found.get(name)
    ]
    if wrong:
        raise SchemaFailed(
            f"{url.database} was restored but differs from the backup in {', '.join(wrong)}: "
            "do not use it. Was somebody writing to it? Stop the portal and run the restore again."
        )


def _rows(table: TableContent | None) -> str:
    return "no table" if table is None else f"{table.rows} rows"


def _revision_notes(manifest: Manifest) -> Iterator[str]:
    known = [script.revision for script in chain.revisions()]
    for revision in manifest.revision:
        if revision not in known:
            yield f"Its revision {revision} is unknown to this version of Dopply: update Dopply before you serve it."
        elif revision != known[-1]:
            yield f"It is at revision {revision}: run `flask db upgrade` before you serve it."


def _reference_notes(broken: Mapping[str, int]) -> Iterator[str]:
    for place, count in broken.items():
        yield f"{count} rows refer to nothing ({place}). They came so with the backup."
