"""A table that no backup can carry is named, and neither a backup nor what would follow one is begun."""

from pathlib import Path

import pytest

from tests.schema.commands import execute, schema, tables
from tests.schema.originals import rows
from tests.schema.originals import tables as original
from tests.schema.originals.build import build
from tests.schema.ways import held

HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA"
# SQLAlchemy warns while it looks at such a table.
LINE_BREAKS = (pytest.mark.filterwarnings("ignore:Unknown"), pytest.mark.sweep)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("ALTER TABLE records ADD SYSTEM VERSIONING", "table records keeps its history"),
        pytest.param("CREATE TABLE `two\nlines` (id INT)", r"table 'two\nlines' has a line break", marks=LINE_BREAKS),
        pytest.param(
            "CREATE TABLE lunch (`the\nday` INT)", r"column 'the\nday' of table 'lunch' has", marks=LINE_BREAKS
        ),
    ],
)
def test_a_table_that_no_backup_carries_is_named_and_nothing_is_begun(
    empty_mariadb: str,
    tmp_path: Path,
    backups: Path,
    monkeypatch: pytest.MonkeyPatch,
    statement: str,
    words: str,
) -> None:
    monkeypatch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Asia/Jakarta")
    build(empty_mariadb, *original.AT_692E, stamp="692e6f2120e5")
    rows.insert(empty_mariadb, HASH)
    execute(empty_mariadb, statement)
    before = held(empty_mariadb)
    for command in (
        ["backup", str(tmp_path / "backup")],
        ["full-reset", "--yes"],
        ["adopt", "--yes"],
        ["rollback", "--yes"],
    ):
        done = schema(empty_mariadb, *command)
        assert done.exit_code == 3, done.output
        assert words in done.stderr
        assert "othing was changed" in done.stderr or command[0] == "adopt"
    assert held(empty_mariadb) == before
    assert not (tmp_path / "backup").exists()
    assert not list(backups.glob("*"))


def test_what_is_not_in_a_backup_is_told_before_the_tables_go(empty_mariadb: str) -> None:
    execute(
        empty_mariadb,
        "CREATE TABLE lunch (id INT) ENGINE = MyISAM",
        "CREATE SEQUENCE numbers",
        "CREATE PROCEDURE proc() SELECT 1",
    )
    done = schema(empty_mariadb, "full-reset", "--yes")
    assert done.exit_code == 0, done.output
    told, dropped = (
        done.stdout.index(words) for words in ("note: Not in the backup: procedure proc, sequence", "Dropped 1")
    )
    assert told < dropped
    assert "note: lunch is MyISAM" in done.stdout
    assert "lunch" not in tables(empty_mariadb)
