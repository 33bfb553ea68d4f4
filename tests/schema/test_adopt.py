"""A database of the original becomes one of Dopply, by the real command: nothing lost, each reading of a row told."""

import json
import stat
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import create_app
from tests.conftest import make_settings
from tests.databases import fresh_mariadb, sqlite_url
from tests.migrations import chain
from tests.schema.adopting import ADOPT, ZONE, Told, lines_of, told
from tests.schema.commands import schema
from tests.schema.originals import expected, rows, tables
from tests.schema.originals.build import build
from tests.schema.project import Project


@dataclass(frozen=True, slots=True)
class Adopted:
    """An original that was adopted: what stood in it before, and what the command said."""

    url: str
    before: dict[str, list[tuple[str, ...]]]
    said: str
    folder: Path
    kinds: Told

    @property
    def report(self) -> list[dict[str, object]]:
        """The lines of the report."""
        return lines_of(self.folder / "report.jsonl")


@pytest.fixture(scope="module", params=["latin1", pytest.param("utf8mb4", marks=pytest.mark.sweep), "sqlite"])
def adopted(
    request: pytest.FixtureRequest, project: Project, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Adopted]:
    """An unversioned original with every oddity: on a latin1 server, on a utf8mb4 one, and in an SQLite file."""
    folder = tmp_path_factory.mktemp("adopted")
    kinds = expected.AT_HEAD
    if request.param == "sqlite":
        url = sqlite_url(folder)
        build(url, *tables.AT_692E)
        rows.insert(url, rows.argon2id(rows.PASSWORD), *rows.EMOJI)
        yield adopt(url, project, folder, kinds)
    elif request.param == "latin1":
        with fresh_mariadb("latin1", "latin1_swedish_ci") as url:
            build(url, *tables.AT_692E)
            rows.insert(url, rows.argon2id(rows.PASSWORD), *rows.NO_DATES)
            yield adopt(url, project, folder, kinds | expected.NO_DATES)
    else:
        with fresh_mariadb("utf8mb4", "utf8mb4_general_ci") as url:
            build(url, *tables.AT_692E)
            rows.insert(url, rows.argon2id(rows.PASSWORD), *rows.EMOJI)
            yield adopt(url, project, folder, kinds)


def adopt(url: str, project: Project, folder: Path, kinds: Told) -> Adopted:
    before = rows.read(url)
    files = ["--backup", str(folder / "backup"), "--report", str(folder / "report.jsonl")]
    done = project.run(*ADOPT, "--yes", *files, url=url, **ZONE)
    assert done.returncode == 0, done.stdout + done.stderr
    return Adopted(url, before, done.stdout, folder, kinds)


def test_every_row_is_there_as_it_was(adopted: Adopted) -> None:
    after = rows.read(adopted.url)
    for table, before in adopted.before.items():
        assert set(before) <= set(after[table]), table
        # 016_one_current adds what is missing beside an account.
        added = {"patients": 2, "doctors": 1}.get(table, 0)
        assert len(after[table]) == len(before) + added, table


def test_the_report_tells_each_row_that_was_interpreted(adopted: Adopted) -> None:
    assert told(adopted.report) == expected.BEFORE | adopted.kinds


def test_the_report_says_what_was_found_and_that_it_is_whole(adopted: Adopted) -> None:
    first, *lines, last = adopted.report
    assert first["state"] == "the original at 692e6f2120e5"
    assert first["legacy_time_zone"] == "Asia/Jakarta"
    assert first["backup"] == str(adopted.folder / "backup")
    assert last["finished"] is True
    counts = {entry["kind"]: entry["count"] for entry in last["kinds"]}  # type: ignore[attr-defined]
    assert sum(counts.values()) == len(lines)
    assert all(line["found"] and line["taken_as"] for line in lines)


def test_ids_of_single_values_are_told(adopted: Adopted) -> None:
    found = {line["kind"]: line["found"] for line in adopted.report if line.get("table") == expected.READINGS}
    assert found["reading_signal_loss"] == "2 of 11 values: ids 3-4"
    assert found["reading_same_second"] == "1 of 11 values: ids 11"
    assert found["reading_times_not_measured"] == "12 values in 1 different seconds"


def test_an_old_status_is_told_in_its_own_words(adopted: Adopted) -> None:
    [line] = [line for line in adopted.report if line.get("key") == [rows.BUDI, rows.PATIENT_SURPLUS]]
    assert line["found"] == f"status 'dr. Budi, Selasa', doctor validated, now patient {rows.PATIENT_KEPT}"


def test_the_terminal_counts_each_kind_and_says_what_to_do_next(adopted: Adopted) -> None:
    kinds: dict[str, int] = defaultdict(int)
    for (kind, _), keys in (expected.BEFORE | adopted.kinds).items():
        kinds[kind] += len(keys)
    lines = adopted.said.splitlines()
    for kind, count in kinds.items():
        [place] = [number for number, line in enumerate(lines) if line.strip().startswith(f"{kind}; shown: ")]
        assert int(lines[place - 1].split()[0]) == count, kind
    assert "Next: 2 doctors are not validated" in adopted.said
    assert "accounts share an address" in adopted.said
    assert "flask unit set" in adopted.said
    assert "create-admin" not in adopted.said
    assert "example.org" not in adopted.said


def test_backup_and_report_are_for_their_owner_alone(adopted: Adopted) -> None:
    for name in ("backup", "report.jsonl"):
        assert stat.S_IMODE((adopted.folder / name).stat().st_mode) == 0o600


def test_the_backup_holds_the_state_before(adopted: Adopted, tmp_path: Path) -> None:
    if adopted.url.startswith("sqlite"):
        restored(sqlite_url(tmp_path, "restored.db"), adopted)
    else:
        with fresh_mariadb() as url:
            restored(url, adopted)


def restored(url: str, adopted: Adopted) -> None:
    done = schema(url, "restore", str(adopted.folder / "backup"), "--yes")
    assert done.exit_code == 0, done.output
    assert rows.read(url) == adopted.before


def test_flask_db_check_and_status_are_clean(adopted: Adopted) -> None:
    done = create_app(make_settings(adopted.url)).test_cli_runner().invoke(args=["db", "check"])
    assert done.exit_code == 0, done.output
    assert schema(adopted.url, "status").exit_code == 0


def test_a_second_adopt_has_nothing_to_do_and_tells_the_same_again(adopted: Adopted, tmp_path: Path) -> None:
    # Without DOPPLY_LEGACY_TIME_ZONE: the database knows its zone.
    again = str(tmp_path / "again.jsonl")
    done = schema(adopted.url, "adopt", "--report", again)
    assert done.exit_code == 0, done.stderr
    assert "Nothing to do" in done.stdout
    assert told(lines_of(Path(again))) == adopted.kinds
    assert schema(adopted.url, "adopt", "--report", again).exit_code == 3


def test_the_zone_that_is_recorded_counts(adopted: Adopted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Asia/Makassar")
    done = schema(adopted.url, "adopt", "--json", "--dry-run")
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["legacy_time_zone"] == "Asia/Jakarta"
    assert any("Asia/Makassar" in remark for remark in found["remarks"])
    with chain.connection(adopted.url) as connection:
        assert connection.exec_driver_sql("SELECT legacy_time_zone FROM installation").scalar() == "Asia/Jakarta"
