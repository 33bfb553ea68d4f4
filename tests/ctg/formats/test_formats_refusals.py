import re
import struct

import pytest

from app.ctg.formats import NOTE_SENTENCES, SENTENCES, ParseError, Place, SourceFile, read_recording
from tests.ctg.formats.helpers import JAKARTA, refused
from tests.recordings import bpm_json_bytes, csv_bytes, fhr_bytes, steady_bpm, wfdb_bytes

ROWS = "time_s,fhr_bpm,toco\n0,140,1\n1,{},{}\n2,141,1\n"


@pytest.mark.parametrize(
    ("fhr", "toco", "sentence"),
    [
        ("inf", "1", "line 3, column fhr_bpm: inf is not a finite number."),
        ("-Infinity", "1", "line 3, column fhr_bpm: -Infinity is not a finite number."),
        ("1e999", "1", "line 3, column fhr_bpm: 1e999 is not a finite number."),
        ("-140", "1", "line 3, column fhr_bpm: -140 is negative."),
        ("1000", "1", "line 3, column fhr_bpm: 1000 is too large; less than 1000 is expected."),
        ("abc", "1", "line 3, column fhr_bpm: abc is not a number."),
        ("14 0", "1", "line 3, column fhr_bpm: 14 0 is not a number."),
        ("1_4", "1", "line 3, column fhr_bpm: 1_4 is not a number."),
        ("١٤٠", "1", "line 3, column fhr_bpm: ١٤٠ is not a number."),
        ("140", "inf", "line 3, column toco: inf is not a finite number."),
        ("140", "1e5", "line 3, column toco: 100000 is too large; less than 1000 is expected."),
        ("140", "=1+1", "line 3, column toco: =1+1 is not a number."),
        ("140", "1,2", "line 3: The row has 4 cells where the first line names 3 columns."),
        ("14\x000", "1", "line 3, column fhr_bpm: 14\N{REPLACEMENT CHARACTER}0 is not a number."),
    ],
)
def test_a_cell_that_is_no_sample_is_named_with_line_and_column(fhr: str, toco: str, sentence: str) -> None:
    error = refused(("home.csv", ROWS.format(fhr, toco).encode()))
    assert str(error) == f"home.csv, {sentence}"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.csv", b"", "empty_file"),
        ("x.dat", b"", "empty_file"),
        ("x.hea", b"", "empty_file"),
        ("x.csv", b"\n\n  \n", "csv_column_missing"),
        ("x", b"\n\n  \n", "is_unknown_text"),
        ("x.csv", b"time_s,fhr_bpm\n", "no_samples"),
        ("x.csv", b"time_s,toco\n0,1\n", "csv_column_missing"),
        ("x.csv", b"fhr_bpm,toco\n140,1\n", "csv_column_missing"),
        ("x.csv", b"0,140\n1,141\n", "csv_column_missing"),
        ("x.csv", b"time_s,fhr_bpm,FHR\n0,140,140\n", "csv_column_twice"),
        ("x.csv", b"time_s,fhr_bpm\n0\n", "csv_row_width"),
        ("x.csv", b"time_s,fhr_bpm\n0,140,\n", "csv_row_width"),
        ("x.csv", b"time_s,fhr_bpm\n0,\xff\n", "text_not_utf8"),
        ("x.csv", b"time_s,fhr_bpm\n0," + b"1" * 20_000, "csv_line_too_long"),
        ("x.csv", b'time_s,fhr_bpm\n0,"140\n' + b"1\n" * 100_000, "csv_unreadable"),
        ("x.txt", b"Dear doctor,\nhere is my recording.\n", "is_unknown_text"),
        ("x.txt", b"a" * 50_000_000, "is_unknown_text"),
        ("x.txt", b"\n" * 50_000_000, "is_unknown_text"),
        ("x.csv", b"time_s,fhr_bpm\n" + b"1," * 25_000_000, "csv_line_too_long"),
        ("x.json", b"true", "is_unknown_text"),
        ("x.pdf", b"%PDF-1.7\n...", "is_pdf"),
        ("x.csv", b"PK\x03\x04" + bytes(50), "is_archive"),
        ("x.xz", b"\xfd7zXZ\x00" + bytes(50), "is_archive"),
        ("x.gz", b"\x1f\x8b\x08" + bytes(50), "is_archive"),
        ("x.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "is_image"),
        ("x.jpg", b"\xff\xd8\xff\xe0" + bytes(50), "is_image"),
        ("x.edf", b"0       X X X X" + b" " * 241, "is_edf"),
        ("x.bdf", b"\xffBIOSEMI" + b" " * 248, "is_edf"),
        ("x.bin", bytes(range(256)) * 10, "is_unknown_binary"),
        ("x.bin", bytes(1000), "is_unknown_binary"),
        ("x.ctg", struct.pack("<24B", *range(24)) * 60, "is_unknown_binary"),
        ("x.hea", b"# only a comment\n", "wfdb_record_line"),
        ("x.hea", b"not a header at all, sorry", "wfdb_record_line"),
        ("x.hea", b"x 0 4 10\n", "wfdb_no_fhr"),
        ("x.hea", b"\n" * 50_000_000, "too_large"),
        ("x.hea", b"x 1 4 10\nx.dat 16 " + b"1" * 50_000, "wfdb_signal_line"),
        ("x.hea", b"x 99 4 10\n" + b"x.dat 16 1/bpm\n" * 99, "wfdb_signal_lines"),
    ],
    ids=lambda value: repr(value[:25]) if isinstance(value, bytes) else None,
)
def test_what_is_no_recording_is_refused_for_a_true_reason(name: str, content: bytes, code: str) -> None:
    error = refused((name, content))
    assert error.code == code
    assert error.place.file == name
    assert str(error).startswith(f"{name}")


def test_a_refusal_of_an_unknown_file_names_what_is_read() -> None:
    assert str(refused(("a.pdf", b"%PDF-1.4"))) == (
        "a.pdf: This is a PDF document, not a recording format Dopply knows. "
        "It reads CSV, WFDB (.hea + .dat), FHRMA (.fhr, .fhrm), Dopply JSON (bpm_data)."
    )


def test_no_file_and_several_files_are_refused() -> None:
    assert refused().code == "no_file"
    assert str(refused()) == "No file was chosen."
    one = csv_bytes(steady_bpm(4))
    error = refused(("a.csv", one), ("b.csv", one), ("c.csv", one))
    assert (error.code, error.values["count"], error.place.file) == ("several_files", 3, "b.csv")
    header, _ = wfdb_bytes(steady_bpm(4))
    assert refused(("a.hea", header), ("b.csv", one)).code in ("wfdb_truncated", "wfdb_too_long")


def test_a_byte_that_is_not_utf8_has_line_and_byte() -> None:
    error = refused(b"\xef\xbb\xbftime_s,fhr_bpm\r\n0,140\r\n1,\xe9\r\n")
    assert (error.code, error.place.line, error.place.byte) == ("text_not_utf8", 3, 28)


def test_more_rows_than_can_be_read_are_refused_where_the_limit_is() -> None:
    content = b"time_s,fhr_bpm\n" + b"".join(b"%d,140\n" % second for second in range(2_000_001))
    error = refused(content)
    assert (error.code, error.place.line) == ("too_many_samples", 2_000_002)


def test_an_error_keeps_its_sentence_apart_from_its_values() -> None:
    error = refused(("home.csv", ROWS.format("x", 1).encode()))
    assert error.sentence == SENTENCES["value_text"] == "%(value)s is not a number."
    assert error.sentence % error.values == "x is not a number."
    assert error.place == Place("home.csv", line=3, column="fhr_bpm")


def test_names_and_values_in_messages_are_short_and_printable() -> None:
    name = "a\ud800\r\n\x1b[31m" + "b" * 10_000 + ".csv"
    error = refused((name, ROWS.format("y" * 5_000, 1).encode()))
    message = str(error)
    assert len(message) < 400
    assert message.isprintable()
    assert message.encode().decode() == message


def test_a_third_baby_is_an_error_of_the_program_not_of_the_file() -> None:
    with pytest.raises(ValueError, match="fetuses is 3") as caught:
        read_recording([SourceFile("x", fhr_bytes([140.0]))], zone=JAKARTA, fetuses=3)
    assert not isinstance(caught.value, ParseError)


@pytest.mark.parametrize("sentence", [*SENTENCES.values(), *NOTE_SENTENCES.values()])
def test_sentences_are_templates_that_end_like_sentences(sentence: str) -> None:
    names = re.findall(r"%\((\w+)\)s", sentence)
    assert (sentence % dict.fromkeys(names, "X")).endswith(".")
    assert sentence.count("%") == len(names)


def test_content_not_the_name_decides_what_a_file_is() -> None:
    for content, format_id in [
        (csv_bytes(steady_bpm(9)), "csv"),
        (bpm_json_bytes(steady_bpm(9)), "bpm_json"),
        (fhr_bytes(steady_bpm(24)), "fhrma_fhr"),
    ]:
        for name in ("", "x.csv", "x.json", "x.dat", "x.fhr", "x.edf", "x.pdf", "../../x", "x\0y"):
            parsed = read_recording([SourceFile(name, content)], zone=JAKARTA)
            assert parsed.format_id == format_id
