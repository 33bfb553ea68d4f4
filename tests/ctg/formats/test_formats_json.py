import json
from datetime import UTC, datetime

import pytest

from tests.ctg.formats.helpers import NAN, codes, read, refused, same
from tests.recordings import bpm_json_bytes, steady_bpm


@pytest.mark.parametrize("encodings", [1, 2, 3])
def test_whole_numbers_have_an_estimated_time_axis(encodings: int) -> None:
    parsed = read(bpm_json_bytes([140, 0, None, 141], encodings=encodings))
    trace = parsed.trace
    assert (parsed.format_id, trace.rate_hz, trace.time_is_estimated) == ("bpm_json", 1.0, True)
    assert same(trace.fhr1, [140, NAN, NAN, 141])
    assert codes(parsed) == ["time_estimated"]


@pytest.mark.parametrize("encodings", [1, 2])
def test_timed_samples_have_their_own_rate(encodings: int) -> None:
    parsed = read(bpm_json_bytes([140, 141.5, 0, 142], times_s=[0, 0.5, 1, 2.0], encodings=encodings))
    assert (parsed.trace.rate_hz, parsed.trace.time_is_estimated) == (2.0, False)
    assert same(parsed.trace.fhr1, [140, 141.5, NAN, NAN, 142])
    assert parsed.trace.quality is None
    assert codes(parsed) == ["samples_missing"]


def test_signal_quality_is_stored() -> None:
    parsed = read(bpm_json_bytes([140, 141, 142], times_s=[0, 1, 2], quality=[0.5, None, 1]))
    assert same(parsed.trace.quality, [0.5, NAN, 1])
    odd = read(bpm_json_bytes([140, 141, 142], times_s=[0, 1, 2], quality=[50, 60, 70]))
    assert (odd.trace.quality, codes(odd)) == (None, ["quality_ignored"])


def test_an_envelope_may_state_the_start() -> None:
    parsed = read(bpm_json_bytes([140, 141], envelope={"start_time": "2025-07-03T10:00:00", "id": 7}))
    assert parsed.trace.start == datetime(2025, 7, 3, 3, 0, tzinfo=UTC)
    inner = json.dumps({"bpm_data": "[140, 141]", "start_time": None}).encode()
    assert same(read(inner).trace.fhr1, [140, 141])
    assert read(inner).trace.start is None


def test_one_timed_sample_has_an_estimated_time_axis() -> None:
    parsed = read(b'[{"time": 7, "bpm": 140}]')
    assert parsed.trace.time_is_estimated
    assert codes(parsed) == ["starts_late", "time_estimated"]


def test_long_lists_are_read_whole() -> None:
    fhr = steady_bpm(50_000)
    assert same(read(bpm_json_bytes(fhr)).trace.fhr1, fhr)


@pytest.mark.parametrize(
    ("text", "code", "sample", "column"),
    [
        ("null", "no_samples", None, None),
        ("[]", "no_samples", None, None),
        ('"[]"', "no_samples", None, None),
        ('{"bpm_data": null}', "no_samples", None, None),
        ('{"bpm": [140]}', "json_key_missing", None, None),
        ('{"bpm_data": 140}', "json_shape", None, None),
        ('{"bpm_data": {"0": 140}}', "json_shape", None, None),
        ('""', "json_unreadable", None, "1"),
        ('"140"', "json_shape", None, None),
        (json.dumps(json.dumps(json.dumps("[140]"))), "json_shape", None, None),
        ("[140, 141", "json_unreadable", None, "10"),
        ("[140, {}]", "value_text", 2, "bpm"),
        ("[140, [1]]", "value_text", 2, "bpm"),
        ("[140, true]", "value_text", 2, "bpm"),
        ('[140, "141"]', "value_text", 2, "bpm"),
        ("[140, -1]", "value_negative", 2, "bpm"),
        ("[140, 1000]", "value_absurd", 2, "bpm"),
        ("[140, NaN]", "value_not_finite", 2, "bpm"),
        ("[140, -Infinity]", "value_not_finite", 2, "bpm"),
        ("[140, 1e400]", "value_not_finite", 2, "bpm"),
        ("[140, 1" + "0" * 400 + "]", "value_not_finite", 2, "bpm"),
        ("[140, 1" + "0" * 9000 + "]", "json_unreadable", None, None),
        ('[{"time": 0, "bpm": 140}, 141]', "json_shape", 2, None),
        ('[{"time": 0, "bpm": 140}, {"time": 1}]', "json_key_missing", 2, None),
        ('[{"time": 0, "bpm": 140}, {"bpm": 140}]', "json_key_missing", 2, None),
        ('[{"time": null, "bpm": 140}]', "time_missing", 1, "time"),
        ('[{"time": "0", "bpm": 140}]', "value_text", 1, "time"),
        ('[{"time": 1e200, "bpm": 140}]', "time_absurd", 1, "time"),
        ('[{"time": 0, "bpm": 140}, {"time": 0, "bpm": 141}]', "time_duplicate", 2, "time"),
        ('[{"time": 1, "bpm": 140}, {"time": 0, "bpm": 141}]', "time_backwards", 2, "time"),
        ('[{"time": 0, "bpm": "\\ud800"}]', "value_text", 1, "bpm"),
        ('[{"time": 0, "bpm": 140, "signal_quality": "good"}]', "value_text", 1, "signal_quality"),
        ('[{"time": 0, "time": 1, "bpm": 140}]', "json_key_twice", None, None),
        ('{"bpm_data": [140], "start_time": 7}', "time_unreadable", None, "start_time"),
        ('{"bpm_data": [140], "start_time": "soon"}', "time_unreadable", None, "start_time"),
        ('{"bpm_data": [140], "start_time": "0001-01-01"}', "time_absurd", None, "start_time"),
        ("[" * 100_000, "json_too_deep", None, None),
        ("[" * 100_000 + "]" * 100_000, "json_too_deep", None, None),
        ('{"a":' * 100_000, "json_too_deep", None, None),
        ("[" * 500 + "]" * 500, "value_text", 1, "bpm"),
        ("[" + "{}," * 2_000_001 + "{}]", "too_many_samples", None, None),
        ("[" + "0," * 2_000_000 + "0]", "too_many_samples", None, None),
        ("[" + "0," * 604_800 + "0]", "lasts_too_long", 604_801, None),
        ("{" + ",".join(f'"{index}":0' for index in range(200)) + "}", "json_shape", None, None),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_what_is_no_bpm_data_is_refused(text: str, code: str, sample: int | None, column: str | None) -> None:
    error = refused(text.encode())
    assert (error.code, error.place.sample, error.place.column) == (code, sample, column)
    str(error).encode()
