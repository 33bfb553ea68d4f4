"""The original's older store of recordings: what each one's samples are taken for, and who is named on it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np

from app.ctg.bpm_data import BPM_DATA, curve_of_bpm_data
from app.ctg.formats import ParseError
from app.ctg.formats.bpm_samples import decoded, samples_in
from app.ctg.formats.notes import NOTE_SENTENCES
from app.schema.interpretations.look import Look, Row
from app.schema.interpretations.named_doctors import without_access
from app.schema.report import Kind, Line

UNTIMED = Kind(
    "record_untimed",
    "a list of numbers, whose sampling rate nobody stored: drawn one a second, the time axis is estimated",
    "/records/<id>, in the caption of the strip",
)
DOUBLE_ENCODED = Kind(
    "record_double_encoded",
    "JSON within a JSON text: unpacked for the strip, the column stays as it is",
    "/records/<id>",
)
SIGNAL_LOSS = Kind(
    "record_signal_loss",
    "values of 0 or null are signal loss, never a rate",
    "/records/<id>, gaps in the strip",
)
REMARKS = Kind(
    "record_remarks",
    "drawn, with these remarks",
    "/records/<id>, beside the strip",
)
NO_CURVE = Kind(
    "record_no_curve",
    "no curve can be drawn: everything else of the record is shown, and why there is none",
    "/records/<id>",
)
WORDS = Kind(
    "record_classification",
    "the older system's own word: kept, shown to clinicians as such, never as a finding, never to the patient",
    "/records/<id>",
)
NAMED_DOCTOR = Kind(
    "record_self_with_doctor",
    "a record that the patient made with a doctor on it, which may mean shared with: the name is kept, access goes by "
    "links alone",
    "/records/<id>",
)
SHARED = Kind(
    "record_shared",
    "shared with one doctor: the name is kept, access goes by links alone",
    "/records/<id>",
)
DOCTOR_WITHOUT_ACCESS = Kind(
    "record_doctor_without_access",
    "a doctor is named on it whose link to the patient is not live: the name is kept, access goes by links alone",
    "/records/<id>",
)

# The remark about the missing rate has a kind of its own.
RATE_NOT_STORED = "rate_not_stored"
KNOWN_WORDS = ("normal", "bradycardia", "tachycardia", "irregular")
# Where the samples begin does not matter for what they are taken for.
ANY_START = datetime(2000, 1, 1, tzinfo=UTC)


def records(look: Look) -> Iterator[Line]:
    """Every row of `records` that is not simply what it says."""
    if not look.has("records"):
        return
    query = (
        f"SELECT id, source, doctor_id, shared_with, classification, {look.text('bpm_data')} AS samples "  # noqa: S608
        "FROM records ORDER BY id"
    )
    for row in look.rows(query):
        for kind, found in (*_samples(row["samples"]), *_people_and_words(row)):
            yield Line(kind, "records", row["id"], found)


def doctors_without_access(look: Look) -> Iterator[Line]:
    """Records that name a doctor who may not open them."""
    for row in without_access(look, "records"):
        yield Line(DOCTOR_WITHOUT_ACCESS, "records", row["id"], f"user {row['doctor_id']}")


def _samples(text: str | None) -> Iterator[tuple[Kind, str]]:
    """What the portal makes of a record's `bpm_data`, by the function that draws it."""
    try:
        curve = curve_of_bpm_data(text, start=ANY_START)
        document = decoded(text or "", BPM_DATA)
        values = samples_in(document, BPM_DATA).bpm
    except ParseError as error:
        yield NO_CURVE, "NULL" if text is None else str(error)
        return
    if isinstance(json.loads(text or ""), str):
        yield DOUBLE_ENCODED, f"{len(values)} values"
    lost = int(((values == 0) | np.isnan(values)).sum())
    if lost:
        yield SIGNAL_LOSS, f"{lost} of {len(values)} values"
    if any(remark.code == RATE_NOT_STORED for remark in curve.notes):
        yield UNTIMED, f"{len(values)} values"
    remarks = [
        NOTE_SENTENCES[remark.code] % dict(remark.values) for remark in curve.notes if remark.code != RATE_NOT_STORED
    ]
    if remarks:
        yield REMARKS, " ".join(remarks)


def _people_and_words(row: Row) -> Iterator[tuple[Kind, str]]:
    if row["classification"] is not None and row["classification"] not in KNOWN_WORDS:
        yield WORDS, repr(row["classification"])
    if row["source"] == "self" and row["doctor_id"] is not None:
        yield NAMED_DOCTOR, f"user {row['doctor_id']}"
    if row["shared_with"] is not None:
        yield SHARED, f"user {row['shared_with']}"


READERS = (records, doctors_without_access)
