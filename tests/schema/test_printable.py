"""A name in a database or in a file is shown by the commands and never obeyed by the terminal."""

import json
import zipfile
from pathlib import Path

from tests.databases import sqlite_url
from tests.schema.commands import execute, schema
from tests.schema.test_backup_forged import GOOD, seal

ESCAPE = "x\x1b[31m\x07\u202e"
SHOWN = "x\\x1b[31m\\x07\\u202e"


def test_names_of_tables(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    assert schema(url, "apply").exit_code == 0
    execute(url, f'CREATE TABLE "{ESCAPE}" (id INTEGER PRIMARY KEY)')
    for command in ("tables", "status"):
        said = schema(url, command).output
        assert SHOWN in said
        assert "\x1b" not in said


def test_what_a_file_says_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "forged"
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = b"0" * 64
        archive.writestr("manifest.json", json.dumps(GOOD | {"server": ESCAPE, "database": ESCAPE}))
    seal(path)
    said = schema(sqlite_url(tmp_path), "restore", str(path), "--yes").output
    assert SHOWN in said
    assert "\x1b" not in said
