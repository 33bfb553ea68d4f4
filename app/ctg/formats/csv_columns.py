"""The first line of a CSV recording: its separator and which column is which."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from app.ctg.formats.errors import ParseError, Place
from app.ctg.trace import CHANNEL_NAMES, ChannelName

ColumnRole = Literal["time"] | ChannelName

# Names in lower case; the first of each is the one that Dopply writes.
SYNONYMS: Mapping[ColumnRole, tuple[str, ...]] = MappingProxyType(
    {
        "time": ("time_s", "time", "timestamp", "datetime", "seconds"),
        "fhr1": ("fhr_bpm", "fhr1_bpm", "fhr", "fhr1", "bpm"),
        "fhr2": ("fhr2_bpm", "fhr2"),
        "toco": ("toco", "uc", "ua"),
        "mhr": ("mhr_bpm", "mhr", "maternal_bpm"),
        "quality": ("quality", "signal_quality"),
    }
)
ROLE_OF: Mapping[str, ColumnRole] = MappingProxyType({name: role for role, names in SYNONYMS.items() for name in names})

# A header of a dozen columns has a few hundred characters; a first line of megabytes is no header.
MAX_HEADER_CHARACTERS = 4096

NOT_BLANK = re.compile(r"\S")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each role stands in a row of `width` cells; `ignored` are names without a role."""

    separator: str
    width: int
    position: Mapping[ColumnRole, int]
    names: Sequence[str]
    ignored: tuple[str, ...]

    def channel_roles(self) -> list[ChannelName]:
        """The channels that the file has, in the order of a Trace."""
        return [name for name in CHANNEL_NAMES if name in self.position]


def first_line(text: str) -> tuple[int, str]:
    """Number (from 1) and text of the first line that is not blank; (1, '') if there is none."""
    found = NOT_BLANK.search(text)
    if found is None:
        return 1, ""
    start = text.rfind("\n", 0, found.start()) + 1
    end = text.find("\n", found.start())
    end = len(text) if end < 0 else end
    return text.count("\n", 0, start) + 1, text[start : min(end, start + MAX_HEADER_CHARACTERS)]


def separator_of(header: str) -> str:
    """What stands between the cells: a semicolon or tab where there is one, otherwise a comma."""
    return next((separator for separator in (";", "\t") if separator in header), ",")


def cell_names(header: str) -> list[str]:
    """The cells of the first line, trimmed and in lower case; [] if it cannot be separated."""
    try:
        row = next(csv.reader([header], delimiter=separator_of(header)), [])
    except csv.Error:
        return []
    return [name.strip().lower() for name in row]


def looks_like_header(header: str) -> bool:
    """Whether the line names at least one column of ours beside another one."""
    names = cell_names(header)
    return len(names) > 1 and any(name in ROLE_OF for name in names)


def columns(header: str, place: Place) -> Columns:
    """The columns of a header line; ParseError if time or FHR is missing or a role is there twice."""
    names = cell_names(header)
    position: dict[ColumnRole, int] = {}
    ignored = []
    for index, name in enumerate(names):
        role = ROLE_OF.get(name)
        if role is None:
            if name:
                ignored.append(name)
        elif role in position:
            raise ParseError("csv_column_twice", place, column=SYNONYMS[role][0])
        else:
            position[role] = index
    for needed in ("time", "fhr1"):
        if needed not in position:
            raise ParseError("csv_column_missing", place, column=SYNONYMS[needed][0])
    return Columns(separator_of(header), len(names), position, names, tuple(ignored))
