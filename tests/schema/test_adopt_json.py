"""An original whose JSON columns were made as plain text, with texts in them that are no JSON: nothing is lost."""

from pathlib import Path

import pytest

from app.schema import drift, json_columns
from tests.migrations import chain
from tests.schema.adopting import lines_of, told
from tests.schema.commands import execute, schema
from tests.schema.originals import rows
from tests.schema.originals import tables as original
from tests.schema.originals.build import build

HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA"
# As hand-made tables have them. MariaDB's own JSON is a LONGTEXT with a check.
AS_TEXT = (
    "ALTER TABLE pregnancy_info MODIFY complications {kind} NULL",
    "ALTER TABLE fetal_monitoring_results MODIFY findings {kind} NULL, MODIFY recommendations {kind} NULL",
    "ALTER TABLE records MODIFY bpm_data {kind} NULL",
)
NO_JSON = (
    "UPDATE pregnancy_info SET complications = 'Normal' WHERE id = 1",
    "UPDATE pregnancy_info SET complications = '' WHERE id = 2",
    "UPDATE fetal_monitoring_results SET findings = 'baik sekali', recommendations = ''",
    "UPDATE records SET bpm_data = '' WHERE id = 1",
)
HELD = (
    "SELECT id, complications FROM pregnancy_info ORDER BY id",
    "SELECT id, findings, recommendations FROM fetal_monitoring_results ORDER BY id",
    "SELECT id, bpm_data FROM records ORDER BY id",
)


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Asia/Jakarta")


def held(url: str) -> list[list[tuple[object, ...]]]:
    """What the columns hold."""
    with chain.connection(url) as connection:
        return [[tuple(row) for row in connection.exec_driver_sql(query)] for query in HELD]


# An adoption on MariaDB takes ten seconds.
@pytest.mark.sweep
@pytest.mark.parametrize("kind", ["TEXT CHARACTER SET latin1", "LONGTEXT"])
def test_text_that_is_no_json_stays_and_is_told(kind: str, empty_mariadb: str, tmp_path: Path) -> None:
    build(empty_mariadb, *original.AT_692E, stamp="692e6f2120e5")
    rows.insert(empty_mariadb, HASH)
    execute(empty_mariadb, *(statement.format(kind=kind) for statement in AS_TEXT), *NO_JSON)
    before = held(empty_mariadb)
    done = schema(empty_mariadb, "adopt", "--yes", "--report", str(tmp_path / "report"))
    assert done.exit_code == 0, done.output
    assert held(empty_mariadb) == before
    assert drift.found(empty_mariadb) == ()
    assert schema(empty_mariadb, "adopt").exit_code == 0
    found = told(lines_of(tmp_path / "report"))
    assert found["pregnancy_odd_complications", "pregnancy_info"] >= {1}
    assert found["result_text_for_json", "fetal_monitoring_results"]


def test_a_server_whose_json_refuses_other_text_is_told_of_it_first(empty_mariadb: str) -> None:
    build(empty_mariadb, *original.AT_692E)
    rows.insert(empty_mariadb, HASH)
    execute(empty_mariadb, *(statement.format(kind="TEXT") for statement in AS_TEXT), *NO_JSON)
    with chain.connection(empty_mariadb) as connection:
        told = list(json_columns.not_json(connection, json_columns.COLUMNS))
    assert sorted(sentence.split(" hold ")[0] for sentence in told) == [
        "1 rows of fetal_monitoring_results.findings",
        "1 rows of fetal_monitoring_results.recommendations",
        "1 rows of records.bpm_data",
        "2 rows of pregnancy_info.complications",
    ]


@pytest.mark.sweep
def test_text_that_is_json_becomes_json(empty_mariadb: str) -> None:
    build(empty_mariadb, *original.AT_692E, stamp="692e6f2120e5")
    rows.insert(empty_mariadb, HASH)
    execute(empty_mariadb, "ALTER TABLE pregnancy_info MODIFY complications TEXT NULL")
    execute(empty_mariadb, """UPDATE pregnancy_info SET complications = '["Anemia"]' WHERE id = 1""")
    done = schema(empty_mariadb, "adopt", "--yes")
    assert done.exit_code == 0, done.output
    assert drift.found(empty_mariadb) == ()
    with chain.connection(empty_mariadb) as connection:
        query = "SELECT COUNT(*) FROM information_schema.check_constraints WHERE constraint_schema = DATABASE()"
        assert connection.exec_driver_sql(f"{query} AND table_name = 'pregnancy_info'").scalar() == 1
