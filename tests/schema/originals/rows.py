"""Rows as they are met in databases of the original: every oddity once, and a plain row beside it.

`ROWS` fit every character set. What latin1 cannot hold is in `EMOJI`, what only MariaDB can is in `NO_DATES`.
"""

import json
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher

from tests.migrations import chain

Row = dict[str, Any]

AT = "2025-07-10 08:30:00"
EARLY = "2025-06-20 01:30:00"
PASSWORD = "Melati-tujuh-belas"

ADMIN, BUDI, CITRA, DOCTOR_ALONE, SARI, PATIENT_ALONE, ADVANCE, TWIN_1, TWIN_2, BCRYPT, SURPLUS, OTHER = range(1, 13)
PATIENT_SARI, PATIENT_ADVANCE, PATIENT_KEPT, PATIENT_SURPLUS, PATIENT_FIRST, PATIENT_OTHER, PATIENT_TWIN = range(1, 8)
PATIENT_OF_ADMIN = 8

UUID_SESSION = "3f2b8a4e-5a0c-4a4e-9c51-0a1b2c3d4e5f"
EPOCH_SESSION = "1752136200000"
TEXT_SESSION = "Sesi pagi"
LOST_SESSION = "sesi tanpa ibu"
OLD_SESSION = "11111111-2222-3333-4444-555555555555"
BURST_SESSION = "22222222-2222-3333-4444-555555555555"

SAMPLES = [140, 0, 141, 142]
TIMED = [{"time": 0, "bpm": 140}, {"time": 1, "bpm": 0}, {"time": 2, "bpm": 143}]
FULL = [{"time": time, "bpm": 138 + time, "signal_quality": 0.9, "classification": "normal"} for time in range(4)]


def argon2id(password: str) -> str:
    """A hash with the original's parameters."""
    return PasswordHasher(memory_cost=65536, time_cost=3, parallelism=4).hash(password)


def users(password_hash: str) -> list[Row]:
    """The accounts; those with a password have this one."""

    def user(number: int, name: str, email: str, role: str, **more: Any) -> Row:
        plain = {"password_hash": password_hash, "photo_url": None, "created_at": AT}
        return {"id": number, "name": name, "email": email, "role": role} | plain | more

    return [
        user(ADMIN, "Ani", "Ani@Example.org", "admin"),
        user(BUDI, "dr. Budi", "budi@example.org", "doctor", photo_url="/static/photos/no-such-file.jpg"),
        user(CITRA, "dr. Citra", "citra@example.org", "doctor"),
        user(DOCTOR_ALONE, "dr. Dewi", "dewi@example.org", "doctor"),
        user(SARI, "Sari José", "sari@example.org", "patient", created_at=EARLY),
        user(PATIENT_ALONE, "Tanpa profil", "tanpa alamat", "patient"),
        user(ADVANCE, "Didaftarkan", "didaftarkan@example.org", "patient", password_hash=""),
        user(TWIN_1, "Kembar", "kembar@example.org", "patient"),
        user(TWIN_2, "Kembar", " kembar@example.org", "patient"),
        user(BCRYPT, "dr. Lama", "lama@example.org", "doctor", password_hash="$2b$12$" + "a" * 53),
        user(SURPLUS, "Dua Baris", "dua@example.org", "patient"),
        user(OTHER, "Dua Ibu", "duaibu@example.org", "patient"),
    ]


def _patient(number: int, user_id: int, birth_date: str | None = None) -> Row:
    nothing = {"address": None, "medical_note": None, "age": None, "gender": None, "phone": None}
    return {"id": number, "user_id": user_id, "birth_date": birth_date} | nothing


def _link(doctor_id: int, patient_id: int, status: str | None, **more: Any) -> Row:
    return {
        "doctor_id": doctor_id,
        "patient_id": patient_id,
        "assigned_at": AT,
        "updated_at": None,
        "status": status,
        "note": None,
    } | more


def _record(number: int, bpm_data: object, **more: Any) -> Row:
    plain = {"patient_id": PATIENT_SARI, "doctor_id": None, "source": "clinic", "start_time": AT, "end_time": None}
    words = {"classification": None, "notes": None, "shared_with": None}
    return {"id": number, "bpm_data": bpm_data} | plain | words | more


def _session(session_id: str, **more: Any) -> Row:
    plain = {"patient_id": PATIENT_SARI, "doctor_id": BUDI, "monitoring_type": "home", "gestational_age": 31}
    times = {"start_time": AT, "end_time": None, "created_at": AT, "updated_at": AT}
    return {"id": session_id, "notes": None, "doctor_notes": None, "shared_with_doctor": 0} | plain | times | more


def _pregnancy(number: int, patient_id: int, last_period: str | None, **more: Any) -> Row:
    dates = {"last_menstrual_period": last_period, "expected_due_date": None, "created_at": AT, "updated_at": AT}
    return (
        {"id": number, "patient_id": patient_id, "gestational_age": 30, "is_high_risk": 0, "complications": None}
        | dates
        | more
    )


def _readings() -> list[Row]:
    """Ten seconds with a loss and a repeated second, odd values, three seconds of June 2025, a burst in one second."""
    rows: list[Row] = []

    def reading(session_id: str, timestamp: str, bpm: int, quality: float | None = 0.9) -> None:
        rows.append(
            {"id": len(rows) + 1, "session_id": session_id, "timestamp": timestamp, "bpm": bpm}
            | {"signal_quality": quality, "classification": "normal", "created_at": AT}
        )

    for second in range(10):
        reading(UUID_SESSION, f"2025-07-10 08:30:{second:02}", 0 if second in {2, 3} else 140 + second)
    reading(UUID_SESSION, "2025-07-10 08:30:05", 150)
    reading(TEXT_SESSION, "2025-07-10 08:30:00", 139, 7.5)
    reading(TEXT_SESSION, "2025-07-10 08:30:01", 900)
    for second in range(3):
        reading(OLD_SESSION, f"2025-06-20 01:30:{second:02}", 133)
    for _ in range(12):
        reading(BURST_SESSION, "2025-07-10 08:31:00", 144)
    return rows


# In the order in which foreign keys want them; `users` comes from `users()`.
ROWS: dict[str, list[Row]] = {
    "patients": [
        _patient(PATIENT_SARI, SARI, "1996-02-29"),
        _patient(PATIENT_ADVANCE, ADVANCE),
        _patient(PATIENT_KEPT, SURPLUS, "1990-01-01"),
        _patient(PATIENT_SURPLUS, SURPLUS),
        _patient(PATIENT_FIRST, OTHER, "1991-01-01"),
        _patient(PATIENT_OTHER, OTHER, "1985-05-05"),
        _patient(PATIENT_TWIN, TWIN_1),
        _patient(PATIENT_OF_ADMIN, ADMIN),
    ],
    "doctors": [
        {"id": 1, "doctor_id": BUDI, "is_valid": 1},
        {"id": 2, "doctor_id": CITRA, "is_valid": 0},
        {"id": 3, "doctor_id": BCRYPT, "is_valid": 1},
    ],
    "doctor_patient": [
        _link(BUDI, PATIENT_SARI, "active"),
        _link(BUDI, PATIENT_ADVANCE, None, updated_at=AT),
        _link(BUDI, PATIENT_KEPT, "pending"),
        _link(BUDI, PATIENT_SURPLUS, "dr. Budi, Selasa"),
        _link(CITRA, PATIENT_SARI, "active"),
        _link(BUDI, PATIENT_FIRST, "inactive"),
        _link(BUDI, PATIENT_OTHER, "discharged"),
        _link(ADMIN, PATIENT_SARI, "active"),
        _link(BUDI, PATIENT_OF_ADMIN, "pending"),
    ],
    "records": [
        _record(1, json.dumps(SAMPLES), source="self", doctor_id=BUDI, classification="bradikardia"),
        _record(2, json.dumps(TIMED), classification="Normal", shared_with=BUDI, source="self"),
        _record(3, json.dumps(FULL), classification="normal", doctor_id=BUDI),
        _record(4, None),
        _record(5, "[]", classification="x" * 255),
        _record(6, json.dumps(json.dumps(SAMPLES))),
        _record(7, '{"bpm": "many"}'),
        _record(8, json.dumps(FULL), patient_id=PATIENT_KEPT, start_time=EARLY),
        _record(9, json.dumps(FULL), patient_id=PATIENT_KEPT, doctor_id=BUDI),
    ],
    "notifications": [
        {"id": 1, "from_patient_id": PATIENT_SARI, "to_doctor_id": BUDI, "record_id": 1, "status": "unread"},
        {"id": 2, "from_patient_id": PATIENT_SARI, "to_doctor_id": BUDI, "record_id": 2, "status": "read"},
        {"id": 3, "from_patient_id": PATIENT_SARI, "to_doctor_id": SARI, "record_id": 2, "status": "unread"},
    ],
    "patient_status_history": [
        {"id": number, "doctor_id": BUDI, "patient_id": PATIENT_SARI, "old_status": old, "new_status": new}
        | {"notes": None, "changed_by": BUDI, "changed_at": AT}
        for number, old, new in ((1, None, "active"), (2, "active", "active"), (3, "active", "pindah kota"))
    ],
    "fetal_monitoring_sessions": [
        _session(UUID_SESSION, notes="pusing"),
        _session(EPOCH_SESSION, doctor_notes="baik"),
        _session(TEXT_SESSION, monitoring_type="clinic"),
        _session(LOST_SESSION, patient_id=None, doctor_id=None),
        _session(OLD_SESSION, doctor_id=CITRA, start_time=EARLY, created_at=EARLY, updated_at=EARLY),
        _session(BURST_SESSION),
    ],
    "fetal_heart_rate_readings": _readings(),
    "fetal_monitoring_results": [
        {"id": 1, "session_id": TEXT_SESSION, "overall_classification": "abnormal", "average_bpm": 139.5}
        | {"baseline_variability": None, "findings": json.dumps(["baik"]), "recommendations": None}
        | {"risk_level": "high", "created_at": AT},
    ],
    "pregnancy_info": [
        _pregnancy(1, PATIENT_SARI, "2023-01-01", created_at=EARLY),
        _pregnancy(2, PATIENT_SARI, "2024-12-01", created_at="2025-07-09 08:00:00"),
        _pregnancy(3, PATIENT_SARI, "2024-12-08"),
        _pregnancy(4, PATIENT_ADVANCE, None),
        _pregnancy(
            5, PATIENT_FIRST, "2024-12-01", expected_due_date="2025-12-30", complications='{"anemia": "ringan"}'
        ),
        _pregnancy(6, PATIENT_TWIN, "2024-12-01", expected_due_date="2025-09-07", complications='["kembar"]'),
    ],
}

EMOJI = (
    "UPDATE users SET name = 'Ibu Sari 🤰' WHERE id = 5",
    "UPDATE fetal_monitoring_sessions SET notes = 'baik 🙂' WHERE monitoring_type = 'clinic'",
)
NO_DATES = (
    "SET SESSION sql_mode = ''",
    "UPDATE records SET start_time = '0000-00-00 00:00:00' WHERE id = 9",
    "UPDATE patients SET birth_date = '0000-00-00' WHERE id = 7",
    "UPDATE fetal_monitoring_sessions SET start_time = '0000-00-00 00:00:00' WHERE id = '1752136200000'",
)


def insert(url: str, password_hash: str, *statements: str) -> None:
    """Every row into the tables that are there, then the statements."""
    with chain.connection(url) as connection:
        there = set(sa.inspect(connection).get_table_names())
        for table, rows in ({"users": users(password_hash)} | ROWS).items():
            if table in there:
                names = list(rows[0])
                values = ", ".join(f":{name}" for name in names)
                connection.execute(sa.text(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})"), rows)  # noqa: S608
        for statement in statements:
            connection.exec_driver_sql(statement)


def read(url: str) -> dict[str, list[tuple[str, ...]]]:
    """Every row of the original's tables that are there, in the original's columns, as text."""
    found = {}
    with chain.connection(url) as connection:
        there = set(sa.inspect(connection).get_table_names())
        for table, inserted in ({"users": users("")} | ROWS).items():
            if table in there:
                names = ", ".join(inserted[0])
                query = f"SELECT {names} FROM {table} ORDER BY 1, 2"  # noqa: S608
                found[table] = [tuple(map(str, row)) for row in connection.exec_driver_sql(query)]
    return found
