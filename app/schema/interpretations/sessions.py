"""Monitoring sessions of the original: whose they are, what they are called, and whether anybody has to read them."""

import re
from collections.abc import Iterator

from app.schema.interpretations.look import Look
from app.schema.interpretations.named_doctors import without_access
from app.schema.report import Kind, Line

TO_REVIEW = Kind(
    "session_to_review",
    "of the last week of that database or of a time to come, without a result or a doctor's note: waits to be read",
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
    for row in without_access(look, "fetal_monitoring_sessions", only="is_carried_over"):
        yield Line(DOCTOR_WITHOUT_ACCESS, "fetal_monitoring_sessions", row["id"], f"user {row['doctor_id']}")


READERS = (sessions, doctors_without_access)
