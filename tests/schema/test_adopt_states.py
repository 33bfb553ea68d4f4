"""Originals in every state in which they are met reach the head with all their rows."""

from pathlib import Path

import pytest

from tests.databases import fresh_mariadb, sqlite_url
from tests.schema.adopting import MARIADB_IN_SWEEPS, STATES, State, lines_of, told
from tests.schema.commands import execute, schema
from tests.schema.originals import expected, rows
from tests.schema.originals.build import build
from tests.sweep_sample import is_full

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

CHARSETS = {"latin1": "latin1_swedish_ci", "utf8mb4": "utf8mb4_unicode_ci"}
CASES = [(state, charset) for charset in CHARSETS for state in STATES]
# test_adopt.py adopts unversioned originals; 004 and 001 differ most from these.
SAMPLE = [(state, charset) for state, charset in CASES if state.name in {"004", "001"} and charset == "latin1"]
ON_SQLITE = STATES if is_full() else STATES[2::2]


def named(value: State | str) -> str:
    return value if isinstance(value, str) else value.name


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Asia/Jakarta")


@pytest.mark.parametrize("state", ON_SQLITE, ids=named)
def test_on_sqlite(tmp_path: Path, state: State) -> None:
    reaches_the_head(sqlite_url(tmp_path), state, tmp_path / "report.jsonl")


@pytest.mark.sweep
@pytest.mark.parametrize(("state", "charset"), CASES if is_full() else SAMPLE, ids=named)
def test_on_mariadb(tmp_path: Path, state: State, charset: str) -> None:
    with fresh_mariadb(charset, CHARSETS[charset]) as url:
        reaches_the_head(url, state, tmp_path / "report.jsonl")


def reaches_the_head(url: str, state: State, report: Path) -> None:
    build(url, *state.parts, stamp=state.stamp)
    rows.insert(url, "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA")
    before = rows.read(url)
    done = schema(url, "adopt", "--yes", "--report", str(report))
    assert done.exit_code == 0, done.output
    after = rows.read(url)
    for table in before:
        assert set(before[table]) <= set(after[table]), table
    assert schema(url, "status").exit_code == 0
    kinds = (expected.BEFORE | expected.AT_HEAD).items()
    # Where the tables of results were not there yet, no session had one.
    if "fetal_monitoring_results" in before or "fetal_monitoring_sessions" not in before:
        assert told(lines_of(report)) == {place: keys for place, keys in kinds if place[1] in before}


@pytest.mark.parametrize("empty_database", MARIADB_IN_SWEEPS, indirect=True)
def test_an_empty_database_is_built(empty_database: str, backups: Path) -> None:
    execute(empty_database, "CREATE TABLE made_for_the_file (id INTEGER)", "DROP TABLE made_for_the_file")
    done = schema(empty_database, "adopt", "--yes")
    assert done.exit_code == 0, done.output
    assert "nothing to back up" in done.output
    assert "create-admin" in done.output
    assert schema(empty_database, "status").exit_code == 0
    assert "Nothing to do" in schema(empty_database, "adopt").output
