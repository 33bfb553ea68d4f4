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
from tests.schema.ways import held, hide_clients

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
        json.dumps(GOOD | {"engine": "oracle"}),
        json.dumps(GOOD | {"engine": ["sqlite"]}),
        json.dumps(GOOD | {"method": "portable"}),
        json.dumps(GOOD | {"revision": [1]}),
        json.dumps(GOOD | {"revision": "018"}),
        json.dumps(GOOD | {"notes": [None]}),
        json.dumps(GOOD | {"taken_at": 7}),
        json.dumps(GOOD | {"longest_row_bytes": "1"}),
        json.dumps(GOOD | {"tables": {"a": {"rows": "a", "digest": "", "columns": []}}}),
        json.dumps(GOOD | {"tables": {"a": {"rows": True, "digest": "", "columns": []}}}),
        json.dumps(GOOD | {"tables": {"a": {"rows": 1, "digest": "", "columns": [1]}}}),
        json.dumps(GOOD | {"tables": {"a": {"rows": 1, "digest": ""}}}),
        json.dumps(GOOD | {"tables": {"a": []}}),
        # Packed it is a few kilobytes.
        " " * 20_000_000,
    ],
    ids=lambda manifest: None if manifest is None else manifest[-60:].strip() or "20 MB of blanks",
)
def test_a_sealed_file_that_is_no_backup_is_refused(manifest: str | None, tmp_path: Path) -> None:
    path = tmp_path / "forged"
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = b"0" * 64
        archive.writestr("other", b"1")
        if manifest is not None:
            text = manifest.encode("utf-8", "surrogateescape")
            archive.writestr("manifest.json", text, compress_type=zipfile.ZIP_DEFLATED)
    seal(path)
    with pytest.raises(SchemaRefused, match="not a backup of Dopply"):
        restore_from(sqlite_url(tmp_path), path)


def damaged(path: Path, damage: str) -> None:
    """Damage the part `database.sqlite` of a backup, and seal it again, as if it had been damaged before."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
        place = archive.getinfo("database.sqlite").header_offset
    if damage == "missing part":
        with zipfile.ZipFile(path, "w") as archive:
            archive.comment = b"0" * 64
            archive.writestr("manifest.json", parts["manifest.json"])
    else:
        content = bytearray(path.read_bytes())
        # A method of packing that nobody knows, in the list of parts; or bytes of the packed data.
        at = content.rindex(b"PK\x01\x02", 0, content.index(b"database.sqlite", place + 100)) + 10
        content[at if damage == "unknown packing" else place + 200] ^= 0xFF
        path.write_bytes(content)
    seal(path)


@pytest.mark.parametrize("damage", ["wrong bytes", "unknown packing", "missing part"])
def test_a_part_that_is_damaged_is_found_before_anything_is_touched(damage: str, tmp_path: Path, backups: Path) -> None:
    url, path = sqlite_url(tmp_path), tmp_path / "backup"
    execute(url, "CREATE TABLE things (id INTEGER PRIMARY KEY)", "INSERT INTO things VALUES (1)")
    backup_to(url, path)
    damaged(path, damage)
    before = held(url)
    with pytest.raises(SchemaRefused, match=r"Nothing was changed"):
        restore_from(url, path, replace=True)
    assert held(url) == before
    assert not backups.exists()


def test_a_damaged_dump_is_found_before_a_table_is_dropped(
    empty_mariadb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backups: Path
) -> None:
    hide_clients(monkeypatch)
    path = tmp_path / "backup"
    execute(empty_mariadb, "CREATE TABLE things (id INTEGER PRIMARY KEY)", "INSERT INTO things VALUES (1)")
    backup_to(empty_mariadb, path)
    with zipfile.ZipFile(path) as archive:
        place = archive.getinfo("dump.sql").header_offset
    content = bytearray(path.read_bytes())
    content[place + 100] ^= 0xFF
    path.write_bytes(content)
    seal(path)
    before = held(empty_mariadb)
    with pytest.raises(SchemaRefused, match=r"Nothing was changed"):
        restore_from(empty_mariadb, path, replace=True)
    assert held(empty_mariadb) == before
    assert not backups.exists()


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
