from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ctg.formats import ParseError, SourceFile
from app.ctg.formats.fhrma import layout_of
from tests.ctg.formats.helpers import NAN, codes, read, refused, same
from tests.recordings import fhr_bytes, fhrm_bytes, steady_bpm

FHR1 = [140.25, 0, 141, 0]
FHR2 = [139.0, 138.5, 0, 0]
MHR = [80.0, 0, 81.25, 82]
TOCO = [0.0, 12.5, 127.5, 0.5]


def test_one_fetus_has_the_larger_of_both_sensors() -> None:
    parsed = read(fhr_bytes(FHR1, FHR2, TOCO))
    assert (parsed.format_id, parsed.trace.rate_hz, parsed.trace.start) == ("fhrma_fhr", 4.0, None)
    assert same(parsed.trace.fhr1, [140.25, 138.5, 141, NAN])
    assert same(parsed.trace.toco, TOCO)
    assert (parsed.trace.fhr2, parsed.trace.mhr, parsed.trace.quality) == (None, None, None)
    assert codes(parsed) == ["sensors_merged"]


def test_an_error_code_of_one_sensor_hides_nothing_of_the_other() -> None:
    second = [511.75, *steady_bpm(119, 100)]
    content = fhrm_bytes(steady_bpm(120, 140), second, steady_bpm(120, 80), [1.0] * 120, quality=[0b001] * 120)
    parsed = read(("x.fhrm", content))
    assert same(parsed.trace.fhr1, steady_bpm(120, 140))
    assert same(parsed.trace.quality, [1.0] * 120)
    assert codes(parsed) == ["error_codes", "sensors_merged"]


def test_twins_are_kept_apart() -> None:
    parsed = read(fhr_bytes(FHR1, FHR2, TOCO), fetuses=2)
    assert same(parsed.trace.fhr1, [140.25, NAN, 141, NAN])
    assert same(parsed.trace.fhr2, [139, 138.5, NAN, NAN])
    assert codes(parsed) == []


def test_one_sensor_is_not_called_merged() -> None:
    assert codes(read(("x.fhr", fhr_bytes(FHR1)))) == []
    lost = read(("x.fhr", fhr_bytes(FHR1)), fetuses=2)
    assert (lost.trace.fetus_count, codes(lost)) == (2, ["second_fetus_lost"])


def test_fhrm_has_the_maternal_rate_and_quality_of_the_sensor_in_use() -> None:
    parsed = read(fhrm_bytes(FHR1, FHR2, MHR, TOCO, quality=[0b001, 0b100, 0b100, 0b111]))
    assert parsed.format_id == "fhrma_fhrm"
    assert same(parsed.trace.fhr1, [140.25, 138.5, 141, NAN])
    assert same(parsed.trace.mhr, [80, NAN, 81.25, 82])
    assert same(parsed.trace.toco, TOCO)
    assert same(parsed.trace.quality, [1, 1, 0, 1])
    assert read(fhrm_bytes(FHR1, FHR2, MHR, TOCO)).trace.quality is None


def test_twins_in_fhrm_are_kept_apart_with_a_warning() -> None:
    parsed = read(fhrm_bytes(FHR1, FHR2, MHR), fetuses=2)
    assert same(parsed.trace.fhr2, [139, 138.5, NAN, NAN])
    assert codes(parsed) == ["sensors_kept_apart"]


def test_the_unix_time_in_the_header_is_the_start() -> None:
    start = datetime(2019, 5, 1, 12, 0, tzinfo=UTC)
    assert read(fhr_bytes(steady_bpm(24), unix_time=int(start.timestamp()))).trace.start == start


def test_a_time_after_2100_is_refused() -> None:
    error = refused(("x.fhr", fhr_bytes(FHR1, unix_time=2**32 - 1)))
    assert (error.code, error.place.byte) == ("time_absurd", 0)


def test_all_loss_needs_a_name_because_zeros_are_anything() -> None:
    zeros = fhr_bytes([0.0] * 24)
    assert np.isnan(read(("lost.fhr", zeros)).trace.fhr1).all()
    assert len(read(("lost.fhrm", zeros)).trace) == 18
    assert refused(("zeros.bin", zeros)).code == "is_unknown_binary"


@pytest.mark.parametrize("name", ["x", "x.fhr", "x.fhrm", "x.dat", "x.csv"])
def test_content_decides_whatever_the_name(name: str) -> None:
    fhr, toco = steady_bpm(240), [float(index % 90) for index in range(240)]
    assert read((name, fhr_bytes(fhr, fhr, toco))).format_id == "fhrma_fhr"
    assert read((name, fhrm_bytes(fhr, None, steady_bpm(240, 80), toco))).format_id == "fhrma_fhrm"


@pytest.mark.parametrize(("name", "sample_bytes"), [("x.fhr", 6), ("x.fhrm", 8)])
def test_a_file_that_ends_within_a_sample_is_refused(name: str, sample_bytes: int) -> None:
    whole = fhr_bytes(steady_bpm(8)) if sample_bytes == 6 else fhrm_bytes(steady_bpm(8))
    error = refused((name, whole[:-1]))
    assert (error.code, error.place.sample, error.place.byte) == ("fhrma_truncated", 8, len(whole) - 1)
    assert dict(error.values) == {"left": sample_bytes - 1, "sample_bytes": sample_bytes}


def test_a_header_alone_holds_no_samples() -> None:
    assert refused(("x.fhr", bytes(4))).code == "no_samples"
    assert refused(("x.fhr", bytes(3))).code == "fhrma_truncated"


def test_single_unlikely_rates_are_kept_and_absurd_ones_refused_with_their_sample() -> None:
    fhr = steady_bpm(400)
    assert read(fhr_bytes([*fhr[:-1], 310.0])).trace.fhr1[-1] == 310
    error = refused(fhr_bytes([*fhr[:-1], 1000.0]))
    assert (error.code, error.place.sample, error.place.column) == ("value_absurd", 400, "FHR1")


def test_a_file_that_is_only_named_like_one_is_refused() -> None:
    assert refused(("x.fhr", bytes(range(256)) * 6)).code == "fhrma_implausible"


def test_what_fits_both_layouts_is_read_by_its_name_only() -> None:
    both = bytes(4) + b"\x00\x02\x00\x02\x00\x02" * 4
    assert read(("x.fhr", both)).format_id == "fhrma_fhr"
    assert read(("x.fhrm", both)).format_id == "fhrma_fhrm"
    assert refused(("x", both)).code == "fhrma_ambiguous"


@given(st.binary(min_size=28, max_size=400))
def test_random_bytes_are_no_fhrma_recording(content: bytes) -> None:
    if any(content):
        rates = np.frombuffer(content[4 : 4 + (len(content) - 4) // 2 * 2], "<u2")
        if (rates > 1200).mean() > 0.5:
            assert layout_of(SourceFile("x", content)) is None


@given(st.lists(st.tuples(st.integers(80, 1200), st.integers(0, 255)), min_size=1, max_size=50))
def test_every_plausible_file_is_read_back(samples: list[tuple[int, int]]) -> None:
    fhr, toco = [raw / 4 for raw, _ in samples], [raw / 2 for _, raw in samples]
    trace = read(("x.fhr", fhr_bytes(fhr, None, toco))).trace
    assert same(trace.fhr1, fhr)
    assert same(trace.toco, toco)


def test_parse_error_is_a_value_error() -> None:
    assert issubclass(ParseError, ValueError)
