"""A Trace as small chunks of 5 minutes and back, bit for bit: what the waveform table stores."""

import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.ctg.trace import CHANNEL_NAMES, ChannelName, FloatArray, Trace

CHUNK_S = 300
# The smallest of these that turns every value of a chunk into a whole number is used.
SCALES = (1, 2, 4, 10, 100, 1000)
DELTA_INT16 = "delta-int16"
FLOAT64 = "float64"
# The one int16 that stands for loss; values use the rest.
LOSS = -32768
MAX_INT16 = 32767
ZLIB_LEVEL = 1

Encoding = Literal["delta-int16", "float64"]


class CorruptWaveform(ValueError):
    """Stored chunks do not give back a waveform; the message names the channel and the chunk."""

    def __init__(self, channel: str, chunk_no: int, problem: str) -> None:
        super().__init__(f"channel {channel}, chunk {chunk_no}: {problem}")
        self.channel = channel
        self.chunk_no = chunk_no


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive samples of one channel, packed.

    Attributes
    ----------
    channel : str
        One of the channel names of a Trace.
    chunk_no : int
        Position in the recording: chunk k begins k times 5 minutes after the start.
    first_sample, sample_count : int
        Which samples of the recording it holds.
    encoding : str
        "delta-int16" (differences of scaled values, modulo 2^16) or "float64" (the values themselves);
        little-endian, bytes of equal significance side by side, zlib.
    scale : int
        Stored number = value * scale; 1 for "float64".
    payload : bytes
        The compressed samples.
    """

    channel: ChannelName
    chunk_no: int
    first_sample: int
    sample_count: int
    encoding: str
    scale: int
    payload: bytes


def samples_per_chunk(rate_hz: float) -> int:
    """How many samples make 5 minutes, at least one."""
    return max(1, round(CHUNK_S * rate_hz))


def chunks_holding(first: int, last: int, rate_hz: float) -> range:
    """Numbers of the chunks that hold the samples from `first` up to, not including, `last`."""
    size = samples_per_chunk(rate_hz)
    return range(first // size, -(-last // size) if last > first else first // size)


def encode(trace: Trace) -> list[Chunk]:
    """All channels of `trace` in chunks; an empty recording has one empty chunk for each channel."""
    size = samples_per_chunk(trace.rate_hz)
    return [chunk for name, values in trace.channels() for chunk in _encode_channel(name, values, size)]


def decode(
    chunks: Iterable[Chunk],
    *,
    start: datetime | None,
    rate_hz: float,
    sample_count: int,
    time_is_estimated: bool = False,
) -> Trace:
    """The Trace that `chunks` hold, in any order: the whole recording, or a run of whole chunks of it.

    Parameters
    ----------
    chunks : iterable of Chunk
        The same stretch of each channel.
    start : datetime or None
        Instant of the first sample among the chunks.
    rate_hz : float
        Samples per second.
    sample_count : int
        Samples of each channel in the stretch.
    time_is_estimated : bool
        Passed on to the Trace.

    Raises
    ------
    CorruptWaveform
        When a chunk is missing, stands twice, overlaps another or does not unpack to what it says.
    """
    by_channel: dict[ChannelName, list[Chunk]] = defaultdict(list)
    for chunk in chunks:
        if chunk.channel not in CHANNEL_NAMES:
            raise CorruptWaveform(chunk.channel, chunk.chunk_no, "no such channel")
        by_channel[chunk.channel].append(chunk)
    if "fhr1" not in by_channel:
        raise CorruptWaveform("fhr1", 0, "the chunk is missing")
    first_sample = min(chunk.first_sample for held in by_channel.values() for chunk in held)
    channels = {name: _joined(name, held, first_sample, sample_count, rate_hz) for name, held in by_channel.items()}
    return Trace(start=start, rate_hz=rate_hz, time_is_estimated=time_is_estimated, **channels)  # type: ignore[arg-type]


def _joined(name: ChannelName, held: list[Chunk], first_sample: int, sample_count: int, rate_hz: float) -> FloatArray:
    """The samples of one channel, read-only; each chunk must begin where the one before ended."""
    size = samples_per_chunk(rate_hz)
    position = first_sample
    parts = []
    for chunk in sorted(held, key=lambda chunk: (chunk.first_sample, chunk.chunk_no)):
        if chunk.first_sample > position:
            raise CorruptWaveform(name, position // size, "the chunk is missing")
        if chunk.first_sample < position:
            raise CorruptWaveform(name, chunk.chunk_no, "the chunk stands twice or overlaps another")
        parts.append(_decode_chunk(chunk, size))
        position += chunk.sample_count
    end = first_sample + sample_count
    if position < end:
        raise CorruptWaveform(name, position // size, "the chunk is missing")
    if position > end:
        raise CorruptWaveform(name, held[-1].chunk_no, f"{position - end} samples too many")
    values = np.concatenate(parts)
    # Nobody else holds it, so the Trace need not copy it.
    values.flags.writeable = False
    return values


def _encode_channel(channel: ChannelName, values: FloatArray, size: int) -> list[Chunk]:
    """`values` in chunks of `size` samples, each in the smallest encoding that gives it back exactly."""
    firsts = np.arange(0, max(1, len(values)), size)
    numbers, scales = _whole_numbers(values, firsts)
    deltas = np.diff(numbers.view(np.uint16), prepend=np.uint16(0))
    # A chunk is read without the one before it.
    deltas[firsts[: len(values)]] = numbers.view(np.uint16)[firsts[: len(values)]]
    chunks = []
    for chunk_no, (first, scale) in enumerate(zip(firsts.tolist(), scales.tolist(), strict=True)):
        held = values[first : first + size]
        if scale:
            encoding, payload = DELTA_INT16, _pack(deltas[first : first + size].astype("<u2"))
        else:
            encoding, payload = FLOAT64, _pack(np.where(np.isnan(held), np.nan, held).astype("<f8"))
        chunks.append(Chunk(channel, chunk_no, first, len(held), encoding, scale or 1, payload))
    return chunks


def _whole_numbers(values: FloatArray, firsts: NDArray[np.intp]) -> tuple[NDArray[np.int16], NDArray[np.int64]]:
    """`values` as scaled int16, shape (n,), and the scale of each chunk; 0 where none gives each bit back."""
    known = ~np.isnan(values)
    rates = np.where(known, values, 0.0)
    within = np.clip(rates, -MAX_INT16, MAX_INT16)
    numbers = np.zeros(len(values), dtype=np.int16)
    scales = np.zeros(len(firsts), dtype=np.int64)
    if len(values) == 0:
        scales[:] = SCALES[0]
    for scale in SCALES:
        if scales.all():
            break
        scaled = np.clip(np.rint(within * scale), -MAX_INT16, MAX_INT16).astype(np.int16)
        # Compared as bit patterns, because -0.0 equals 0.0 and would come back without its sign.
        is_exact = (scaled / scale).view(np.int64) == rates.view(np.int64)
        is_chosen = np.logical_and.reduceat(is_exact, firsts) & (scales == 0)
        scales[is_chosen] = scale
        counts = np.diff(firsts, append=len(values))
        numbers = np.where(np.repeat(is_chosen, counts), scaled, numbers)
    return np.where(known, numbers, np.int16(LOSS)), scales


def _decode_chunk(chunk: Chunk, size: int) -> FloatArray:
    """The samples of one chunk, `size` of them at most, or CorruptWaveform."""
    if not 0 <= chunk.sample_count <= size:
        raise CorruptWaveform(chunk.channel, chunk.chunk_no, f"no chunk holds {chunk.sample_count} samples")
    if chunk.encoding == FLOAT64:
        stored = _unpack(chunk, np.dtype("<f8")).astype(np.float64)
        if np.isinf(stored).any():
            raise CorruptWaveform(chunk.channel, chunk.chunk_no, "a value is infinite")
        return stored
    if chunk.encoding != DELTA_INT16:
        raise CorruptWaveform(chunk.channel, chunk.chunk_no, f"unknown encoding {chunk.encoding!r}")
    if chunk.scale not in SCALES:
        raise CorruptWaveform(chunk.channel, chunk.chunk_no, f"unknown scale {chunk.scale!r}")
    deltas = _unpack(chunk, np.dtype("<u2")).astype(np.uint16)
    numbers = np.cumsum(deltas, dtype=np.uint16).view(np.int16)
    values: FloatArray = np.where(numbers == LOSS, np.nan, numbers / chunk.scale)
    return values


def _pack(values: "np.ndarray[tuple[int], np.dtype[np.uint16] | np.dtype[np.float64]]") -> bytes:
    """Compressed bytes, all lowest bytes first: bytes of equal weight resemble each other."""
    planes = values.view(np.uint8).reshape(len(values), values.itemsize).T
    return zlib.compress(planes.tobytes(), ZLIB_LEVEL)


def _unpack(chunk: Chunk, kind: "np.dtype[np.uint16] | np.dtype[np.float64]") -> NDArray[np.float64 | np.uint16]:
    """The numbers packed in a chunk; never more memory than its sample count asks for."""
    expected = chunk.sample_count * kind.itemsize
    unpacker = zlib.decompressobj()
    try:
        planes = unpacker.decompress(chunk.payload, expected + 1)
    except zlib.error as error:
        raise CorruptWaveform(chunk.channel, chunk.chunk_no, "the payload does not unpack") from error
    if len(planes) != expected or not unpacker.eof or unpacker.unused_data:
        raise CorruptWaveform(chunk.channel, chunk.chunk_no, "the payload has the wrong length")
    rows = np.frombuffer(planes, np.uint8).reshape(kind.itemsize, chunk.sample_count)
    return np.ascontiguousarray(rows.T).view(kind).reshape(chunk.sample_count)
