from datetime import UTC, datetime

import pytest

from tests.ctg.formats.helpers import BERLIN, NAN, codes, read, refused, same
from tests.recordings import csv_bytes, steady_bpm


def test_every_column_is_read_as_it_is() -> None:
    parsed = read(
        b"time_s,fhr_bpm,fhr2_bpm,toco,mhr_bpm,quality\n"
        b"0,140,151.25,0,80,1\n"
        b"0.25,0,150,12.5,0,0.5\n"
        b"0.5,nan,NaN,,81,0\n"
        b"0.75,,149,127,82,\n",
        fetuses=2,
    )
    trace = parsed.trace
    assert (parsed.format_id, trace.rate_hz, trace.start, trace.time_is_estimated) == ("csv", 4.0, None, False)
    assert same(trace.fhr1, [140, NAN, NAN, NAN])
    assert same(trace.fhr2, [151.25, 150, NAN, 149])
    assert same(trace.toco, [0, 12.5, NAN, 127])
    assert same(trace.mhr, [80, NAN, 81, 82])
    assert same(trace.quality, [1, 0.5, 0, NAN])
    assert codes(parsed) == []


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_separators_decimal_commas_line_ends_and_byte_order_marks_do_not_matter(
    separator: str, line_end: str, mark: bytes
) -> None:
    fhr = [140.25, None, 141.5, 139.75]
    content = mark + csv_bytes(fhr, toco=[0.0, 1.5, 2.0, 3.5], separator=separator, line_end=line_end)
    trace = read(content).trace
    assert same(trace.fhr1, [140.25, NAN, 141.5, 139.75])
    assert same(trace.toco, [0, 1.5, 2, 3.5])
    assert trace.rate_hz == 4.0


@pytest.mark.parametrize(
    "header", ["Time_S , FHR_bpm", "TIME,FHR", "timestamp,bpm", '"time_s","fhr_bpm"', "seconds,fhr1"]
)
def test_column_names_have_synonyms_in_any_case(header: str) -> None:
    assert same(read(f"{header}\n0,140\n1,141\n".encode()).trace.fhr1, [140, 141])


def test_columns_stand_in_any_order_and_unknown_ones_are_noted() -> None:
    parsed = read(b"comment,fhr_bpm,time_s\nhello,140,0\nworld,141,1\n")
    assert same(parsed.trace.fhr1, [140, 141])
    assert [(note.code, dict(note.values)) for note in parsed.notes] == [("column_ignored", {"name": "comment"})]


def test_missing_rows_are_loss() -> None:
    parsed = read(b"time_s,fhr_bpm,toco\n0,140,1\n1,141,2\n2,142,3\n5,145,6\n6,146,7\n")
    assert same(parsed.trace.fhr1, [140, 141, 142, NAN, NAN, 145, 146])
    assert same(parsed.trace.toco, [1, 2, 3, NAN, NAN, 6, 7])
    assert [dict(note.values) for note in parsed.notes if note.code == "samples_missing"] == [{"count": 2}]


def test_blank_lines_and_rows_of_empty_cells_are_no_samples() -> None:
    parsed = read(b"\n\ntime_s;fhr_bpm\n0;140\n\n1;141\n;\n;\n")
    assert same(parsed.trace.fhr1, [140, 141])


def test_line_numbers_count_blank_lines_and_quoted_line_ends() -> None:
    error = refused(b'\ntime_s,fhr_bpm,note\n0,140,"two\nlines"\n\n1,x,\n')
    assert (error.code, error.place.line, error.place.column) == ("value_text", 6, "fhr_bpm")


def test_all_loss_is_a_recording() -> None:
    assert same(read(b"time_s,fhr_bpm\n0,0\n1,\n2,nan\n").trace.fhr1, [NAN, NAN, NAN])


def test_a_first_time_other_than_zero_is_noted() -> None:
    parsed = read(b"time_s,fhr_bpm\n5,140\n6,141\n")
    assert len(parsed.trace) == 2
    assert codes(parsed) == ["starts_late"]


def test_a_single_row_has_an_estimated_time_axis() -> None:
    parsed = read(b"time_s,fhr_bpm\n0,140\n")
    assert (len(parsed.trace), parsed.trace.rate_hz, parsed.trace.time_is_estimated) == (1, 1.0, True)
    assert codes(parsed) == ["time_estimated"]


def test_naive_times_are_local_and_aware_times_are_honoured() -> None:
    naive = csv_bytes(steady_bpm(8), start=datetime(2025, 7, 3, 10, 0))  # noqa: DTZ001
    assert read(naive).trace.start == datetime(2025, 7, 3, 3, 0, tzinfo=UTC)
    assert read(naive, zone=BERLIN).trace.start == datetime(2025, 7, 3, 8, 0, tzinfo=UTC)
    aware = csv_bytes(steady_bpm(8), start=datetime(2025, 7, 3, 10, 0, tzinfo=UTC))
    parsed = read(aware)
    assert (parsed.trace.start, parsed.trace.rate_hz) == (datetime(2025, 7, 3, 10, 0, tzinfo=UTC), 4.0)
    assert same(parsed.trace.fhr1, steady_bpm(8))


def test_an_empty_maternal_or_second_channel_was_not_connected() -> None:
    content = b"time_s,fhr_bpm,fhr2_bpm,mhr_bpm,toco\n0,140,,0,0\n1,141,0,,0\n"
    parsed = read(content)
    assert (parsed.trace.fhr2, parsed.trace.mhr, codes(parsed)) == (None, None, [])
    assert same(parsed.trace.toco, [0, 0])


def test_what_is_said_about_twins_is_compared_with_the_file() -> None:
    one, two = csv_bytes(steady_bpm(4)), csv_bytes(steady_bpm(4), fhr2_bpm=steady_bpm(4, 150))
    lost = csv_bytes(steady_bpm(4), fhr2_bpm=[None] * 4)
    assert codes(read(one, fetuses=2)) == ["second_fetus_absent"]
    assert codes(read(two, fetuses=1)) == ["second_fetus_found"]
    assert codes(read(two, fetuses=2)) == []
    assert codes(read(lost, fetuses=2)) == ["second_fetus_lost"]
    assert read(lost, fetuses=2).trace.fetus_count == 2


def test_quality_on_an_unknown_scale_is_left_out() -> None:
    parsed = read(csv_bytes(steady_bpm(3), quality=[90.0, 80.0, 100.0]))
    assert parsed.trace.quality is None
    assert codes(parsed) == ["quality_ignored"]


def test_nothing_is_rounded_or_clipped() -> None:
    fhr = [29.0, 250.5, 500.0, 60.12345678]
    assert same(read(csv_bytes(fhr)).trace.fhr1, fhr)


def test_error_codes_are_loss_and_counted_for_each_channel() -> None:
    parsed = read(csv_bytes([140.0, 511.0, 999.0, 500.0], mhr_bpm=[80.0, 80.0, 500.5, 80.0]))
    assert same(parsed.trace.fhr1, [140.0, NAN, NAN, 500.0])
    assert same(parsed.trace.mhr, [80.0, 80.0, NAN, 80.0])
    assert [(note.code, note.values["name"], note.values["count"]) for note in parsed.notes] == [
        ("error_codes", "fhr_bpm", 2),
        ("error_codes", "mhr_bpm", 1),
    ]


def test_a_day_at_4_hz_is_read_whole() -> None:
    count = 24 * 3600 * 4
    trace = read(csv_bytes(steady_bpm(count))).trace
    assert (len(trace), trace.rate_hz) == (count, 4.0)
    assert same(trace.fhr1, steady_bpm(count))


@pytest.mark.parametrize("decimals", ["", ".5", "." + "1" * 9000])
def test_a_cell_of_thousands_of_digits_is_refused_with_its_place(decimals: str) -> None:
    rate = refused(b"time_s,fhr_bpm\n0,140\n1," + b"1" * 900 + decimals.encode() + b"\n")
    first_time = refused(b"time_s,fhr_bpm\n" + b"0" * 900 + decimals.encode() + b",140\n")
    assert (rate.code, rate.place.line, rate.place.column) == ("value_long", 3, "fhr_bpm")
    assert (first_time.code, first_time.place.line, first_time.place.column) == ("value_long", 2, "time_s")


@pytest.mark.parametrize("cell", ["1" * 9000 + "x", "." + "1" * 9000 + "x", "1." + "1" * 9000 + "e", "1" * 9000 + ".."])
def test_thousands_of_digits_before_a_letter_are_no_number(cell: str) -> None:
    rate = refused(f"time_s,fhr_bpm\n0,140\n1,{cell}\n".encode())
    assert (rate.code, rate.place.line, rate.place.column) == ("value_text", 3, "fhr_bpm")


def test_the_longest_spelling_of_a_double_is_a_number() -> None:
    assert same(read(b"time_s,fhr_bpm\n0,140\n1,141.00000000000000000e+000\n").trace.fhr1, [140, 141])
