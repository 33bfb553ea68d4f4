"""Links between doctors and patients, their history, and notifications."""

from collections.abc import Iterator

from app.schema.interpretations.look import Look
from app.schema.report import Kind, Line

LINK_LIVE = Kind(
    "link_live",
    "the doctor keeps access to the record (live, carried over)",
    "/links of both; the patient can end it",
)
LINK_REQUESTED = Kind(
    "link_requested",
    "a request that the patient answers: the doctor has no access until then, the status keeps its words",
    "/links of the patient",
)
LINK_NOT_VALIDATED = Kind(
    "link_not_validated",
    "a link of a doctor who is not validated: no access; once an administrator has validated the doctor, it is a "
    "request that the patient answers",
    "/admin/doctors, then /links of the patient",
)
LINK_NOBODY_ANSWERS = Kind(
    "link_nobody_answers",
    "a request for a record that no patient sees in the portal: kept, opens nothing",
    "no page yet",
)
LINK_TO_SURPLUS = Kind(
    "link_to_surplus",
    "a link to a record that gave way to another: the doctor's link to the current record decides, where there is a "
    "copy of it if there was none",
    "/links of the patient",
)
LINK_OF_NO_DOCTOR = Kind(
    "link_of_no_doctor",
    "a link whose doctor is an account of another role: kept, opens nothing",
    "no page yet",
)
HISTORY_NO_CHANGE = Kind(
    "history_no_change",
    "a change of status to the same status: kept as it is",
    "no page yet",
)
HISTORY_UNKNOWN_STATUS = Kind(
    "history_unknown_status",
    "a status that Dopply has no word for: kept and shown as it is",
    "no page yet",
)
NOTIFICATION_CARRIED_OVER = Kind(
    "notification_carried_over",
    "a record was shared with the doctor, nobody knows when; the doctor owns it",
    "no page yet",
)

CARE_STATUSES = ("active", "inactive", "discharged")


def links(look: Look) -> Iterator[Line]:
    """Every link, once: it opens the record, waits for one person's answer, or opens nothing."""
    has_access = look.has("doctor_patient", "access_state")
    has_current = look.has("patients", "superseded_by_id")
    current = "superseded_by_id AS current_id, current_user_id" if has_current else "NULL AS current_id, user_id"
    access = "access_state, access_basis, requested_at" if has_access else "NULL AS access_state"
    query = (
        f"SELECT doctor_patient.doctor_id, patient_id, status, users.role, doctors.is_valid, {access}, "  # noqa: S608
        f"{current} AS account_id, women.role AS patient_role "
        "FROM doctor_patient JOIN users ON users.id = doctor_patient.doctor_id "
        "JOIN patients ON patients.id = patient_id JOIN users AS women ON women.id = patients.user_id "
        "LEFT JOIN doctors ON doctors.doctor_id = doctor_patient.doctor_id "
        "ORDER BY doctor_patient.doctor_id, patient_id"
    )
    for row in look.rows(query):
        key = [row["doctor_id"], row["patient_id"]]
        if has_access:
            is_live = row["access_basis"] == "carried_over"
            is_request = row["access_state"] == "requested" and row["requested_at"] is None
        else:
            is_live = bool(row["is_valid"]) and row["status"] in (*CARE_STATUSES, None)
            is_request = not is_live
        status = "no status" if row["status"] is None else f"status {row['status']!r}"
        validated = "validated" if row["is_valid"] else "not validated"
        said = f"{status}, doctor {validated}"
        if row["role"] != "doctor":
            yield Line(LINK_OF_NO_DOCTOR, "doctor_patient", key, f"user {row['doctor_id']} is {row['role']}, {status}")
        elif row["current_id"] is not None:
            yield Line(LINK_TO_SURPLUS, "doctor_patient", key, f"{said}, now patient {row['current_id']}")
        elif is_live:
            yield Line(LINK_LIVE, "doctor_patient", key, said)
        elif is_request:
            is_answered = row["account_id"] is not None and row["patient_role"] == "patient"
            waits = LINK_REQUESTED if row["is_valid"] else LINK_NOT_VALIDATED
            yield Line(waits if is_answered else LINK_NOBODY_ANSWERS, "doctor_patient", key, said)


def history(look: Look) -> Iterator[Line]:
    """Rows of the history that say no change, or a status out of the vocabulary."""
    if not look.has("patient_status_history"):
        return
    for row in look.rows("SELECT id, old_status, new_status FROM patient_status_history ORDER BY id"):
        if row["old_status"] == row["new_status"]:
            yield Line(HISTORY_NO_CHANGE, "patient_status_history", row["id"], repr(row["new_status"]))
        unknown = [row[name] for name in ("old_status", "new_status") if row[name] not in (*CARE_STATUSES, None)]
        if unknown:
            found = ", ".join(dict.fromkeys(map(repr, unknown)))
            yield Line(HISTORY_UNKNOWN_STATUS, "patient_status_history", row["id"], found)


def notifications(look: Look) -> Iterator[Line]:
    """Notes of the original: no text, no time."""
    if not look.has("notifications"):
        return
    ours = "WHERE created_at IS NULL" if look.has("notifications", "created_at") else ""
    query = f"SELECT id, to_doctor_id, record_id, status FROM notifications {ours} ORDER BY id"  # noqa: S608
    for row in look.rows(query):
        found = f"{row['status']}, record {row['record_id']}, to user {row['to_doctor_id']}"
        yield Line(NOTIFICATION_CARRIED_OVER, "notifications", row["id"], found)


READERS = (links, history, notifications)
