"""The file of a backup is whole or not there, its owner's alone, and never believed when a byte of it is wrong."""

import os
import resource
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from app.schema.backup import backup_to, describe, restore_from
from app.schema.errors import SchemaError, SchemaFailed, SchemaRefused
from tests.schema.commands import execute
from tests.schema.ways import Way, held

# Cuts and flips in a file of about 10 kB: every 13th byte, and both ends.
STEP = 13
ROOT = Path(__file__).parents[2]


@pytest.fixture
def filled(way: Way) -> str:
    """A database with a table, a row and a blob that cannot be compressed."""
    url = way.empty()
    execute(
        url,
        "CREATE TABLE things (id INTEGER PRIMARY KEY, content BLOB)",
        f"INSERT INTO things VALUES (1, x'{os.urandom(5000).hex()}')",  # noqa: S608
    )
    return url


def places(size: int) -> list[int]:
    """Every kind of place in a file of `size` bytes: its ends byte by byte, and steps over the rest."""
    return sorted({*range(70), *range(size - 100, size), *range(0, size, STEP)})


def test_a_file_cut_anywhere_is_refused(way: Way, filled: str, tmp_path: Path) -> None:
    backup_to(filled, tmp_path / "backup")
    whole = (tmp_path / "backup").read_bytes()
    target = way.empty()
    execute(target)
    before = held(target)
    for place in places(len(whole)):
        (tmp_path / "cut").write_bytes(whole[:place])
        with pytest.raises(SchemaRefused, match="Nothing was changed"):
            restore_from(target, tmp_path / "cut")
    assert held(target) == before


def test_a_file_with_one_wrong_bit_is_refused(way: Way, filled: str, tmp_path: Path) -> None:
    backup_to(filled, tmp_path / "backup")
    whole = (tmp_path / "backup").read_bytes()
    target = way.empty()
    for place in places(len(whole)):
        wrong = bytearray(whole)
        wrong[place] ^= 1 << place % 8
        (tmp_path / "wrong").write_bytes(wrong)
        with pytest.raises(SchemaRefused, match="Nothing was changed"):
            restore_from(target, tmp_path / "wrong")
    (tmp_path / "longer").write_bytes(whole + b"0")
    with pytest.raises(SchemaRefused, match="damaged or incomplete"):
        restore_from(target, tmp_path / "longer")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"-- a dump\n", b"SQLite format 3\0" + b"\0" * 100])
def test_what_is_no_backup_is_refused(content: bytes, empty_sqlite: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(SchemaRefused, match=r"not a backup of Dopply|damaged or incomplete"):
        restore_from(empty_sqlite, tmp_path / "file")


def test_only_its_owner_may_read_it_whatever_the_umask(filled: str, tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        backup_to(filled, tmp_path / "backup")
    finally:
        os.umask(mask)
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600


def test_any_tool_opens_it(filled: str, tmp_path: Path) -> None:
    backup_to(filled, tmp_path / "backup")
    with zipfile.ZipFile(tmp_path / "backup") as archive:
        assert archive.testzip() is None
        assert "manifest.json" in archive.namelist()


@pytest.mark.parametrize("kind", ["file", "folder", "dangling link"])
def test_what_is_there_is_never_overwritten(kind: str, filled: str, tmp_path: Path) -> None:
    path = tmp_path / "backup"
    if kind == "file":
        path.write_text("mine", encoding="utf-8")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SchemaRefused, match="never overwritten"):
        backup_to(filled, path)
    assert kind != "file" or path.read_text(encoding="utf-8") == "mine"
    assert not list(tmp_path.glob("*.part"))
    assert not (tmp_path / "elsewhere").exists()


def test_two_at_once_make_one_file(filled: str, tmp_path: Path) -> None:
    errors: list[SchemaError] = []

    def take() -> None:
        try:
            backup_to(filled, tmp_path / "backup")
        except SchemaRefused as error:
            errors.append(error)

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(errors) == 1
    assert describe(tmp_path / "backup").counts == {"things": 1}
    assert not list(tmp_path.glob("*.part"))


def test_a_folder_that_is_not_there_and_one_that_takes_nothing(filled: str, tmp_path: Path) -> None:
    with pytest.raises(SchemaFailed, match=r"No such file or directory. No backup was made"):
        backup_to(filled, tmp_path / "none" / "backup")
    (tmp_path / "file").touch()
    with pytest.raises(SchemaFailed, match="No backup was made"):
        backup_to(filled, tmp_path / "file" / "backup")


TAKE = """
import sys
from pathlib import Path
from app.schema.backup import backup_to
from app.schema.errors import SchemaFailed
try:
    backup_to(sys.argv[1], Path(sys.argv[2]))
except SchemaFailed as error:
    sys.exit(str(error))
"""


@pytest.mark.parametrize("limit", [0, 5000])
def test_a_full_disk_leaves_nothing(way: Way, filled: str, tmp_path: Path, limit: int) -> None:
    """A limit on the size of files stands for the disk: the write that goes beyond it fails like one on a full disk."""
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", TAKE, filled, str(folder / "backup")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == 1, done.stderr
    assert "No backup was made" in done.stderr
    assert list(folder.iterdir()) == []


def test_a_damaged_sqlite_file_is_not_passed_off_as_a_backup(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'x.db'}"
    execute(url, "CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)", "CREATE INDEX by_name ON things (name)")
    execute(url, f"INSERT INTO things (name) VALUES {', '.join(['(hex(randomblob(20)))'] * 500)}")  # noqa: S608
    with (tmp_path / "x.db").open("r+b") as file:
        file.seek(3 * 4096 + 1000)
        file.write(b"\xff" * 500)
    with pytest.raises(SchemaFailed, match="No backup was made"):
        backup_to(url, tmp_path / "backup")
    assert not (tmp_path / "backup").exists()
