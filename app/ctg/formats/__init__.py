"""Recordings in the formats that people send -> Trace, or ParseError with the place and the reason."""

from app.ctg.formats.errors import READABLE_FORMATS, SENTENCES, ParseError, Place
from app.ctg.formats.notes import NOTE_SENTENCES
from app.ctg.formats.reading import read_recording
from app.ctg.formats.source import FormatId, ParsedRecording, SourceFile

__all__ = [
    "NOTE_SENTENCES",
    "READABLE_FORMATS",
    "SENTENCES",
    "FormatId",
    "ParseError",
    "ParsedRecording",
    "Place",
    "SourceFile",
    "read_recording",
]
