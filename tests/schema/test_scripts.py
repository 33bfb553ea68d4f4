"""The scripts at the top level: exit codes pass through, DATABASE_URL is enough, nothing hangs."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.databases import sqlite_url
from tests.rules.tree import ROOT
from tests.schema.project import LIMIT_S, Project, environment

SCRIPTS = ["check_tables.py", "full_reset.py", "manage_migrations.py", "reset_migrations.py"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_one_call(script: str) -> None:
    lines = (ROOT / script).read_text(encoding="utf-8").splitlines()
    body = [line for line in lines if line and not line.startswith(('"""', "from ", "if __name__"))]
    assert len(body) == 1


@pytest.mark.sweep
def test_without_a_database_url_production_stops_and_says_so(project: Project) -> None:
    for words in (["check_tables.py"], ["manage_migrations.py", "status"]):
        done = project.run("python", *words, url="")
        assert done.returncode == 1
        assert "DATABASE_URL" in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("python", "manage_migrations.py", "status"),
        pytest.param(("flask", "--app", "wsgi", "schema", "status"), marks=pytest.mark.sweep),
        pytest.param(("flask", "--app", "wsgi", "db", "current"), marks=pytest.mark.sweep),
        pytest.param(("alembic", "current"), marks=pytest.mark.sweep),
    ],
    ids=" ".join,
)
def test_an_address_that_cannot_be_read_is_one_line_without_the_password(
    words: tuple[str, ...], project: Project
) -> None:
    done = project.run(*words, url="mysql+pymysql://root:Xq1@Xq2:Xq3@127.0.0.1/x")
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("FAILED: ")
    assert "DATABASE_URL is not a database URL" in line
    assert "Xq" not in done.stdout + done.stderr


def test_elsewhere_the_embedded_file_is_used_as_by_the_portal(project: Project) -> None:
    done = project.run("python", "check_tables.py", url="", DOPPLY_ENV="development")
    assert done.returncode == 0, done.stderr
    assert str(project.root / "instance" / "dopply.db") in done.stdout


@pytest.mark.sweep
def test_a_wrong_word_is_2(project: Project, tmp_path: Path) -> None:
    for words in (
        ["manage_migrations.py", "full-reset"],
        ["manage_migrations.py", "new"],
        ["check_tables.py", "--all"],
    ):
        done = project.run("python", *words, url=sqlite_url(tmp_path))
        assert done.returncode == 2, done.stdout
    assert list(tmp_path.iterdir()) == []


def test_it_runs_from_any_folder_and_closed_input_is_nobody(project: Project, sqlite_at_head: str) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f"exec {sys.executable} {project.root / 'full_reset.py'} <&-"],
        cwd="/",
        env=environment(sqlite_at_head),
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_S,
    )
    assert done.returncode == 3, done.stderr
    assert "Nobody is here to answer" in done.stderr
