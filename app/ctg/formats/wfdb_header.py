"""A WFDB header (.hea) -> what it says, without a look at the signals.

Format: https://physionet.org/physiotools/wag/header-5.htm. Comment lines are never kept: those of real
records hold facts about the mother and the child.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, tzinfo

from app.ctg.findings import Reason
from app.ctg.formats.clock import FIRST_YEAR, LAST_YEAR, instant, is_ambiguous
from app.ctg.formats.errors import ParseError, Place
from app.ctg.formats.notes import note
from app.ctg.formats.source import BYTE_ORDER_MARK, MAX_SAMPLES, SourceFile
from app.ctg.trace import LONGEST_DAYS, MAX_RATE_HZ, MIN_RATE_HZ, is_too_long

# What the format prescribes where a header is silent.
DEFAULT_RATE_HZ = 250.0

# Two fetuses, mother and toco are four; this leaves room for signals that are not read.
MAX_SIGNALS = 12

# Those of CTU-UHB have 1,100 bytes; a header of megabytes is something else.
MAX_HEADER_BYTES = 256 * 1024

# All formats that there are; which of them are read is said in wfdb_signals.
KNOWN_FORMATS = frozenset({8, 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516, 524})

_NUMBER = r"[+-]?(?:[0-9]{1,15}\.?[0-9]{0,15}|\.[0-9]{1,15})(?:[eE][+-]?[0-9]{1,3})?"
RECORD_LINE = re.compile(
    r"(?P<name>[^\s/]+)(?P<segments>/[0-9]+)?[ \t]+(?P<signals>[0-9]{1,6})"
    rf"(?:[ \t]+(?P<rate>{_NUMBER})(?:/{_NUMBER}(?:\({_NUMBER}\))?)?"
    r"(?:[ \t]+(?P<samples>[0-9]{1,15})(?:[ \t]+(?P<time>[0-9:.]+)(?:[ \t]+(?P<date>[0-9/]+))?)?)?)?[ \t]*"
)
SIGNAL_LINE = re.compile(
    r"(?P<file>\S+)[ \t]+(?P<format>[0-9]{1,4})(?:x(?P<frame>[0-9]{1,4}))?(?::(?P<skew>[0-9]{1,9}))?"
    r"(?:\+(?P<offset>[0-9]{1,12}))?"
    rf"(?:[ \t]+(?P<gain>{_NUMBER})(?:\((?P<baseline>[+-]?[0-9]{{1,10}})\))?(?:/(?P<unit>\S+))?"
    r"(?:[ \t]+(?P<resolution>[0-9]{1,3})(?:[ \t]+(?P<zero>[+-]?[0-9]{1,10})"
    r"(?:[ \t]+(?P<initial>[+-]?[0-9]{1,10})(?:[ \t]+(?P<checksum>[+-]?[0-9]{1,10})"
    r"(?:[ \t]+(?P<block>[0-9]{1,10})(?:[ \t]+(?P<description>.*))?)?)?)?)?)?)?[ \t]*"
)
TIME_OF_DAY = re.compile(r"(?:(?:([0-9]{1,2}):)?([0-9]{1,2}):)?([0-9]{1,2})(?:\.([0-9]{1,6}))?")
DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal line; `initial` and `checksum` are None where the header does not state them."""

    line: int
    file: str
    format: int
    byte_offset: int
    gain: float
    baseline: int
    unit: str | None
    initial: int | None
    checksum: int | None
    description: str


@dataclass(frozen=True, slots=True)
class Header:
    """One header; `sample_count` is None where it does not state the length."""

    record: str
    rate_hz: float
    sample_count: int | None
    start: datetime | None
    signals: tuple[Signal, ...]
    notes: tuple[Reason, ...]

    def files(self) -> list[str]:
        """The names of the signal files, each once, in order."""
        return list(dict.fromkeys(signal.file for signal in self.signals))


def is_header(source: SourceFile) -> bool:
    """Whether the first lines have the form of a record line and a signal line, or the name ends in .hea."""
    if b"\0" in source.content[:65536]:
        return False
    if source.extension == ".hea":
        return True
    lines = _lines(source.content[:4096])
    if len(lines) < 2 or RECORD_LINE.fullmatch(lines[0][1]) is None:
        return False
    signal = SIGNAL_LINE.fullmatch(lines[1][1])
    return signal is not None and int(signal["format"]) in KNOWN_FORMATS


def read_header(source: SourceFile, zone: tzinfo) -> Header:
    """What the header says; ParseError with the line if that is not possible."""
    if len(source.content) > MAX_HEADER_BYTES:
        raise ParseError("too_large", source.place, found=len(source.content), limit=MAX_HEADER_BYTES)
    lines = _lines(source.content)
    number, text = lines[0] if lines else (1, "")
    place = Place(source.name, line=number)
    record = RECORD_LINE.fullmatch(text)
    if record is None:
        raise ParseError("wfdb_record_line", place)
    if record["segments"]:
        raise ParseError("wfdb_segments", place)
    rate_hz = float(record["rate"]) if record["rate"] else DEFAULT_RATE_HZ
    if not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ:
        raise ParseError("rate_out_of_range", place, step_s=1 / rate_hz if rate_hz else 0.0)
    sample_count = int(record["samples"] or 0) or None
    if sample_count is not None and sample_count > MAX_SAMPLES:
        raise ParseError("too_many_samples", place, limit=MAX_SAMPLES)
    if sample_count is not None and is_too_long(sample_count, rate_hz):
        raise ParseError("lasts_too_long", place, days=LONGEST_DAYS)
    notes: list[Reason] = []
    start = _start(record["time"], record["date"], zone, place, notes)
    expected, found = int(record["signals"]), len(lines) - 1
    if expected != found or found > MAX_SIGNALS:
        raise ParseError("wfdb_signal_lines", place, expected=expected, found=found)
    signals = tuple(_signal(text, Place(source.name, line=number)) for number, text in lines[1:])
    return Header(record["name"], rate_hz, sample_count, start, signals, tuple(notes))


def _lines(content: bytes) -> list[tuple[int, str]]:
    """Number and text of the first lines that are neither blank nor comments; one more than can be needed."""
    found = []
    for number, line in enumerate(content.removeprefix(BYTE_ORDER_MARK).splitlines(), start=1):
        text = line.decode("utf-8", "replace").strip()
        if text and not text.startswith("#"):
            found.append((number, text[:1000]))
            if len(found) > MAX_SIGNALS + 1:
                break
    return found


def _signal(text: str, place: Place) -> Signal:
    """One signal line; ParseError if it is not readable or asks for what is not supported."""
    match = SIGNAL_LINE.fullmatch(text)
    if match is None or place.line is None:
        raise ParseError("wfdb_signal_line", place)
    if int(match["frame"] or 1) != 1 or int(match["skew"] or 0) != 0:
        raise ParseError("wfdb_frames", place)
    gain = float(match["gain"] or 0)
    if abs(gain) == float("inf") or gain < 0 or 0 < gain < 1e-9:
        raise ParseError("wfdb_signal_line", place)
    return Signal(
        line=place.line,
        file=match["file"],
        format=int(match["format"]),
        byte_offset=int(match["offset"] or 0),
        gain=gain,
        baseline=int(match["baseline"] or match["zero"] or 0),
        unit=match["unit"],
        initial=None if match["initial"] is None else int(match["initial"]),
        checksum=None if match["checksum"] is None else int(match["checksum"]),
        description=(match["description"] or "").strip(),
    )


def _start(
    time_of_day: str | None, date: str | None, zone: tzinfo, place: Place, notes: list[Reason]
) -> datetime | None:
    """The base time as an instant, or None where the header states no date."""
    if time_of_day is None:
        return None
    clock, day = TIME_OF_DAY.fullmatch(time_of_day), DATE.fullmatch(date or "1/1/2000")
    try:
        if clock is None or day is None:
            raise ValueError(time_of_day)
        hour, minute, second = (int(part or 0) for part in clock.group(1, 2, 3))
        of_day = time(hour, minute, second, int((clock.group(4) or "0").ljust(6, "0")))
        written = datetime.combine(datetime(int(day[3]), int(day[2]), int(day[1])), of_day)  # noqa: DTZ001
    except ValueError:
        raise ParseError("wfdb_date", place, value=f"{time_of_day} {date or ''}".strip()) from None
    if date is None:
        notes.append(note("start_without_date"))
        return None
    if not FIRST_YEAR <= written.year <= LAST_YEAR:
        raise ParseError("time_absurd", place, value=written.isoformat())
    if is_ambiguous(written, zone):
        notes.append(note("start_ambiguous"))
    return instant(written, zone, place)
