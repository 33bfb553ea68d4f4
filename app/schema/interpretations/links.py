"""Links between doctors and patients, their history, and notifications."""

from collections.abc import Iterator

from app.schema.interpretations.look import Look, Row
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
LINK_CLOSED = Kind(
    "link_closed",
    "was carried over or asked for, and has been ended or declined since, or its doctor is validated no more: opens "
    "nothing",
    "/links of both",
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
NOTIFICATION_TO_NO_DOCTOR = Kind(
    "notification_to_no_doctor",
    "a record was shared with an account that is no doctor's: kept, nobody owns it",
    "no page yet",
)

CARE_STATUSES = ("active", "inactive", "discharged")


def links(look: Look) -> Iterator[Line]:
    """Every link, once: it opens the record, waits for one person's answer, or opens nothing."""
    has_access = look.has("doctor_patient", "access_state")
    has_current = look.has("patients", "superseded_by_id")
    current = "superseded_by_id AS current_id, current_user_id" if has_current else "NULL AS current_id, user_id"
    access = "access_state, access_basis, requested_at" if has_access else "NULL AS access_state"
    copies = _copies(look) if has_current else {}
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
        status = "no status" if row["status"] is None else f"status {row['status']!r}"
        validated = "validated" if row["is_valid"] else "not validated"
        said = f"{status}, doctor {validated}"
        if (surplus_id := copies.get((row["doctor_id"], row["patient_id"]))) is not None:
            said += f", the same as the link to patient {surplus_id}"
        if row["role"] != "doctor":
            yield Line(LINK_OF_NO_DOCTOR, "doctor_patient", key, f"user {row['doctor_id']} is {row['role']}, {status}")
        elif row["current_id"] is not None:
            yield Line(LINK_TO_SURPLUS, "doctor_patient", key, f"{said}, now patient {row['current_id']}")
        elif (state := _state(row) if has_access else _state_to_be(row)) == "live":
            yield Line(LINK_LIVE, "doctor_patient", key, said)
        elif state == "requested":
            is_answered = row["account_id"] is not None and row["patient_role"] == "patient"
            waits = LINK_REQUESTED if row["is_valid"] else LINK_NOT_VALIDATED
            yield Line(waits if is_answered else LINK_NOBODY_ANSWERS, "doctor_patient", key, said)
        elif state is not None:
            yield Line(LINK_CLOSED, "doctor_patient", key, f"{said}, {state}")


def _state_to_be(row: Row) -> str:
    """What 008_access will make of the link: "live" or "requested"."""
    return "live" if row["is_valid"] and row["status"] in (*CARE_STATUSES, None) else "requested"


def _state(row: Row) -> str | None:
    """What a link of the original is now: "live", "requested", or how it was closed; None for one of ours."""
    now = row["access_state"]
    if row["access_basis"] == "carried_over":
        return "live" if now == "live" and row["is_valid"] else f"was carried over, now {now}"
    # Whoever asks in Dopply leaves the time.
    if row["access_basis"] is not None or row["requested_at"] is not None:
        return None
    return "requested" if now == "requested" else f"now {now}"


def _copies(look: Look) -> dict[tuple[int, int], int]:
    """By doctor and current record, the record that gave way and whose link says the same: 016_one_current copies it.

    Of several the first one, as there. A link to the current record that happens to say the same is among them.
    """
    words = f"{look.text('assigned_at')} AS assigned_at, {look.text('links.updated_at')} AS updated_at, status, note"
    query = (
        f"SELECT links.doctor_id, links.patient_id, superseded_by_id AS current_id, {words} "  # noqa: S608
        "FROM doctor_patient AS links JOIN patients ON patients.id = links.patient_id ORDER BY 1, 2"
    )
    rows = list(look.rows(query))
    said = {(row["doctor_id"], row["patient_id"]): _words(row) for row in rows}
    found: dict[tuple[int, int], int] = {}
    for row in rows:
        key = (row["doctor_id"], row["current_id"])
        if row["current_id"] is not None and said.get(key) == _words(row):
            found.setdefault(key, row["patient_id"])
    return found


def _words(row: Row) -> tuple[str | None, ...]:
    return (row["assigned_at"], row["updated_at"], row["status"], row["note"])


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
    ours = "WHERE notifications.created_at IS NULL" if look.has("notifications", "created_at") else ""
    query = (
        "SELECT notifications.id, to_doctor_id, record_id, status, role FROM notifications "  # noqa: S608
        f"JOIN users ON users.id = to_doctor_id {ours} ORDER BY notifications.id"
    )
    for row in look.rows(query):
        kind = NOTIFICATION_CARRIED_OVER if row["role"] == "doctor" else NOTIFICATION_TO_NO_DOCTOR
        found = f"{row['status']}, record {row['record_id']}, to user {row['to_doctor_id']}, {row['role']}"
        yield Line(kind, "notifications", row["id"], found)


READERS = (links, history, notifications)
