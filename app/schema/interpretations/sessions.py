"""Monitoring sessions of the original: whose they are, what they are called, and whether anybody has to read them."""

import re
from collections.abc import Iterator

from app.schema.interpretations.look import Look
from app.schema.report import Kind, Line

TO_REVIEW = Kind(
    "session_to_review",
    "of the last week of that database, without a result or a doctor's note: waits to be read",
    "/monitoring/queue",
)
CARRIED_OVER = Kind(
    "session_carried_over",
    "older, or somebody had looked at it: does not wait in the queue, may be read at any time",
    "/monitoring/sessions and /patients/<id>, from the earlier system",
)
WITHOUT_PATIENT = Kind(
    "session_without_patient",
    "a recording of nobody: kept, and shown to nobody, since nobody's access can be told",
    "no page",
)
DOCTOR_WITHOUT_ACCESS = Kind(
    "session_doctor_without_access",
    "a doctor is named on it whose link to the patient is not live: the name is kept, access goes by links alone",
    "/monitoring/sessions/<public id>",
)
OWN_ID = Kind(
    "session_own_id",
    "an id that is no UUID: kept and searchable, pages use a new public id",
    "/monitoring/sessions/<public id>",
)
WITHOUT_RESULT = Kind(
    "session_without_result",
    "the older system stored no result: none is made up",
    "/monitoring/sessions/<public id>",
)

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def sessions(look: Look) -> Iterator[Line]:
    """Every session that came with the original."""
    if not look.has("fetal_monitoring_sessions"):
        return
    is_ours_told_apart = look.has("fetal_monitoring_sessions", "is_carried_over")
    state, only = ("review_state", "WHERE is_carried_over") if is_ours_told_apart else ("NULL AS review_state", "")
    query = (
        f"SELECT id, patient_id, {state}, EXISTS (SELECT 1 FROM fetal_monitoring_results "  # noqa: S608
        "WHERE session_id = fetal_monitoring_sessions.id) AS has_result "
        f"FROM fetal_monitoring_sessions {only} ORDER BY id"
    )
    for row in look.rows(query):
        for kind, found in _of(row["patient_id"], row["review_state"], row["id"], has_result=bool(row["has_result"])):
            yield Line(kind, "fetal_monitoring_sessions", row["id"], found)


def _of(
    patient_id: int | None, review_state: str | None, session_id: str, *, has_result: bool
) -> Iterator[tuple[Kind, str]]:
    if patient_id is None:
        yield WITHOUT_PATIENT, "patient_id is NULL"
    if not UUID.fullmatch(session_id):
        yield OWN_ID, repr(session_id)
    if not has_result:
        yield WITHOUT_RESULT, "no row in fetal_monitoring_results"
    if review_state is not None and patient_id is not None:
        yield (TO_REVIEW if review_state == "to_review" else CARRIED_OVER), f"review_state {review_state}"


def doctors_without_access(look: Look) -> Iterator[Line]:
    """Sessions that name a doctor who may not open them."""
    if not look.has("patients", "superseded_by_id"):
        return
    # What was written on a record that gave way is hers, and so are the links to it.
    query = (
        "SELECT sessions.id, sessions.doctor_id FROM fetal_monitoring_sessions AS sessions "
        "JOIN patients ON patients.id = sessions.patient_id WHERE is_carried_over AND sessions.doctor_id IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM doctor_patient AS links JOIN patients AS linked ON linked.id = links.patient_id "
        "WHERE links.doctor_id = sessions.doctor_id AND links.access_basis = 'carried_over' "
        "AND COALESCE(linked.superseded_by_id, linked.id) = COALESCE(patients.superseded_by_id, patients.id)) "
        "ORDER BY sessions.id"
    )
    for row in look.rows(query):
        yield Line(DOCTOR_WITHOUT_ACCESS, "fetal_monitoring_sessions", row["id"], f"user {row['doctor_id']}")


READERS = (sessions, doctors_without_access)
