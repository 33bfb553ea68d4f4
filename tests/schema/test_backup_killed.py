"""A backup or a restore that is killed: no file that looks whole, no database that is half of one."""

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from app.schema.backup import backup_to, describe, restore_from
from app.schema.errors import SchemaRefused
from tests.databases import sqlite_url
from tests.schema.commands import execute
from tests.schema.two_tables import fill, filled
from tests.schema.ways import Way, held
from tests.sweep_sample import is_full

pytestmark = pytest.mark.fault

ROOT = Path(__file__).parents[2]
KILLS = 50 if is_full() else 4

BACKUP = """
import os, signal, sys
from pathlib import Path
from app.schema.backup import archive, backup_to, manifest

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

place = {"rows": (manifest.ContentDigest, "content"), "seal": (archive, "_seal"), "name": (archive, "_publish")}
setattr(*place[sys.argv[3]], die)
backup_to(sys.argv[1], Path(sys.argv[2]))
"""
RESTORE = """
import sys
from pathlib import Path
from app.schema.backup import restore_from
restore_from(sys.argv[1], Path(sys.argv[2]), replace=True)
"""


@pytest.mark.parametrize("place", ["rows", "seal", "name"])
def test_a_backup_that_is_killed_leaves_nothing_that_looks_whole(way: Way, tmp_path: Path, place: str) -> None:
    url, path = filled(way), tmp_path / "backup"
    killed = subprocess.run([sys.executable, "-c", BACKUP, url, str(path), place], cwd=ROOT, check=False)
    assert killed.returncode == -9
    assert not path.exists()
    [left] = tmp_path.glob("backup.*.part")
    assert left.stat().st_mode & 0o777 == 0o700
    if place != "name":  # There it lacks nothing but its name.
        with pytest.raises(SchemaRefused):
            describe(left / "archive")
    backup_to(url, path)
    assert describe(path).counts == {"parents": 3, "children": 2, "alembic_version": 0}


@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_sqlite_is_as_it_was_or_restored_whenever_the_restore_is_killed(tmp_path: Path, journal: str) -> None:
    source, path = sqlite_url(tmp_path, "source.db"), tmp_path / "backup"
    fill(source, "as backed up")
    execute(
        source,
        "CREATE TABLE bulk (id INTEGER PRIMARY KEY, content BLOB)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
        "INSERT INTO bulk SELECT i, randomblob(1000) FROM n",
    )
    backup_to(source, path)
    wanted = held(source)

    def target(number: int) -> str:
        url = sqlite_url(tmp_path, f"{number}.db")
        fill(url, "since then")
        with closing(sqlite3.connect(tmp_path / f"{number}.db")) as database:
            database.execute(f"PRAGMA journal_mode = {journal}")
        return url

    def start(url: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-c", RESTORE, url, str(path)], cwd=ROOT)

    begun = time.monotonic()
    assert start(target(0)).wait() == 0
    whole_s = time.monotonic() - begun
    for number in range(1, KILLS + 1):
        url = target(number)
        before = held(url)
        process = start(url)
        # From the beginning of the work to its end; wherever it comes, one of two states is there.
        time.sleep(whole_s * number / KILLS)
        process.kill()
        process.wait()
        assert held(url) in (before, wanted)
        restore_from(url, path, replace=True)
        assert held(url) == wanted
