"""Rows of an original database, with what is met in the field, and their reading as plain text."""

import json
from typing import Any

import sqlalchemy as sa

Row = dict[str, Any]

AT = "2025-07-10 08:30:00"
EMOJI = "Ibu Sari 🤰 — istirahat"

USERS: list[Row] = [
    {"id": 1, "name": "Ani", "email": "Ani@Example.org", "role": "admin"},
    {"id": 2, "name": "dr. Budi", "email": "budi@example.org", "role": "doctor"},
    {"id": 3, "name": EMOJI, "email": "sari@example.org", "role": "patient"},
    {"id": 4, "name": "Tanpa profil", "email": "tanpa@example.org", "role": "patient"},
    {"id": 5, "name": "dr. Citra", "email": "citra@example.org", "role": "doctor"},
]

# In the order in which foreign keys want them.
ROWS: dict[str, list[Row]] = {
    "users": [user | {"password_hash": "", "photo_url": "/no/such/file.jpg", "created_at": AT} for user in USERS],
    "patients": [
        {"id": 1, "user_id": 3, "birth_date": "1996-02-29", "address": "Jl. Melati", "medical_note": EMOJI}
        | {"age": 29, "gender": "female", "phone": "0812"},
        {"id": 2, "user_id": 3, "birth_date": None, "address": None, "medical_note": None}
        | {"age": None, "gender": None, "phone": None},
        # The same account, and perhaps another woman.
        {"id": 3, "user_id": 3, "birth_date": "1988-01-01", "address": None, "medical_note": None}
        | {"age": None, "gender": None, "phone": None},
    ],
    "doctors": [{"id": 1, "doctor_id": 2, "is_valid": 1}],
    "doctor_patient": [
        {"doctor_id": 2, "patient_id": 1, "assigned_at": AT, "updated_at": None, "status": "active", "note": EMOJI},
        {"doctor_id": 2, "patient_id": 2, "assigned_at": AT, "updated_at": AT, "status": "pending", "note": None},
        {"doctor_id": 2, "patient_id": 3, "assigned_at": AT, "updated_at": None, "status": None, "note": None},
        {"doctor_id": 5, "patient_id": 2, "assigned_at": AT, "updated_at": None, "status": "active", "note": None},
    ],
    "records": [
        {"id": 1, "patient_id": 1, "doctor_id": None, "source": "self", "bpm_data": json.dumps([140, 0, 141])}
        | {"start_time": AT, "end_time": None, "classification": "bradikardia", "notes": EMOJI, "shared_with": 2},
        {"id": 2, "patient_id": 1, "doctor_id": 2, "source": "clinic", "bpm_data": None}
        | {"start_time": AT, "end_time": AT, "classification": None, "notes": None, "shared_with": None},
    ],
    "notifications": [
        {"id": 1, "from_patient_id": 1, "to_doctor_id": 2, "record_id": 1, "status": "unread"},
    ],
    "patient_status_history": [
        {"id": 1, "doctor_id": 2, "patient_id": 1, "old_status": "active", "new_status": "active"}
        | {"notes": None, "changed_by": 2, "changed_at": AT},
    ],
    "fetal_monitoring_sessions": [
        {"id": "1752136200000", "patient_id": None, "doctor_id": None, "monitoring_type": "home"}
        | {"gestational_age": 31, "start_time": AT, "end_time": None, "notes": EMOJI, "doctor_notes": None}
        | {"shared_with_doctor": 0, "created_at": AT, "updated_at": AT},
        {"id": "Sesi pagi", "patient_id": 1, "doctor_id": 2, "monitoring_type": "clinic"}
        | {"gestational_age": 32, "start_time": AT, "end_time": AT, "notes": None, "doctor_notes": "baik"}
        | {"shared_with_doctor": 1, "created_at": AT, "updated_at": AT},
        {"id": "sesi pagi", "patient_id": 1, "doctor_id": 2, "monitoring_type": "clinic"}
        | {"gestational_age": 33, "start_time": AT, "end_time": AT, "notes": None, "doctor_notes": None}
        | {"shared_with_doctor": 1, "created_at": AT, "updated_at": AT},
    ],
    "fetal_heart_rate_readings": [
        {"id": number, "session_id": "Sesi pagi", "timestamp": AT, "bpm": bpm, "signal_quality": 0.5}
        | {"classification": "normal", "created_at": AT}
        for number, bpm in ((1, 139), (2, 0))
    ],
    "fetal_monitoring_results": [
        {"id": 1, "session_id": "Sesi pagi", "overall_classification": "normal", "average_bpm": 139.5}
        | {"baseline_variability": None, "findings": json.dumps(["baik 🙂"], ensure_ascii=False)}
        | {"recommendations": None, "risk_level": "low", "created_at": AT},
    ],
    "pregnancy_info": [
        {"id": number, "patient_id": 1, "gestational_age": 31, "last_menstrual_period": "2024-12-01"}
        | {"expected_due_date": None, "is_high_risk": 0, "complications": None}
        | {"created_at": AT, "updated_at": AT}
        for number in (1, 2)
    ]
    + [
        # Hers too, on the record that gives way; and one from years before.
        {"id": 3, "patient_id": 2, "gestational_age": 12, "last_menstrual_period": None}
        | {"expected_due_date": "2025-09-05", "is_high_risk": 1, "complications": json.dumps(["anemia"])}
        | {"created_at": "2025-03-01 08:00:00", "updated_at": AT},
        {"id": 4, "patient_id": 1, "gestational_age": 40, "last_menstrual_period": None}
        | {"expected_due_date": None, "is_high_risk": 0, "complications": None}
        | {"created_at": "2021-05-01 08:00:00", "updated_at": AT},
    ],
}


def insert(connection: sa.Connection) -> None:
    """Rows in every table of the seed that is there; "Sesi pagi" and "sesi pagi" need 006_utf8mb4 on MariaDB."""
    tables = set(sa.inspect(connection).get_table_names())
    for name, rows in ROWS.items():
        if name in tables:
            insert_into(connection, name, sessions_that_fit(connection, name, rows))


def sessions_that_fit(connection: sa.Connection, table: str, rows: list[Row]) -> list[Row]:
    """Before 006_utf8mb4 MariaDB took session ids that differ in case alone for equal: one of them is left out."""
    if table == "fetal_monitoring_sessions" and connection.dialect.name != "sqlite":
        return [row for row in rows if row["id"] != "sesi pagi"]
    return rows


def insert_into(connection: sa.Connection, table: str, rows: list[Row]) -> None:
    """The rows, inserted as they are."""
    columns = rows[0].keys()
    names = ", ".join(columns)
    values = ", ".join(f":{name}" for name in columns)
    connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({values})"), rows)  # noqa: S608


def read(connection: sa.Connection) -> dict[str, list[dict[str, str]]]:
    """The rows of every table of the seed that is there, in the seed's columns, as text."""
    tables = set(sa.inspect(connection).get_table_names())
    found = {}
    for name, rows in ROWS.items():
        if name in tables:
            columns = ", ".join(rows[0])
            query = f"SELECT {columns} FROM {name} ORDER BY 1, 2"  # noqa: S608
            found[name] = [
                {key: str(value) for key, value in row.items()} for row in connection.execute(sa.text(query)).mappings()
            ]
    return found


def without_care_status(found: dict[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    """The rows without that column of links, in which 008_access writes on the way down what opens no record."""
    links = [{key: value for key, value in row.items() if key != "status"} for row in found["doctor_patient"]]
    return found | {"doctor_patient": links}


def lost(before: dict[str, list[dict[str, str]]], after: dict[str, list[dict[str, str]]]) -> list[tuple[str, Any]]:
    """The table and row of each row of `before` that is not in `after` just as it was."""
    return [(name, row) for name, found in before.items() for row in found if row not in after[name]]
