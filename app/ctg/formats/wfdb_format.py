"""A WFDB record, header and signal files from memory -> Trace.

A header never makes a path be opened: signal files are taken from what was sent, and the names in the header
only tell them apart.
"""

from collections.abc import Sequence
from datetime import tzinfo
from pathlib import PurePosixPath

import numpy as np

from app.ctg.findings import Reason
from app.ctg.formats.errors import ParseError, Place, shown
from app.ctg.formats.notes import note
from app.ctg.formats.samples import activity, rates_bpm, recording
from app.ctg.formats.source import MAX_SAMPLES, ParsedRecording, SourceFile
from app.ctg.formats.wfdb_header import Header, Signal, read_header
from app.ctg.formats.wfdb_signals import SIGNAL_FORMATS, DigitalArray, SignalFormat, checksum
from app.ctg.trace import LONGEST_DAYS, ChannelName, FloatArray, is_too_long

# Descriptions as letters and digits in upper case.
CHANNEL_OF: dict[str, ChannelName] = {
    "FHR": "fhr1",
    "FHR1": "fhr1",
    "FHR2": "fhr2",
    "UC": "toco",
    "UA": "toco",
    "TOCO": "toco",
    "MHR": "mhr",
}
BPM_UNITS = frozenset({"bpm", "beats/min", "beats/minute", "1/min", "/min"})


def read_wfdb(header_file: SourceFile, others: Sequence[SourceFile], *, zone: tzinfo, fetuses: int) -> ParsedRecording:
    """The recording of a header and the files sent with it; ParseError if they do not fit each other."""
    header = read_header(header_file, zone)
    notes = list(header.notes)
    channel_of = _channels(header, header_file, notes)
    digital = _digital(header, header_file, _assigned(header, header_file, others, notes))
    channels: dict[ChannelName, FloatArray] = {}
    declared: dict[str, str | int | float | bool] = {"record": shown(header.record)}
    for name, index in channel_of.items():
        signal = header.signals[index]
        channels[name] = _physical(signal, digital[index], name, notes)
        if name == "toco" and signal.unit:
            declared["toco_unit"] = shown(signal.unit)
    return recording(
        "wfdb",
        channels,
        start=header.start,
        rate_hz=header.rate_hz,
        fetuses=fetuses,
        notes=notes,
        declared=declared,
    )


def _channels(header: Header, header_file: SourceFile, notes: list[Reason]) -> dict[ChannelName, int]:
    """Which signal is which channel; ParseError without FHR or with two signals for one channel."""
    found: dict[ChannelName, int] = {}
    unnamed = []
    for index, signal in enumerate(header.signals):
        name = CHANNEL_OF.get("".join(filter(str.isalnum, signal.description.upper())))
        if name is None and not signal.description and (signal.unit or "").lower() in BPM_UNITS:
            unnamed.append(index)
        elif name is None:
            notes.append(note("signal_ignored", name=signal.description or str(index + 1)))
        elif name in found:
            place = Place(header_file.name, line=signal.line)
            raise ParseError("wfdb_signal_twice", place, name=signal.description)
        else:
            found[name] = index
    if "fhr1" not in found and len(unnamed) == 1:
        found["fhr1"] = unnamed.pop()
    notes.extend(note("signal_ignored", name=str(index + 1)) for index in unnamed)
    if "fhr1" not in found:
        raise ParseError("wfdb_no_fhr", header_file.place)
    for name, index in found.items():
        _refuse_unit(header.signals[index], name, header_file)
    return found


def _refuse_unit(signal: Signal, name: ChannelName, header_file: SourceFile) -> None:
    """ParseError if the values of a heart rate cannot be turned into bpm."""
    place = Place(header_file.name, line=signal.line)
    label = signal.description or name
    if name != "toco" and signal.unit is not None and signal.unit.lower() not in BPM_UNITS:
        raise ParseError("wfdb_unit", place, name=label, unit=signal.unit)
    if signal.gain == 0:
        raise ParseError("wfdb_no_gain", place, name=label)


def _assigned(
    header: Header, header_file: SourceFile, others: Sequence[SourceFile], notes: list[Reason]
) -> dict[str, SourceFile]:
    """The file that was sent for each name in the header; by name, or as the only one there is."""
    names = header.files()
    if len(names) == 1 and len(others) == 1:
        if _label(names[0]) != _label(others[0].name):
            notes.append(note("signal_file_name_differs", expected=names[0]))
        return {names[0]: others[0]}
    sent = {_label(source.name): source for source in others}
    for name in names:
        if _label(name) not in sent:
            raise ParseError("wfdb_signal_file_missing", header_file.place, name=name)
    wanted = {_label(name) for name in names}
    for source in others:
        if _label(source.name) not in wanted or sent[_label(source.name)] is not source:
            raise ParseError("wfdb_file_unknown", source.place)
    return {name: sent[_label(name)] for name in names}


def _label(name: str) -> str:
    """The last part of a name in lower case, to compare names that people and programs gave."""
    return PurePosixPath(name.replace("\\", "/").replace("\0", "")).name.lower()


def _digital(header: Header, header_file: SourceFile, files: dict[str, SourceFile]) -> dict[int, DigitalArray]:
    """Samples of each signal, shape (n,), checked against what the header says about them."""
    found: dict[int, DigitalArray] = {}
    for name, source in files.items():
        members = [index for index, signal in enumerate(header.signals) if signal.file == name]
        first = header.signals[members[0]]
        place = Place(header_file.name, line=first.line)
        if first.format not in SIGNAL_FORMATS:
            raise ParseError("wfdb_format", place, format=first.format)
        if len({(header.signals[index].format, header.signals[index].byte_offset) for index in members}) > 1:
            raise ParseError("wfdb_mixed_formats", place)
        samples = _samples(header, SIGNAL_FORMATS[first.format], first.byte_offset, len(members), source)
        for column, index in enumerate(members):
            found[index] = samples[:, column]
            _verify(header.signals[index], found[index], header_file)
    lengths = [len(samples) for samples in found.values()]
    if min(lengths) != max(lengths):
        raise ParseError("wfdb_lengths", header_file.place, shortest=min(lengths), longest=max(lengths))
    return found


def _samples(header: Header, kind: SignalFormat, byte_offset: int, width: int, source: SourceFile) -> DigitalArray:
    """Interleaved samples of one file, shape (n, width); ParseError if its size is not what was announced."""
    content = source.content[byte_offset:]
    count = header.sample_count
    if count is None:
        values = kind.sample_count(len(content))
        count = values // width
        if kind.byte_count(count * width) != len(content):
            raise ParseError("wfdb_odd_length", source.place, found=len(source.content))
        if count > MAX_SAMPLES:
            raise ParseError("too_many_samples", source.place, limit=MAX_SAMPLES)
        if is_too_long(count, header.rate_hz):
            raise ParseError("lasts_too_long", source.place, days=LONGEST_DAYS)
    expected = kind.byte_count(count * width)
    if len(content) < expected:
        place = Place(source.name, byte=len(source.content))
        raise ParseError("wfdb_truncated", place, found=len(source.content), expected=byte_offset + expected)
    # A writer may fill up the last group of samples.
    if len(content) - expected >= kind.bytes_per_group or (kind.samples_per_group == 1 and len(content) > expected):
        place = Place(source.name, byte=byte_offset + expected)
        raise ParseError("wfdb_too_long", place, found=len(source.content), expected=byte_offset + expected)
    if count == 0:
        raise ParseError("no_samples", source.place)
    return kind.decode(content[:expected], count * width).reshape(count, width)


def _verify(signal: Signal, samples: DigitalArray, header_file: SourceFile) -> None:
    """ParseError if the header states another first value or checksum than the samples have."""
    place = Place(header_file.name, line=signal.line)
    label = signal.description or f"signal {signal.line}"
    if signal.initial is not None and signal.initial != samples[0]:
        raise ParseError("wfdb_initial_value", place, name=label, found=int(samples[0]), expected=signal.initial)
    found = checksum(samples)
    if signal.checksum is not None and (signal.checksum - found) % 2**16 != 0:
        raise ParseError("wfdb_checksum", place, name=label, found=found, expected=signal.checksum)


def _physical(signal: Signal, samples: DigitalArray, name: ChannelName, notes: list[Reason]) -> FloatArray:
    """The samples in their unit with NaN for loss, shape (n,); ParseError at an impossible rate."""
    values = (samples - signal.baseline) / signal.gain
    values[samples == SIGNAL_FORMATS[signal.format].missing] = np.nan

    def place_of(index: int) -> Place:
        return Place(signal.file, column=signal.description or name, sample=index + 1)

    return activity(values, place_of) if name == "toco" else rates_bpm(values, place_of, notes)
