"""A million readings: how long a backup and its restore take, in each way, written out and held under ten minutes."""

import sys
import time
from pathlib import Path

import pytest

from app.schema.backup import backup_to, restore_from
from tests.migrations import chain
from tests.schema.commands import execute
from tests.schema.ways import SQLITE, WAYS, held, taking

READINGS = 1_000_000
LIMIT_S = 600
AT = "'2025-08-01 08:00:00'"
# i runs from 1 to READINGS.
NUMBERS = {
    True: f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {READINGS}) SELECT {{}} FROM n",  # noqa: S608
    False: f"SELECT {{}} FROM (SELECT seq AS i FROM seq_1_to_{READINGS}) n",  # noqa: S608
}
# Each quality has more digits than the client writes: the worst there is for it.
READING = f"i, 'Sesi pagi', {AT}, 110 + i % 50, i / 1234567.0, 'normal', {AT}"
READINGS_OF = (
    "INSERT INTO fetal_heart_rate_readings (id, session_id, timestamp, bpm, signal_quality, classification, created_at)"
)
SESSION = (
    "INSERT INTO fetal_monitoring_sessions (id, public_id, monitoring_type, gestational_age, start_time, "  # noqa: S608
    f"shared_with_doctor, created_at, updated_at) VALUES ('Sesi pagi', 'x', 'home', 30, {AT}, 0, {AT}, {AT})"
)


@pytest.mark.sweep
@pytest.mark.parametrize("name", WAYS)
def test_a_million_readings_are_back_in_ten_minutes(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with taking(name, tmp_path, monkeypatch) as way:
        url, other = way.empty(), way.empty()
        chain.upgrade(url)
        execute(
            url,
            SESSION,
            f"{READINGS_OF} {NUMBERS[name == SQLITE].format(READING)}".replace("%", "%%" if name != SQLITE else "%"),
        )
        times_s = [time.monotonic()]
        backup_to(url, tmp_path / "backup")
        times_s.append(time.monotonic())
        restore_from(other, tmp_path / "backup")
        times_s.append(time.monotonic())
        assert held(other) == held(url)
    backup_s, restore_s = times_s[1] - times_s[0], times_s[2] - times_s[1]
    size_mb = (tmp_path / "backup").stat().st_size / 1e6
    sys.stderr.write(f"\n{name}: backup {backup_s:.1f} s, {size_mb:.1f} MB; restore {restore_s:.1f} s\n")
    assert restore_s < LIMIT_S
