"""Results of sessions whose lists are no JSON."""

import json
from collections.abc import Iterator

from app.schema.interpretations.look import Look
from app.schema.report import Kind, Line

TEXT_FOR_JSON = Kind(
    "result_text_for_json",
    "findings or recommendations of the older system that are no JSON: kept, shown as one sentence",
    "/monitoring/sessions/<public id>, to clinicians, as the older system's word",
)
TABLE = "fetal_monitoring_results"


def texts(look: Look) -> Iterator[Line]:
    """Findings and recommendations that hold a text where a list was meant."""
    if not look.has(TABLE):
        return
    query = f"SELECT id, {look.text('findings')} AS findings, {look.text('recommendations')} AS recommendations "
    for row in look.rows(f"{query} FROM {TABLE} ORDER BY id"):
        for name in ("findings", "recommendations"):
            if row[name] and not _is_json(row[name]):
                yield Line(TEXT_FOR_JSON, TABLE, row["id"], f"{name}: {row[name]}")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


READERS = (texts,)
