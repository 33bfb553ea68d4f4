"""Databases of the original that differ a little: put right, or refused with the place before anything is changed."""

from pathlib import Path

import pytest

from app.schema import chain as ours
from app.schema import drift
from tests.migrations import chain, facts
from tests.schema.adopting import MARIADB_IN_SWEEPS
from tests.schema.commands import execute, schema
from tests.schema.originals import rows
from tests.schema.originals import tables as original
from tests.schema.originals.build import build

# It builds a database for each test: of the long ones, which `make check` runs.
pytestmark = pytest.mark.sweep

HASH = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaA"


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOPPLY_LEGACY_TIME_ZONE", "Asia/Jakarta")


PUT_RIGHT = (
    "ALTER TABLE users MODIFY name VARCHAR(255) NULL",
    "ALTER TABLE users MODIFY photo_url VARCHAR(400) NULL",
    "ALTER TABLE users RENAME INDEX email TO ix_users_email",
    "ALTER TABLE records MODIFY classification TEXT NULL",
    "ALTER TABLE records MODIFY source ENUM('clinic','self','ward') NOT NULL",
    "ALTER TABLE fetal_monitoring_sessions MODIFY patient_id INT NOT NULL",
    "ALTER TABLE pregnancy_info MODIFY is_high_risk BOOL NULL",
    "DROP INDEX ix_users_id ON users",
    "CREATE INDEX of_a_clinic ON patients (phone)",
    "ALTER TABLE patients DROP FOREIGN KEY patients_ibfk_1",
    "ALTER TABLE doctors ADD UNIQUE KEY only_one (doctor_id), DROP INDEX doctor_id",
    "ALTER TABLE records DROP FOREIGN KEY records_ibfk_1",
    "ALTER TABLE records ADD CONSTRAINT theirs FOREIGN KEY (patient_id) REFERENCES patients (id) ON DELETE CASCADE",
    "ALTER TABLE fetal_monitoring_results DROP FOREIGN KEY fetal_monitoring_results_ibfk_1, DROP INDEX session_id",
    "CREATE TABLE invoices (id INT PRIMARY KEY, user_id INT, FOREIGN KEY (user_id) REFERENCES users (id))",
    "ALTER TABLE users ADD COLUMN nickname VARCHAR(20)",
)


def test_small_differences_are_put_right_and_what_stands_beside_is_kept(empty_mariadb: str) -> None:
    build(empty_mariadb, *original.AT_692E)
    rows.insert(empty_mariadb, HASH)
    execute(
        empty_mariadb,
        "DELETE FROM fetal_monitoring_sessions WHERE patient_id IS NULL",
        *PUT_RIGHT,
        "INSERT INTO invoices VALUES (1, 2)",
        "UPDATE users SET nickname = 'Bu Ani' WHERE id = 1",
    )
    done = schema(empty_mariadb, "adopt", "--yes")
    assert done.exit_code == 0, done.output
    assert "Not Dopply's, and kept as it is: table invoices, users.nickname." in done.output
    for place in (
        "of users.name",
        "of users.photo_url",
        "email on users",
        "patients(user_id)",
        "of_a_clinic on patients",
    ):
        assert any(line.startswith("Put right:") and place in line for line in done.output.splitlines()), place
    assert set(drift.found(empty_mariadb)) == {
        "table invoices is not in the models",
        "column users.nickname is not in the models",
    }
    with chain.connection(empty_mariadb) as connection:
        assert connection.exec_driver_sql("SELECT nickname FROM users WHERE id = 1").scalar() == "Bu Ani"
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM invoices").scalar() == 1
    assert "Nothing to do" in schema(empty_mariadb, "adopt").output


def test_an_sqlite_database_with_nameless_constraints_becomes_as_the_models_say(empty_sqlite: str) -> None:
    build(empty_sqlite, *original.AT_004, stamp="004_fetal_monitoring")
    rows.insert(empty_sqlite, HASH)
    execute(
        empty_sqlite,
        "ALTER TABLE patients ADD COLUMN clinic_code TEXT DEFAULT 'A'",
        "UPDATE patients SET clinic_code = 'B' WHERE id = 2",
        "DROP INDEX ix_users_id",
    )
    done = schema(empty_sqlite, "adopt", "--yes")
    assert done.exit_code == 0, done.output
    assert drift.found(empty_sqlite) == ("column patients.clinic_code is not in the models",)
    with chain.connection(empty_sqlite) as connection:
        codes = connection.exec_driver_sql("SELECT clinic_code FROM patients ORDER BY id").scalars().all()
        references = facts.read(connection)["patients"].references
    assert codes[:3] == ["A", "B", "A"]
    assert [key.on_delete for key in references if key.columns == ("user_id",)] == ["RESTRICT"]


IN_THE_WAY = {
    "ALTER TABLE notifications DROP FOREIGN KEY notifications_ibfk_1, DROP FOREIGN KEY notifications_ibfk_2, "
    "DROP FOREIGN KEY notifications_ibfk_3": "",
    "ALTER TABLE notifications ENGINE=MyISAM": "table notifications is stored in MyISAM",
    "ALTER TABLE notifications MODIFY id INT NOT NULL": "notifications.id does not count by itself",
    "ALTER TABLE patients MODIFY age BIGINT": "patients.age is bigint(20)",
    "ALTER TABLE patient_status_history MODIFY changed_at TIMESTAMP": "patient_status_history.changed_at is timestamp",
    "ALTER TABLE records MODIFY classification TEXT": "",
    "UPDATE records SET classification = REPEAT('x', 256)": "9 rows of records.classification have more than 255",
    "ALTER TABLE users MODIFY name VARCHAR(255) NULL": "",
    "UPDATE users SET name = NULL WHERE id = 3": "1 rows of users.name are NULL",
    "ALTER TABLE doctors ADD INDEX plain (doctor_id), DROP INDEX doctor_id": "",
    "INSERT INTO doctors (doctor_id, is_valid) VALUES (2, 0)": "1 values of doctors.doctor_id stand in several rows",
    "SET SESSION sql_mode = '', foreign_key_checks = 0": "",
    "UPDATE users SET role = 'nurse' WHERE id = 12": "1 rows of users.role say '', which is none of admin",
    "UPDATE records SET patient_id = 999 WHERE id = 4": "1 rows of records.patient_id refer to a row that patients",
    "UPDATE fetal_heart_rate_readings SET session_id = 'sesi lain' WHERE id = 12": (
        "1 rows of fetal_heart_rate_readings.session_id refer to a row that fetal_monitoring_sessions"
    ),
    "ALTER TABLE users ADD COLUMN clinic_code INT NOT NULL": "users.clinic_code is not Dopply's and must be filled",
    "ALTER TABLE pregnancy_info MODIFY id INT NOT NULL, DROP PRIMARY KEY": "pregnancy_info has not the primary key",
}


def test_what_cannot_be_put_right_is_refused_all_at_once_and_nothing_is_changed(
    empty_mariadb: str, backups: Path
) -> None:
    build(empty_mariadb, *original.AT_692E, stamp="692e6f2120e5")
    rows.insert(empty_mariadb, HASH)
    execute(empty_mariadb, *IN_THE_WAY)
    with chain.connection(empty_mariadb) as connection:
        before = facts.read(connection)
    for words in (["--yes"], ["--dry-run"]):
        done = schema(empty_mariadb, "adopt", *words)
        assert done.exit_code == 3
        assert "nothing was changed" in done.stderr
        for sentence in filter(None, IN_THE_WAY.values()):
            assert sentence in done.stderr, sentence
        told = [line for line in done.stderr.splitlines() if line.startswith("  - ")]
        assert len(told) == len(list(filter(None, IN_THE_WAY.values()))), told
    with chain.connection(empty_mariadb) as connection:
        assert facts.read(connection) == before
    assert not backups.exists()


def test_on_sqlite_rows_that_cannot_stay_are_refused(empty_sqlite: str, backups: Path) -> None:
    parts = [part.replace("    UNIQUE (doctor_id),\n", "") for part in original.AT_692E]
    build(empty_sqlite, *parts)
    rows.insert(empty_sqlite, HASH)
    in_the_way = {
        "INSERT INTO doctors (doctor_id, is_valid) VALUES (2, 0)": "1 values of doctors.doctor_id stand in several",
        "UPDATE users SET role = 'nurse' WHERE id = 12": "1 rows of users.role say 'nurse'",
        "UPDATE records SET shared_with = 999 WHERE id = 4": "1 rows of records.shared_with refer to a row that users",
    }
    with ours.connection(empty_sqlite) as connection:  # It does not keep foreign keys.
        for statement in in_the_way:
            connection.exec_driver_sql(statement)
        connection.commit()
    done = schema(empty_sqlite, "adopt", "--yes")
    assert done.exit_code == 3
    for sentence in in_the_way.values():
        assert sentence in done.stderr
    assert not backups.exists()


@pytest.mark.parametrize("empty_database", MARIADB_IN_SWEEPS, indirect=True)
def test_a_step_that_fails_is_told_with_its_place_and_the_backup_and_can_be_run_again(
    empty_database: str, backups: Path
) -> None:
    build(empty_database, *original.AT_692E)
    rows.insert(empty_database, HASH)
    before = rows.read(empty_database)
    execute(empty_database, "CREATE VIEW throttle_counters AS SELECT 1 AS one")
    failed = schema(empty_database, "adopt", "--yes")
    assert failed.exit_code == 1
    [backup] = backups.glob("*.dopply.zip")
    assert "It stopped at 006_utf8mb4" in failed.stderr
    assert failed.stderr.count("`flask schema adopt`") == 1
    assert f"How it was before is in {backup}." in failed.stderr
    assert "Adopted" not in failed.stdout
    execute(empty_database, "DROP VIEW throttle_counters")
    assert schema(empty_database, "adopt", "--yes").exit_code == 0
    after = rows.read(empty_database)
    assert all(set(before[table]) <= set(after[table]) for table in before)
