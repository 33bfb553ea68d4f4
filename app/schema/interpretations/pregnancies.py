"""Several pregnancies of one patient."""

from collections import Counter
from collections.abc import Iterator

from app.schema.interpretations.look import Look
from app.schema.report import Kind, Line

SAME_PREGNANCY = Kind(
    "pregnancy_same",
    "the current pregnancy written a second time: it gives way to the newest row, and what it says still counts",
    "/patients/<id>: its risk, its complications, and its due date where the newest row has none",
)
EARLIER_PREGNANCY = Kind(
    "pregnancy_earlier",
    "an earlier pregnancy: kept, not the one from which the age is computed",
    "no page yet; the age that a recording of that time shows is counted in it",
)
SEVERAL = Kind(
    "pregnancy_several",
    "one of several rows of one patient: the upgrade decides which one is current",
    "known after the upgrade",
)


def surplus(look: Look) -> Iterator[Line]:
    """Rows of `pregnancy_info` that are not the current one."""
    if not look.has("pregnancy_info"):
        return
    if not look.has("pregnancy_info", "superseded_reason"):
        counts = Counter(row["patient_id"] for row in look.rows("SELECT patient_id FROM pregnancy_info"))
        for row in look.rows("SELECT id, patient_id FROM pregnancy_info ORDER BY id"):
            if counts[row["patient_id"]] > 1:
                found = f"patient {row['patient_id']} has {counts[row['patient_id']]}"
                yield Line(SEVERAL, "pregnancy_info", row["id"], found)
        return
    query = (
        "SELECT id, patient_id, superseded_by_id, superseded_reason FROM pregnancy_info "
        "WHERE superseded_reason IS NOT NULL ORDER BY id"
    )
    for row in look.rows(query):
        if row["superseded_by_id"] is None:
            yield Line(EARLIER_PREGNANCY, "pregnancy_info", row["id"], f"patient {row['patient_id']}")
        else:
            found = f"patient {row['patient_id']}, now {row['superseded_by_id']}"
            yield Line(SAME_PREGNANCY, "pregnancy_info", row["id"], found)


READERS = (surplus,)
