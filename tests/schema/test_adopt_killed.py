"""An adoption that is killed again and again, or run twice at once, arrives with every row."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import fresh_mariadb, sqlite_url
from tests.schema.adopting import ADOPT, ZONE, lines_of, told
from tests.schema.commands import schema
from tests.schema.originals import expected, rows, tables
from tests.schema.originals.build import build
from tests.schema.project import Project, environment

# The line that the command has just printed when it is killed: each run comes a little further than the one before.
MOMENTS = (
    "Backed up to",
    "upgrade 692e6f2120e5 -> 006_utf8mb4",
    "upgrade 008_access -> 009_recordings",
    "upgrade 015_unit -> 016_one_current",
    "upgrade 017_notifications -> 018_indexes",
)


@pytest.mark.fault
@pytest.mark.parametrize("kind", ["sqlite", "mariadb"])
def test_killed_at_five_moments(kind: str, project: Project, tmp_path: Path) -> None:
    if kind == "sqlite":
        arrives(sqlite_url(tmp_path), project, tmp_path)
    else:
        with fresh_mariadb("latin1", "latin1_swedish_ci") as url:
            arrives(url, project, tmp_path)


def arrives(url: str, project: Project, folder: Path) -> None:
    build(url, *tables.AT_692E)
    rows.insert(url, "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA")
    before = rows.read(url)
    for number, moment in enumerate(MOMENTS):
        kill_at(moment, url, project, folder / str(number))
        # What the killed run has put to paper stays, and does not claim to be whole.
        for report in folder.glob(f"{number}.jsonl"):
            assert not any("finished" in line for line in lines_of(report))
    done = project.run(*ADOPT, "--yes", *files(folder / "last"), url=url, **ZONE)
    assert done.returncode == 0, done.stdout + done.stderr
    after = rows.read(url)
    for table in before:
        assert set(before[table]) <= set(after[table]), table
    assert schema(url, "status").exit_code == 0
    assert told(lines_of(folder / "last.jsonl")) == expected.AT_HEAD
    first_report = told(lines_of(folder / "1.jsonl"))
    assert expected.BEFORE.items() <= first_report.items()


@pytest.mark.fault
def test_two_at_once(project: Project, tmp_path: Path) -> None:
    """One does all of it; the other finds it done or waits in vain, and never stamps what the first has upgraded."""
    with fresh_mariadb("latin1", "latin1_swedish_ci") as url:
        build(url, *tables.AT_692E, stamp=None)
        rows.insert(url, "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA")
        before = rows.read(url)
        both = [start(url, project, tmp_path / str(number)) for number in range(2)]
        said = [process.communicate()[0] for process in both]
        assert sorted(process.returncode for process in both) == [0, 1], said
        winner, loser = sorted(said, key=lambda output: "FAILED" in output)
        assert winner.count("-> 006_utf8mb4") == 1, winner
        assert "upgrade " not in loser, loser
        assert "nothing was done to it" in loser or "nothing was changed" in loser, loser
        after = rows.read(url)
        assert all(set(before[table]) <= set(after[table]) for table in before)
        assert {table: len(rows_) for table, rows_ in after.items() if table in {"patients", "doctors"}} == {
            "patients": len(before["patients"]) + 2,
            "doctors": len(before["doctors"]) + 1,
        }
        assert schema(url, "status").exit_code == 0


def files(stem: Path) -> list[str]:
    return ["--backup", f"{stem}.backup", "--report", f"{stem}.jsonl"]


def start(url: str, project: Project, stem: Path) -> "subprocess.Popen[str]":
    """The command, which asks nothing and says each line at once."""
    return subprocess.Popen(
        [sys.executable, "-u", "-m", *ADOPT, "--yes", *files(stem)],
        cwd=project.root,
        env=environment(url, **ZONE),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def kill_at(moment: str, url: str, project: Project, stem: Path) -> None:
    """Run the command and kill it when it has printed a line that begins with `moment`."""
    with start(url, project, stem) as process:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith(moment):
                os.kill(process.pid, signal.SIGKILL)
                break
        process.wait()
    assert process.returncode == -signal.SIGKILL, "".join(said)
