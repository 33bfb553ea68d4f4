"""What tests of adoption share: the states in which originals are met, and reading a report."""

import json
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.schema.originals import tables

Told = dict[tuple[str, str], set[object]]

# For `empty_database`: an adoption on MariaDB takes ten seconds, so of each kind one runs every time.
MARIADB_IN_SWEEPS = ["sqlite", pytest.param("mariadb", marks=pytest.mark.sweep)]

ZONE = {"DOPPLY_LEGACY_TIME_ZONE": "Asia/Jakarta"}
ADOPT = ("flask", "--app", "wsgi", "schema", "adopt")


class State(NamedTuple):
    """An original as it is met: its tables, and what alembic_version says ("" nothing, None there is none)."""

    name: str
    parts: tuple[str, ...]
    stamp: str | None


STATES = (
    State("unversioned", tables.AT_692E, None),
    State("692e", tables.AT_692E, "692e6f2120e5"),
    State("004", tables.AT_004, "004_fetal_monitoring"),
    State("004 with the tables of 692e", tables.AT_692E, "004_fetal_monitoring"),
    State("692e with the columns of 004", tables.AT_004, "692e6f2120e5"),
    State("unversioned 004", tables.AT_004, None),
    State("003", tables.AT_003, "003_patient_status_history"),
    State("002", tables.AT_002, "002_records_notifications"),
    State("001", tables.AT_001, "001_initial_schema"),
    State("cut before its stamp", tables.AT_692E, ""),
    State("cut in 004", (*tables.AT_003, tables.SESSIONS, tables.READINGS), "003_patient_status_history"),
    State("stamped ahead", tables.AT_692E, "018_indexes"),
)


def lines_of(report: Path) -> list[dict[str, object]]:
    """The lines of a report."""
    return [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]


def told(lines: list[dict[str, object]]) -> Told:
    """What a report says, as originals/expected.py writes it."""
    found: Told = defaultdict(set)
    for line in lines:
        if "kind" in line:
            key = line["key"]
            found[str(line["kind"]), str(line["table"])].add(tuple(key) if isinstance(key, list) else key)
    return found
