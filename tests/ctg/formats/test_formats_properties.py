"""No bytes whatever make a parser raise anything but ParseError, and what comes back is a sound Trace."""

import json
from datetime import UTC, datetime
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.ctg.formats import NOTE_SENTENCES, SENTENCES, ParsedRecording, ParseError, SourceFile, read_recording
from app.ctg.formats.source import MAX_SAMPLES
from app.ctg.quality import MAX_RATE_BPM
from app.ctg.trace import is_too_long
from tests.ctg.formats.helpers import BERLIN, same
from tests.recordings import bpm_json_bytes, csv_bytes, fhr_bytes, fhrm_bytes, steady_bpm, wfdb_bytes

NAMES = st.sampled_from(["", "x", "x.csv", "x.hea", "x.dat", "x.fhr", "x.fhrm", "x.json"]) | st.text(max_size=8)
FETUSES = st.sampled_from([1, 2])


@cache
def valid_files() -> dict[str, tuple[tuple[str, bytes], ...]]:
    fhr, toco = steady_bpm(30), [float(index) for index in range(30)]
    header, signals = wfdb_bytes(fhr, toco, base="02:30:00 27/10/2024")
    packed = b"r 2 4 3\nr.dat 212 8(0)/bpm 12 0 1120 3363 0 FHR\nr.dat 212 8/nd 12 0 0 0 0 UC\n"
    start = datetime(2024, 10, 27, 1, 30)  # noqa: DTZ001
    return {
        "csv": (("x.csv", csv_bytes(fhr, fhr2_bpm=fhr, toco=toco, mhr_bpm=fhr, quality=[0.5] * 30)),),
        "csv_iso": (("x.csv", csv_bytes(fhr, start=start, rate_hz=1 / 120)),),
        "csv_aware": (("x.csv", csv_bytes(fhr, start=datetime(2025, 1, 1, tzinfo=UTC), separator=";")),),
        "wfdb": (("1001.hea", header), ("1001.dat", signals)),
        "wfdb_212": (("r.hea", packed), ("r.dat", bytes([96, 4, 0, 97, 4, 0, 98, 4, 0]))),
        "fhr": (("x.fhr", fhr_bytes(fhr, fhr, toco, unix_time=1_700_000_000)),),
        "fhrm": (("x.fhrm", fhrm_bytes(fhr, fhr, fhr, toco, quality=[5] * 30)),),
        "json": (("x.json", bpm_json_bytes(fhr, times_s=toco, quality=[0.5] * 30)),),
        "json_list": (("x.json", bpm_json_bytes(fhr, encodings=2)),),
        "json_envelope": (("x.json", bpm_json_bytes(fhr, envelope={"start_time": "2025-01-01T00:00"})),),
    }


def read_or_refuse(files: list[SourceFile], fetuses: int) -> ParsedRecording | None:
    """What a caller sees: a sound recording, or None for a ParseError that can be shown."""
    try:
        parsed = read_recording(files, zone=BERLIN, fetuses=fetuses)
    except ParseError as error:
        check_message(error)
        return None
    trace = parsed.trace
    assert 1 <= len(trace) <= MAX_SAMPLES
    assert not is_too_long(len(trace), trace.rate_hz)
    for name, values in trace.channels():
        assert len(values) == len(trace)
        heard = values[~np.isnan(values)]
        assert np.isfinite(heard).all()
        if name in ("fhr1", "fhr2", "mhr"):
            assert ((heard > 0) & (heard <= MAX_RATE_BPM)).all()
        if name == "quality":
            assert ((heard >= 0) & (heard <= 1)).all()
    assert trace.end is None or trace.end.utcoffset() is not None
    for note in parsed.notes:
        (NOTE_SENTENCES[note.code] % note.values).encode()
    json.dumps([note.to_document() for note in parsed.notes], allow_nan=False)
    return parsed


def check_message(error: ParseError) -> None:
    message = str(error)
    assert error.code in SENTENCES
    assert message.isprintable()
    message.encode()
    json.dumps(dict(error.values), allow_nan=False)


@pytest.mark.parametrize("kind", valid_files())
def test_the_untouched_files_are_read(kind: str) -> None:
    parsed = read_or_refuse([SourceFile(*file) for file in valid_files()[kind]], 1)
    assert parsed is not None
    assert len(parsed.trace) >= 3


@given(files=st.lists(st.tuples(NAMES, st.binary(max_size=300)), max_size=4), fetuses=FETUSES)
@settings(max_examples=150)
def test_any_bytes(files: list[tuple[str, bytes]], fetuses: int) -> None:
    read_or_refuse([SourceFile(*file) for file in files], fetuses)


@given(name=NAMES, text=st.text(max_size=300), fetuses=FETUSES)
@settings(max_examples=300)
@example(name="x.csv", text="time_s,fhr_bpm\n\ud7ff,1", fetuses=1)
def test_any_text(name: str, text: str, fetuses: int) -> None:
    read_or_refuse([SourceFile(name, text.encode("utf-8", "surrogatepass"))], fetuses)


CELLS = st.sampled_from(
    [
        "",
        "0",
        "1",
        "140",
        "0.25",
        "nan",
        "inf",
        "-1",
        "1e308",
        "1e-308",
        "1e999",
        "x",
        '"',
        "2024-10-27T02:30:00",
        "2024-10-27T02:30:00Z",
        "2024-03-31T02:30",
        "0001-01-01",
        "9999-12-31T23:59:59.999999",
        "1,5",
        "\0",
        "-0",
    ]
)


@given(
    header=st.lists(st.sampled_from(["time_s", "time", "fhr_bpm", "fhr2_bpm", "toco", "mhr_bpm", "quality", "z"])),
    rows=st.lists(st.lists(CELLS, max_size=6), max_size=8),
    separator=st.sampled_from([",", ";", "\t"]),
    fetuses=FETUSES,
)
@settings(max_examples=300)
def test_any_table(header: list[str], rows: list[list[str]], separator: str, fetuses: int) -> None:
    text = "\n".join(separator.join(row) for row in [header, *rows])
    read_or_refuse([SourceFile("x.csv", text.encode())], fetuses)


@given(
    times=st.lists(st.floats(allow_nan=True, allow_infinity=True) | st.integers(0, 9), max_size=12),
    bpm=st.lists(st.floats() | st.integers(-5, 1200), max_size=12),
    separator=st.sampled_from([",", ";"]),
)
@settings(max_examples=300)
def test_any_numbers(times: list[float], bpm: list[float], separator: str) -> None:
    rows = [f"{time!r}{separator}{rate!r}" for time, rate in zip(times, bpm, strict=False)]
    read_or_refuse([SourceFile("x", "\n".join([f"time_s{separator}fhr_bpm", *rows]).encode())], 1)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from([0, 1, 2, 140, 10**400, "140", "\ud800", "2025-01-01"])
)
KEYS = st.sampled_from(["time", "bpm", "signal_quality", "bpm_data", "start_time", "classification"])
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=4) | inner.map(json.dumps),
    max_leaves=25,
)


@given(document=DOCUMENTS | st.lists(st.fixed_dictionaries({"time": SCALARS, "bpm": SCALARS}), max_size=4))
@settings(max_examples=300)
def test_any_json(document: object) -> None:
    read_or_refuse([SourceFile("x", json.dumps(document).encode())], 1)


FIELDS = st.sampled_from(
    [
        "r",
        "r.dat",
        "1",
        "2",
        "4",
        "0",
        "-1",
        "16",
        "80",
        "212",
        "100(0)/bpm",
        "1e-300/bpm",
        "1/nd",
        "FHR",
        "UC",
        "99999999",
        "12:00:00",
        "29/02/2024",
        "31/02/2024",
        "r/2",
        "16x2",
        "212+5",
        "9" * 40,
        "1e999",
        "#",
        "é",
        "",
    ]
)


@given(
    lines=st.lists(st.lists(FIELDS, max_size=9).map(" ".join), max_size=4),
    content=st.binary(max_size=60),
)
@settings(max_examples=300)
def test_any_header(lines: list[str], content: bytes) -> None:
    read_or_refuse([SourceFile("r.hea", "\n".join(lines).encode()), SourceFile("r.dat", content)], 1)


@given(
    frame=st.sampled_from(["", "x2", ":1", "+4"]),
    fields=st.tuples(
        st.sampled_from([8, 16, 80, 212]),
        st.sampled_from(["1", "0", "100(5)", "1e-9", "1e300"]),
        st.integers(0, 9),
        st.sampled_from(["", "3", "3 10:00:00", "3 10:00:00 27/10/2024", "2000000", "2000001"]),
    ),
    content=st.binary(max_size=60),
)
def test_any_signal_file(frame: str, fields: tuple[int, str, int, str], content: bytes) -> None:
    format_, gain, rate, length = fields
    header = f"r 1 {rate} {length}\nr.dat {format_}{frame} {gain}/bpm\n"
    read_or_refuse([SourceFile("r.hea", header.encode()), SourceFile("r.dat", content)], 1)


@st.composite
def damaged_files(draw: st.DrawFn) -> list[SourceFile]:
    """A valid recording in which bytes were changed, cut out, doubled or put in."""
    files = []
    for name, content in valid_files()[draw(st.sampled_from(sorted(valid_files())))]:
        damaged = bytearray(content)
        for _ in range(draw(st.integers(0, 4))):
            start = draw(st.integers(0, max(0, len(damaged) - 1)))
            end = min(len(damaged), start + draw(st.sampled_from([0, 1, 1, 2, 6, 40, 1000])))
            piece = draw(st.sampled_from([b"", bytes(damaged[start:end]) * 2]) | st.binary(max_size=6))
            damaged[start:end] = piece
        files.append(SourceFile(draw(st.just(name) | NAMES), bytes(damaged)))
    return files


@given(files=damaged_files(), fetuses=FETUSES)
@settings(max_examples=300)
def test_damaged_recordings(files: list[SourceFile], fetuses: int) -> None:
    read_or_refuse(files, fetuses)


RATES = st.lists(st.integers(81, 1199).map(lambda raw: raw / 4) | st.just(0.0), min_size=2, max_size=60)


@given(fhr=RATES, separator=st.sampled_from([",", ";", "\t"]), rate_hz=st.sampled_from([0.5, 1.0, 2.0, 4.0]))
def test_all_formats_hold_the_same_samples(fhr: list[float], separator: str, rate_hz: float) -> None:
    expected = [bpm or float("nan") for bpm in fhr]
    header, signals = wfdb_bytes(fhr, rate_hz=rate_hz)
    times_s = [index / rate_hz for index in range(len(fhr))]
    for files in (
        [SourceFile("x", csv_bytes(fhr, separator=separator, rate_hz=rate_hz))],
        [SourceFile("x", bpm_json_bytes(fhr, times_s=times_s))],
        [SourceFile("x.hea", header), SourceFile("x.dat", signals)],
    ):
        trace = read_recording(files, zone=BERLIN).trace
        assert same(trace.fhr1, expected)
        assert trace.rate_hz == rate_hz
    trace = read_recording([SourceFile("x.fhr", fhr_bytes(fhr))], zone=BERLIN).trace
    assert same(trace.fhr1, expected)
