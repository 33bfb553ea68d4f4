import zlib
from contextlib import suppress
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from app.ctg.trace import FloatArray, Trace, samples_between
from app.ctg.waveform_codec import Chunk, CorruptWaveform, chunks_holding, decode, encode, samples_per_chunk
from tests.ctg.signals import START, lost, rate, recording
from tests.data import data_folder

NAN_WITH_PAYLOAD = np.array([0x7FF8DEADBEEF0001], dtype=np.uint64).view(np.float64)[0]


def bits(values: FloatArray) -> list[int]:
    """The bit pattern of each value, all NaN alike."""
    patterns: list[int] = np.where(np.isnan(values), np.nan, values).view(np.int64).tolist()
    return patterns


def back(trace: Trace, chunks: list[Chunk]) -> Trace:
    return decode(
        chunks,
        start=trace.start,
        rate_hz=trace.rate_hz,
        sample_count=len(trace),
        time_is_estimated=trace.time_is_estimated,
    )


def assert_same(one: Trace, other: Trace) -> None:
    assert (one.start, one.rate_hz, one.time_is_estimated) == (other.start, other.rate_hz, other.time_is_estimated)
    assert [name for name, _ in one.channels()] == [name for name, _ in other.channels()]
    for (_, left), (_, right) in zip(one.channels(), other.channels(), strict=True):
        assert bits(left) == bits(right)


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    count = draw(st.integers(0, 120))
    scale = draw(st.sampled_from([1, 2, 4, 10, 100, 1000]))
    scaled = st.integers(-40_000, 40_000).map(lambda number: number / scale)
    special = st.sampled_from([np.nan, NAN_WITH_PAYLOAD, -0.0, 0.0, 32767.0, -32768.0, -32767.0, 5e-324, 1e308])
    anything = st.floats(allow_infinity=False)

    def channel() -> FloatArray:
        elements = st.one_of(scaled, special) if draw(st.booleans()) else st.one_of(scaled, special, anything)
        return draw(hnp.arrays(np.float64, count, elements=elements))

    toco, mhr = (channel() if draw(st.booleans()) else None for _ in range(2))
    return Trace(
        draw(st.sampled_from([None, START])),
        draw(st.sampled_from([1 / 3600, 1 / 60, 0.3, 1.0, 4.0, 250.0])),
        channel(),
        toco=toco,
        mhr=mhr,
        time_is_estimated=draw(st.booleans()),
    )


@given(traces(), st.randoms(use_true_random=False))
def test_every_bit_comes_back_in_whatever_order_the_chunks_come(trace: Trace, random: Random) -> None:
    chunks = encode(trace)
    random.shuffle(chunks)
    decoded = back(trace, chunks)
    assert_same(decoded, trace)
    assert decoded.digest() == trace.digest()


def test_chunks_are_five_minutes_and_numbered_from_the_start() -> None:
    chunks = encode(recording(rate(140, 12), toco=np.zeros(12 * 240)))
    assert [(chunk.channel, chunk.chunk_no, chunk.first_sample, chunk.sample_count) for chunk in chunks] == [
        ("fhr1", 0, 0, 1200),
        ("fhr1", 1, 1200, 1200),
        ("fhr1", 2, 2400, 480),
        ("toco", 0, 0, 1200),
        ("toco", 1, 1200, 1200),
        ("toco", 2, 2400, 480),
    ]


@pytest.mark.parametrize(
    ("values", "encoding", "scale"),
    [
        ([140.0, np.nan, 141.0], "delta-int16", 1),
        ([140.5], "delta-int16", 2),
        ([140.25], "delta-int16", 4),
        ([140.1], "delta-int16", 10),
        ([140.37], "delta-int16", 100),
        ([0.001], "delta-int16", 1000),
        ([140.0001], "float64", 1),
        ([40000.0], "float64", 1),
        ([-32768.0], "float64", 1),
        ([-0.0], "float64", 1),
        ([400.25, 0.01], "float64", 1),
    ],
)
def test_the_smallest_exact_scale_is_used(values: list[float], encoding: str, scale: int) -> None:
    (chunk,) = encode(recording(np.array(values)))
    assert (chunk.encoding, chunk.scale) == (encoding, scale)


def test_an_empty_recording_keeps_its_channels() -> None:
    trace = recording(np.empty(0), toco=np.empty(0))
    assert_same(back(trace, encode(trace)), trace)


@pytest.mark.parametrize(
    ("start_s", "end_s", "numbers"),
    [(0, 300, [0]), (299, 301, [0, 1]), (300, 600, [1]), (650, 700, [2]), (100, 100, []), (-50, 10, [0])],
)
def test_a_window_needs_only_its_own_chunks(start_s: float, end_s: float, numbers: list[int]) -> None:
    assert list(chunks_holding(*samples_between(start_s, end_s, 4.0), 4.0)) == numbers


@given(st.floats(0, 5000), st.floats(0, 5000), st.sampled_from([0.01, 0.3, 1.0, 4.0, 7.3]))
def test_the_chunks_of_a_window_hold_all_of_it(start_s: float, length_s: float, rate_hz: float) -> None:
    trace = recording(np.arange(round(10_000 * rate_hz) + 1, dtype=np.float64), rate_hz=rate_hz)
    numbers = chunks_holding(*samples_between(start_s, start_s + length_s, rate_hz), rate_hz)
    wanted = trace.between(start_s, start_s + length_s).fhr1
    chosen = [chunk for chunk in encode(trace) if chunk.chunk_no in numbers]
    if len(wanted) == 0:
        assert chosen == []
        return
    part = decode(chosen, start=None, rate_hz=rate_hz, sample_count=sum(chunk.sample_count for chunk in chosen)).fhr1
    assert set(wanted.tolist()) <= set(part.tolist())
    assert len(part) <= len(wanted) + 2 * samples_per_chunk(rate_hz)


def test_a_run_of_chunks_is_that_part_of_the_recording() -> None:
    trace = recording(lost(rate(140, 30), 400, 700).round(2), toco=rate(20, 30).round(1))
    some = [chunk for chunk in encode(trace) if chunk.chunk_no in chunks_holding(2400, 4800, 4.0)]
    part = decode(some, start=trace.between(600, 1200).start, rate_hz=4.0, sample_count=2400)
    assert_same(part, trace.between(600, 1200))


def chunks_of_a_trace() -> list[Chunk]:
    return encode(recording(rate(140, 15).round(2), toco=rate(20, 15).round(0)))


def decode_whole(chunks: list[Chunk]) -> Trace:
    return decode(chunks, start=None, rate_hz=4.0, sample_count=15 * 240)


@pytest.mark.parametrize("index", range(6))
def test_a_missing_chunk_is_named(index: int) -> None:
    chunks = chunks_of_a_trace()
    gone = chunks.pop(index)
    with pytest.raises(CorruptWaveform, match=f"channel {gone.channel}, chunk {gone.chunk_no}: .* missing"):
        decode_whole(chunks)


@pytest.mark.parametrize("index", range(6))
def test_a_chunk_that_stands_twice_is_named(index: int) -> None:
    chunks = chunks_of_a_trace()
    chunks.append(chunks[index])
    with pytest.raises(CorruptWaveform) as caught:
        decode_whole(chunks)
    assert (caught.value.channel, caught.value.chunk_no) == (chunks[index].channel, chunks[index].chunk_no)


def test_no_chunk_at_all_is_a_missing_waveform() -> None:
    with pytest.raises(CorruptWaveform, match="fhr1, chunk 0"):
        decode([], start=None, rate_hz=4.0, sample_count=0)


def test_more_samples_than_announced_are_refused() -> None:
    with pytest.raises(CorruptWaveform, match="too many"):
        decode(chunks_of_a_trace(), start=None, rate_hz=4.0, sample_count=1200)


@pytest.mark.parametrize(
    "damage",
    [
        {"payload": b""},
        {"payload": b"not zlib"},
        {"encoding": "float64"},
        {"encoding": "morse"},
        {"scale": 3},
        {"scale": 0},
        {"channel": "ecg"},
        {"sample_count": -1},
        {"sample_count": 1201, "payload": zlib.compress(bytes(2402))},
        {
            "encoding": "float64",
            "payload": zlib.compress(np.full(1200, np.inf).view(np.uint8).reshape(-1, 8).T.tobytes()),
        },
    ],
)
def test_a_damaged_chunk_is_named(damage: dict[str, object]) -> None:
    chunks = chunks_of_a_trace()
    chunks[1] = replace(chunks[1], **damage)  # type: ignore[arg-type]
    with pytest.raises(CorruptWaveform, match="chunk 1"):
        decode_whole(chunks)


@given(st.integers(0, 10_000), st.integers(1, 255), st.booleans())
def test_no_damage_of_the_payload_gives_other_samples(position: int, flip: int, is_cut: bool) -> None:
    trace = recording(rate(140, 15).round(2))
    chunks = encode(trace)
    payload = bytearray(chunks[1].payload)
    position %= len(payload)
    if is_cut:
        del payload[position:]
    else:
        payload[position] ^= flip
    chunks[1] = replace(chunks[1], payload=bytes(payload))
    # The checksum may leave a harmless bit unnoticed; then the samples are the same.
    with suppress(CorruptWaveform):
        assert_same(back(trace, chunks), trace)


def test_trailing_bytes_are_damage() -> None:
    chunks = chunks_of_a_trace()
    chunks[0] = replace(chunks[0], payload=chunks[0].payload + b"x")
    with pytest.raises(CorruptWaveform, match="wrong length"):
        decode_whole(chunks)


def test_real_recordings_need_at_most_four_bytes_a_sample() -> None:
    stored, samples = 0, 0
    for path in sorted((data_folder() / "ctu_uhb" / "dev").glob("*.dat"))[::40]:
        signals = np.fromfile(path, "<i2").reshape(-1, 2) / 100
        trace = recording(np.where(signals[:, 0] == 0, np.nan, signals[:, 0]), toco=signals[:, 1])
        chunks = encode(trace)
        assert_same(back(trace, chunks), trace)
        stored += sum(len(chunk.payload) for chunk in chunks)
        samples += len(trace)
    assert 0 < stored / samples <= 4
