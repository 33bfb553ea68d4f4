from datetime import UTC, datetime

import numpy as np
import pytest

from tests.ctg.formats.helpers import BERLIN, NAN, codes, read, refused, same
from tests.recordings import digital_16, steady_bpm, wfdb_bytes

FHR = [150.5, 0.0, 149.25, 0.0, 151.0]
UC = [7.0, 0.0, 7.5, -0.5, 8.0]


def named(header: bytes, signals: bytes, record: str = "1001") -> tuple[tuple[str, bytes], tuple[str, bytes]]:
    return (f"{record}.hea", header), (f"{record}.dat", signals)


def test_a_record_is_read_as_ctu_uhb_writes_it() -> None:
    parsed = read(*named(*wfdb_bytes(FHR, UC)))
    assert (parsed.format_id, parsed.trace.rate_hz, parsed.trace.start) == ("wfdb", 4.0, None)
    assert same(parsed.trace.fhr1, [150.5, NAN, 149.25, NAN, 151])
    assert same(parsed.trace.toco, UC)
    assert dict(parsed.declared) == {"record": "1001", "toco_unit": "nd"}
    assert codes(parsed) == []


def test_files_are_told_apart_by_content_and_order_does_not_matter() -> None:
    header, signals = wfdb_bytes(FHR, UC)
    parsed = read(("b", signals), ("a", header))
    assert same(parsed.trace.toco, UC)
    assert codes(parsed) == ["signal_file_name_differs"]
    assert codes(read(("C:\\data\\1001.HEA", header), ("C:\\data\\1001.DAT", signals))) == []


def test_names_in_the_header_never_reach_a_file_system() -> None:
    header, signals = wfdb_bytes(FHR, record="x")
    hostile = header.replace(b"x.dat", b"../../../etc/passwd")
    assert codes(read(("x.hea", hostile), ("x.dat", signals))) == ["signal_file_name_differs"]
    error = refused(("x.hea", hostile))
    assert (error.code, error.values["name"]) == ("wfdb_signal_file_missing", "../../../etc/passwd")


def test_facts_about_people_in_the_comments_are_not_kept() -> None:
    header, signals = wfdb_bytes(FHR, comment="#Age 32\n#Name Jane\n")
    assert "Jane" not in repr(read(*named(header, signals)))


def test_base_time_and_date_are_local() -> None:
    header, signals = wfdb_bytes(FHR, base="22:15:30.250 03/07/2025")
    assert read(*named(header, signals)).trace.start == datetime(2025, 7, 3, 15, 15, 30, 250000, tzinfo=UTC)


def test_a_time_without_a_date_is_no_start() -> None:
    parsed = read(*named(*wfdb_bytes(FHR, base="22:15:30")))
    assert (parsed.trace.start, codes(parsed)) == (None, ["start_without_date"])


def test_an_ambiguous_base_time_is_noted() -> None:
    parsed = read(*named(*wfdb_bytes(FHR, base="02:30:00 27/10/2024")), zone=BERLIN)
    assert parsed.trace.start == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)
    assert codes(parsed) == ["start_ambiguous"]


def test_signals_are_mapped_by_name_and_unknown_ones_are_noted() -> None:
    signals = [[15000, 15100], [14000, 14100], [8000, 8100], [50, 60], [1, 2]]
    names = {"FHR 1": "bpm", "fhr2": "bpm", "MHR": "bpm", "TOCO": "nd", "ECG": "mV"}
    lines = [
        f"r.dat 16 100/{unit} 12 0 {values[0]} {sum(values)} 0 {name}"
        for (name, unit), values in zip(names.items(), signals, strict=True)
    ]
    header = ("r 5 1 2\n" + "\n".join(lines)).encode()
    parsed = read(header, digital_16(signals), fetuses=2)
    assert same(parsed.trace.fhr1, [150, 151])
    assert same(parsed.trace.fhr2, [140, 141])
    assert same(parsed.trace.mhr, [80, 81])
    assert same(parsed.trace.toco, [0.5, 0.6])
    assert codes(parsed) == ["signal_ignored", "signal_file_name_differs"]


def test_a_nameless_signal_in_bpm_is_the_fetal_rate() -> None:
    header = b"r 1 4 3\nr.dat 16 10(0)/bpm\n"
    assert same(read(named_header(header), ("r.dat", digital_16([[1400, 0, 1410]]))).trace.fhr1, [140, NAN, 141])


def named_header(header: bytes) -> tuple[str, bytes]:
    return "r.hea", header


def test_baseline_gain_and_the_missing_value_are_honoured() -> None:
    header = b"r 1 2\nr.dat 16 10(-500)/bpm 16 0 900 -31868 0 FHR\n"
    parsed = read(named_header(header), ("r.dat", digital_16([[900, -500, -32768, 1000 - 500]])))
    assert same(parsed.trace.fhr1, [140, NAN, NAN, 100])


def test_adc_zero_stands_in_for_a_baseline() -> None:
    header = b"r 1 2\nr.dat 16 10/bpm 16 100 1500 -1 0 FHR\n".replace(b"-1", b"3000")
    assert same(read(named_header(header), ("r.dat", digital_16([[1500, 1500]]))).trace.fhr1, [140, 140])


def test_format_80_is_offset_binary() -> None:
    header = b"r 1 1 3\nr.dat 80 0.5(-100)/bpm 8 0 -30 -59 0 FHR\n"
    assert same(read(named_header(header), ("r.dat", bytes([98, 99, 128]))).trace.fhr1, [140, 142, 200])


@pytest.mark.parametrize("padded", [False, True])
def test_format_212_packs_pairs_of_12_bits(padded: bool) -> None:
    # 140, -3 and 142: low byte, two high nibbles, low byte.
    header = b"r 1 1 3\nr.dat 212 1(0)/bpm 12 0 140 285 0 FHR\n"
    content = bytes([140, 0x00, 3, 142, 0x00]) + (b"\0" if padded else b"")
    assert same(read(named_header(header), ("r.dat", content)).trace.fhr1, [140, 3, 142])


def test_format_212_has_negative_values() -> None:
    header = b"r 2 1 2\nr.dat 212 1(0)/bpm 12 0 140 281 0 FHR\nr.dat 212 1/nd 12 0 -3 -2051 0 UC\n"
    content = bytes([140, 0xF0, 0xFD, 141, 0x80, 0x00])
    trace = read(named_header(header), ("r.dat", content)).trace
    assert same(trace.fhr1, [140, 141])
    assert same(trace.toco, [-3, NAN])


def test_signals_in_two_files_are_joined() -> None:
    header = b"r 2 4 2\nf.dat 16 10/bpm 12 0 1400 2800 0 FHR\nu.dat 16 10/nd 12 0 50 110 0 UC\n"
    fhr, uc = ("f.dat", digital_16([[1400, 1400]])), ("u.dat", digital_16([[50, 60]]))
    assert same(read(uc, named_header(header), fhr).trace.toco, [5, 6])
    assert refused(named_header(header), fhr).values["name"] == "u.dat"
    extra = refused(named_header(header), fhr, uc, ("v.dat", b"\1\2"))
    assert (extra.code, extra.place.file) == ("wfdb_file_unknown", "v.dat")
    doubled = refused(named_header(header), fhr, uc, ("U.dat", b"\1\2"))
    assert doubled.code == "wfdb_file_unknown"
    shorter = header.replace(b"r 2 4 2", b"r 2 4")
    assert refused(named_header(shorter), fhr, ("u.dat", digital_16([[50, 60, 0]]))).code == "wfdb_lengths"


HEADER, SIGNALS = wfdb_bytes(FHR, UC)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        (b"1001 2 4 5", b"1001 3 4 5", "wfdb_signal_lines", 1),
        (b"1001 2 4 5", b"1001/2 2 4 5", "wfdb_segments", 1),
        (b"1001 2 4 5", b"1001 two", "wfdb_record_line", 1),
        (b"1001 2 4 5", b"1001 2 0 5", "rate_out_of_range", 1),
        (b"1001 2 4 5", b"1001 2 4e99 5", "rate_out_of_range", 1),
        (b"1001 2 4 5", b"1001 2 4 99999999999999", "too_many_samples", 1),
        (b"1001 2 4 5", b"1001 2 0.001 700", "lasts_too_long", 1),
        (b"1001 2 4 5", b"1001 2 4 5 25:00:00 01/01/2025", "wfdb_date", 1),
        (b"1001 2 4 5", b"1001 2 4 5 12:00:00 31/02/2025", "wfdb_date", 1),
        (b"1001 2 4 5", b"1001 2 4 5 12:00:00 01/01/1066", "time_absurd", 1),
        (b"1001 2 4 5", b"1001 2 4 4", "wfdb_too_long", None),
        (b"1001 2 4 5", b"1001 2 4 6", "wfdb_truncated", None),
        (b"dat 16 100(0)", b"dat 310 100(0)", "wfdb_format", 2),
        (b"dat 16 100/nd", b"dat 80 100/nd", "wfdb_mixed_formats", 2),
        (b"dat 16 100(0)", b"dat 16x4 100(0)", "wfdb_frames", 2),
        (b"dat 16 100(0)", b"dat 16:3 100(0)", "wfdb_frames", 2),
        (b"dat 16 100(0)", b"dat sixteen 100(0)", "wfdb_signal_line", 2),
        (b"100(0)/bpm", b"0/bpm", "wfdb_no_gain", 2),
        (b"100(0)/bpm", b"-100/bpm", "wfdb_signal_line", 2),
        (b"100(0)/bpm", b"1e999/bpm", "wfdb_signal_line", 2),
        (b"100(0)/bpm", b"100/mV", "wfdb_unit", 2),
        (b"100(0)/bpm", b"1/bpm", "value_absurd", None),
        (b"100(0)/bpm", b"100(20000)/bpm", "value_negative", None),
        (b" FHR", b" HEART", "wfdb_no_fhr", None),
        (b" UC", b" FHR", "wfdb_signal_twice", 3),
        (b" 15050 ", b" 15051 ", "wfdb_initial_value", 2),
        (b" 700 ", b" 701 ", "wfdb_initial_value", 3),
    ],
)
def test_a_header_that_lies_is_refused_with_its_line(old: bytes, new: bytes, code: str, line: int | None) -> None:
    assert HEADER.count(old) == 1
    error = refused(*named(HEADER.replace(old, new), SIGNALS))
    assert (error.code, error.place.line) == (code, line)


def test_signals_of_more_than_a_week_are_refused_where_the_header_says_no_length() -> None:
    header, signals = wfdb_bytes([140.0] * 170)
    hourly = header.replace(b"1001 1 4 170", b"1001 1 0.000277778")
    assert hourly != header
    error = refused(*named(hourly, signals))
    assert (error.code, error.place.file, error.values) == ("lasts_too_long", "1001.dat", {"days": 7})


def test_a_wrong_checksum_names_both_sums() -> None:
    signals = digital_16([[15050, 0, 14925, 0, 15101], [700, 0, 750, -50, 800]])
    error = refused(*named(HEADER, signals))
    expected = (sum([15050, 0, 14925, 0, 15100]) + 2**15) % 2**16 - 2**15
    assert (error.code, error.place.line) == ("wfdb_checksum", 2)
    assert dict(error.values) == {"name": "FHR", "found": expected + 1, "expected": expected}


def test_a_truncated_signal_file_names_expected_and_found_bytes() -> None:
    error = refused(*named(HEADER, SIGNALS[:-3]))
    assert str(error) == ("1001.dat, byte 17: The signal file has 17 bytes where the header announces 20.")


@pytest.mark.parametrize("content", [b"", b"\x01"])
def test_an_empty_signal_file_is_truncated(content: bytes) -> None:
    assert refused(*named(HEADER, content)).code == "wfdb_truncated"


def test_a_header_alone_asks_for_its_signal_file() -> None:
    error = refused(("1001.hea", HEADER))
    assert (error.code, error.values["name"]) == ("wfdb_signal_file_missing", "1001.dat")


def test_a_signal_file_alone_asks_for_its_header() -> None:
    assert refused(("1001.dat", SIGNALS)).code == "wfdb_header_missing"


def test_two_headers_are_two_recordings() -> None:
    error = refused(("a.hea", HEADER), ("a.dat", SIGNALS), ("b.hea", HEADER))
    assert (error.code, error.place.file) == ("wfdb_two_headers", "b.hea")


def test_a_length_that_is_not_stated_follows_from_the_file() -> None:
    header = HEADER.replace(b"1001 2 4 5", b"1001 2 4")
    assert len(read(*named(header, SIGNALS)).trace) == 5
    assert refused(*named(header, SIGNALS[:-1])).code == "wfdb_odd_length"
    assert refused(*named(header, SIGNALS[:-2])).code == "wfdb_odd_length"
    assert refused(*named(header, b"")).code == "no_samples"


def test_a_byte_offset_skips_a_prologue() -> None:
    header = HEADER.replace(b"dat 16 ", b"dat 16+3 ")
    assert same(read(*named(header, b"abc" + SIGNALS)).trace.toco, UC)
    assert refused(*named(header, SIGNALS)).code == "wfdb_truncated"
    assert refused(*named(HEADER.replace(b"dat 16 ", b"dat 16+999999999999 "), SIGNALS)).code == "wfdb_truncated"


def test_long_records_keep_every_sample() -> None:
    fhr = steady_bpm(20_000)
    trace = read(*named(*wfdb_bytes(fhr, [float(index % 100) for index in range(20_000)]))).trace
    assert np.array_equal(trace.fhr1, np.array(fhr))
