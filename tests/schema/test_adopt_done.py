"""A database that is at the head, but was never reported on: upgraded by hand, or its adoption was killed late."""

import json
from pathlib import Path

import pytest

from app.schema import mend
from tests.databases import sqlite_url
from tests.migrations import chain
from tests.schema.adopting import lines_of, told
from tests.schema.commands import schema
from tests.schema.originals import expected, rows, tables
from tests.schema.originals.build import build

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep


@pytest.fixture
def at_head(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An original as an adoption leaves it that is killed before its report."""
    url = sqlite_url(tmp_path)
    build(url, *tables.AT_692E, stamp="692e6f2120e5")
    rows.insert(url, "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA")
    with monkeypatch.context() as environment:
        environment.setenv("DOPPLY_LEGACY_TIME_ZONE", "Asia/Jakarta")
        chain.upgrade(url)
    mend.mend(url)
    return url


def test_it_says_what_to_do_next_and_how_to_have_the_report(at_head: str, tmp_path: Path) -> None:
    done = schema(at_head, "adopt")
    assert done.exit_code == 0, done.output
    assert "Nothing to do" in done.stdout
    assert "Next: `flask schema adopt --report FILE` writes the report" in done.stdout
    assert "flask unit set" in done.stdout
    assert "accounts share an address" in done.stdout
    assert "Next: 1 account has no password and cannot sign in yet" in done.stdout
    assert "Next: 1 link gives no access until the patient accepts it" in done.stdout
    report = tmp_path / "report.jsonl"
    done = schema(at_head, "adopt", "--report", str(report))
    assert done.exit_code == 0, done.output
    assert "--report FILE" not in done.stdout
    assert "flask unit set" in done.stdout
    assert told(lines_of(report)) == expected.AT_HEAD
    assert lines_of(report)[-1]["finished"] is True


def test_a_program_is_told_the_same(at_head: str) -> None:
    said = json.loads(schema(at_head, "adopt", "--yes", "--json").stdout)
    assert said["done"].startswith("nothing to do")
    assert any("--report FILE" in step for step in said["next"])
    assert {entry["kind"] for entry in said["interpreted"]} == {kind for kind, _ in expected.AT_HEAD}


def test_where_nothing_was_interpreted_there_is_no_report_to_be_had(sqlite_at_head: str) -> None:
    done = schema(sqlite_at_head, "adopt")
    assert done.exit_code == 0, done.output
    assert "create-admin" in done.stdout
    assert "--report" not in done.stdout
