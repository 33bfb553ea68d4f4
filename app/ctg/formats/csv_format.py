"""CSV with a header line -> Trace.

The columns are `time_s,fhr_bpm[,fhr2_bpm][,toco][,mhr_bpm][,quality]` in any order and case, or `time` with
ISO 8601 times in place of `time_s`; separated by comma, semicolon or tab, the latter two with decimal commas.
"""

from datetime import datetime, tzinfo

import numpy as np

from app.ctg.findings import Reason
from app.ctg.formats import csv_columns, csv_rows
from app.ctg.formats.clock import epoch_seconds, from_epoch, is_ambiguous, moments
from app.ctg.formats.errors import ParseError, Place
from app.ctg.formats.grid import grid
from app.ctg.formats.notes import note
from app.ctg.formats.samples import PlaceOf, activity, rates_bpm, recording
from app.ctg.formats.source import ParsedRecording, SourceFile
from app.ctg.trace import ChannelName, FloatArray

# Unix time in milliseconds has 13 digits: a time of more is a slip, and floats lose the fraction.
MAX_TIME_S = 1e11


def is_csv(text: str) -> bool:
    """Whether the first line names columns of ours."""
    return csv_columns.looks_like_header(csv_columns.first_line(text)[1])


def read_csv(source: SourceFile, text: str, *, zone: tzinfo, fetuses: int) -> ParsedRecording:
    """The recording in `text`, the decoded content of `source`; ParseError if it is not readable."""
    header_line, header = csv_columns.first_line(text)
    columns = csv_columns.columns(header, Place(source.name, line=header_line))
    rows = csv_rows.read_rows(text, columns, header_line, source.name)
    if not rows.times:
        raise ParseError("no_samples", source.place)

    def place_of(column: str) -> PlaceOf:
        return lambda index: Place(source.name, line=int(rows.lines[index]), column=column)

    notes = [note("column_ignored", name=name) for name in columns.ignored]
    time_name = columns.names[columns.position["time"]]
    times_s, start = _times(rows.times, columns.separator != ",", zone, place_of(time_name), notes)
    slots = grid(times_s, place_of(time_name))
    if slots.missing:
        notes.append(note("samples_missing", count=slots.missing))
    channels: dict[ChannelName, FloatArray] = {}
    for role in columns.channel_roles():
        values, where = rows.values[role], place_of(columns.names[columns.position[role]])
        if role in ("fhr1", "fhr2", "mhr"):
            values = rates_bpm(values, where, notes)
        elif role == "toco":
            values = activity(values, where)
        channels[role] = slots.fill(values)
    return recording(
        "csv",
        channels,
        start=start,
        rate_hz=slots.rate_hz,
        fetuses=fetuses,
        notes=notes,
        time_is_estimated=slots.rate_is_assumed,
    )


def _times(
    cells: list[str], decimal_comma: bool, zone: tzinfo, place_of: PlaceOf, notes: list[Reason]
) -> tuple[FloatArray, datetime | None]:
    """Seconds of each row, shape (n,), and the start if the cells are ISO times rather than seconds."""
    try:
        csv_rows.number(cells[0], decimal_comma)
    except csv_rows.BadCellError as error:
        if error.code == "value_text" and cells[0].strip():
            return _iso_times(cells, zone, place_of, notes)
    times_s = np.empty(len(cells))
    for index, cell in enumerate(cells):
        try:
            times_s[index] = csv_rows.number(cell, decimal_comma)
        except csv_rows.BadCellError as error:
            code = error.code if cell.strip() else "time_missing"
            raise ParseError(code, place_of(index), value=cell) from None
    if (np.abs(times_s) > MAX_TIME_S).any():
        first = int(np.argmax(np.abs(times_s) > MAX_TIME_S))
        raise ParseError("time_absurd", place_of(first), value=cells[first])
    if times_s[0] != 0:
        notes.append(note("starts_late", first_s=float(times_s[0])))
    return times_s, None


def _iso_times(cells: list[str], zone: tzinfo, place_of: PlaceOf, notes: list[Reason]) -> tuple[FloatArray, datetime]:
    """Unix time in seconds of each row, shape (n,), and the instant of the first."""
    empty = next((index for index, cell in enumerate(cells) if not cell.strip()), None)
    if empty is not None:
        raise ParseError("time_missing", place_of(empty))
    written = moments(cells, place_of)
    times_s = epoch_seconds(written, zone, place_of)
    if is_ambiguous(written[0], zone):
        notes.append(note("start_ambiguous"))
    return times_s, from_epoch(float(times_s[0]))
