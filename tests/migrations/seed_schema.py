"""The eleven tables at 692e6f2120e5, as they were measured on a database that the original built.

A type that ends in "?" may be NULL. Types are MariaDB's words; `in_words_of_sqlite` translates them.
"""

import re
from typing import NamedTuple

RESTRICT = "RESTRICT"
CASCADE = "CASCADE"


class SeedTable(NamedTuple):
    """One table; `references` is column -> (table, ON DELETE), always to the column `id`."""

    since: str
    columns: dict[str, str]
    primary_key: tuple[str, ...] = ("id",)
    unique: str | None = None
    has_redundant_id_index: bool = True
    references: dict[str, tuple[str, str]] = {}  # noqa: RUF012  # read only


TABLES = {
    "users": SeedTable(
        since="001_initial_schema",
        columns={
            "id": "int",
            "name": "varchar(255)",
            "email": "varchar(255)",
            "password_hash": "varchar(255)",
            "role": "enum('admin','doctor','patient')",
            "photo_url": "varchar(255)?",
            "created_at": "datetime",
        },
        unique="email",
    ),
    "patients": SeedTable(
        since="001_initial_schema",
        columns={
            "id": "int",
            "user_id": "int",
            "birth_date": "date?",
            "address": "varchar(255)?",
            "medical_note": "text?",
            "age": "int?",
            "gender": "varchar(10)?",
            "phone": "varchar(20)?",
        },
        references={"user_id": ("users", RESTRICT)},
    ),
    "doctors": SeedTable(
        since="001_initial_schema",
        columns={"id": "int", "doctor_id": "int", "is_valid": "tinyint(1)"},
        unique="doctor_id",
        references={"doctor_id": ("users", RESTRICT)},
    ),
    "doctor_patient": SeedTable(
        since="001_initial_schema",
        columns={
            "doctor_id": "int",
            "patient_id": "int",
            "assigned_at": "datetime",
            "updated_at": "datetime?",
            "status": "varchar(50)?",
            "note": "text?",
        },
        primary_key=("doctor_id", "patient_id"),
        has_redundant_id_index=False,
        references={"doctor_id": ("users", CASCADE), "patient_id": ("patients", CASCADE)},
    ),
    "records": SeedTable(
        since="002_records_notifications",
        columns={
            "id": "int",
            "patient_id": "int",
            "doctor_id": "int?",
            "source": "enum('clinic','self')",
            "bpm_data": "json?",
            "start_time": "datetime",
            "end_time": "datetime?",
            "classification": "varchar(255)?",
            "notes": "text?",
            "shared_with": "int?",
        },
        references={
            "patient_id": ("patients", RESTRICT),
            "doctor_id": ("users", RESTRICT),
            "shared_with": ("users", RESTRICT),
        },
    ),
    "notifications": SeedTable(
        since="002_records_notifications",
        columns={
            "id": "int",
            "from_patient_id": "int",
            "to_doctor_id": "int",
            "record_id": "int",
            "status": "enum('unread','read')",
        },
        references={
            "from_patient_id": ("patients", RESTRICT),
            "to_doctor_id": ("users", RESTRICT),
            "record_id": ("records", RESTRICT),
        },
    ),
    "patient_status_history": SeedTable(
        since="003_patient_status_history",
        columns={
            "id": "int",
            "doctor_id": "int",
            "patient_id": "int",
            "old_status": "varchar(50)?",
            "new_status": "varchar(50)",
            "notes": "text?",
            "changed_by": "int",
            "changed_at": "datetime",
        },
        has_redundant_id_index=False,
        references={
            "doctor_id": ("users", RESTRICT),
            "patient_id": ("patients", RESTRICT),
            "changed_by": ("users", RESTRICT),
        },
    ),
    "fetal_monitoring_sessions": SeedTable(
        since="004_fetal_monitoring",
        columns={
            "id": "varchar(50)",
            "patient_id": "int?",
            "doctor_id": "int?",
            "monitoring_type": "enum('clinic','home')",
            "gestational_age": "int",
            "start_time": "datetime",
            "end_time": "datetime?",
            "notes": "text?",
            "doctor_notes": "text?",
            "shared_with_doctor": "tinyint(1)",
            "created_at": "datetime",
            "updated_at": "datetime",
        },
        references={"patient_id": ("patients", RESTRICT), "doctor_id": ("users", RESTRICT)},
    ),
    "fetal_heart_rate_readings": SeedTable(
        since="004_fetal_monitoring",
        columns={
            "id": "int",
            "session_id": "varchar(50)",
            "timestamp": "datetime",
            "bpm": "int",
            "signal_quality": "float?",
            "classification": "enum('normal','bradycardia','tachycardia','irregular')",
            "created_at": "datetime",
        },
        references={"session_id": ("fetal_monitoring_sessions", RESTRICT)},
    ),
    "fetal_monitoring_results": SeedTable(
        since="004_fetal_monitoring",
        columns={
            "id": "int",
            "session_id": "varchar(50)",
            "overall_classification": "enum('normal','concerning','abnormal')",
            "average_bpm": "float",
            "baseline_variability": "float?",
            "findings": "json?",
            "recommendations": "json?",
            "risk_level": "enum('low','medium','high')",
            "created_at": "datetime",
        },
        unique="session_id",
        references={"session_id": ("fetal_monitoring_sessions", RESTRICT)},
    ),
    "pregnancy_info": SeedTable(
        since="004_fetal_monitoring",
        columns={
            "id": "int",
            "patient_id": "int",
            "gestational_age": "int",
            "last_menstrual_period": "date?",
            "expected_due_date": "date?",
            "is_high_risk": "tinyint(1)",
            "complications": "json?",
            "created_at": "datetime",
            "updated_at": "datetime",
        },
        references={"patient_id": ("patients", RESTRICT)},
    ),
}

# Until 692e6f2120e5, doctor_patient had these too.
DROPPED_COLUMNS = {"status_updated_at": "datetime?", "status_updated_by": "int?"}
DROPPED_REFERENCES = {"status_updated_by": ("users", RESTRICT)}

COLUMN_COUNTS = {  # at 692e6f2120e5
    "users": 7,
    "patients": 8,
    "doctors": 3,
    "doctor_patient": 6,
    "records": 10,
    "notifications": 5,
    "patient_status_history": 8,
    "fetal_monitoring_sessions": 12,
    "fetal_heart_rate_readings": 7,
    "fetal_monitoring_results": 9,
    "pregnancy_info": 9,
}
TABLE_COUNTS = {  # with alembic_version
    "001_initial_schema": 5,
    "002_records_notifications": 7,
    "003_patient_status_history": 8,
    "004_fetal_monitoring": 12,
    "692e6f2120e5": 12,
}


def at(revision: str) -> dict[str, SeedTable]:
    """The tables after `revision`, one of the seed's five."""
    so_far = list(TABLE_COUNTS)[: list(TABLE_COUNTS).index(revision) + 1]
    tables = {name: table for name, table in TABLES.items() if table.since in so_far}
    if revision != "692e6f2120e5":
        links = tables["doctor_patient"]
        tables["doctor_patient"] = links._replace(
            columns=links.columns | DROPPED_COLUMNS, references=links.references | DROPPED_REFERENCES
        )
    return tables


def in_words_of_mariadb(kind: str) -> str:
    """The COLUMN_TYPE that MariaDB reports for it."""
    return {"int": "int(11)", "json": "longtext"}.get(kind, kind)


def in_words_of_sqlite(kind: str) -> str:
    """The type that SQLite keeps for it: an enum as the text that holds its longest value."""
    if kind.startswith("enum"):
        values = re.findall(r"'(\w+)'", kind)
        return f"VARCHAR({max(map(len, values))})"
    return {"int": "INTEGER", "tinyint(1)": "BOOLEAN"}.get(kind, kind.upper())
