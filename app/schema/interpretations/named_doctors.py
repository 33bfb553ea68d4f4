"""Doctors who are named on what the original recorded, and have no access to it."""

from collections.abc import Iterator

from app.schema.interpretations.look import Look, Row


def without_access(look: Look, table: str, *, only: str = "TRUE") -> Iterator[Row]:
    """`id` and `doctor_id` of each row of `table` whose doctor has no lasting access to its patient.

    Nothing before the upgrade has said whose record is current. What was written on a record that gave way is hers
    whose it was, and the link to her current record decides.
    """
    if not look.has("patients", "superseded_by_id"):
        return
    yield from look.rows(
        f"SELECT {table}.id, {table}.doctor_id FROM {table} JOIN patients ON patients.id = {table}.patient_id "  # noqa: S608
        f"WHERE {only} AND {table}.doctor_id IS NOT NULL AND NOT EXISTS ("
        "SELECT 1 FROM doctor_patient AS links JOIN doctors ON doctors.doctor_id = links.doctor_id "
        f"WHERE links.doctor_id = {table}.doctor_id AND doctors.is_valid "
        # Access for a limited time, as by a take-over, comes and goes.
        "AND links.access_state = 'live' AND links.access_expires_at IS NULL "
        "AND links.patient_id = COALESCE(patients.superseded_by_id, patients.id)) "
        f"ORDER BY {table}.id"
    )
