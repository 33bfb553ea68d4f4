"""Rows in each table of ours at the head, and in our columns of the seed's: what a way down meets in the field."""

from typing import Any

import sqlalchemy as sa

from tests.migrations import rows

AT = "2026-11-23 08:30:00.123456"
DIGEST = "a" * 64
DOCTOR, PATIENT_USER, PATIENT = 2, 3, 1
SESSION = "Sesi pagi"

# In the order in which foreign keys want them; `installation` and `audit_head` have their rows from the start.
ROWS: dict[str, list[rows.Row]] = {
    "browser_sessions": [
        {"user_id": DOCTOR, "key_hash": DIGEST, "user_agent": "Firefox", "created_at": AT, "last_used_at": AT},
    ],
    "account_tokens": [
        {"user_id": PATIENT_USER, "purpose": "activate", "token_hash": DIGEST, "created_at": AT, "expires_at": AT},
    ],
    "throttle_counters": [{"key_hash": DIGEST, "window": "2026-11-23T08:30", "count": 3, "expires_at": AT}],
    "fetal_monitoring_sessions": [
        rows.ROWS["fetal_monitoring_sessions"][1]
        | {"id": "ours", "public_id": "o" * 22, "started_at": AT, "received_at": AT, "uploaded_by_id": PATIENT_USER}
        | {"pregnancy_id": 2, "review_state": "signed", "format_id": "csv", "content_sha256": DIGEST}
        | {"rate_hz": 4.0, "sample_count": 4, "fetus_count": 1, "trace_digest": DIGEST, "loss_fraction": 0.25},
    ],
    "stored_files": [{"sha256": DIGEST, "byte_count": 3, "stored_at": AT}],
    "stored_file_parts": [{"sha256": DIGEST, "part_no": 0, "content": b"\x00\xff\x27"}],
    "session_files": [{"session_id": "ours", "position": 0, "sha256": DIGEST, "name": "rekaman.csv"}],
    "waveform_chunks": [
        {"session_id": "ours", "channel": "fhr1", "chunk_no": 0, "first_sample": 0, "sample_count": 4}
        | {"encoding": "int16-zlib", "scale": 4, "payload": b"\x00\x01"},
    ],
    "session_analyses": [
        {"session_id": "ours", "fetus": 1, "engine_version": "1", "input_digest": DIGEST, "is_interpretable": 1}
        | {"document": "{}", "computed_at": AT},
    ],
    "review_drafts": [{"session_id": SESSION, "author_id": DOCTOR, "fields": "{}", "saved_at": AT}],
    "reviews": [
        {"id": number, "session_id": "ours", "fetus": 1, "version": number, "author_id": DOCTOR, "signed_at": AT}
        | {"amends_id": amends, "is_interpretable": 1, "comment": rows.EMOJI, "plan": "", "trace_digest": DIGEST}
        | {"speed_cm_min": 1, "bpm_per_cm": 20}
        for number, amends in ((1, None), (2, 1))
    ],
    "contact_attempts": [
        {"session_id": "ours", "made_by_id": DOCTOR, "made_at": AT, "outcome": "no_answer", "note": ""},
    ],
    "releases": [
        {"session_id": "ours", "review_id": 2, "released_by_id": DOCTOR, "released_at": AT, "kind": "message"}
        | {"language": "id", "message": rows.EMOJI},
    ],
    "audit_events": [
        {"position": 1, "at": AT, "actor_id": DOCTOR, "actor_role": "doctor", "act": "session:view"}
        | {"object_type": "session", "object_id": "ours", "detail": "{}", "address": "::1", "request_id": ""}
        | {"previous_hash": "0" * 64, "hash": DIGEST},
    ],
    "outgoing_mails": [
        {"to_address": "a@example.org", "subject": "s", "body": "b", "created_at": AT, "try_after": AT, "attempts": 0},
    ],
    "job_leases": [{"name": "mail", "holder": "me", "leased_until": AT}],
    "unit": [
        {"id": 1, "name": "Unit", "phone": "119", "speed_cm_min": 1, "bpm_per_cm": 20, "updated_at": AT},
    ],
    "unit_messages": [{"patient_id": PATIENT, "session_id": "ours", "movement": "less", "created_at": AT}],
    "notifications": [
        {"from_patient_id": PATIENT, "to_doctor_id": DOCTOR, "record_id": None, "status": "unread"}
        | {"kind": "record_shared", "direction": "to_patient", "message": rows.EMOJI, "created_at": AT}
        | {"session_id": "ours", "owner_id": DOCTOR, "due_at": AT, "outcome_by_id": DOCTOR},
    ],
}


def insert(connection: sa.Connection) -> None:
    """These rows, beside those of rows.insert; and a link that was ended and one that ends by itself."""
    for table, found in ROWS.items():
        for row in found:
            rows.insert_into(connection, table, [row])
    for change in (
        "access_state = 'ended', ended_by_id = 3 WHERE patient_id = 1",
        "access_state = 'live', access_basis = 'unit_cover', access_expires_at = '2026-11-26 08:30:00' "
        "WHERE patient_id = 2",
    ):
        connection.execute(sa.text(f"UPDATE doctor_patient SET {change} AND doctor_id = {DOCTOR}"))  # noqa: S608


def count(connection: sa.Connection) -> dict[str, Any]:
    """How many rows each table has, but alembic_version."""
    tables = sa.inspect(connection).get_table_names()
    return {
        name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name)))
        for name in tables
        if name != "alembic_version"
    }
