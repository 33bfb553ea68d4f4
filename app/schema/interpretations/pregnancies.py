"""Pregnancies: how each is dated, what is listed as its complications, and several of one patient."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from app.schema.interpretations.look import Look, Row
from app.schema.interpretations.times import is_time
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
WEEKS_ONLY = Kind(
    "pregnancy_weeks_only",
    "weeks without a date, true on a day that nobody wrote down: kept, and no age is counted from them",
    "/patients/<id>, as not dated unless another row of the same pregnancy is",
)
FROM_LAST_PERIOD = Kind(
    "pregnancy_from_last_period",
    "a last period without a due date, which is counted from it: 280 days later",
    "/patients/<id>, dated by the last period",
)
DATES_DISAGREE = Kind(
    "pregnancy_dates_disagree",
    "a due date that is not 280 days after the last period: the due date counts, the last period is kept",
    "/patients/<id>",
)
ODD_COMPLICATIONS = Kind(
    "pregnancy_odd_complications",
    "complications that are no list of texts: kept, shown as they are written",
    "/patients/<id>",
)

TABLE = "pregnancy_info"
# Naegele's rule (ACOG Committee Opinion 700, 2017), as services/gestation.py counts.
TERM_DAYS = 280


def surplus(look: Look) -> Iterator[Line]:
    """Rows of `pregnancy_info` that are not the current one."""
    if not look.has(TABLE):
        return
    if not look.has(TABLE, "superseded_reason"):
        counts = Counter(row["patient_id"] for row in look.rows("SELECT patient_id FROM pregnancy_info"))
        for row in look.rows("SELECT id, patient_id FROM pregnancy_info ORDER BY id"):
            if counts[row["patient_id"]] > 1:
                found = f"patient {row['patient_id']} has {counts[row['patient_id']]}"
                yield Line(SEVERAL, TABLE, row["id"], found)
        return
    query = (
        "SELECT id, patient_id, superseded_by_id, superseded_reason FROM pregnancy_info "
        "WHERE superseded_reason IS NOT NULL ORDER BY id"
    )
    for row in look.rows(query):
        if row["superseded_by_id"] is None:
            yield Line(EARLIER_PREGNANCY, TABLE, row["id"], f"patient {row['patient_id']}")
        else:
            found = f"patient {row['patient_id']}, now {row['superseded_by_id']}"
            yield Line(SAME_PREGNANCY, TABLE, row["id"], found)


def dates_and_complications(look: Look) -> Iterator[Line]:
    """Rows whose dates or complications are not simply what they say, but for what was dated in Dopply."""
    if not look.has(TABLE):
        return
    only = "WHERE dating_method IS NULL" if look.has(TABLE, "dating_method") else ""
    texts = ", ".join(
        f"{look.text(name)} AS {name}"
        for name in ("last_menstrual_period", "expected_due_date", "created_at", "complications")
    )
    query = f"SELECT id, gestational_age, {texts} FROM {TABLE} {only} ORDER BY id"  # noqa: S608
    for row in look.rows(query):
        if dated := _dating(row):
            yield Line(dated[0], TABLE, row["id"], dated[1])
        if not _is_list_of_texts(row["complications"]):
            yield Line(ODD_COMPLICATIONS, TABLE, row["id"], row["complications"])


def _dating(row: Row) -> tuple[Kind, str] | None:
    last_period, due = _day(row["last_menstrual_period"]), _day(row["expected_due_date"])
    if due is None and last_period is None:
        return WEEKS_ONLY, f"{row['gestational_age']} weeks, written {row['created_at']}"
    if due is None:
        return FROM_LAST_PERIOD, f"last period {row['last_menstrual_period']}"
    if last_period is not None and due - last_period != TERM_DAYS:
        dates = f"last period {row['last_menstrual_period']}, due {row['expected_due_date']}"
        return DATES_DISAGREE, f"{dates}: {due - last_period} days"
    return None


def _day(text: str | None) -> int | None:
    """The day as a number; None for what the portal takes for no date."""
    return datetime.fromisoformat(text).toordinal() if text is not None and is_time(text) else None


def _is_list_of_texts(text: str | None) -> bool:
    """Whether the column lists texts, or nothing at all."""
    try:
        found = None if text is None else json.loads(text)
    except (ValueError, RecursionError):
        return False
    return found is None or (isinstance(found, list) and all(isinstance(item, str) and item for item in found))


READERS = (surplus, dates_and_complications)
