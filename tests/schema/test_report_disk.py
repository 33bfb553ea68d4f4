"""A report that the disk does not take says how far the adoption came, and where the state before is."""

import os
from pathlib import Path

import pytest

from app.schema import adopt as adoption
from app.schema import chain
from app.schema.errors import SchemaFailed
from app.schema.plan import look
from tests.schema.adopting import lines_of
from tests.schema.commands import schema
from tests.schema.originals import rows, tables
from tests.schema.originals.build import build

HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA"
FULL = Path("/dev/full")


@pytest.fixture
def original(empty_sqlite: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of the original with rows."""
    monkeypatch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Asia/Jakarta")
    build(empty_sqlite, *tables.AT_692E, stamp="692e6f2120e5")
    rows.insert(empty_sqlite, HASH)
    return empty_sqlite


def fill_the_disk_of(path: Path) -> None:
    """From now on this process can write no more into the file that it has opened there."""
    [opened] = [link.name for link in Path("/proc/self/fd").iterdir() if link.resolve() == path]
    full = os.open(FULL, os.O_WRONLY)
    os.dup2(full, int(opened))
    os.close(full)


@pytest.mark.skipif(not FULL.exists() or not Path("/proc/self/fd").exists(), reason="Linux alone has /dev/full")
def test_a_disk_that_fills_up_late_leaves_an_adopted_database_and_says_so(original: str, tmp_path: Path) -> None:
    backup, report = tmp_path / "backup", tmp_path / "report"

    def say(line: str) -> None:
        if f" -> {chain.head()}" in line:
            fill_the_disk_of(report)

    with pytest.raises(SchemaFailed) as failed:
        adoption.adopt(original, look(original), backup=backup, report=report, say=say)
    told = str(failed.value)
    assert f"It is at the head, {chain.head()}" in told
    assert f"The report {report} cannot be written: No space left on device." in told
    assert "`flask schema adopt --report FILE`" in told
    assert f"How it was before is in {backup}." in told
    assert backup.exists()
    done = schema(original, "adopt", "--report", str(tmp_path / "again"))
    assert done.exit_code == 0, done.output
    assert lines_of(tmp_path / "again")[-1]["finished"] is True


def test_a_place_that_takes_no_report_is_named_and_nothing_is_changed(original: str, tmp_path: Path) -> None:
    report = tmp_path / "none" / "report"
    done = schema(original, "adopt", "--yes", "--backup", str(tmp_path / "backup"), "--report", str(report))
    assert done.exit_code == 1
    assert f"The report {report} cannot be written: No such file or directory." in done.stderr
    assert "Nothing was done to the database." in done.stderr
    assert str(tmp_path / "backup") in done.stderr
    assert look(original).found.stamp == ("692e6f2120e5",)
