"""Anybody can seal a file: one with the right checksum that is no backup of Dopply is refused in a sentence."""

import hashlib
import json
import os
import stat
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.schema.backup import backup_to, restore_from
from app.schema.backup.unfinished import UNFINISHED
from app.schema.errors import SchemaRefused
from migrations.connections import migration_engine
from tests.databases import fresh_mariadb, sqlite_url
from tests.schema.commands import execute

GOOD = {
    "format": 1,
    "engine": "sqlite",
    "server": "x",
    "method": "sqlite",
    "database": "x",
    "charset": "",
    "collation": "",
    "taken_at": "t",
    "revision": ["018"],
    "tables": {},
}
INJECTED = "utf8mb4; DROP DATABASE x"


def seal(path: Path) -> None:
    """Give the file, whose last 64 bytes are room for it, its checksum."""
    content = path.read_bytes()[:-64]
    path.write_bytes(content + hashlib.sha256(content).hexdigest().encode())


@pytest.mark.parametrize(
    "manifest",
    [
        None,
        "[]",
        "{bad",
        "7",
        "{}",
        "\udcff",
        json.dumps({"format": 1}),
        json.dumps(GOOD | {"tables": []}),
        json.dumps(GOOD | {"more": 1}),
        json.dumps(GOOD | {"charset": INJECTED}),
        json.dumps(GOOD | {"collation": INJECTED}),
        json.dumps(GOOD | {"charset": None}),
    ],
)
def test_a_sealed_file_that_is_no_backup_is_refused(manifest: str | None, tmp_path: Path) -> None:
    path = tmp_path / "forged"
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = b"0" * 64
        archive.writestr("other", b"1")
        if manifest is not None:
            archive.writestr("manifest.json", manifest.encode("utf-8", "surrogateescape"))
    seal(path)
    with pytest.raises(SchemaRefused, match="not a backup of Dopply"):
        restore_from(sqlite_url(tmp_path), path)


def test_the_beginning_of_an_archive_alone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "forged"
    path.write_bytes(b"PK\x03\x04" + b"0" * 64)
    seal(path)
    with pytest.raises(SchemaRefused, match="not a backup of Dopply"):
        restore_from(sqlite_url(tmp_path), path)


def test_a_table_of_the_marks_name_is_not_taken_for_one(tmp_path: Path) -> None:
    with fresh_mariadb() as url:
        execute(url, "CREATE TABLE things (id INTEGER PRIMARY KEY)")
        backup_to(url, tmp_path / "backup")
        execute(url, f"CREATE TABLE {UNFINISHED} (id INTEGER PRIMARY KEY)")
        with pytest.raises(SchemaRefused, match=UNFINISHED):
            restore_from(url, tmp_path / "backup", replace=True)


@pytest.mark.parametrize("made_by", ["restore", "upgrade"])
def test_a_new_sqlite_file_is_its_owners_alone(made_by: str, tmp_path: Path) -> None:
    execute(sqlite_url(tmp_path, "old.db"), "CREATE TABLE things (id INTEGER PRIMARY KEY)")
    new = sqlite_url(tmp_path, "new.db")
    mask = os.umask(0)
    try:
        if made_by == "restore":
            backup_to(sqlite_url(tmp_path, "old.db"), tmp_path / "backup")
            restore_from(new, tmp_path / "backup")
        else:
            engine = migration_engine(new)
            with engine.begin() as connection:
                connection.execute(sa.text("CREATE TABLE things (id INTEGER)"))
            engine.dispose()
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "new.db").stat().st_mode) == 0o600
