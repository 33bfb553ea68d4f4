"""Short ways to read bytes and to catch the refusal of them."""

from collections.abc import Sequence
from datetime import tzinfo
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from app.ctg.formats import ParsedRecording, ParseError, SourceFile, read_recording

JAKARTA = ZoneInfo("Asia/Jakarta")
BERLIN = ZoneInfo("Europe/Berlin")
NAN = float("nan")


def read(*contents: bytes | tuple[str, bytes], zone: tzinfo = JAKARTA, fetuses: int = 1) -> ParsedRecording:
    """The recording in files that are given as bytes or as (name, bytes)."""
    return read_recording(sources(contents), zone=zone, fetuses=fetuses)


def refused(*contents: bytes | tuple[str, bytes], zone: tzinfo = JAKARTA, fetuses: int = 1) -> ParseError:
    """The refusal of files that are given as bytes or as (name, bytes)."""
    with pytest.raises(ParseError) as caught:
        read_recording(sources(contents), zone=zone, fetuses=fetuses)
    return caught.value


def sources(contents: Sequence[bytes | tuple[str, bytes]]) -> list[SourceFile]:
    """Files named "upload" where no name is given."""
    return [SourceFile("upload", item) if isinstance(item, bytes) else SourceFile(*item) for item in contents]


def codes(recording: ParsedRecording) -> list[str]:
    """The codes of its notes."""
    return [note.code for note in recording.notes]


def same(actual: object, expected: Sequence[float]) -> bool:
    """Whether both hold the same numbers, NaN equal to NaN."""
    return bool(np.array_equal(np.asarray(actual, dtype=float), np.asarray(expected), equal_nan=True))
