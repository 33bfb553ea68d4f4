"""What goes into a parser and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

from app.ctg.findings import Reason, Scalar
from app.ctg.formats.errors import Place
from app.ctg.trace import Trace

FormatId = Literal["csv", "wfdb", "fhrma_fhr", "fhrma_fhrm", "bpm_json"]

# 24 h at 4 Hz are 345,600 samples; five days and a half are more than any recording of one mother. At a lower rate
# it is the time that is limited (trace.LONGEST_DAYS).
MAX_SAMPLES = 2_000_000

# Room for MAX_SAMPLES rows of text; a server refuses uploads long before.
MAX_FILE_BYTES = 128 * 1024 * 1024

# Some editors put it before UTF-8 text.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as it was sent; `name` is a label for messages, never opened."""

    name: str
    content: bytes = field(repr=False)

    @property
    def extension(self) -> str:
        """The end of the name in lower case with its dot, or ''."""
        return PurePosixPath(self.name.replace("\\", "/").replace("\0", "")).suffix.lower()

    @property
    def place(self) -> Place:
        """The file as a whole."""
        return Place(self.name)


@dataclass(frozen=True, slots=True)
class ParsedRecording:
    """A Trace with what a reader has to know about its file.

    `declared` is what the file says about the recording itself (a record name, a unit), never about a person.
    """

    trace: Trace
    format_id: FormatId
    notes: tuple[Reason, ...]
    declared: Mapping[str, Scalar]
