"""The `bpm_data` of the Dopply apps as an uploaded file -> Trace.

Its samples (app.ctg.formats.bpm_samples) stand alone or in an object `{"bpm_data": ..., "start_time": ...}`. A list
of plain numbers states no rate: one a second is assumed.
"""

from datetime import datetime, tzinfo

from app.ctg.findings import Reason
from app.ctg.formats.bpm_samples import decoded, place_of, said, samples_in
from app.ctg.formats.clock import instant, is_ambiguous, moments
from app.ctg.formats.errors import ParseError, Place
from app.ctg.formats.grid import ASSUMED_RATE_HZ, grid
from app.ctg.formats.notes import note
from app.ctg.formats.samples import rates_bpm, recording
from app.ctg.formats.source import ParsedRecording, SourceFile
from app.ctg.trace import LONGEST_DAYS, ChannelName, FloatArray, is_too_long


def is_json(text: str) -> bool:
    """Whether `text` starts like a JSON document that could hold samples."""
    start = text.lstrip()
    return start[:1] in ("[", "{", '"') or start.rstrip() == "null"


def read_bpm_json(source: SourceFile, text: str, *, zone: tzinfo, fetuses: int) -> ParsedRecording:
    """The recording in `text`, the decoded content of `source`; ParseError if it is not readable."""
    document = decoded(text, source)
    notes: list[Reason] = []
    start: datetime | None = None
    if isinstance(document, dict):
        if "bpm_data" not in document:
            raise ParseError("json_key_missing", source.place, key="bpm_data")
        start = _start(document.get("start_time"), zone, source, notes)
        document = document["bpm_data"]
        if isinstance(document, str):
            document = decoded(document, source)
    samples = samples_in(document, source)
    channels: dict[ChannelName, FloatArray] = {}
    rate_hz, time_is_estimated = ASSUMED_RATE_HZ, True
    if samples.times_s is None:
        if is_too_long(len(samples.bpm), ASSUMED_RATE_HZ):
            first = int(LONGEST_DAYS * 86_400 * ASSUMED_RATE_HZ)
            raise ParseError("lasts_too_long", place_of(source, first), days=LONGEST_DAYS)
        channels["fhr1"] = rates_bpm(samples.bpm, lambda index: place_of(source, index, "bpm"), notes)
    else:
        if samples.times_s[0] != 0:
            notes.append(note("starts_late", first_s=float(samples.times_s[0])))
        slots = grid(samples.times_s, lambda index: place_of(source, index, "time"))
        if slots.missing:
            notes.append(note("samples_missing", count=slots.missing))
        rate_hz, time_is_estimated = slots.rate_hz, slots.rate_is_assumed
        channels["fhr1"] = slots.fill(rates_bpm(samples.bpm, lambda index: place_of(source, index, "bpm"), notes))
        if samples.quality is not None:
            channels["quality"] = slots.fill(samples.quality)
    return recording(
        "bpm_json",
        channels,
        start=start,
        rate_hz=rate_hz,
        fetuses=fetuses,
        notes=notes,
        time_is_estimated=time_is_estimated,
    )


def _start(stated: object, zone: tzinfo, source: SourceFile, notes: list[Reason]) -> datetime | None:
    """The instant of `start_time`, or None where it is not stated."""
    if stated is None:
        return None
    place = Place(source.name, column="start_time")
    if not isinstance(stated, str):
        raise ParseError("time_unreadable", place, value=said(stated))
    [written] = moments([stated], lambda _: place)
    if is_ambiguous(written, zone):
        notes.append(note("start_ambiguous"))
    return instant(written, zone, place)
