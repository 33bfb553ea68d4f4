"""The highest value in stored chunks of samples, as the revisions since 010_waveforms know them.

Revisions that have been released read with this, so it never changes; app.ctg.waveform_codec explains the bytes.
"""

import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

LOSS = -32768
# A chunk holds five minutes; no device sends more than a thousand values a second. What declares more is damaged,
# and a few bytes of it would unpack to gigabytes.
MAX_SAMPLES = 300 * 1000


def highest(chunks: Iterable[sa.Row[Any]]) -> float | None:
    """The highest value of chunks with `encoding`, `scale`, `sample_count` and `payload`; None where there is none.

    A chunk that cannot be read has none: whoever looks at it later is told so.
    """
    peaks = [peak for chunk in chunks if (peak := _peak(chunk)) is not None]
    return max(peaks, default=None)


def _peak(chunk: sa.Row[Any]) -> float | None:
    values = _values(chunk)
    return None if values is None or len(values) == 0 else float(values.max())


def _values(chunk: sa.Row[Any]) -> NDArray[Any] | None:
    """The values of one chunk without its loss, or None; an infinity is no value, and no database keeps one."""
    if chunk.encoding == "float64":
        held = _numbers(chunk, np.dtype("<f8"))
        return None if held is None else held[np.isfinite(held)]
    if chunk.encoding == "delta-int16" and chunk.scale > 0:
        deltas = _numbers(chunk, np.dtype("<u2"))
        if deltas is None:
            return None
        scaled = np.cumsum(deltas, dtype=np.uint16).view(np.int16)
        known: NDArray[Any] = scaled[scaled != LOSS] / chunk.scale
        return known
    return None


def _numbers(chunk: sa.Row[Any], kind: "np.dtype[Any]") -> NDArray[Any] | None:
    """The packed numbers, or None; bytes of equal weight stand side by side."""
    if not 0 <= chunk.sample_count <= MAX_SAMPLES:
        return None
    expected = chunk.sample_count * kind.itemsize
    try:
        planes = zlib.decompressobj().decompress(chunk.payload, expected + 1)
    except zlib.error:
        return None
    if len(planes) != expected:
        return None
    rows = np.frombuffer(planes, np.uint8).reshape(kind.itemsize, chunk.sample_count)
    return np.ascontiguousarray(rows.T).view(kind).reshape(chunk.sample_count)
