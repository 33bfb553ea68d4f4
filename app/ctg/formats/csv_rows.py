"""The rows of a CSV recording -> one array per column, with the line of each row."""

import csv
import io
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.ctg.formats.csv_columns import Columns
from app.ctg.formats.errors import ParseError, Place
from app.ctg.formats.source import MAX_SAMPLES
from app.ctg.trace import ChannelName, FloatArray

# Twelve cells of twenty characters are 240; this leaves room for remarks.
MAX_LINE_CHARACTERS = 10_000

# Rates repeat, so most cells are looked up; beyond this many different ones they are read again.
MAX_REMEMBERED_CELLS = 20_000

# float() would also take "1_0", "١٢" and "infinity". Each digit can be matched in one way only: where two stretches
# of digits may meet, thousands of them are tried in every division.
NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
# The longest spelling of a double has 24; no measurement has more digits.
MAX_NUMBER_CHARACTERS = 40
NOT_FINITE = frozenset({"inf", "infinity", "+inf", "+infinity", "-inf", "-infinity"})
LOSS_WORDS = frozenset({"", "nan"})


@dataclass(frozen=True, slots=True)
class Rows:
    """Cells by column: times as text, channels as numbers with NaN for an empty cell, each of length n."""

    lines: FloatArray
    times: list[str]
    values: dict[ChannelName, FloatArray]


class BadCellError(Exception):
    """A cell that is no number; `code` says what is wrong with it."""

    def __init__(self, code: str, cell: str) -> None:
        super().__init__(code)
        self.code = code
        self.cell = cell


def number(cell: str, decimal_comma: bool) -> float:
    """The finite number in `cell`; BadCellError if there is none."""
    text = cell.strip()
    if decimal_comma:
        text = text.replace(",", ".")
    if NUMBER.fullmatch(text) is None:
        raise BadCellError("value_not_finite" if text.lower() in NOT_FINITE else "value_text", cell)
    if len(text) > MAX_NUMBER_CHARACTERS:
        raise BadCellError("value_long", cell)
    value = float(text)
    if value in (np.inf, -np.inf):
        raise BadCellError("value_not_finite", cell)
    return value


class _Channel(dict[str, float]):
    """Numbers by cell text, NaN where the cell says that there is no signal."""

    def __init__(self, name: str, position: int, decimal_comma: bool) -> None:
        super().__init__()
        self.name = name
        self.position = position
        self.decimal_comma = decimal_comma
        self.samples = array("d")

    def __missing__(self, cell: str) -> float:
        value = np.nan if cell.strip().lower() in LOSS_WORDS else number(cell, self.decimal_comma)
        if len(self) < MAX_REMEMBERED_CELLS:
            self[cell] = value
        return value


def read_rows(text: str, columns: Columns, header_line: int, file: str) -> Rows:
    """All rows below the header; ParseError with line and column at the first one that is not readable."""
    decimal_comma = columns.separator != ","
    channels = [
        _Channel(columns.names[columns.position[role]], columns.position[role], decimal_comma)
        for role in columns.channel_roles()
    ]
    time_position = columns.position["time"]
    lines = array("d")
    times: list[str] = []
    reader = csv.reader(_short_lines(text, file), delimiter=columns.separator)
    line = 0
    try:
        for row in reader:
            line = reader.line_num
            if line <= header_line or not any(row):
                continue
            if len(row) != columns.width:
                place = Place(file, line=line)
                raise ParseError("csv_row_width", place, found=len(row), expected=columns.width)
            if len(times) == MAX_SAMPLES:
                raise ParseError("too_many_samples", Place(file, line=line), limit=MAX_SAMPLES)
            lines.append(line)
            times.append(row[time_position])
            for channel in channels:
                channel.samples.append(channel[row[channel.position]])
    except BadCellError as error:
        place = Place(file, line=line, column=channel.name)
        raise ParseError(error.code, place, value=error.cell) from None
    except csv.Error:
        raise ParseError("csv_unreadable", Place(file, line=reader.line_num)) from None
    values = {role: np.array(channel.samples) for role, channel in zip(columns.channel_roles(), channels, strict=True)}
    return Rows(np.array(lines), times, values)


def _short_lines(text: str, file: str) -> Iterator[str]:
    """The lines of `text`; ParseError at one that would make the reader hold millions of cells."""
    for index, line in enumerate(io.StringIO(text), start=1):
        if len(line) > MAX_LINE_CHARACTERS:
            raise ParseError("csv_line_too_long", Place(file, line=index), limit=MAX_LINE_CHARACTERS)
        yield line
